"""What owners of chats do: create them, let the bot in and out, change standings, move and delete chats.

Also the look-ups that everybody's moves need. Raises WrongMove for what no client would allow.
"""

from __future__ import annotations

from bot.sandbox.arrivals import announce, change_standing
from bot.sandbox.refusals import WrongMove
from bot.sandbox.sights import described_chat
from bot.sandbox.state import Chat, Json, Member, Message, Person, World

STATUSES = frozenset({"creator", "administrator", "member", "restricted", "left", "kicked"})


class Owners:
    """The moves of those who own or administer chats, by their ids."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_chat(self, *, type: str, title: str, creator_id: int, username: str | None = None) -> Json:  # noqa: A002
        """Create a group, supergroup, forum or channel."""
        if type not in {"group", "supergroup", "forum", "channel"}:
            raise WrongMove(f"there is no chat of type {type}")
        creator = self._person(creator_id)
        chat = self._world.add_chat("supergroup" if type == "forum" else type, title, creator_id=creator.id)
        chat.username, chat.is_forum = username, type == "forum"
        return described_chat(self._world, chat)

    def add_bot(self, *, chat_id: int, by_user_id: int, rights: dict[str, bool] | None = None) -> Json:
        """Add the bot: as an administrator when rights are given (in a channel always), else as a member."""
        chat = self._chat(chat_id)
        status = "administrator" if rights or chat.type == "channel" else "member"
        bot_id = self._world.bot_id
        return self.set_member(chat_id=chat_id, user_id=bot_id, status=status, rights=rights, by_user_id=by_user_id)

    def remove_bot(self, *, chat_id: int, by_user_id: int) -> Json:
        """Remove the bot; as Telegram's clients do, this bans it."""
        return self.set_member(chat_id=chat_id, user_id=self._world.bot_id, status="kicked", by_user_id=by_user_id)

    def set_member(
        self,
        *,
        chat_id: int,
        user_id: int,
        status: str,
        rights: dict[str, bool] | None = None,
        by_user_id: int | None = None,
    ) -> Json:
        """Change somebody's standing, the bot's too; by default the chat's owner does it."""
        chat = self._chat(chat_id)
        if chat.type == "private" or status not in STATUSES:
            raise WrongMove("a standing is one of " + ", ".join(sorted(STATUSES)) + ", and not in a private chat")
        if user_id != self._world.bot_id:
            self._person(user_id)
        standing = Member(user_id=user_id, status=status, rights=dict(rights or {}))
        owner = next((one.user_id for one in chat.members.values() if one.status == "creator"), user_id)
        change_standing(self._world, chat, standing, by_id=by_user_id or owner)
        return described_chat(self._world, chat)

    def migrate(self, *, chat_id: int) -> Json:
        """Turn a group into a supergroup with a new id."""
        world, old = self._world, self._chat(chat_id)
        if old.type != "group" or old.migrated_to is not None:
            raise WrongMove("only a group can become a supergroup")
        owner = next(one.user_id for one in old.members.values() if one.status == "creator")
        new = world.add_chat("supergroup", old.title or "", creator_id=owner)
        new.members = dict(old.members)
        announce(world, world.post(old, sender_id=owner, content={"migrate_to_chat_id": new.id}))
        announce(world, world.post(new, sender_id=owner, content={"migrate_from_chat_id": old.id}))
        old.migrated_to = new.id
        return {"new_chat_id": new.id}

    def add_topic(self, *, chat_id: int, user_id: int, name: str) -> Json:
        """Open a topic in a forum."""
        chat = self._chat(chat_id)
        if not chat.is_forum:
            raise WrongMove("that group has no topics")
        content: Json = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self._world.post(chat, sender_id=user_id, content=content)
        message.thread_id = message.id  # a topic is known by the message that opened it
        chat.topics[message.id] = name
        announce(self._world, message)
        return {"message_thread_id": message.id}

    def delete_topic(self, *, chat_id: int, thread_id: int) -> Json:
        """Delete a topic of a forum with all that is in it."""
        chat = self._chat(chat_id)
        if chat.topics.pop(thread_id, None) is None:
            raise WrongMove("there is no such topic")
        for message in self._world.messages[chat.id].values():
            if message.thread_id == thread_id:
                message.deleted = True
                self._world.touch(message)
        return {"ok": True}

    def fill(self, *, chat_id: int, members: int) -> Json:
        """Let a channel or group have so many members more whom nobody here plays."""
        self._chat(chat_id).crowd = members
        return {"ok": True}

    def delete_chat(self, *, chat_id: int) -> Json:
        """Delete a group, a supergroup or a channel for everyone."""
        chat = self._chat(chat_id)
        if chat.type == "private":
            raise WrongMove("a private chat can't be deleted for everyone")
        chat.deleted = True
        self._world.events.change(chat.id)
        return {"ok": True}

    def _person(self, user_id: int) -> Person:
        if (person := self._world.people.get(user_id)) is None:
            raise WrongMove("there is no such person")
        return person

    def _chat(self, chat_id: int) -> Chat:
        chat = self._world.chats.get(chat_id)
        if chat is None or chat.deleted:
            raise WrongMove("there is no such chat")
        return chat

    def _message(self, chat: Chat, message_id: int) -> Message:
        if (message := self._world.find(chat.id, message_id)) is None:
            raise WrongMove("there is no such message")
        return message
