"""Who reads: chats, their topics, times and managers. Satisfies ``feeds.pipeline.ChatStore``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.chatsettings import ChatSettings
from feeds.errors import StorageError
from feeds.issue import Chat, ChatId, ChatKind, ChatState, Instant, PauseReason
from feeds.model import StoryId
from storage import rows
from storage.channels import set_up
from storage.columns import among
from storage.doubts import unnumber
from storage.engine import Database, batches, insert_new
from storage.merging import merge
from storage.tables import chat_managers, chats, coverage, outbox, outbox_parts

WANTING = (Instant.BREAKING, Instant.EVERY)

_WHEN = ("times", "zone", "state", "pause_reason", "instant", "instant_since", "paused_until", "settings", "next_at")
"""What decides when something comes to a chat."""


class Chats:
    """Private chats, groups and channels. Methods that take a ChatId raise StorageError ``chat-missing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, chat_id: ChatId) -> Chat:
        """Read one chat by our own key."""
        async with self._database.transaction() as connection:
            return await _one(connection, chat_id)

    async def by_telegram_id(self, telegram_id: int) -> Chat | None:
        """Read one chat by Telegram's number."""
        found = await self._many(select(chats).where(chats.c.telegram_id == telegram_id))
        return found[0] if found else None

    async def ensure(
        self,
        telegram_id: int,
        *,
        kind: ChatKind,
        title: str | None = None,
        lang: str,
        reads: Iterable[str],
        zone: str,
        now: datetime,
    ) -> Chat:
        """Make a NEW chat, or return the one there is with its choices untouched and its kind and title refreshed.

        A title of None is not known and changes none. That of a private chat is a person's name and is never stored.
        """
        title = None if kind is ChatKind.PRIVATE else title
        new = {
            "telegram_id": telegram_id,
            "kind": kind,
            "title": title,
            "lang": lang,
            "reads": tuple(reads),
            "zone": zone,
            "state": ChatState.NEW,
            "topics": (),
            "words": (),
            "times": (),
            "created_at": now,
        }
        mine = select(chats).where(chats.c.telegram_id == telegram_id)
        async with self._database.transaction() as connection:
            row = (await connection.execute(mine)).one_or_none()
            if row is None:
                await connection.execute(insert_new(connection, chats).values(new))
                row = (await connection.execute(mine)).one()
            chat = rows.chat(row)
            fresh = title if title is not None or kind is ChatKind.PRIVATE else chat.title
            if (chat.kind, chat.title) == (kind, fresh):
                return chat
            return await _change(connection, chat.id, kind=kind, title=fresh)

    async def choose_topics(self, chat_id: ChatId, topics: frozenset[str]) -> Chat:
        """Replace a chat's topics; none means all."""
        async with self._database.transaction() as connection:
            return await _change(connection, chat_id, topics=sorted(topics))

    async def toggle_topic(self, chat_id: ChatId, topic: str) -> Chat:
        """Add a topic, or take it away; of toggles at the same moment none is lost."""
        async with self._database.transaction() as connection:
            chat = await _one(connection, chat_id)
            return await _change(connection, chat_id, topics=sorted(chat.topics ^ {topic}))

    async def choose_words(self, chat_id: ChatId, words: Iterable[str]) -> Chat:
        """Replace a chat's own topics, each a text that ``feeds.ownwords`` has read; order is kept."""
        async with self._database.transaction() as connection:
            return await _change(connection, chat_id, words=tuple(dict.fromkeys(words)))

    async def toggle_words(self, chat_id: ChatId, words: str) -> Chat:
        """Add an own topic at the end, or take it away; of toggles at the same moment none is lost."""
        async with self._database.transaction() as connection:
            before = (await _one(connection, chat_id)).words
            after = tuple(text for text in before if text != words) if words in before else (*before, words)
            return await _change(connection, chat_id, words=after)

    async def schedule(self, chat_id: ChatId, *, times: Iterable[int], zone: str, next_at: datetime | None) -> Chat:
        """Set a chat's local times of issue and make it ACTIVE; without times ``next_at`` is None and none is due."""
        active = {"state": ChatState.ACTIVE, "pause_reason": None}
        async with self._database.transaction() as connection:
            return await _change(connection, chat_id, times=tuple(times), zone=zone, next_at=next_at, **active)

    async def replan(self, chat_id: ChatId, change: Callable[[Chat], Chat]) -> Chat:
        """Change when things come to a chat; of changes at the same moment none is lost.

        ``change`` must do nothing else; what it may change is named in ``_WHEN``.
        """
        async with self._database.transaction() as connection:
            after = change(await _one(connection, chat_id))
            return await _change(connection, chat_id, **{name: getattr(after, name) for name in _WHEN})

    async def speak(self, chat_id: ChatId, *, lang: str, reads: Iterable[str]) -> Chat:
        """Set the language we speak to a chat and those of the news it reads."""
        async with self._database.transaction() as connection:
            return await _change(connection, chat_id, lang=lang, reads=tuple(reads))

    async def configure(self, chat_id: ChatId, change: Callable[[ChatSettings], ChatSettings]) -> Chat:
        """Change what a chat has set; of changes at the same moment none is lost. ``change`` must do nothing else."""
        async with self._database.transaction() as connection:
            settings = (await _one(connection, chat_id)).settings
            return await _change(connection, chat_id, settings=change(settings))

    async def send_instantly(self, chat_id: ChatId, instant: Instant) -> Chat:
        """Set which stories go to a chat at once: of those that become known from now on."""
        async with self._database.transaction() as connection:
            chat = await _one(connection, chat_id)
            since = chat.instant_since if chat.instant is instant else None
            return await _change(connection, chat_id, instant=instant, instant_since=since)

    async def begin_instantly(self, *, now: datetime) -> int:
        """Let those for whom it was switched on get what becomes known from now on at once; how many chats."""
        wanting = and_(among(chats.c.state, ChatState.ACTIVE), among(chats.c.instant, *WANTING))
        begun = update(chats).where(wanting, chats.c.instant_since.is_(None)).values(instant_since=now)
        async with self._database.transaction() as connection:
            return (await connection.execute(begun)).rowcount

    async def told(
        self, chat_ids: Sequence[ChatId], story_ids: Sequence[StoryId]
    ) -> Mapping[ChatId, frozenset[StoryId]]:
        """Which of these stories any issue ever took to each of these chats."""
        found: dict[ChatId, set[StoryId]] = {}
        async with self._database.transaction() as connection:
            for batch in batches(chat_ids):
                mine = and_(coverage.c.chat_id.in_(batch), coverage.c.story_id.in_(story_ids))
                for row in await connection.execute(select(coverage.c.chat_id, coverage.c.story_id).where(mine)):
                    found.setdefault(ChatId(row.chat_id), set()).add(StoryId(row.story_id))
        return {chat_id: frozenset(stories) for chat_id, stories in found.items()}

    async def instant_chats(self, *instants: Instant, after: ChatId, limit: int) -> Sequence[Chat]:
        """Active chats that get such stories at once, in the order of their ids, from the one after ``after``."""
        wanting = and_(set_up(), among(chats.c.instant, *instants), chats.c.id > after)
        return await self._many(select(chats).where(wanting).order_by(chats.c.id).limit(limit))

    async def stop(self, chat_id: ChatId) -> Chat:
        """Stop at the person's wish, keeping every setting."""
        async with self._database.transaction() as connection:
            return await _change(connection, chat_id, state=ChatState.STOPPED, pause_reason=None, next_at=None)

    async def pause(self, chat_id: ChatId, reason: PauseReason) -> Chat:
        """Stop of our own accord, keeping every setting; a chat that the person stopped stays STOPPED."""
        stopped = chats.c.state == ChatState.STOPPED
        async with self._database.transaction() as connection:
            return await _change(
                connection,
                chat_id,
                state=case((stopped, ChatState.STOPPED), else_=ChatState.PAUSED),
                pause_reason=case((stopped, None), else_=reason),
            )

    async def resume(self, chat_id: ChatId, *, next_at: datetime | None) -> Chat:
        """Make a chat ACTIVE again with its old settings; NEW when it never chose a time and ``next_at`` is None."""
        state = ChatState.NEW if next_at is None else ChatState.ACTIVE
        async with self._database.transaction() as connection:
            return await _change(connection, chat_id, state=state, pause_reason=None, next_at=next_at)

    async def migrate(self, old_telegram_id: int, new_telegram_id: int) -> Chat | None:
        """Follow a group that became a supergroup; None when neither number is known.

        When both are, the settings and the key of the old chat stay and what waits for the new one moves to it.
        """
        async with self._database.transaction() as connection:
            pair = select(chats).where(chats.c.telegram_id.in_([old_telegram_id, new_telegram_id])).with_for_update()
            found = {row.telegram_id: rows.chat(row) for row in await connection.execute(pair)}
            old, new = found.get(old_telegram_id), found.get(new_telegram_id)
            if old is None or old == new:
                return new
            await unnumber(connection, old.id)
            sent = select(func.max(outbox_parts.c.sent_at)).join(outbox, outbox.c.id == outbox_parts.c.outbox_id)
            # Before the two are one: what the supergroup got itself stands there under its ids.
            until = await connection.scalar(sent.where(outbox.c.chat_id == old.id))
            if new is not None:
                await merge(connection, gone=new.id, kept=old.id)
            new_one = {"telegram_id": new_telegram_id, "kind": ChatKind.SUPERGROUP, "old_ids_until": until}
            return await _change(connection, old.id, **new_one)

    async def add_manager(self, chat_id: ChatId, user_id: int) -> None:
        """Let a person (Telegram's number) change a chat's settings."""
        async with self._database.transaction() as connection:
            await _one(connection, chat_id)
            statement = insert_new(connection, chat_managers)
            await connection.execute(statement.values(chat_id=chat_id, user_id=user_id))

    async def managers(self, chat_id: ChatId) -> tuple[int, ...]:
        """Read Telegram's numbers of those who manage a chat."""
        mine = select(chat_managers.c.user_id).where(chat_managers.c.chat_id == chat_id)
        async with self._database.transaction() as connection:
            await _one(connection, chat_id)
            return tuple(await connection.scalars(mine.order_by(chat_managers.c.user_id)))

    async def managed_by(self, user_id: int) -> Sequence[Chat]:
        """Read the chats that a person manages, in the order they came."""
        linked = select(chat_managers.c.chat_id).where(chat_managers.c.user_id == user_id)
        return await self._many(select(chats).where(chats.c.id.in_(linked)).order_by(chats.c.id))

    async def due_chats(self, *, now: datetime, limit: int) -> Sequence[Chat]:
        """Active chats whose next issue is due, the longest-waiting first."""
        due = and_(set_up(), chats.c.next_at <= now)
        return await self._many(select(chats).where(due).order_by(chats.c.next_at, chats.c.id).limit(limit))

    async def due_after(self, moment: datetime, *, after: ChatId, limit: int) -> Sequence[Chat]:
        """Active chats whose next issue is due only after a moment, in the order of their ids, from after one on."""
        late = and_(among(chats.c.state, ChatState.ACTIVE), chats.c.next_at > moment, chats.c.id > after)
        return await self._many(select(chats).where(late).order_by(chats.c.id).limit(limit))

    async def next_due(self) -> datetime | None:
        """Say when the next issue of any chat is due; None when no chat waits for one."""
        waiting = select(func.min(chats.c.next_at)).where(set_up())
        async with self._database.transaction() as connection:
            moment: datetime | None = await connection.scalar(waiting)
            return moment

    async def covered(
        self, chat_ids: Sequence[ChatId], *, since: datetime, before: datetime | None = None
    ) -> Mapping[ChatId, frozenset[StoryId]]:
        """Which stories an issue composed at ``since`` or later, ``before`` a moment, took to each of these chats."""
        found: dict[ChatId, set[StoryId]] = {chat_id: set() for chat_id in chat_ids}
        async with self._database.transaction() as connection:
            for batch in batches(chat_ids):
                mine = and_(coverage.c.chat_id.in_(batch), coverage.c.issued_at >= since)
                if before is not None:
                    mine = and_(mine, coverage.c.issued_at < before)
                for row in await connection.execute(select(coverage.c.chat_id, coverage.c.story_id).where(mine)):
                    found[ChatId(row.chat_id)].add(StoryId(row.story_id))
        return {chat_id: frozenset(stories) for chat_id, stories in found.items()}

    async def cover(self, chat_id: ChatId, story_ids: Iterable[StoryId], *, now: datetime) -> None:
        """Remember that a chat was shown stories, so that no issue takes them to it again; what it had stays so."""
        values = [{"chat_id": chat_id, "story_id": story_id, "issued_at": now} for story_id in story_ids]
        async with self._database.transaction() as connection:
            if values:
                await connection.execute(insert_new(connection, coverage), values)

    async def counts(self) -> Mapping[ChatState, int]:
        """Count the chats in each state."""
        async with self._database.transaction() as connection:
            found = await connection.execute(select(chats.c.state, func.count()).group_by(chats.c.state))
            return dict.fromkeys(ChatState, 0) | {row[0]: row[1] for row in found}

    async def _many(self, statement: Select[Any]) -> list[Chat]:
        async with self._database.transaction() as connection:
            return [rows.chat(row) for row in await connection.execute(statement)]


async def _one(connection: AsyncConnection, chat_id: ChatId) -> Chat:
    """Read a chat and keep it from changing until the transaction ends."""
    row = (await connection.execute(select(chats).where(chats.c.id == chat_id).with_for_update())).one_or_none()
    if row is None:
        raise StorageError("chat-missing", id=chat_id)
    return rows.chat(row)


async def _change(connection: AsyncConnection, chat_id: ChatId, **values: Any) -> Chat:
    statement = update(chats).where(chats.c.id == chat_id).values(values).returning(chats)
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise StorageError("chat-missing", id=chat_id)
    return rows.chat(row)
