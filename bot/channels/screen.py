"""The screens of a channel: the list of all, everything about one, what there is to choose. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import ChannelTap, Go, PauseTap, QuietTap, TopicTap
from bot.channels.choices import CHOICES, NONE, RHYTHMS, TOGGLES, name, rhythm, rhythm_name
from bot.channels.taps import ChannelSet, ChannelsTap, LogTap, ThreadTap, WizardTap
from bot.i18n import Words
from bot.markup import Bold, Button, Document, Italic, Keyboard, Message, Paragraph, rows, say
from bot.render import cut
from bot.screens import Screens
from bot.subscriber.timetable import rests
from bot.timewords import daily_text, weekly_text
from bot.visit import SHORT_TITLE
from bot.zones import city
from feeds.chatsettings import HiddenKind
from feeds.issue import Chat, ChatState, PauseReason

LAST_STEP = 5
"""Of setting a channel up: its button launches it."""
PAGE = 10
"""Channels on one page of the list."""


def listed(
    screens: Screens, chats: Sequence[Chat], posts: Sequence[int], *, page: int, sample: Document = ()
) -> Message:
    """List channels with how each does; ``posts`` are those of today. Who has none sees what a post looks like."""
    words = screens.words
    pages = max(1, -(-len(chats) // PAGE))
    page = min(page, pages - 1)
    shown = list(zip(chats, posts, strict=True))[page * PAGE : (page + 1) * PAGE]
    opened = tuple(
        (Button(text=_label(screens, chat, count), data=ChannelTap(chat=chat.id, do="open").pack()),)
        for chat, count in shown
    )
    turn: Keyboard = ()
    if pages > 1:
        turn = (
            (
                Button(text=words("button-previous"), data=ChannelsTap(do="list", page=(page - 1) % pages).pack()),
                Button(text=words("page-of", page=page + 1, pages=pages), data=ChannelsTap(do="same").pack()),
                Button(text=words("button-next"), data=ChannelsTap(do="list", page=(page + 1) % pages).pack()),
            ),
        )
    add = (
        Button(text=words("button-add-channel"), data=ChannelsTap(do="channel").pack()),
        Button(text=words("button-add-group"), data=ChannelsTap(do="group").pack()),
    )
    if chats:
        return Message(document=say(words("channels-list")), keyboard=(*opened, *turn, add))
    shown_as = (*say((Italic((words("channels-sample"),)),)), *sample) if sample else ()
    return Message(document=(*say(words("channels-none")), *shown_as), keyboard=(add,))


def channel(screens: Screens, chat: Chat) -> Message:
    """Everything about one channel, with the way to each of it."""
    words = screens.words
    head = Paragraph((Bold((words("channel-heading", title=chat.title or "", state=state(screens, chat)),)),))
    return Message(document=(head, *say(_facts(screens, chat))), keyboard=_keyboard(screens, chat))


def state(screens: Screens, chat: Chat) -> str:
    """Say in a word how a channel does."""
    words = screens.words
    if chat.state is ChatState.PAUSED:
        return words("channel-state-lost" if chat.pause_reason is not PauseReason.DELETED else "channel-state-gone")
    if chat.settings.wizard_step is not None:
        return words("channel-state-setup")
    if chat.state is ChatState.STOPPED:
        return words("channel-state-paused")
    if chat.paused_until is not None and chat.paused_until > screens.now:
        when = words.when(chat.paused_until, chat.zone, now=screens.now)
        return words("channel-state-until", when=when)
    works = chat.state is ChatState.ACTIVE and rhythm(chat) != NONE
    return words("channel-state-works" if works else "channel-state-silent")


def choosing(screens: Screens, chat: Chat, what: str) -> Message:
    """Ask for one thing, the option that holds marked."""
    words, choice = screens.words, CHOICES[what]
    now = choice.read(chat.settings)
    options = [
        Button(
            text=words("toggle-on", name=name(words, what, option)) if option == now else name(words, what, option),
            data=ChannelSet(chat=chat.id, what=what, to=option).pack(),
            style="success" if option == now else None,
        )
        for option in choice.options
    ]
    width = 1 if max(len(option.text) for option in options) > 14 else 2
    text = say((Bold((words(f"ask-{what}-title", title=chat.title or ""),)),), words(f"ask-{what}"))
    return Message(document=text, keyboard=(*rows(options, width=width), (to_all(screens, chat),)))


def when(screens: Screens, chat: Chat) -> Message:
    """Ask whether stories go one by one, in issues, or both; with the way to the times and the clock."""
    words = screens.words
    now = rhythm(chat)
    options = [
        Button(
            text=words("toggle-on", name=shown) if one == now else shown,
            data=ChannelSet(chat=chat.id, what="when", to=one).pack(),
            style="success" if one == now else None,
        )
        for one, shown in ((one, rhythm_name(words, chat, one)) for one in RHYTHMS)
    ]
    more = (
        Button(text=words("button-issue-times"), data=Go(chat=chat.id, to="times").pack()),
        Button(text=words("button-hours"), data=QuietTap(chat=chat.id).pack()),
    )
    title = (Bold((words("ask-when-title", title=chat.title or ""),)),)
    document = say(title, words("ask-when"), words("ask-when-now", when=rhythm_text(screens, chat)))
    last: Keyboard = ((to_all(screens, chat),),)
    if rests(chat):
        # Choosing starts nothing that was stopped.
        resume = Button(text=words("button-resume"), data=ChannelTap(chat=chat.id, do="resume").pack())
        last = ((resume, to_all(screens, chat)),)
    return Message(document=document, keyboard=(*rows(options, width=1), more, *last))


def back(screens: Screens, chat: Chat) -> Button:
    """Lead back to everything about the channel, or to where setting it up stands."""
    return Button(text=screens.words("button-to-channel"), data=Go(chat=chat.id, to="settings").pack())


def to_all(screens: Screens, chat: Chat) -> Button:
    """Lead back to everything about the channel, also while it is being set up."""
    return Button(text=screens.words("button-to-channel"), data=ChannelTap(chat=chat.id, do="all").pack())


def rhythm_text(screens: Screens, chat: Chat) -> str:
    """Say how stories go to a channel: «по одной сразу и каждый день в 9:00»."""
    parts = [] if rhythm(chat) not in ("now", "both") else [screens.words("rhythm-at-once")]
    if chat.times:
        parts.append(daily_text(screens.words, chat))
    if chat.settings.weekly is not None:
        parts.append(screens.words("times-weekly", when=weekly_text(screens.words, chat.settings.weekly)))
    return screens.words.listing(parts) if parts else screens.words("rhythm-off")


def _label(screens: Screens, chat: Chat, posts: int) -> str:
    facts = {"title": cut(chat.title or "", SHORT_TITLE), "state": state(screens, chat)}
    return (
        screens.words("channel-listed-posts", count=posts, **facts)
        if posts
        else screens.words("channel-listed", **facts)
    )


def _facts(screens: Screens, chat: Chat) -> str:
    words, settings = screens.words, chat.settings
    chosen = {what: name(words, what, choice.read(settings)) for what, choice in CHOICES.items()}
    hidden = [f"−{one.what}" for one in settings.hidden if one.kind is HiddenKind.WORD]
    topics = screens.topic_list(chat)
    return words(
        "channel-facts",
        topics=f"{topics}; {', '.join(hidden[:6])}" if hidden else topics,
        when=rhythm_text(screens, chat),
        city=city(chat.zone, words.lang),
        clock=screens.words.clock(screens.now, chat.zone),
        quiet=_quiet(words, chat),
        signature=settings.signature or words("signature-none"),
        **{key: inside(text) for key, text in chosen.items()},
    )


def inside(text: str) -> str:
    """Write an option's name in the middle of a sentence."""
    return text[:1].lower() + text[1:]


