"""Hiding what is named in plain words, and showing it again: «скрыть теслу»; what is not certain is asked.

What they wrote stands in the first line of each question, where the next tap reads it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from typing import Final

from aiogram.types import CallbackQuery

from bot.callbacks import WishTap
from bot.look import place_of
from bot.markup import Button, Keyboard, say
from bot.markup import Message as Screen
from bot.render import cut
from bot.subscriber import ownwords, search
from bot.subscriber.finding import common_share
from bot.subscriber.hiding import MONTH_DAYS, name_hidden
from bot.subscriber.naming import Meant, meant_by, word_of
from bot.visit import Toast, Visit
from bot.wishreading import Wish
from feeds.chatsettings import Hidden, HiddenKind
from feeds.hiding import hide, leaves_nothing, mark_of, unhide
from feeds.ownwords import OwnTopicProblem
from feeds.words import roots

_NAME = 24
_MUCH: Final = 0.25
"""From this share of the stories on hiding a word would leave gaps that nobody meant."""


async def hide_wished(visit: Visit, wish: Wish, typed: str) -> None:
    """Hide what is named, if it is certain what that is."""
    meant = await meant_by(visit, wish.about)
    if isinstance(meant, OwnTopicProblem):
        await search.look_up(visit, typed)
    elif not wish.sure or not meant.exact:
        await visit.show(_question(visit, wish, typed, meant))
    elif (doubt := await _doubt(visit, typed, meant.things, do=_as_tapped(meant))) is not None:
        await visit.show(doubt)
    else:
        await visit.show(await _hidden_now(visit, meant.things))


async def hide_tapped(query: CallbackQuery, tap: WishTap, visit: Visit, *, wish: Wish, typed: str) -> Toast | None:
    """Ask for how long, ask once more where too much would go, then hide."""
    what, *answers = tap.do.split("-")
    meant = word_of(wish.about) if what == "word" else await meant_by(visit, wish.about)
    if isinstance(meant, OwnTopicProblem):
        return Toast(ownwords.fault_of(visit, meant), alert=True)
    if not answers:
        await visit.redraw(query, _how_long(visit, typed, meant.things, do=what))
        return None
    until = visit.screens.now + timedelta(days=MONTH_DAYS) if "month" in answers else None
    things = [replace(one, until=until) for one in meant.things]
    doubt = None if "sure" in answers else await _doubt(visit, typed, things, do=tap.do)
    await visit.redraw(query, doubt or await _hidden_now(visit, things))
    return None


async def bring_back(visit: Visit, wish: Wish, typed: str) -> None:
    """Show again what is named and hidden; what is not hidden is looked for."""
    meant = await meant_by(visit, wish.about)
    word = word_of(wish.about)
    things = {(one.kind, _form(one)) for found in (meant, word) if isinstance(found, Meant) for one in found.things}
    now = visit.screens.now
    marks = [
        mark_of(one) for one in visit.person.settings.hidden if one.holds(now) and (one.kind, _form(one)) in things
    ]
    if not marks:
        await search.look_up(visit, typed)
        return
    person = await visit.services.chats.configure(visit.person.id, lambda stored: reduce(unhide, marks, stored))
    screen = await ownwords.hidden_screen(visit, person)
    await visit.show(replace(screen, document=(*say(visit.words("hidden-back")), *screen.document)))


def _form(one: Hidden) -> object:
    """Compare words by their roots: who hid «мотоциклы» brings back «мотоцикл»."""
    return tuple(roots(one.what)) if one.kind is HiddenKind.WORD else one.what


async def _hidden_now(visit: Visit, things: Sequence[Hidden]) -> Screen:
    person = await visit.services.chats.configure(visit.person.id, lambda now: reduce(hide, things, now))
    return await ownwords.hidden_screen(visit, person)


async def _doubt(visit: Visit, typed: str, things: Sequence[Hidden], *, do: str) -> Screen | None:
    """Ask once more where nothing would be left, or where a word is in many stories; None where all is well."""
    person, words = visit.person, visit.words
    after = reduce(hide, things, person.settings).hidden
    if leaves_nothing(person.topics, person.words, after, visit.screens.now):
        return _once_more(visit, typed, words("hide-last", what=_names(visit, things)), do=do)
    for one in things:
        if one.kind is HiddenKind.WORD and await common_share(visit, one.what) >= _MUCH:
            return _once_more(visit, typed, words("hide-common", word=cut(one.what, _NAME)), do=do)
    return None


def _question(visit: Visit, wish: Wish, typed: str, meant: Meant) -> Screen:
    """Ask what was meant: a topic or a word to hide, or words to look for."""
    words = visit.words
    topic = _button(words("button-wish-topic", name=cut(", ".join(_name(visit, one) for one in meant.things), _NAME)))
    buttons = [topic]
    if not meant.exact:
        word = _button(words("button-wish-word", name=cut(wish.about, _NAME)), "word")
        buttons = [word, topic] if wish.sure else [topic, word]
    buttons.append(_button(words("button-wish-find"), "find"))
    question = words("wish-which" if wish.sure else "wish-question")
    return Screen(document=say(words("wish-typed", text=typed), question), keyboard=_column(*buttons))


def _how_long(visit: Visit, typed: str, things: Sequence[Hidden], *, do: str) -> Screen:
    words = visit.words
    month = _button(words("button-hide-month", days=MONTH_DAYS), f"{do}-month")
    ever = _button(words("button-hide-ever"), f"{do}-ever")
    text = say(words("wish-typed", text=typed), words("hide-how-long", what=_names(visit, things)))
    return Screen(document=text, keyboard=((month, ever), (_button(words("button-wish-find"), "find"),)))


def _once_more(visit: Visit, typed: str, question: str, *, do: str) -> Screen:
    sure = replace(_button(visit.words("button-hide-sure"), f"{do}-sure"), style="danger")
    text = say(visit.words("wish-typed", text=typed), question)
    return Screen(document=text, keyboard=_column(sure, _button(visit.words("button-wish-find"), "find")))


def _as_tapped(meant: Meant) -> str:
    """Say which taps would have led to what was said at once."""
    return "word-ever" if all(one.kind is HiddenKind.WORD for one in meant.things[:1]) else "topic-ever"


def _names(visit: Visit, things: Sequence[Hidden]) -> str:
    place = place_of(visit.person, visit.services.catalogue)
    return ", ".join(name_hidden(one, place, visit) for one in things)


def _name(visit: Visit, one: Hidden) -> str:
    topic = visit.services.catalogue.get(one.what) if one.kind is HiddenKind.TOPIC else None
    return visit.screens.name(topic) if topic else one.what


def _button(text: str, do: str = "topic") -> Button:
    return Button(text=text, data=WishTap(do=do).pack())


def _column(*buttons: Button) -> Keyboard:
    return tuple((button,) for button in buttons)
