"""How a parcel looks in its chat: the digest in the chat's language, zone and look, with the buttons that fit there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.i18n import Words, words_for
from bot.keys import Delivery, card_keys, channel_keys, is_quiet, issue_keys, missed_key, post_keys
from bot.look import Look, Place, look_of, topic_namer, topic_names
from bot.markup import Bold, Document, Message, Paragraph
from bot.render import Page, render_breaking, render_card, render_pages, render_post
from bot.render_fit import MAX_TEXT, fits
from bot.screens import Screens
from feeds.chatsettings import Density, Picture
from feeds.issue import Chat, ChatKind, ChatState, Digest, DigestKind, DigestStory, Parcel
from feeds.schedule import in_quiet_hours
from feeds.telling import shows_something
from feeds.topics import Catalogue

_REMEMBERED = 512
"""Issues whose documents are kept: those who chose the same get the same, and rendering is most of a delivery."""

_ASKED = frozenset({DigestKind.ASKED, DigestKind.FIRST})
"""Whoever asks is awake."""


class Edition:
    """Writes parcels out."""

    def __init__(self, catalogue: Catalogue, *, username: Callable[[], str]) -> None:
        self._catalogue = catalogue
        self._username = username
        self._documents: dict[tuple[object, ...], tuple[Digest, Sequence[Page]]] = {}
        """By the identity of a digest, held so that no other one gets it: to compare all it says takes long."""
        self._names: Mapping[str, Mapping[str, str]] = topic_names(catalogue)

    def write(self, parcel: Parcel) -> Sequence[Message]:
        """Write a parcel as the messages that will be sent, in order; the same ones each time.

        Each has a keyboard unlike that of any other message, by which ``bot.inquiry`` knows it again.
        """
        chat = parcel.chat
        pages, place = self.pages(chat, parcel.digest), self.place(chat)
        if one_each(parcel.digest, chat):
            messages = [self._single(parcel, part, page, place) for part, page in enumerate(pages)]
        elif chat.kind is ChatKind.PRIVATE:
            # The tail of what does not fit is turned to, in the same message.
            messages = [_turned(pages, 0, place, parcel.digest, Delivery(issue=parcel.id))]
        else:
            messages = [self._part(parcel, part, pages, place) for part in range(len(pages))]
        messages = self._ended(parcel, messages)
        if parcel.digest.kind not in _ASKED and in_quiet_hours(chat, parcel.due_at):
            messages = [replace(message, silent=True) for message in messages]
        if parcel.digest.kind is DigestKind.TRIAL:
            messages = list(_on_trial(messages, words_for(chat.lang), each=one_each(parcel.digest, chat)))
        return messages

    def page(self, chat: Chat, digest: Digest, delivery: Delivery, page: int) -> Message:
        """Write one page of a reader's issue; there are as many as ``pages`` gives."""
        return _turned(self.pages(chat, digest), page, self.place(chat), digest, delivery)

    def pages(self, chat: Chat, digest: Digest) -> Sequence[Page]:
        """Write a digest as the messages that it is in this chat."""
        look = look_of(chat.settings)
        key = (id(digest), chat.lang, chat.zone, look, chat.kind)
        known = self._documents.get(key)
        if known is None:
            while len(self._documents) >= _REMEMBERED:
                del self._documents[next(iter(self._documents))]
            known = self._documents[key] = digest, self._render(digest, chat.lang, chat.zone, look, chat.kind)
        return known[1]

    def place(self, chat: Chat) -> Place:
        """Say how a chat is written to."""
        return self._place(chat.lang, chat.zone, look_of(chat.settings), chat.kind)

    def _place(self, lang: str, zone: str, look: Look, kind: ChatKind) -> Place:
        own, names = kind is ChatKind.PRIVATE, topic_namer(self._names, lang)
        return Place(words=words_for(lang), zone=zone, topic_name=names, look=look, own_clock=own)

    def _render(self, digest: Digest, lang: str, zone: str, look: Look, kind: ChatKind) -> Sequence[Page]:
        place, private = self._place(lang, zone, look, kind), kind is ChatKind.PRIVATE
        match digest.kind:
            case DigestKind.BREAKING:
                return _one_by_one(digest, place, render_breaking)
            case DigestKind.INSTANT if private:
                return _one_by_one(digest, place, render_card)
            case DigestKind.INSTANT:
                return _one_by_one(digest, place, render_post)
            case _ if look.density is Density.CARDS and not private:
                return _one_by_one(digest, place, render_post)
            case _:
                return render_pages(digest, place)

    def _single(self, parcel: Parcel, part: int, page: Page, place: Place) -> Message:
        """Write one story's own message, under which everything is about this story."""
        [story] = page.stories
        private = parcel.chat.kind is ChatKind.PRIVATE
        if private:
            keyboard = card_keys(story, place, Delivery(issue=parcel.id, part=part))
        else:
            keyboard = post_keys(story, place, parcel, part, username=self._username())
        shown = previewed(Message(document=page.document, keyboard=keyboard), story, place.look, private=private)
        # One sound is enough for one issue.
        return replace(shown, silent=part > 0 or not _rings(parcel.chat))

    def _part(self, parcel: Parcel, part: int, pages: Sequence[Page], place: Place) -> Message:
        """Write one message of a channel's issue, with which of how many it is where there are more."""
        document = pages[part].document
        if len(pages) > 1:
            document = (*document, Paragraph((f"{part + 1}/{len(pages)}",)))
        keyboard = channel_keys(place.words, parcel, part, username=self._username())
        silent = part > 0 or not _rings(parcel.chat)
        return Message(document=document, keyboard=keyboard, silent=silent, follows=part > 0)

    def _ended(self, parcel: Parcel, messages: list[Message]) -> list[Message]:
        """Add to the last message what concerns the whole: an earlier issue in doubt, a newcomer's question."""
        chat, last = parcel.chat, messages[-1]
        if chat.kind is not ChatKind.PRIVATE:
            return messages
        words, at_once = words_for(chat.lang), _at_once(parcel.digest)
        keyboard, document = last.keyboard, last.document
        if one_each(parcel.digest, chat) and not at_once:
            delivery = Delivery(issue=parcel.id, part=len(messages) - 1)
            left = parcel.digest.left_over
            keyboard = (*keyboard, *issue_keys((), self.place(chat), delivery, first=1, page=0, left=left))
        if newcomer(chat) and not at_once:
            screens = Screens(words=words, catalogue=self._catalogue, now=parcel.due_at)
            # What a newcomer is asked stands in place of the settings: the stories above it, everything else later.
            question, answers = screens.offer(chat, parcel.id)
            keyboard, document = (*keyboard[:-1], *answers), (*document, Paragraph((question,)))
        if parcel.missed is not None:
            keyboard = (*keyboard, (missed_key(parcel.missed, words),))
        return [*messages[:-1], replace(last, document=document, keyboard=keyboard)]