def _quiet(words: Words, chat: Chat) -> str:
    if chat.settings.quiet is None:
        return words("quiet-none")
    start, end = chat.settings.quiet
    return words("quiet-hours", start=words.minutes(start), end=words.minutes(end))


def _keyboard(screens: Screens, chat: Chat) -> Keyboard:
    words = screens.words

    def choose(what: str) -> Button:
        to = ""
        if what in TOGGLES:
            to = next(one for one in CHOICES[what].options if one != CHOICES[what].read(chat.settings))
        return Button(text=words(f"button-{what}"), data=ChannelSet(chat=chat.id, what=what, to=to).pack())

    def deed(do: str) -> Button:
        return Button(text=words(f"button-{do}"), data=ChannelTap(chat=chat.id, do=do).pack())

    resting = chat.paused_until is not None and chat.paused_until > screens.now
    pause = Button(text=words("button-pause"), data=PauseTap(chat=chat.id).pack())
    if resting or chat.state is not ChatState.ACTIVE:
        pause = Button(text=words("button-resume"), data=ChannelTap(chat=chat.id, do="resume").pack())
    if chat.settings.wizard_step is not None:
        launch = WizardTap(chat=chat.id, step=LAST_STEP, pick="launch")
        pause = Button(text=words("button-launch"), data=launch.pack(), style="success")
    threads: Keyboard = ()
    if chat.settings.forum or chat.settings.threads:
        threads = ((Button(text=words("button-threads"), data=ThreadTap(chat=chat.id, do="list").pack()),),)
    return (
        (
            Button(text=words("button-topics"), data=TopicTap(chat=chat.id, on="t").pack()),
            Button(text=words("button-list-m"), data=TopicTap(chat=chat.id, on="m").pack()),
        ),
        (Button(text=words("button-when"), data=ChannelSet(chat=chat.id, what="when").pack()), pause),
        (choose("density"), choose("opinions"), choose("picture")),
        (
            Button(text=words("button-signature"), data=ChannelTap(chat=chat.id, do="signature").pack()),
            choose("hashtags"),
            choose("sound"),
        ),
        (choose("cap"), choose("least")),
        (choose("approval"), deed("queue")),
        (deed("preview"), deed("trial")),
        *threads,
        (
            Button(text=words("button-language"), data=Go(chat=chat.id, to="languages").pack()),
            Button(text=words("button-log"), data=LogTap(chat=chat.id).pack()),
            choose("report"),
        ),
        (deed("unlink"), Button(text=words("button-all-channels"), data=ChannelsTap(do="list").pack())),
    )
