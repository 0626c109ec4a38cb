"""The screens: what each one says and which buttons it has, drawn anew from a chat's settings each time.

Pure; knows neither the store nor how a message is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.callbacks import (
    OWN,
    AccountTap,
    ChannelTap,
    DigestTap,
    Go,
    LangTap,
    ReadTap,
    SubscribeTap,
    TimeTap,
    TopicList,
    TopicTap,
    ZoneTap,
)
from bot.i18n import LANGUAGES, Words
from bot.markup import Bold, Button, Keyboard, Message, Paragraph, rows, say
from bot.zones import CITIES, PAGE, city, local_clock
from feeds.issue import Chat, ChatKind, ChatState
from feeds.topics import Catalogue, Topic

TOPICS_A_PAGE = 8
HOURS = range(6, 24)
MAX_TIMES = 4
MORNING, EVENING = 8 * 60, 19 * 60
_LISTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """Draws screens in one language."""

    words: Words
    catalogue: Catalogue
    now: datetime

    def welcome(self, chat: Chat) -> Message:
        """Say what this is, with the first topics to toggle; everything works with none chosen."""
        featured = [topic for topic in self.catalogue.themes if topic.featured][:TOPICS_A_PAGE]
        toggles = [self._toggle(chat, topic, TopicTap(on="w", topic=topic.id)) for topic in featured]
        show = Button(text=self.words("button-show"), data=DigestTap().pack(), style="primary")
        return Message(document=say(self.words("welcome")), keyboard=(*rows(toggles, width=2), (show,)))

    def topics(self, chat: Chat, *, on: TopicList = "t", page: int = 0) -> Message:
        """List themes (``t``) or makes (``m``), a page at a time."""
        key = _key(chat)
        every = self.catalogue.makes if on == "m" else self.catalogue.themes
        pages = max(1, -(-len(every) // TOPICS_A_PAGE))
        page = min(max(page, 0), pages - 1)
        shown = every[page * TOPICS_A_PAGE : (page + 1) * TOPICS_A_PAGE]
        toggles = [self._toggle(chat, topic, TopicTap(chat=key, on=on, topic=topic.id, page=page)) for topic in shown]
        turn = (
            Button(text=self.words("button-back"), data=TopicTap(chat=key, on=on, page=(page - 1) % pages).pack()),
            Button(text=self.words("page-of", page=page + 1, pages=pages), data=Go(chat=key, to="same").pack()),
            Button(text=self.words("button-next"), data=TopicTap(chat=key, on=on, page=(page + 1) % pages).pack()),
        )
        other: TopicList = "t" if on == "m" else "m"
        tab = Button(text=self.words(f"button-list-{other}"), data=TopicTap(chat=key, on=other).pack())
        text = say(
            (Bold((self.words("topics-title", where=self._where(chat)),)),),
            self.words("topics-chosen", topics=self.topic_list(chat)),
            self.words("topics-hint" if chat.kind is ChatKind.PRIVATE else "topics-hint-channel"),
        )
        return Message(document=text, keyboard=(*rows(toggles, width=2), turn, (tab, self._done(chat))))

    def found(self, chat: Chat, topics: Sequence[Topic]) -> Message:
        """Offer the topics that somebody's typing may have meant."""
        toggles = [self._toggle(chat, topic, TopicTap(on="f", topic=topic.id)) for topic in topics]
        return Message(document=say(self.words("topics-found")), keyboard=rows(toggles, width=2))

    def times(self, chat: Chat) -> Message:
        """Choose up to four times a day, and whose clock they mean."""
        key = _key(chat)
        toggles = []
        for hour in HOURS:
            chosen = hour * 60 in chat.times and chat.state is ChatState.ACTIVE
            text = self.words("toggle-on", name=f"{hour}:00") if chosen else f"{hour}:00"
            data = TimeTap(chat=key, minutes=hour * 60).pack()
            toggles.append(Button(text=text, data=data, style="success" if chosen else None))
        zone = Button(
            text=self.words(
                "button-zone", city=city(chat.zone, self.words.lang), clock=local_clock(chat.zone, now=self.now)
            ),
            data=ZoneTap(chat=key).pack(),
        )
        document = say(
            (Bold((self.words("times-title", where=self._where(chat)),)),),
            self.words("times-chosen", times=self.time_list(chat)),
            self.words("times-hint" if chat.kind is ChatKind.PRIVATE else "times-hint-channel", most=MAX_TIMES),
        )
        return Message(document=document, keyboard=(*rows(toggles, width=6), (zone,), (self._done(chat),)))

    def zones(self, chat: Chat, *, page: int = 0) -> Message:
        """Ask which clock is theirs: each button shows the time there."""
        key = _key(chat)
        shown = CITIES[:PAGE] if page == 0 else CITIES[PAGE:]
        clocks = [
            Button(
                text=f"{local_clock(zone, now=self.now)} {city(zone, self.words.lang)}",
                data=ZoneTap(chat=key, zone=zone).pack(),
                style="success" if zone == chat.zone else None,
            )
            for zone, *_ in shown
        ]
        other = Button(
            text=self.words("button-other-country" if page == 0 else "button-russia"),
            data=ZoneTap(chat=key, page=1 - min(page, 1)).pack(),
        )
        back = Button(text=self.words("button-back"), data=Go(chat=key, to="times").pack())
        return Message(document=say(self.words("zone-question")), keyboard=(*rows(clocks, width=2), (back, other)))

    def languages(self, chat: Chat) -> Message:
        """Choose the language of the bot's words, and the languages of news."""
        key = _key(chat)
        speaks = tuple(
            Button(
                text=self.words(f"language-{lang}"),
                data=LangTap(chat=key, lang=lang).pack(),
                style="primary" if lang == chat.lang else None,
            )
            for lang in LANGUAGES
        )
        reads = tuple(
            Button(
                text=self._ticked(self.words(f"news-{lang}"), on=lang in chat.reads),
                data=ReadTap(chat=key, lang=lang).pack(),
                style="success" if lang in chat.reads else None,
            )
            for lang in LANGUAGES
        )
        return Message(document=say(self.words("language-question")), keyboard=(speaks, reads, (self._done(chat),)))

    def settings(self, chat: Chat) -> Message:
        """Everything a chat has set, on one screen, with the way to each of them."""
        key = _key(chat)
        lines = self.words(
            "settings",
            topics=self.topic_list(chat),
            times=self.time_list(chat),
            city=city(chat.zone, self.words.lang),
            clock=local_clock(chat.zone, now=self.now),
            reads=", ".join(self.words(f"news-{lang}") for lang in chat.reads),
        )
        title = Bold((self.words("settings-title", where=self._where(chat)),))
        keyboard: Keyboard = (
            (
                Button(text=self.words("button-topics"), data=TopicTap(chat=key, on="t").pack()),
                Button(text=self.words("button-times"), data=Go(chat=key, to="times").pack()),
            ),
            (
                Button(text=self.words("button-zone-short"), data=ZoneTap(chat=key).pack()),
                Button(text=self.words("button-language"), data=Go(chat=key, to="languages").pack()),
            ),
        )
        return Message(document=(Paragraph((title,)), *say(lines)), keyboard=(*keyboard, *self._last_row(chat)))

    def subscribe_buttons(self, issue: int) -> Keyboard:
        """Ask under the first digest whether there shall be more."""
        offers = (("morning", (MORNING,)), ("evening", (EVENING,)), ("both", (MORNING, EVENING)))
        buttons = [
            Button(
                text=self.words(f"button-{name}"),
                data=SubscribeTap(times="-".join(map(str, times)), issue=issue).pack(),
                style="success" if name == "morning" else None,
            )
            for name, times in offers
        ]
        other = Button(text=self.words("button-other-time"), data=Go(to="times").pack())
        return ((buttons[0], buttons[1]), (buttons[2], other))

    def subscribed(self, chat: Chat) -> Message:
        """Confirm when the next issues come, and offer to correct the clock they come by."""
        when = self.words.when(chat.next_at or self.now, chat.zone, now=self.now)
        place = city(chat.zone, self.words.lang)
        times = self.words.listing([self.words.minutes(minutes) for minutes in chat.times])
        zone = Button(text=self.words("button-other-zone"), data=ZoneTap().pack())
        topics = Button(text=self.words("button-change-topics"), data=TopicTap(on="t").pack())
        text = self.words("subscribed", times=times, city=place, when=when)
        return Message(document=say(text), keyboard=((zone, topics),))

    def nothing_new(self, chat: Chat, *, had: bool = False) -> Message:
        """Say kindly that there is nothing (left, for who ``had`` some), and offer to look beyond the chosen topics."""
        if chat.issued_at is not None:
            text = self.words("nothing-since", when=self.words.moment(chat.issued_at, chat.zone))
        elif had:
            text = self.words("nothing-left")
        else:
            text = self.words("nothing-yet" if chat.topics else "nothing-at-all")
        every = Button(text=self.words("button-all-topics"), data=DigestTap(what="all").pack())
        return Message(document=say(text), keyboard=((every,),) if chat.topics else ())

    def privacy(self) -> Message:
        """Say what is stored, with the way to delete it."""
        forget = Button(text=self.words("button-delete"), data=AccountTap(do="ask").pack())
        return Message(document=say(self.words("privacy")), keyboard=((forget,),))

    def stopped(self, text: str = "stopped") -> Message:
        """Confirm that nothing more will come, with the two ways on from here."""
        resume = Button(text=self.words("button-resume"), data=AccountTap(do="resume").pack(), style="primary")
        forget = Button(text=self.words("button-delete"), data=AccountTap(do="ask").pack())
        return Message(document=say(self.words(text)), keyboard=((resume,), (forget,)))

    def delete_question(self) -> Message:
        """Ask once more before everything about a person goes."""
        yes = Button(text=self.words("button-delete-all"), data=AccountTap(do="delete").pack(), style="danger")
        no = Button(text=self.words("button-cancel"), data=Go(to="settings").pack())
        return Message(document=say(self.words("delete-question")), keyboard=((yes,), (no,)))

    def topic_list(self, chat: Chat) -> str:
        """Name the chosen topics, the first few of them."""
        chosen = [topic for topic in (*self.catalogue.themes, *self.catalogue.makes) if topic.id in chat.topics]
        if not chosen:
            return self.words("topics-all")
        names = ", ".join(self.name(topic) for topic in chosen[:_LISTED])
        left = len(chosen) - _LISTED
        return self.words("and-more", names=names, count=left) if left > 0 else names

    def time_list(self, chat: Chat) -> str:
        """Name the times of issue."""
        if chat.state is ChatState.PAUSED:
            return self.words("times-paused")
        if not chat.times or chat.state is not ChatState.ACTIVE:
            return self.words("times-none")
        times = self.words.listing([self.words.minutes(minutes) for minutes in sorted(chat.times)])
        return self.words("times-daily", times=times)

    def name(self, topic: Topic) -> str:
        """Call a topic by its name in this language."""
        return topic.name.get(self.words.lang) or topic.name["en"]

    def _toggle(self, chat: Chat, topic: Topic, tap: TopicTap) -> Button:
        on = topic.id in chat.topics
        return Button(text=self._ticked(self.name(topic), on=on), data=tap.pack(), style="success" if on else None)

    def _ticked(self, name: str, *, on: bool) -> str:
        return self.words("toggle-on", name=name) if on else name

    def _where(self, chat: Chat) -> str:
        return "" if chat.kind is ChatKind.PRIVATE else f" — {chat.title or ''}"

    def _done(self, chat: Chat) -> Button:
        return Button(text=self.words("button-done"), data=Go(chat=_key(chat), to="settings").pack())

    def _last_row(self, chat: Chat) -> Keyboard:
        if chat.kind is ChatKind.PRIVATE:
            return ((Button(text=self.words("button-show"), data=DigestTap().pack(), style="primary"),),)
        paused = chat.state is not ChatState.ACTIVE
        pause = ChannelTap(chat=chat.id, do="resume" if paused else "pause").pack()
        return (
            (
                Button(text=self.words("button-test"), data=ChannelTap(chat=chat.id, do="test").pack()),
                Button(text=self.words("button-resume" if paused else "button-pause"), data=pause),
            ),
            (Button(text=self.words("button-all-channels"), data=Go(to="channels").pack()),),
        )


def _key(chat: Chat) -> int:
    return OWN if chat.kind is ChatKind.PRIVATE else chat.id
