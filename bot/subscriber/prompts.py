"""Questions that are answered by typing: by a reply to the question, whose text is ours, or soon after it.

A question about a managed chat has its title as a link, which says which chat it is; the right is asked for anew.
"""

from __future__ import annotations

from enum import StrEnum

from aiogram.types import ForceReply, LinkPreviewOptions, Message

from bot.base62 import read_number, write_number
from bot.callbacks import OWN
from bot.i18n import LANGUAGES, words_for
from bot.markup import Link, Paragraph, telegram_html
from bot.questions import Ask, Question
from bot.subscriber.choosing import key_of
from bot.visit import Visit
from feeds.issue import Chat

_ABOUT = "set_"


class Prompt(StrEnum):
    """What is asked for."""

    TOPIC = "topic"
    OWN = "own"
    STOP = "stop"
    SEARCH = "search"


async def ask(visit: Visit, prompt: Prompt, chat: Chat | None = None) -> None:
    """Ask, with the field to answer in opened."""
    key = OWN if chat is None else key_of(chat)
    words = visit.words
    question = Paragraph((words(f"prompt-{prompt}"),))
    if chat is not None and key != OWN:
        username = (await visit.bot.me()).username or ""
        title = Link(f"https://t.me/{username}?start={_ABOUT}{write_number(key)}", (chat.title or "…",))
        question = Paragraph((words(f"prompt-{prompt}"), " — ", title))
    await visit.bot.send_message(
        visit.person.telegram_id,
        telegram_html((question,)),
        reply_markup=ForceReply(input_field_placeholder=words(f"placeholder-{prompt}")),
        # The link that says which chat is meant leads to ourselves.
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    visit.note(Question(ask=Ask(prompt.value), chat=key))


def answered(message: Message) -> Prompt | None:
    """Say which question of ours a message answers, if any."""
    asked = message.reply_to_message
    if asked is None or not asked.text or not message.text or asked.from_user is None or not asked.from_user.is_bot:
        return None
    for prompt in Prompt:
        if any(asked.text.startswith(words_for(lang)(f"prompt-{prompt}")) for lang in LANGUAGES):
            return prompt
    return None


def is_answer(message: Message) -> bool:
    """Whether a message answers a question of ours."""
    return answered(message) is not None


def about(message: Message) -> int:
    """Return the key of the chat that the question was about."""
    asked = message.reply_to_message
    for entity in (asked.entities if asked else None) or ():
        if entity.type == "text_link" and entity.url and (at := entity.url.rfind(f"?start={_ABOUT}")) > 0:
            return read_number(entity.url[at + len(f"?start={_ABOUT}") :]) or OWN
    return OWN
