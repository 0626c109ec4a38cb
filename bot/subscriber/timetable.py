"""The screens of /time: which hours, which days, once a week. Pure; knows no store."""

from __future__ import annotations

from bot.callbacks import OWN, ChannelTap, Go, PauseTap, QuietTap, RhythmTap, TimeTap, WeeklyTap, ZoneTap
from bot.markup import Bold, Button, Keyboard, Message, rows, say
from bot.questions import Ask, Question
from bot.screens import Screens
from bot.timereading import MAX_TIMES
from bot.timewords import next_line, quiet_text, rhythm_text, weekly_text
from bot.zones import city
from feeds.issue import Chat, ChatKind, ChatState
from feeds.schedule import WORKDAYS, is_paused

HOURS = range(6, 24)
COLUMNS = 4
"""Times beside each other: of more, a phone shows «✓ 18:…»."""
_DAY = 24 * 60


def times_screen(screens: Screens, chat: Chat, *, note: str = "") -> Message:
    """Choose up to four times a day, and everything else about when things come; ``note`` says what just was done."""
    words = screens.words
    coming = next_line(words, chat, now=screens.now)
    hint = words("times-hint" if chat.kind is ChatKind.PRIVATE else "times-hint-channel", most=MAX_TIMES)
    document = say(
        *((note,) if note else ()),
        (
            Bold((words("times-title", where=where(chat)),)),
            "\n" + words("times-chosen", times=rhythm_text(words, chat, now=screens.now)),
            *(("\n", *coming) if coming else ()),
        ),
        hint,
    )
    keyboard = (*_toggles(screens, chat), *_more(screens, chat))
    return Message(document=document, keyboard=keyboard, asks=Question(ask=Ask.TIMES, chat=key_of(chat)))


def weekly_screen(screens: Screens, chat: Chat, *, day: int = 0) -> Message:
    """Choose the day of the weekly issue (Monday is 1), then its hour."""
    words, key, set_for = screens.words, key_of(chat), chat.settings.weekly
    back = Button(text=words("button-back"), data=Go(chat=key, to="times").pack())
    if day:
        hours = [
            _toggle(
                screens,
                f"{hour}:00",
                WeeklyTap(chat=key, do="set", day=day, hour=hour).pack(),
                on=set_for == (day - 1) * _DAY + hour * 60,
            )
            for hour in HOURS
        ]
        back = Button(text=words("button-back"), data=WeeklyTap(chat=key).pack())
        question = words("weekly-hour", day=words(f"on-weekday-{day}"))
        asks = Question(ask=Ask.WEEKLY, chat=key, detail=str(day))
        document = say(*screens.heading(chat), question)
        return Message(document=document, keyboard=(*rows(hours, width=COLUMNS), (back,)), asks=asks)
    days = [
        _toggle(
            screens,
            words(f"short-weekday-{number}"),
            WeeklyTap(chat=key, do="day", day=number).pack(),
            on=set_for is not None and set_for // _DAY == number - 1,
        )
        for number in range(1, 8)
    ]
    off = Button(text=words("button-weekly-off"), data=WeeklyTap(chat=key, do="off").pack())
    last = (back,) if set_for is None else (back, off)
    asks = Question(ask=Ask.WEEKLY, chat=key)
    document = say(*screens.heading(chat), words("weekly-day"))
    return Message(document=document, keyboard=(tuple(days), last), asks=asks)


def key_of(chat: Chat) -> int:
    """Return by which key a button names a chat."""
    return OWN if chat.kind is ChatKind.PRIVATE else chat.id


def keeps_times(chat: Chat) -> bool:
    """Say whether the times of a chat are there to be changed: a person who stopped begins anew, a channel rests."""
    return chat.state is ChatState.ACTIVE or chat.kind is not ChatKind.PRIVATE


def rests(chat: Chat) -> bool:
    """Say whether a channel that was launched gets nothing until it is resumed."""
    stopped = chat.state in (ChatState.STOPPED, ChatState.PAUSED) and chat.settings.wizard_step is None
    return stopped and chat.kind is not ChatKind.PRIVATE


def where(chat: Chat) -> str:
    """Name the channel that a screen is about; nothing for one's own chat."""
    return "" if chat.kind is ChatKind.PRIVATE else f" — {chat.title or ''}"


def _toggles(screens: Screens, chat: Chat) -> Keyboard:
    """Draw the hours of the day, and each chosen time that is none of them, so that it can be taken away."""
    chosen = set(chat.times) if keeps_times(chat) else set[int]()
    grid = [hour * 60 for hour in HOURS]
    buttons = [_time(screens, chat, minutes, on=minutes in chosen) for minutes in grid]
    others = tuple(_time(screens, chat, minutes, on=True) for minutes in sorted(chosen.difference(grid)))
    return (*rows(buttons, width=COLUMNS), *((others,) if others else ()))


def _time(screens: Screens, chat: Chat, minutes: int, *, on: bool) -> Button:
    tap = TimeTap(chat=key_of(chat), minutes=minutes)
    return _toggle(screens, screens.words.minutes(minutes), tap.pack(), on=on)


def _more(screens: Screens, chat: Chat) -> Keyboard:
    words, key, settings = screens.words, key_of(chat), chat.settings
    days = (
        _toggle(screens, words("button-every-day"), RhythmTap(chat=key, do="daily").pack(), on=not settings.weekdays),
        _toggle(
            screens,
            words("button-workdays"),
            RhythmTap(chat=key, do="workdays").pack(),
            on=settings.weekdays == WORKDAYS,
        ),
    )
    weekly = words("button-weekly-none")
    if settings.weekly is not None:
        weekly = words("button-weekly", when=weekly_text(words, settings.weekly))
    urgent = Button(text=words(f"button-instant-{chat.instant}"), data=RhythmTap(chat=key, do="instant").pack())
    quiet = Button(
        text=words("button-quiet", window=quiet_text(words, settings)), data=QuietTap(chat=key, do="open").pack()
    )
    clock = screens.words.clock(screens.now, chat.zone)
    zone = Button(
        text=words("button-zone", city=city(chat.zone, words.lang), clock=clock), data=ZoneTap(chat=key).pack()
    )
    paused = is_paused(chat, screens.now)
    pause = Button(
        text=words("button-unpause" if paused else "button-pause"),
        data=PauseTap(chat=key, span="end" if paused else "open").pack(),
    )
    if rests(chat):
        pause = Button(text=words("button-resume"), data=ChannelTap(chat=key, do="resume").pack())
    done = Button(text=words("button-done"), data=Go(chat=key, to="settings").pack())
    weekly_on = settings.weekly is not None and keeps_times(chat)
    return (
        days,
        (_toggle(screens, weekly, WeeklyTap(chat=key).pack(), on=weekly_on),),
        (urgent, quiet),
        (zone,),
        (pause, done),
    )


def _toggle(screens: Screens, name: str, data: str, *, on: bool) -> Button:
    text = screens.words("toggle-on", name=name) if on else name
    return Button(text=text, data=data, style="success" if on else None)
