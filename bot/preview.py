"""``autodigest preview``: today's digest as a reader would get it, on the terminal or as HTML. Imports no aiogram."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.i18n import LANGUAGES, Words, words_for
from bot.look import Look
from bot.markup import Bold, Document, Italic, Link, Moment, Quote, Spans, telegram_html, web_html
from bot.render import Place, render_card, render_digest, topic_namer
from bot.settings import load_settings
from bot.sourcelines import PollCount, count_polls
from feeds.chatsettings import Density
from feeds.clock import utc_now
from feeds.errors import SettingsError
from feeds.gist import packaged
from feeds.issue import Chat, ChatId, ChatKind, Digest
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import open_storage

_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Autodigest</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }}
blockquote {{ border-left: 3px solid; margin: .5rem 0; padding: .2rem .8rem; opacity: .85 }}
</style>
{body}
</html>
"""


async def print_preview(*, topics: str, form: str, out: str, lang: str) -> int:
    """Compose today's digest from the store and write it to standard output; 1 when there is nothing to show."""
    settings, words = load_settings(), words_for(lang)
    catalogue = packaged()
    chat = Chat(
        id=ChatId(0),
        telegram_id=0,
        kind=ChatKind.PRIVATE,
        lang=lang,
        reads=(lang,),
        zone=settings.timezone,
        topics=frozenset(_topics(topics, catalogue, words)),
        created_at=utc_now(),
    )
    async with await open_storage(settings.database, exclusive=False) as store:
        publish = Publish(
            news=store.news,
            chats=store.chats,
            issues=store.outbox,
            catalogue=catalogue,
            clock=utc_now,
            archive=store.search,
        )
        digest = await publish.preview(chat)
        if digest is None:
            anything = await publish.preview(replace(chat, reads=LANGUAGES, topics=frozenset()))
            polls = count_polls(await store.news.sources())
            sys.stderr.write((words("preview-elsewhere") if anything else _nothing(polls, words)) + "\n")
            return 1
    names = {theme.id: theme.name for theme in catalogue.themes}
    place = Place(words=words, zone=chat.zone, topic_name=topic_namer(names, lang))
    _write(_documents(digest, place, form), out=out, lang=lang)
    return 0


def to_text(document: Document) -> Text:
    """Write a document for a terminal: bold, links, and quotes behind a bar."""
    text = Text()
    for index, block in enumerate(document):
        inner = Text()
        _append(inner, block.inner, Style())
        if isinstance(block, Quote):
            text.append("\n")
            for line in inner.split("\n"):
                text.append("  │ ", Style(dim=True)).append_text(line).append("\n")
            text.right_crop(1)
        else:
            text.append("\n\n" if index else "").append_text(inner)
    return text


def _topics(typed: str, catalogue: Catalogue, words: Words) -> Iterable[str]:
    for name in filter(None, (part.strip() for part in typed.split(","))):
        topic = catalogue.get(name)
        if topic is None:
            found = catalogue.find(name)
            names = ", ".join(one.name.get(words.lang, one.id) for one in found)
            if not found or name.casefold() not in {
                alias.casefold() for alias in (*found[0].aliases, *found[0].name.values())
            }:
                if found:
                    raise SettingsError("topic-unlike", text=name, names=names)
                raise SettingsError("topic-unknown", text=name)
            topic = found[0]
        yield topic.id


def _nothing(polls: PollCount, words: Words) -> str:
    """Say why there is no news at all, and where to look."""
    if polls.mostly_failed:
        return words("preview-failed", failed=polls.failed, asked=polls.asked)
    return words("preview-empty")


def _documents(digest: Digest, place: Place, form: str) -> Sequence[Document]:
    if form == "card":
        return [render_card(story, place) for story in digest.stories]
    return render_digest(digest, replace(place, look=Look(density=Density(form))))


def _write(documents: Sequence[Document], *, out: str, lang: str) -> None:
    match out:
        case "telegram":
            sys.stdout.write("\n\n".join(telegram_html(document) for document in documents) + "\n")
        case "html":
            body = "\n<hr>\n".join(web_html(document) for document in documents)
            sys.stdout.write(_PAGE.format(lang=lang, body=body))
        case _:
            console = Console(highlight=False)
            for document in documents:
                console.print(to_text(document), soft_wrap=not console.is_terminal)
                console.print()


def _append(text: Text, spans: Spans, style: Style) -> None:
    for span in spans:
        match span:
            case str():
                text.append(span, style)
            case Bold(inner):
                _append(text, inner, style + Style(bold=True))
            case Italic(inner):
                _append(text, inner, style + Style(italic=True))
            case Link(url, inner):
                _append(text, inner, style + Style(link=url, underline=True))
            case Moment(_, moment, _):
                text.append(moment, style)
