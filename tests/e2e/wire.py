"""A town with newsrooms that tell things as they happen, and chats that want them at once."""

from __future__ import annotations

from datetime import timedelta

from bench.propagation import OPINION
from feeds.chatsettings import ChatSettings
from feeds.issue import Chat, ChatId, ChatKind, Instant
from feeds.model import Item, SourceSpec, StoryDraft, StoryId
from feeds.polls import NextPollReason, PollState
from feeds.redraws import Propagation
from storage import Storage, open_storage
from tests.e2e.people import Json, until
from tests.e2e.town import Town
from tests.waiting import PATIENCE

DAY = timedelta(hours=24)


class Wire(Town):
    """A town with newsrooms that tell things as they happen, and channels that want them at once."""

    owner = 0

    async def channel(self, title: str = "Автоновости", *, instant: Instant = Instant.EVERY, lang: str = "ru") -> int:
        """Make a channel that the bot may post to; it wants news at once and none at set times."""
        person = self.sandbox.person
        self.owner = self.owner or person.add_person(first_name="Вера")["id"]
        chat: int = person.add_chat(type="channel", title=title, creator_id=self.owner)["id"]
        person.add_bot(chat_id=chat, by_user_id=self.owner, rights={"can_post_messages": True})
        async with await open_storage(self.store) as store:
            made = await self.enrol(store, chat, ChatKind.CHANNEL, title=title)
            await store.chats.speak(made.id, lang=lang, reads=["ru"])
            await store.chats.schedule(made.id, times=[], zone=made.zone, next_at=None)
            await self._wants(store, made, instant)
        return chat

    async def subscriber(self, instant: Instant = Instant.OFF) -> int:
        """Let somebody subscribe to issues, the first due now, and to what goes at once."""
        person: int = self.sandbox.person.add_person(first_name="Анна")["id"]
        self.sandbox.world.people[person].started = True
        async with await open_storage(self.store) as store:
            made = await self.enrol(store, person, ChatKind.PRIVATE)
            await self._wants(store, made, instant)
        return person

    async def _wants(self, store: Storage, chat: Chat, instant: Instant) -> None:
        await store.chats.configure(chat.id, lambda _: ChatSettings(quiet=None))
        await store.chats.send_instantly(chat.id, instant)

    async def tell(self, title: str, *, source: str = "Гараж", to: StoryId | None = None, key: str = "a") -> StoryId:
        """Let a newsroom tell something, or tell it otherwise; whoever looks at changes looks now."""
        store, now = self.app.store, self.clock()
        spec = SourceSpec(name=source, url=f"http://127.0.0.1:9/{source}", lang="ru", enabled=False)
        await store.news.seed([spec], now=now)
        teller = next(one for one in await store.news.sources() if one.spec.name == source)
        known = await store.news.known_items(teller.id, [key])
        item = Item(
            source_id=teller.id,
            key=key,
            url=f"https://{teller.id}.example/{key}",
            title=title,
            text=f"{source}: {title}.",
            summary="Так решило правительство.",
            published_at=now,
            title_key=title.casefold(),
            text_hash=title,
        )
        poll = PollState(next_at=now + DAY, reason=NextPollReason.INTERVAL)
        drafts = [] if known else [StoryDraft(story_id=to, items=(item,))]
        changed = [item] if known else []
        await store.news.commit_poll(teller.id, poll, drafts=drafts, changed=changed, now=now)
        stories = await store.news.recent_stories(since=now - DAY)
        found = next(one for one in stories if any(stored.item.key == key for stored in one.items))
        self.app.living.instant_bell.ring()
        self.app.living.follow_bell.ring()
        return found.id

    async def later(self, delta: timedelta) -> None:
        """Turn the clock and let everything that lives look at it."""
        await self.turn(delta)
        for bell in self.app.living.bells:
            bell.ring()

    async def listens(self) -> None:
        """Wait until somebody has looked since it was switched on: from then on news goes at once."""
        self.app.living.instant_bell.ring()

        async def begun() -> bool:
            wanting = (Instant.BREAKING, Instant.EVERY)
            found = await self.app.store.chats.instant_chats(*wanting, after=ChatId(0), limit=99)
            return all(chat.instant_since is not None for chat in found)

        await until(begun, "news to go at once")

    def posts(self, chat: int) -> list[Json]:
        """Return what of ours stands in a chat."""
        found = self.sandbox.person.messages(chat_id=chat)["messages"]
        return [one for one in found if not one["deleted"] and "text" in one]

    async def says(self, chat: int, *words: str, seconds: float = PATIENCE) -> Json:
        """Wait until the only post in a chat says all of this."""

        def find() -> Json | None:
            posts = self.posts(chat)
            return posts[0] if len(posts) == 1 and all(word in posts[0]["text"] for word in words) else None

        return await until(find, lambda: (words, [post["text"] for post in self.posts(chat)]), seconds=seconds)

    async def waits(self, story: StoryId) -> None:
        """Wait until it was seen that a story changed."""

        async def seen() -> int:
            return (await self.app.store.redraws.outcome(story)).waiting

        await until(seen, "somebody to look at what changed")

    async def settled(self, story: StoryId) -> Propagation:
        """Wait until nothing of a story waits to be drawn anew."""
        self.app.living.redraw_bell.ring()

        async def find() -> Propagation | None:
            counted = await self.app.store.redraws.outcome(story)
            return None if counted.waiting else counted

        return await until(find, "the copies to be drawn anew")

    async def judge(self, story: StoryId) -> None:
        """Let our editors' opinion on a story be approved."""
        await self.app.store.opinions.approve(
            story, text=OPINION, label="Мнение редакции", signature="Редакция", now=self.clock()
        )
        self.app.living.redraw_bell.ring()

    def edits(self, chat: int) -> list[str]:
        """Return how every edit of a chat's messages ended."""
        tried = [entry for entry in self.sandbox.log if entry.method == "editMessageText" and entry.answer]
        mine = [entry.answer for entry in tried if int(entry.parameters["chat_id"]) == chat and entry.answer]
        return ["ok" if answer["ok"] else answer["description"] for answer in mine]
