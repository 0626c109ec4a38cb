"""The screens: what each one says and which buttons it has, drawn anew from a chat's settings each time.

Pure; knows neither the store nor how a message is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.callbacks import (
    KEPT_TIMES,
    OTHER_TIME,
    OWN,
    DigestTap,
    Go,
    LangTap,
    ReadTap,
    SubscribeTap,
    TopicTap,
    ZoneTap,
)
from bot.i18n import LANGUAGES, Words
from bot.markup import Bold, Button, Keyboard, Message, Paragraph, Spans, say
from bot.panel import panel
from bot.render_cut import cut
from bot.timewords import kept_text, rhythm_text
from bot.zones import city
from feeds.issue import Chat, ChatKind, ChatState
from feeds.schedule import is_paused
from feeds.topics import Catalogue, Topic

TOPICS_A_PAGE = 8
MORNING, EVENING = 8 * 60, 19 * 60
_LISTED = 6
_QUOTED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """Draws screens in one language."""

    words: Words
    catalogue: Catalogue
    now: datetime

    def languages(self, chat: Chat) -> Message:
        """Choose the language of the bot's words, and the languages of news."""
        key = _key(chat)
        speaks = tuple(
            Button(
                text=self._ticked(self.words(f"language-{lang}"), on=lang == chat.lang),
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
        document = say(*self.heading(chat), self.words("language-question"))
        return Message(document=document, keyboard=(speaks, reads, (self._done(chat),)))

    def settings(self, chat: Chat, *, note: str = "") -> Message:
        """Everything a person has set, on one screen, with the way to each; ``note`` says what just was done."""
        key = _key(chat)
        lines = self.words(
            "settings",
            chosen=self.chosen_lines(chat),
            times=self.time_list(chat),
            city=city(chat.zone, self.words.lang),
            clock=self.words.clock(self.now, chat.zone),
            reads=", ".join(self.words(f"news-{lang}") for lang in chat.reads),
        )
        title = Bold((self.words("settings-title", where=self._where(chat)),))
        keyboard = panel(self.words, self.catalogue, chat, key=key, paused=is_paused(chat, self.now))
        show = Button(text=self.words("button-show"), data=DigestTap().pack(), style="primary")
        document = (*say(*([note] if note else [])), Paragraph((title,)), *say(lines))
        return Message(document=document, keyboard=(*keyboard, (show,)))

    def offer(self, chat: Chat, issue: int) -> tuple[str, Keyboard]:
        """Ask under an issue whether there shall be more: as it was for who stopped, else at times to choose."""
        if chat.state is ChatState.NEW or not chat.expects_issues:
            return self.words("ask-subscribe"), self.subscribe_buttons(issue)
        kept = SubscribeTap(times=KEPT_TIMES, issue=issue).pack()
        again = Button(text=self.words("button-resume"), data=kept, style="success")
        other = Button(text=self.words("button-other-time"), data=SubscribeTap(times=OTHER_TIME, issue=issue).pack())
        return self.words("ask-resume", times=kept_text(self.words, chat, now=self.now)), ((again, other),)

    def subscribe_buttons(self, issue: int) -> Keyboard:
        """Offer times that suit most people."""
        offers = (("morning", (MORNING,)), ("evening", (EVENING,)), ("both", (MORNING, EVENING)))
        buttons = [
            Button(
                text=self.words(f"button-{name}"),
                data=SubscribeTap(times="-".join(map(str, times)), issue=issue).pack(),
                style="success" if name == "morning" else None,
            )
            for name, times in offers
        ]
        other = Button(text=self.words("button-other-time"), data=SubscribeTap(times=OTHER_TIME, issue=issue).pack())
        return ((buttons[0], buttons[1]), (buttons[2], other))

    def subscribed(self, chat: Chat, *, place: str | None = None) -> Message:
        """Confirm when the next issues come, and offer to correct the clock they come by; ``place`` is whose it is."""
        when = self.words.when(chat.next_at or self.now, chat.zone, now=self.now)
        place = place or city(chat.zone, self.words.lang)
        zone = Button(text=self.words("button-other-zone"), data=ZoneTap().pack())
        topics = Button(text=self.words("button-change-topics"), data=TopicTap(on="t").pack())
        text = self.words("subscribed", times=self.time_list(chat), city=place, when=when)
        return Message(document=say(text), keyboard=((zone, topics),))

    def nothing_new(self, chat: Chat, *, had: bool = False, last: datetime | None = None) -> Message:
        """Say kindly that there is nothing (left, for who ``had`` some), and offer to look beyond the chosen topics.

        ``last`` is when the last issue went out, if that was one they asked for.
        """
        if chat.issued_at is not None:
            since = max(chat.issued_at, last or chat.issued_at)
            text = self.words("nothing-since", when=self.words.moment(since, chat.zone))
        elif had:
            text = self.words("nothing-left")
        else:
            text = self.words("nothing-yet" if chat.topics else "nothing-at-all")
        every = Button(text=self.words("button-all-topics"), data=DigestTap(what="all").pack())
        return Message(document=say(text), keyboard=((every,),) if chat.topics else ())

    def topic_list(self, chat: Chat) -> str:
        """Name the first few of what is chosen: topics, makes, then own words."""
        named = [name for names in self._chosen(chat).values() for name in names]
        return self._listed(named, whole=False) if named else self.words("topics-all")

    def chosen_lines(self, chat: Chat, *, whole: bool = False) -> str:
        """Name what is chosen, each kind in a line of its own and called as on its button."""
        lines = [
            self.words(f"chosen-{kind}", names=self._listed(names, whole=whole))
            for kind, names in self._chosen(chat).items()
            if names
        ]
        return "\n".join(lines) or self.words("chosen-topics", names=self.words("topics-all"))

    def _chosen(self, chat: Chat) -> Mapping[str, Sequence[str]]:
        return {
            "topics": [self.name(topic) for topic in self.catalogue.themes if topic.id in chat.topics],
            "makes": [self.name(topic) for topic in self.catalogue.makes if topic.id in chat.topics],
            "words": [self.words("quoted", text=cut(text, _QUOTED)) for text in chat.words],
        }

    def _listed(self, named: Sequence[str], *, whole: bool) -> str:
        shown = len(named) if whole else _LISTED
        names, left = ", ".join(named[:shown]), len(named) - shown
        return self.words("and-more", names=names, count=left) if left > 0 else names

    def time_list(self, chat: Chat) -> str:
        """Say when issues come, or why none do."""
        return rhythm_text(self.words, chat, now=self.now)

    def heading(self, chat: Chat) -> tuple[Spans, ...]:
        """Begin a question about a managed chat with its name: who runs several must see which it is about."""
        if chat.kind is ChatKind.PRIVATE:
            return ()
        return ((Bold((self.words("quoted", text=chat.title or ""),)),),)

    def name(self, topic: Topic) -> str:
        """Call a topic by its name in this language."""
        return topic.name.get(self.words.lang) or topic.name["en"]

    def _ticked(self, name: str, *, on: bool) -> str:
        return self.words("toggle-on", name=name) if on else name

    def _where(self, chat: Chat) -> str:
        return "" if chat.kind is ChatKind.PRIVATE else f" — {chat.title or ''}"

    def _done(self, chat: Chat) -> Button:
        return Button(text=self.words("button-done"), data=Go(chat=_key(chat), to="settings").pack())


def _key(chat: Chat) -> int:
    return OWN if chat.kind is ChatKind.PRIVATE else chat.id
