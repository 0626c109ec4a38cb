"""Channels and groups with the people who run them, in the running bot."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.chatsettings import ChatSettings
from feeds.issue import Chat, ChatState, PauseReason
from storage.audit import Entry
from tests.e2e.people import Json, Reader, Scene, until

POST = {"can_post_messages": True}
RUN = {"can_change_info": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel or group with the person who owns it."""

    stage: Scene
    admin: Reader
    id: int

    async def stored(self) -> Chat | None:
        return await self.stage.app.store.chats.by_telegram_id(self.id)

    async def known(self) -> Chat:
        found = await self.stored()
        assert found is not None
        return found

    async def settings(self) -> ChatSettings:
        return (await self.known()).settings

    def posts(self) -> list[Json]:
        """Return what the bot posted and nobody deleted."""
        found = self.admin.messages(self.id)
        return [one for one in found if not one["service"] and (one["from"] is None or one["from"]["is_bot"])]

    async def becomes(self, state: ChatState, reason: PauseReason | None = None) -> None:
        async def find() -> bool:
            chat = await self.stored()
            return chat is not None and (chat.state, chat.pause_reason) == (state, reason)

        await until(find, f"the channel to be {state}")

    async def log(self) -> list[Entry]:
        """Return who changed what, the newest first."""
        return list(await self.stage.app.store.audit.latest((await self.known()).id, limit=100))

    async def joined_by(self, name: str, *, lang: str = "ru", rights: dict[str, bool] | None = None) -> Reader:
        """Let another admin in, who opens the channel's screen."""
        other = Reader(self.stage, lang, name=name)
        await other.say("/start")
        given = POST if rights is None else rights
        self.admin.people.set_member(chat_id=self.id, user_id=other.id, status="administrator", rights=given)
        await other.forge(f"c:{(await self.known()).id}:all")
        return other


async def go(admin: Reader, *words: str) -> None:
    """Tap one button after another under the last message."""
    for word in words:
        label = admin.words(word) if word.startswith("button-") else word
        await admin.tap(label, admin.last)


async def added(stage: Scene, *, lang: str = "ru", title: str = "Автоновости", kind: str = "channel") -> Channel:
    """Let an admin add the bot by hand, and go as far as its greeting."""
    admin = Reader(stage, lang, name="Олег")
    start = await admin.say("/start")
    made = admin.people.add_chat(type=kind, title=title, creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=made, by_user_id=admin.id, rights=POST if kind == "channel" else None)
    greeting = await admin.after(start["message_id"], "the greeting")
    assert title in greeting["text"]
    return Channel(stage=stage, admin=admin, id=made)


async def launched(stage: Scene, *times: str, **about: str) -> Channel:
    """Go through the five steps with what is offered, but these times, if any are given; the settings are open."""
    channel = await added(stage, **about)
    await go(channel.admin, "button-setup", "button-next")
    if times:
        await go(channel.admin, "button-issue-times", *("✓ 9:00", "✓ 13:00", "✓ 19:00"), *times, "button-done")
    await go(channel.admin, "button-next", "button-next", "button-next", "button-launch")
    assert (await channel.known()).state is ChatState.ACTIVE
    return channel
