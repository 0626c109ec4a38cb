"""Inline mode: «@bot leapmotor» in any chat finds stories to send there.

What words find is the same for everybody (``is_personal=False``), so Telegram keeps it; today's foremost stories, where
nothing was typed, are in the reader's language. Each card speaks its story's own, and who only looks is not stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InlineQueryResultUnion,
    InputTextMessageContent,
)

from bot.deeplinks import DIGEST, start_link
from bot.i18n import LANGUAGES, interface_language, words_for
from bot.keys import LONGEST_URL, story_token
from bot.look import Place, topic_namer, topic_names
from bot.markup import Button, Message, telegram_html
from bot.render import cut, render_card
from bot.services import Services
from bot.subscriber.card import read_story
from bot.telegram import inline_keyboard, link_preview
from feeds.digest import tell
from feeds.issue import DigestStory
from feeds.model import Story

log = structlog.get_logger(__name__)

MOST = 10
KEPT_SECONDS = 60
_ARCHIVE = timedelta(days=90)
_LONGEST = 100


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="inline")
    router.inline_query.register(inline_query)
    return router


async def inline_query(query: InlineQuery, bot: Bot, services: Services) -> None:
    """Answer with the stories that the words find; with today's foremost where there are none."""
    asked, lang = " ".join(query.query.split())[:_LONGEST], await _language(query, services)
    found = await _find(services, asked, lang)
    stories = [story for story in found if story.marks.retracted_at is None]
    username = (await bot.me()).username or ""
    try:
        await bot.answer_inline_query(
            query.id,
            [_result(story, services, username) for story in stories],
            cache_time=KEPT_SECONDS,
            is_personal=not asked,
            button=InlineQueryResultsButton(text=words_for(lang)("button-open-bot"), start_parameter=DIGEST),
        )
    except TelegramAPIError as error:
        # Typed on, or gone: nobody waits for this answer any more.
        log.info("inline query not answered", reason=error.message)


async def _language(query: InlineQuery, services: Services) -> str:
    """Find out what the asker reads: what they told us, or else their Telegram."""
    known = await services.chats.by_telegram_id(query.from_user.id)
    return known.lang if known else interface_language(query.from_user.language_code, default=services.settings.lang)


async def _find(services: Services, asked: str, lang: str) -> Sequence[DigestStory]:
    if not asked:
        own = await services.publish.counter.foremost(lang=lang, limit=MOST)
        return own or await services.publish.counter.foremost(lang=services.settings.lang, limit=MOST)
    if (story_id := read_story(asked)) is not None:
        story = await services.store.news.story(story_id)
        return [tell(story)] if story else []
    found: Sequence[Story] = await services.store.search.find(asked, limit=MOST, since=services.clock() - _ARCHIVE)
    return [tell(story) for story in found]


def _result(story: DigestStory, services: Services, username: str) -> InlineQueryResultUnion:
    words = words_for(story.lang if story.lang in LANGUAGES else services.settings.lang)
    names = topic_names(services.catalogue)
    place = Place(words=words, zone=services.settings.timezone, topic_name=topic_namer(names, words.lang))
    payload = story_token(story.story_id)
    button = Button(text=words("button-open-bot"), url=start_link(username, payload))
    message = Message(document=render_card(story, place), keyboard=((button,),), preview_url=story.url)
    first, *others = story.sources
    return InlineQueryResultArticle(
        id=payload,
        title=cut(story.headline, 100),
        description=words("sources-more", source=first, count=len(others)) if others else first,
        url=story.url if len(story.url) <= LONGEST_URL else None,
        thumbnail_url=story.picture,
        input_message_content=InputTextMessageContent(
            message_text=telegram_html(message.document), parse_mode="HTML", link_preview_options=link_preview(message)
        ),
        reply_markup=inline_keyboard(message.keyboard),
    )
