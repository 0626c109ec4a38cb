"""Saved stories: the list page by page, opening and forgetting them, and all of them as a file."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.callbacks import SavedTap
from bot.i18n import Words
from bot.markup import Block, Bold, Button, Link, Paragraph, say
from bot.markup import Message as Screen
from bot.render import cut
from bot.subscriber.card import show_card
from bot.visit import Toast, Visit
from feeds.model import StoryId
from storage.saved import MOST, SavedStory

PAGE: Final = 8
_HEADLINE: Final = 120
_PAGE_HTML: Final = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
<ul>
{lines}
</ul>
</html>
"""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="saved")
    router.message.filter(F.chat.type == "private")
    router.message.register(saved_command, Command("saved", ignore_case=True))
    router.callback_query.register(saved_tap, SavedTap.filter())
    return router


async def saved_command(message: Message, visit: Visit) -> None:
    """Show what is saved, the newest first."""
    await visit.show(await _screen(visit, 0))


async def saved_tap(query: CallbackQuery, callback_data: SavedTap, visit: Visit) -> Toast | None:
    """Turn a page, open or forget a story, or send all of them as a file."""
    tap = callback_data
    match tap.do:
        case "open":
            reply_to = query.message.message_id if query.message else None
            return await show_card(visit, StoryId(tap.story), reply_to=reply_to)
        case "md" | "html":
            return await _send_file(visit, tap.do)
        case "drop":
            await visit.services.store.saved.drop(visit.person.id, StoryId(tap.story))
    await visit.redraw(query, await _screen(visit, tap.page))
    return Toast(visit.words("unkept")) if tap.do == "drop" else None


async def _screen(visit: Visit, page: int) -> Screen:
    words, saved, person = visit.words, visit.services.store.saved, visit.person
    count = await saved.count(person.id)
    if not count:
        return Screen(document=say(words("saved-none")))
    pages = -(-count // PAGE)
    page = min(page, pages - 1)
    shown = await saved.page(person.id, offset=page * PAGE, limit=PAGE)
    first = page * PAGE + 1
    blocks: list[Block] = [Paragraph((Bold((words("saved-title", count=count),)),))]
    for number, one in enumerate(shown, first):
        blocks.append(Paragraph((f"{number}. ", Link(one.url, (cut(one.headline, _HEADLINE),)))))
    if count >= MOST - 50:
        blocks.append(Paragraph((words("kept-nearly-full", count=count, most=MOST),)))
    return Screen(document=tuple(blocks), keyboard=_keys(words, shown, first=first, page=page, pages=pages))


def _keys(
    words: Words, shown: Sequence[SavedStory], *, first: int, page: int, pages: int
) -> tuple[tuple[Button, ...], ...]:
    keyboard = [
        (
            Button(
                text=words("button-open-saved", number=str(number)),
                data=SavedTap(do="open", story=one.story_id, page=page).pack(),
            ),
            Button(
                text=words("button-drop-saved", number=str(number)),
                data=SavedTap(do="drop", story=one.story_id, page=page).pack(),
            ),
        )
        for number, one in enumerate(shown, first)
    ]
    if pages > 1:
        keyboard.append(
            (
                Button(text=words("button-previous"), data=SavedTap(page=(page - 1) % pages).pack()),
                Button(text=words("button-next"), data=SavedTap(page=(page + 1) % pages).pack()),
            )
        )
    keyboard.append(
        (
            Button(text=words("button-save-md"), data=SavedTap(do="md").pack()),
            Button(text=words("button-save-html"), data=SavedTap(do="html").pack()),
        )
    )
    return tuple(keyboard)


async def _send_file(visit: Visit, form: str) -> Toast | None:
    words = visit.words
    stories = await visit.services.store.saved.page(visit.person.id)
    if not stories:
        return Toast(words("saved-none"), alert=True)
    written = (
        as_html(stories, words, visit.person.zone) if form == "html" else as_markdown(stories, words, visit.person.zone)
    )
    file = BufferedInputFile(written.encode(), filename=f"autodigest-saved.{form}")
    await visit.bot.send_document(visit.person.telegram_id, file)
    return None


def as_markdown(stories: Sequence[SavedStory], words: Words, zone: str) -> str:
    """Write saved stories as a list in Markdown."""
    lines = [
        f"- [{_escaped(one.headline)}](<{one.url.replace('>', '%3E').replace('<', '%3C')}>)"
        f" — {words.moment(one.saved_at, zone)}"
        for one in stories
    ]
    return f"# {words('saved-heading')}\n\n" + "\n".join(lines) + "\n"


def as_html(stories: Sequence[SavedStory], words: Words, zone: str) -> str:
    """Write saved stories as a web page."""
    lines = [
        f'<li><a href="{html.escape(one.url)}" rel="noopener">{html.escape(one.headline)}</a>'
        f" — {html.escape(words.moment(one.saved_at, zone))}</li>"
        for one in stories
    ]
    return _PAGE_HTML.format(lang=words.lang, title=html.escape(words("saved-heading")), lines="\n".join(lines))


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#" else sign for sign in " ".join(text.split()))
