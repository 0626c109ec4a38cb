"""What the little Telegram remembers: people, chats, members, messages. It decides nothing.

`World` is the one place where these change hands; every change moves its version, which the person's page follows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.clock import TurnableClock
from bot.sandbox.events import Events
from bot.sandbox.updates import Updates

Json = dict[str, Any]

FIRST_PERSON = 7_000_000_001  # more than 32 bits, as real ones may have
FIRST_GROUP = 4_000_000_001
FIRST_CHANNEL = 1_002_000_000_001


@dataclass(slots=True, kw_only=True)
class Person:
    """A human with a private chat with the bot."""

    id: int
    first_name: str
    language_code: str
    username: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False


@dataclass(slots=True, kw_only=True)
class Member:
    """Somebody's standing in a chat: a status of the Bot API and the rights that go with it."""

    user_id: int
    status: str
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Tell whether this one is in the chat."""
        return self.status not in {"left", "kicked"}


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat, a group, a supergroup or a channel."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    migrated_to: int | None = None
    deleted: bool = False
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, str] = field(default_factory=dict)
    crowd: int = 0  # members nobody here plays

    def member(self, user_id: int) -> Member:
        """Return the standing of a user, `left` for a stranger."""
        return self.members.get(user_id) or Member(user_id=user_id, status="left")


@dataclass(slots=True, kw_only=True)
class Message:
    """A message; `content` holds the fields of the Bot API's Message that make it what it is."""

    chat_id: int
    id: int
    date: datetime
    sender_id: int  # in a channel too, where nobody is shown it
    content: Json
    edit_date: datetime | None = None
    reply_markup: Json | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    silent: bool = False
    protected: bool = False
    anonymous: bool = False  # written by an administrator as the group itself
    deleted: bool = False
    reactions: dict[int, str] = field(default_factory=dict)  # by who reacted
    version: int = 0


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """Bytes the bot or a person has sent."""

    id: str
    name: str
    content: bytes
    content_type: str
    source_url: str | None = None


@dataclass(slots=True, kw_only=True)
class Query:
    """A tap or an inline query that waits for its answer."""

    id: str
    user_id: int
    asked: datetime
    answered: bool = False
    results: Json | None = None  # of an inline query, by their ids


class World:
    """All people, chats and messages around one bot."""

    def __init__(
        self, *, clock: TurnableClock, bot_id: int, username: str, first_name: str, zone: str | None = None
    ) -> None:
        self.clock = clock
        self.zone = zone
        """By whose wall clock the page shows times (an IANA name); None is the browser's own."""
        self.bot_id = bot_id
        self.bot_username = username
        self.bot_first_name = first_name
        self.events = Events()
        self.updates = Updates(clock)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.files: dict[str, StoredFile] = {}
        self.callback_queries: dict[str, Query] = {}
        self.inline_queries: dict[str, Query] = {}
        self._people_ids = itertools.count(FIRST_PERSON)
        self._group_ids = itertools.count(FIRST_GROUP)
        self._channel_ids = itertools.count(FIRST_CHANNEL)
        self._shared_message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)
        self._query_ids = itertools.count(4_100_000_000_000_000_001)

    def add_person(self, first_name: str, language_code: str) -> Person:
        """Create a person and the private chat, which the bot may not open before she writes."""
        person = Person(id=next(self._people_ids), first_name=first_name, language_code=language_code)
        self.people[person.id] = person
        self.chats[person.id] = Chat(id=person.id, type="private")
        self.messages[person.id] = {}
        self.events.change(person.id)
        return person

    def add_chat(self, chat_type: str, title: str, *, creator_id: int) -> Chat:
        """Create a group, a supergroup or a channel with its owner in it."""
        chat_id = -next(self._group_ids if chat_type == "group" else self._channel_ids)
        chat = Chat(id=chat_id, type=chat_type, title=title)
        chat.members[creator_id] = Member(user_id=creator_id, status="creator")
        self.chats[chat_id] = chat
        self.messages[chat_id] = {}
        self.events.change(chat_id)
        return chat

    def post(self, chat: Chat, *, sender_id: int, content: Json, **marks: Any) -> Message:
        """Put a new message into a chat, stamped by the clock."""
        ids = self.messages[chat.id]
        # Telegram numbers private chats and basic groups together, every supergroup and channel by itself.
        shared = chat.type in {"private", "group"}
        number = next(self._shared_message_ids) if shared else len(ids) + 1
        message = Message(
            chat_id=chat.id, id=number, date=self.clock.now(), sender_id=sender_id, content=content, **marks
        )
        ids[number] = message
        self.touch(message)
        return message

    def touch(self, message: Message) -> None:
        """Mark a message as changed and tell those who watch."""
        message.version = self.events.change(message.chat_id)

    def find(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message that is still there."""
        message = self.messages.get(chat_id, {}).get(message_id)
        return None if message is None or message.deleted else message

    def changed_after(self, chat_id: int, version: int) -> Iterable[Message]:
        """Return the messages of a chat that changed after `version`, deleted ones too."""
        return [message for message in self.messages.get(chat_id, {}).values() if message.version > version]

    def keep(self, name: str, content: bytes, *, content_type: str, source_url: str | None = None) -> StoredFile:
        """Store bytes and give them a file id."""
        file_id = f"AgACAgIAAx{next(self._file_ids):06d}"
        stored = StoredFile(id=file_id, name=name, content=content, content_type=content_type, source_url=source_url)
        self.files[file_id] = stored
        return stored

    def ask(self, queries: dict[str, Query], user_id: int) -> Query:
        """Open a query that the bot has to answer."""
        query = Query(id=str(next(self._query_ids)), user_id=user_id, asked=self.clock.now())
        queries[query.id] = query
        return query
