"""The screens on which topics, makes, own words and hidden things are chosen; for oneself or for a managed chat.

Pure; drawn anew from a chat's settings each time. Knows neither the store nor how a message is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Literal

from bot.callbacks import OWN, DigestTap, FindTap, Go, OwnTap, TopicList, TopicTap
from bot.markup import Bold, Button, Keyboard, Message, Spans, rows, say
from bot.render import cut
from bot.screens import TOPICS_A_PAGE, Screens
from feeds.chatsettings import Hidden, HiddenKind
from feeds.hiding import mark_of
from feeds.issue import Chat, ChatKind
from feeds.topics import Topic

MOST_OWN = 20
"""Own topics of one chat: beyond that nobody knows any more why a story came."""
FIRST = "first"
"""What ``DigestTap`` asks for from the first message: an issue in any case."""
_SHOWN, _ON_BUTTON = 90, 28

Tab = Literal["t", "m", "words", "hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenThing:
    """Something hidden, and what people call it."""

    hidden: Hidden
    name: str


def welcome(brush: Screens, chat: Chat, *, offered: Sequence[Topic] = (), note: str = "") -> Message:
    """Say what this is, with the first topics to toggle; everything works with none chosen.

    ``offered`` are the topics that stand there already, or that a link speaks of; ``note`` says where they are from.
    """
    featured = [topic for topic in brush.catalogue.themes if topic.featured]
    shown = list({topic.id: topic for topic in (*offered, *featured)}.values())[:TOPICS_A_PAGE]
    toggles = [toggle(brush, chat, topic, TopicTap(on="w", topic=topic.id)) for topic in shown]
    show = Button(text=brush.words("button-show"), data=DigestTap(what=FIRST).pack(), style="primary")
    text = say(*([note] if note else []), brush.words("welcome"))
    return Message(document=text, keyboard=(*rows(toggles, width=2), (show,)))


def topics(brush: Screens, chat: Chat, *, on: TopicList = "t", page: int = 0, count: int | None = None) -> Message:
    """List themes (``t``) or makes (``m``), a page at a time; ``count`` is how many stories are for the chat now."""
    key = key_of(chat)
    every = brush.catalogue.makes if on == "m" else brush.catalogue.themes
    pages = max(1, -(-len(every) // TOPICS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = every[page * TOPICS_A_PAGE : (page + 1) * TOPICS_A_PAGE]
    toggles = [toggle(brush, chat, topic, TopicTap(chat=key, on=on, topic=topic.id, page=page)) for topic in shown]
    turn = (
        Button(text=brush.words("button-previous"), data=TopicTap(chat=key, on=on, page=(page - 1) % pages).pack()),
        Button(text=brush.words("page-of", page=page + 1, pages=pages), data=Go(chat=key, to="same").pack()),
        Button(text=brush.words("button-next"), data=TopicTap(chat=key, on=on, page=(page + 1) % pages).pack()),
    )
    find = Button(text=brush.words(f"button-find-{'m' if on == 'm' else 't'}"), data=FindTap(chat=key).pack())
    text = say(
        (Bold((brush.words("topics-title", where=where(chat)),)),),
        brush.words("topics-chosen", topics=brush.topic_list(chat)),
        brush.words("topics-hint" if chat.kind is ChatKind.PRIVATE else "topics-hint-channel"),
    )
    tab: Tab = "m" if on == "m" else "t"
    keyboard = (*rows(toggles, width=2), turn, (find,), *tabs(brush, chat, tab), ending(brush, chat, count))
    return Message(document=text, keyboard=keyboard)


def found(brush: Screens, chat: Chat, offered: Sequence[Topic]) -> Message:
    """Offer the topics that somebody's typing may have meant, or that a link speaks of."""
    key = key_of(chat)
    toggles = [toggle(brush, chat, topic, TopicTap(chat=key, on="f", topic=topic.id)) for topic in offered]
    text = (
        brush.words("topics-found") if chat.kind is ChatKind.PRIVATE else brush.words("topics-title", where=where(chat))
    )
    return Message(document=say(text), keyboard=(*rows(toggles, width=2), (done(brush, chat),)))


def own_words(brush: Screens, chat: Chat, counts: Mapping[str, int], *, count: int | None) -> Message:
    """List a chat's own words, with how many stories of the last day each is for."""
    key = key_of(chat)
    lines = [
        brush.words("own-line", number=str(number), text=cut(text, _SHOWN), count=counts[text])
        if counts.get(text)
        else brush.words("own-line-none", number=str(number), text=cut(text, _SHOWN))
        for number, text in enumerate(chat.words, 1)
    ]
    only = bool(chat.words) and not chat.topics
    paragraphs: list[str | Spans] = [(Bold((brush.words("own-title", where=where(chat)),)),)]
    paragraphs.append("\n".join(lines) if lines else brush.words("own-none"))
    paragraphs += [brush.words("own-only")] if only else []
    paragraphs.append(brush.words("own-hint"))
    drops = [
        (Button(text=brush.words("button-drop", name=cut(text, _ON_BUTTON)), data=_own(key, "words", "drop", text)),)
        for text in chat.words
    ]
    adds = [Button(text=brush.words("button-own-add"), data=_own(key, "words", "add"))]
    if only:
        adds.append(Button(text=brush.words("button-own-all"), data=_own(key, "words", "all")))
    keyboard = (*drops, tuple(adds), *tabs(brush, chat, "words"), ending(brush, chat, count))
    return Message(document=say(*paragraphs), keyboard=keyboard)


