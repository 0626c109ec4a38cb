"""Setting a channel up in five steps, each of which may be skipped; where it stands is stored, so it can be resumed.

Nothing goes to the channel before its last button. The choices are those of the channel's own screens.
"""

from __future__ import annotations

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.callbacks import ChannelTap, Go, TopicTap, ZoneTap
from bot.channels.choices import BOTH, CHOICES, ISSUES, NONE, RHYTHMS, name, rhythm, rhythm_name
from bot.channels.planning import choose_rhythm, go_on
from bot.channels.screen import channel, rhythm_text
from bot.channels.taps import ChannelsTap, TrialTap, WizardTap
from bot.channels.threads import learn_forum
from bot.markup import Bold, Button, Keyboard, Message, rows, say
from bot.screens import Screens
from bot.visit import Toast, Visit, stale
from bot.zones import city
from feeds.issue import Chat

TOPICS, WHEN, LOOK, OPINIONS, TRIAL = range(1, 6)
_CHOSEN = {LOOK: "density", OPINIONS: "opinions"}


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="wizard")
    router.callback_query.register(wizard_tap, WizardTap.filter())
    return router


async def wizard_tap(query: CallbackQuery, callback_data: WizardTap, visit: Visit) -> Toast | None:
    """Make a choice, or go to another step; after the last one begin to publish."""
    chat = await visit.target(callback_data.chat)
    step, pick = callback_data.step, callback_data.pick
    if not TOPICS <= step <= TRIAL:
        return stale(visit.words)
    chat = await leave(visit, chat, left=False)
    toast = None
    match step, pick:
        case _, "":
            chat = await move(visit, chat, step)
        case 5, "launch":
            return await launch(query, visit, chat)
        case 2, _ if pick in RHYTHMS:
            chat = await choose_rhythm(visit.services, chat, pick)
            toast = Toast(rhythm_text(visit.screens, chat))
        case _ if pick in CHOICES.get(_CHOSEN.get(step, ""), CHOICES["sound"]).options and step in _CHOSEN:
            what = _CHOSEN[step]
            chat = await visit.services.chats.configure(chat.id, lambda old: CHOICES[what].change(old, pick))
            toast = Toast(name(visit.words, what, pick))
        case _:
            return stale(visit.words)
    await visit.redraw(query, draw(visit.screens, chat))
    return toast


async def begin(visit: Visit, chat: Chat) -> Chat:
    """Begin to set a channel up, or go on where that stands."""
    if chat.settings.wizard_step is not None:
        return await leave(visit, chat, left=False)
    return await move(visit, chat, TOPICS)


async def leave(visit: Visit, chat: Chat, *, left: bool = True) -> Chat:
    """Remember that somebody went from the steps to all settings, or came back to the steps."""
    settings = chat.settings
    if settings.wizard_step is None or settings.wizard_left is left:
        return chat
    return await visit.services.chats.configure(chat.id, lambda old: replace(old, wizard_left=left))


async def move(visit: Visit, chat: Chat, step: int) -> Chat:
    """Remember which step comes next; one that never had times gets the usual ones to begin with."""
    services = visit.services
    chat = await services.chats.configure(chat.id, lambda old: replace(old, wizard_step=step, wizard_left=False))
    if step == TOPICS and rhythm(chat) == NONE:
        chat = await choose_rhythm(services, chat, ISSUES)
    return chat


async def launch(query: CallbackQuery, visit: Visit, chat: Chat) -> Toast:
    """Begin to publish."""
    chat = await learn_forum(visit, await go_on(visit.services, chat, launched=True))
    await visit.redraw(query, launched(visit.screens, chat))
    return Toast(visit.words("wizard-launched"))


