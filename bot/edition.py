"""How a parcel looks in its chat: the digest in the chat's language and time zone, with the buttons that fit there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.callbacks import DoubtTap, IssueTap
from bot.i18n import words_for
from bot.markup import Button, Document, Keyboard, Message, Paragraph
from bot.render import Place, render_digest, topic_namer
from bot.screens import Screens
from feeds.issue import Chat, ChatKind, ChatState, Digest, Parcel
from feeds.topics import Catalogue

_REMEMBERED = 256
"""Issues whose documents are kept: those who chose the same get the same, and rendering is most of a delivery."""


class Edition:
    """Writes parcels out."""

    def __init__(self, catalogue: Catalogue, *, username: Callable[[], str]) -> None:
        self._catalogue = catalogue
        self._username = username
        self._documents = lru_cache(maxsize=_REMEMBERED)(self._render)
        self._names: Mapping[str, Mapping[str, str]] = {theme.id: theme.name for theme in catalogue.themes}

    def write(self, parcel: Parcel) -> Sequence[Message]:
        """Write a parcel as the messages that will be sent, in order; the same ones each time.

        Each has a keyboard unlike that of any other message, by which ``bot.inquiry`` knows it again.
        """
        chat = parcel.chat
        documents = self._documents(parcel.digest, chat.lang, chat.zone)
        messages = [
            Message(document=document, keyboard=self._keyboard(parcel, part)) for part, document in enumerate(documents)
        ]
        if _newcomer(chat):
            words = words_for(chat.lang)
            last = messages[-1]
            question = Paragraph((words("ask-subscribe"),))
            screens = Screens(words=words, catalogue=self._catalogue, now=parcel.due_at)
            messages[-1] = replace(
                last, document=(*last.document, question), keyboard=screens.subscribe_buttons(parcel.id)
            )
        return messages

    def place(self, chat: Chat) -> Place:
        """Say in which words and by which clock a chat is written to."""
        return self._place(chat.lang, chat.zone)

    def _place(self, lang: str, zone: str) -> Place:
        return Place(words=words_for(lang), zone=zone, topic_name=topic_namer(self._names, lang))

    def _render(self, digest: Digest, lang: str, zone: str) -> Sequence[Document]:
        return render_digest(digest, self._place(lang, zone))

    def _keyboard(self, parcel: Parcel, part: int) -> Keyboard:
        words = words_for(parcel.chat.lang)
        if parcel.chat.kind is not ChatKind.PRIVATE:
            # In a channel a tap would answer one reader among thousands: a link, no callback.
            payload = f"c_{parcel.chat.id}_{parcel.id}_{part}"
            link = f"https://t.me/{self._username()}?start={payload}"
            return ((Button(text=words("button-own-issue"), url=link),),)
        settings = Button(text=words("button-settings"), data=IssueTap(issue=parcel.id, part=part).pack())
        missed = parcel.digest.missed
        if missed is None:
            return ((settings,),)
        return ((Button(text=words("button-missed"), data=DoubtTap(issue=missed, do="again").pack()), settings),)


def _newcomer(chat: Chat) -> bool:
    return chat.kind is ChatKind.PRIVATE and (chat.state is not ChatState.ACTIVE or not chat.times)