def hidden(brush: Screens, chat: Chat, things: Sequence[HiddenThing], *, count: int | None) -> Message:
    """List what is hidden and until when, each with the way back."""
    key = key_of(chat)
    lines = [f"• {_said(brush, chat, thing)}" for thing in things]
    text = say(
        (Bold((brush.words("hidden-title", where=where(chat)),)),),
        "\n".join(lines) if lines else brush.words("hidden-none"),
        brush.words("hidden-hint" if chat.kind is ChatKind.PRIVATE else "hidden-hint-channel"),
    )
    backs = [
        (
            Button(
                text=brush.words("button-bring-back", name=cut(thing.name, _ON_BUTTON)),
                data=OwnTap(chat=key, on="hidden", do="drop", mark=mark_of(thing.hidden)).pack(),
            ),
        )
        for thing in things
    ]
    add = (Button(text=brush.words("button-stop-word"), data=_own(key, "hidden", "add")),)
    return Message(document=text, keyboard=(*backs, add, *tabs(brush, chat, "hidden"), ending(brush, chat, count)))


def mix(brush: Screens, chat: Chat, *, title: str, tap: str) -> Message:
    """Offer somebody who has chosen already what a channel has chosen; ``title`` is empty for one that is private."""
    key = "mix-of" if title else "mix-of-some"
    topics_of = brush.topic_list(chat)
    text = say(
        brush.words(key, title=title) if title else brush.words(key),
        brush.words("topics-chosen", topics=topics_of),
    )
    take = Button(text=brush.words("button-mix"), data=tap, style="primary")
    return Message(document=text, keyboard=((take,), (done(brush, None),)))


def toggle(brush: Screens, chat: Chat, topic: Topic, tap: TopicTap) -> Button:
    """Draw a topic as a button that is ticked, and green, when it is chosen."""
    on, name = topic.id in chat.topics, brush.name(topic)
    text = brush.words("toggle-on", name=name) if on else name
    return Button(text=text, data=tap.pack(), style="success" if on else None)


def tabs(brush: Screens, chat: Chat, current: Tab) -> Keyboard:
    """Lead to the other lists."""
    key = key_of(chat)
    taps = {
        "t": TopicTap(chat=key, on="t").pack(),
        "m": TopicTap(chat=key, on="m").pack(),
        "words": _own(key, "words", "list"),
        "hidden": _own(key, "hidden", "list"),
    }
    buttons = [
        Button(text=brush.words(f"button-list-{tab}"), data=data, style="primary" if tab == current else None)
        for tab, data in taps.items()
    ]
    return rows(buttons, width=2)


def ending(brush: Screens, chat: Chat, count: int | None) -> tuple[Button, ...]:
    """End a list: the issue with what is chosen now, where there is one to show, and the way back."""
    if chat.kind is not ChatKind.PRIVATE or count is None:
        return (done(brush, chat),)
    show = Button(text=brush.words("button-show-count", count=count), data=DigestTap().pack())
    return show, done(brush, chat)


def done(brush: Screens, chat: Chat | None) -> Button:
    """Lead back to the settings."""
    return Button(text=brush.words("button-done"), data=Go(chat=key_of(chat) if chat else OWN, to="settings").pack())


def key_of(chat: Chat) -> int:
    """Return what taps call a chat."""
    return OWN if chat.kind is ChatKind.PRIVATE else chat.id


def where(chat: Chat) -> str:
    """Name a managed chat in a title."""
    return "" if chat.kind is ChatKind.PRIVATE else f" — {chat.title or ''}"


def mark(text: str) -> str:
    """Name a text in a button's data, which has no room for it."""
    return blake2s(text.encode(), digest_size=6).hexdigest()


def _own(key: int, on: Literal["words", "hidden"], do: Literal["list", "add", "drop", "all"], text: str = "") -> str:
    return OwnTap(chat=key, on=on, do=do, mark=mark(text) if text else "").pack()


def _said(brush: Screens, chat: Chat, thing: HiddenThing) -> str:
    name = thing.name if thing.hidden.kind is not HiddenKind.WORD else brush.words("quoted", text=thing.name)
    if thing.hidden.until is None:
        return brush.words("hidden-for-good", name=cut(name, _SHOWN))
    return brush.words("hidden-till", name=cut(name, _SHOWN), when=brush.words.moment(thing.hidden.until, chat.zone))