def draw(screens: Screens, chat: Chat) -> Message:
    """Draw the step where setting up stands."""
    words, step = screens.words, chat.settings.wizard_step or TOPICS
    head = (Bold((words("wizard-heading", title=chat.title or "", step=step),)),)
    text, choices = _STEPS[step](screens, chat)
    turn = [Button(text=words("button-back"), data=_to(chat, step - 1))] if step > TOPICS else []
    if step < TRIAL:
        turn.append(Button(text=words("button-next"), data=_to(chat, step + 1), style="primary"))
    later = Button(text=words("button-later"), data=ChannelsTap(do="list").pack())
    every = Button(text=words("button-all-settings"), data=ChannelTap(chat=chat.id, do="all").pack())
    return Message(document=say(head, *text), keyboard=(*choices, tuple(turn), (later, every)))


def launched(screens: Screens, chat: Chat) -> Message:
    """Say that it works now, and when the first post comes."""
    words = screens.words
    if chat.next_at is None:
        first = words("wizard-first-at-once")
    else:
        key = "wizard-first-both" if rhythm(chat) == BOTH else "wizard-first"
        first = words(key, when=words.when(chat.next_at, chat.zone, now=screens.now))
    done = channel(screens, chat)
    return replace(done, document=(*say(words("wizard-works", title=chat.title or ""), first), *done.document))


def _topics(screens: Screens, chat: Chat) -> tuple[tuple[str, ...], Keyboard]:
    words = screens.words
    text = (words("wizard-topics"), words("topics-chosen", topics=screens.topic_list(chat)))
    choose = (
        Button(text=words("button-choose-topics"), data=TopicTap(chat=chat.id, on="t").pack()),
        Button(text=words("button-list-m"), data=TopicTap(chat=chat.id, on="m").pack()),
    )
    return text, (choose,)


def _when(screens: Screens, chat: Chat) -> tuple[tuple[str, ...], Keyboard]:
    words, now = screens.words, rhythm(chat)
    options = [_option(screens, chat, rhythm_name(words, chat, one), one, on=one == now) for one in RHYTHMS]
    clock = words("button-zone", city=city(chat.zone, words.lang), clock=screens.words.clock(screens.now, chat.zone))
    more: Keyboard = (
        (Button(text=words("button-issue-times"), data=Go(chat=chat.id, to="times").pack()),),
        (Button(text=clock, data=ZoneTap(chat=chat.id).pack()),),
    )
    text = (words("ask-when"), words("ask-when-now", when=rhythm_text(screens, chat)))
    return text, (*rows(options, width=1), *more)


def _look(screens: Screens, chat: Chat) -> tuple[tuple[str, ...], Keyboard]:
    return (screens.words("ask-density"),), _options(screens, chat, "density")


def _opinions(screens: Screens, chat: Chat) -> tuple[tuple[str, ...], Keyboard]:
    return (screens.words("ask-opinions"),), _options(screens, chat, "opinions")


def _trial(screens: Screens, chat: Chat) -> tuple[tuple[str, ...], Keyboard]:
    words = screens.words
    stamp = int(screens.now.timestamp())
    trial = Button(text=words("button-trial"), data=TrialTap(chat=chat.id, stamp=stamp, do="post").pack())
    preview = Button(text=words("button-preview"), data=ChannelTap(chat=chat.id, do="preview").pack())
    start = WizardTap(chat=chat.id, step=TRIAL, pick="launch").pack()
    launch_now = Button(text=words("button-launch"), data=start, style="success")
    return (words("wizard-trial"),), ((trial, preview), (launch_now,))


_STEPS = {TOPICS: _topics, WHEN: _when, LOOK: _look, OPINIONS: _opinions, TRIAL: _trial}


def _options(screens: Screens, chat: Chat, what: str) -> Keyboard:
    choice = CHOICES[what]
    now = choice.read(chat.settings)
    options = [_option(screens, chat, name(screens.words, what, one), one, on=one == now) for one in choice.options]
    return rows(options, width=1)


def _option(screens: Screens, chat: Chat, text: str, pick: str, *, on: bool) -> Button:
    tap = WizardTap(chat=chat.id, step=chat.settings.wizard_step or TOPICS, pick=pick)
    shown = screens.words("toggle-on", name=text) if on else text
    return Button(text=shown, data=tap.pack(), style="success" if on else None)


def _to(chat: Chat, step: int) -> str:
    return WizardTap(chat=chat.id, step=step).pack()
