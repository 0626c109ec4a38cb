"""«Меньше такого»: a topic, a make, a source or a word that somebody wants no more of, for a month or for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.callbacks import HideTap, StoryTap
from bot.i18n import Words
from bot.look import Place, place_of
from bot.markup import Button, Keyboard, Message, rows, say
from bot.render import cut
from bot.subscriber.card import find_told
from bot.visit import Toast, Visit, stale
from feeds.chatsettings import Hidden, HiddenKind
from feeds.hideable import hideable_words
from feeds.hiding import hide, leaves_nothing, mark_of, unhide
from feeds.issue import DigestStory
from feeds.model import StoryId
from feeds.topickinds import TopicKind

MONTH_DAYS: Final = 30
_NAME: Final = 24
_TOPICS, _SOURCES = 4, 2


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="hiding")
    router.callback_query.register(menu_tap, StoryTap.filter(F.do == "h"))
    router.callback_query.register(hide_tap, HideTap.filter())
    return router


async def menu_tap(query: CallbackQuery, callback_data: StoryTap, visit: Visit) -> Toast | None:
    """Offer what of a story may be hidden."""
    told = await find_told(visit, StoryId(callback_data.story), issue=callback_data.issue)
    if isinstance(told, Toast):
        return told
    place = place_of(visit.person, visit.services.catalogue)
    reply_to = query.message.message_id if query.message else None
    await visit.show(_menu(told, place, visit), reply_to=reply_to)
    return None


async def hide_tap(query: CallbackQuery, callback_data: HideTap, visit: Visit) -> Toast | None:
    """Ask for how long, hide, or take it back."""
    tap, words = callback_data, visit.words
    if tap.do == "leave":
        await visit.redraw(query, Message(document=say(words("hide-left"))))
        return None
    if tap.do == "undo":
        before = visit.person.settings
        person = await visit.services.chats.configure(visit.person.id, lambda settings: unhide(settings, tap.mark))
        await visit.redraw(query, Message(document=say(words("hide-undone"))))
        return None if person.settings != before else Toast(words("hide-undone"))
    told = await find_told(visit, StoryId(tap.story))
    if isinstance(told, Toast):
        return told
    place = place_of(visit.person, visit.services.catalogue)
    what = next((one for one in _candidates(told, place, visit) if mark_of(one) == tap.mark), None)
    if what is None:
        return stale(words)
    if tap.do == "ask":
        await visit.redraw(query, _how_long(tap, what, place, visit))
        return None
    await _hide(query, tap, what, visit)
    return None


async def _hide(query: CallbackQuery, tap: HideTap, what: Hidden, visit: Visit) -> None:
    services, person, words = visit.services, visit.person, visit.words
    now = services.clock()
    until = now + timedelta(days=tap.days) if tap.days else None
    one = Hidden(kind=what.kind, what=what.what, until=until)
    place = place_of(person, services.catalogue)
    after = hide(person.settings, one)
    if tap.do != "sure" and leaves_nothing(person.topics, person.words, after.hidden, now):
        await visit.redraw(query, _last_question(tap, one, place, visit))
        return
    await services.chats.configure(person.id, lambda settings: hide(settings, one))
    undo = Button(text=words("button-undo"), data=HideTap(story=tap.story, mark=tap.mark, do="undo").pack())
    await visit.redraw(
        query, Message(document=say(words("hide-done", what=_line(one, place, visit))), keyboard=((undo,),))
    )


def _menu(told: DigestStory, place: Place, visit: Visit) -> Message:
    buttons = [
        Button(text=name_hidden(one, place, visit), data=HideTap(story=told.story_id, mark=mark_of(one)).pack())
        for one in _candidates(told, place, visit)
    ]
    leave = Button(text=place.words("button-cancel"), data=HideTap(story=told.story_id, do="leave").pack())
    return Message(document=say(place.words("hide-question")), keyboard=(*rows(buttons, width=2), (leave,)))


def _how_long(tap: HideTap, what: Hidden, place: Place, visit: Visit) -> Message:
    words = place.words
    month = HideTap(story=tap.story, mark=tap.mark, days=MONTH_DAYS, do="do")
    ever = HideTap(story=tap.story, mark=tap.mark, do="do")
    leave = HideTap(story=tap.story, do="leave")
    keyboard: Keyboard = (
        (
            Button(text=words("button-hide-month", days=MONTH_DAYS), data=month.pack()),
            Button(text=words("button-hide-ever"), data=ever.pack()),
        ),
        (Button(text=words("button-cancel"), data=leave.pack()),),
    )
    return Message(document=say(words("hide-how-long", what=name_hidden(what, place, visit))), keyboard=keyboard)


def _last_question(tap: HideTap, one: Hidden, place: Place, visit: Visit) -> Message:
    words = place.words
    sure = HideTap(story=tap.story, mark=tap.mark, days=tap.days, do="sure")
    leave = HideTap(story=tap.story, do="leave")
    keyboard: Keyboard = (
        (Button(text=words("button-hide-sure"), data=sure.pack(), style="danger"),),
        (Button(text=words("button-cancel"), data=leave.pack()),),
    )
    return Message(document=say(words("hide-last", what=name_hidden(one, place, visit))), keyboard=keyboard)


def _candidates(told: DigestStory, place: Place, visit: Visit) -> Iterator[Hidden]:
    """Give what of a story may be hidden: its topics, its sources, words of its headline, and the story itself."""
    for topic in told.topics[:_TOPICS]:
        if visit.services.catalogue.get(topic) is not None:
            yield Hidden(kind=HiddenKind.TOPIC, what=topic)
    for source in told.sources[:_SOURCES]:
        yield Hidden(kind=HiddenKind.SOURCE, what=source)
    names = [place.topic_name(topic) for topic in told.topics]
    for word in hideable_words(told.headline, names, visit.services.catalogue):
        yield Hidden(kind=HiddenKind.WORD, what=word)
    yield Hidden(kind=HiddenKind.STORY, what=str(told.story_id))


def name_hidden(one: Hidden, place: Place, visit: Visit) -> str:
    """Call something hidden by its kind and name, short enough for a button."""
    if one.kind is not HiddenKind.TOPIC:
        return place.words(f"hidden-{one.kind}", name=cut(one.what, _NAME))
    topic = visit.services.catalogue.get(one.what)
    kind = topic.kind if topic else TopicKind.THEME
    return place.words(f"hidden-{kind}", name=cut(place.topic_name(one.what), _NAME))


def _line(one: Hidden, place: Place, visit: Visit) -> str:
    return place.words("hidden-line", what=name_hidden(one, place, visit), until=_until(one, place))


def _until(one: Hidden, place: Place) -> str:
    words = place.words
    return words("hidden-ever") if one.until is None else words("hidden-until", when=_day(one.until, place, words))


def _day(moment: datetime, place: Place, words: Words) -> str:
    return words.moment(moment, place.zone).split(",")[0]