def _turned(pages: Sequence[Page], page: int, place: Place, digest: Digest, delivery: Delivery) -> Message:
    """Write one page with its buttons, which tell of those after it."""
    shown, left = pages[page], sum(len(later.stories) for later in pages[page + 1 :]) + digest.left_over
    keyboard = issue_keys(shown.stories, place, delivery, first=shown.first, page=page, left=left)
    return Message(document=shown.document, keyboard=keyboard)


def previewed(message: Message, story: DigestStory, look: Look, *, private: bool) -> Message:
    """Let a card show its article's preview, small below it or large above, as far as the chat wants any."""
    if is_quiet(look) or len(story.url) > MAX_TEXT or not fits(message.document):
        return message
    if story.picture is not None and not shows_something(story.picture):
        return message
    if private or look.picture is Picture.PREVIEW:
        return replace(message, preview_url=story.url)
    if look.picture is Picture.PHOTO:
        return replace(message, preview_url=story.url, preview_large=True)
    return message


def one_each(digest: Digest, chat: Chat) -> bool:
    """Whether each story of an issue is a message of its own."""
    return _at_once(digest) or chat.settings.density is Density.CARDS


def _one_by_one(digest: Digest, place: Place, render: Callable[[DigestStory, Place], Document]) -> Sequence[Page]:
    return [
        Page(document=render(story, place), stories=(story,), first=number)
        for number, story in enumerate(digest.stories, 1)
    ]


def _at_once(digest: Digest) -> bool:
    return digest.kind in {DigestKind.INSTANT, DigestKind.BREAKING}


def _rings(chat: Chat) -> bool:
    return chat.kind is ChatKind.PRIVATE or chat.settings.sound


def _on_trial(messages: Sequence[Message], words: Words, *, each: bool) -> Sequence[Message]:
    """Say that a post is a trial, in every message that looks like a post of its own, and wake nobody."""
    mark = Paragraph((Bold((words("trial-heading"),)),))
    return [
        replace(message, silent=True, document=(mark, *message.document) if each or not part else message.document)
        for part, message in enumerate(messages)
    ]


def newcomer(chat: Chat) -> bool:
    """Whether a person gets no issues yet and is asked about them under the first."""
    return chat.kind is ChatKind.PRIVATE and (chat.state is not ChatState.ACTIVE or not chat.expects_issues)
