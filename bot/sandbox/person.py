"""The person's side: everything a human can do in Telegram that the bot may notice.

Methods take and return plain JSON values, the same as under /sandbox. They raise WrongMove for what no client would
allow.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.arrivals import announce, change_standing
from bot.sandbox.editing import erase
from bot.sandbox.entities import marked_text
from bot.sandbox.files import document
from bot.sandbox.inline import picked
from bot.sandbox.keyboards import buttons
from bot.sandbox.limits import TEXT_LENGTH
from bot.sandbox.ownership import Owners
from bot.sandbox.profile import Profile
from bot.sandbox.reactions import react
from bot.sandbox.refusals import WrongMove
from bot.sandbox.sights import described_chat, described_person, seen
from bot.sandbox.state import Chat, Json, Member, Person, World


class People(Owners):
    """What people do, by their ids."""

    def __init__(self, world: World, profile: Profile) -> None:
        super().__init__(world)
        self._profile = profile

    def state(self, *, user_id: int | None = None, chat_id: int | None = None) -> Json:
        """Describe everyone and everything; with ids also the menu of commands this person sees there."""
        world = self._world
        commands: list[Json] = []
        if user_id is not None:
            self._person(user_id)
            commands = self._profile.commands_for(world, user_id=user_id, chat_id=self._chat(chat_id or user_id).id)
        return {
            "now": world.clock.now().timestamp(),
            "zone": world.zone,
            "bot": {"id": world.bot_id, "username": world.bot_username, "first_name": world.bot_first_name},
            "people": [described_person(one) for one in world.people.values()],
            "chats": [described_chat(self._world, chat) for chat in world.chats.values() if not chat.deleted],
            "commands": commands,
        }

    def messages(self, *, chat_id: int, after_version: int = 0) -> Json:
        """Return the messages of a chat that changed after a version, deleted ones too."""
        chat = self._chat(chat_id)
        changed = self._world.changed_after(chat.id, after_version)
        return {
            "version": self._world.events.version,
            "messages": [seen(self._world, message) for message in changed],
        }

    def turn_clock(self, *, advance: float | None = None, to: float | None = None) -> Json:
        """Turn the sandbox's clock by seconds or to a Unix moment, and tell the page."""
        if advance is not None:
            self._world.clock.advance(timedelta(seconds=advance))
        if to is not None:
            self._world.clock.set(datetime.fromtimestamp(to, UTC))
        now: Json = {"now": self._world.clock.now().timestamp()}
        self._world.events.tell("clock", now)
        return now

    def add_person(self, *, first_name: str, language_code: str = "ru") -> Json:
        """Create a person; the bot may write to her once she has written first."""
        return described_person(self._world.add_person(first_name, language_code))

    def say(
        self,
        *,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        reply_to_message_id: int | None = None,
        anonymous: bool = False,
        thread_id: int | None = None,
    ) -> Json:
        """Write a message, by default in the private chat with the bot; `anonymous`: as the group itself."""
        return self.send(
            user_id=user_id,
            content=text_fields(text),
            chat_id=chat_id,
            reply_to_message_id=reply_to_message_id,
            anonymous=anonymous,
            thread_id=thread_id,
        )

    def send_document(self, *, user_id: int, name: str, content: bytes, chat_id: int | None = None) -> Json:
        """Send a file."""
        stored = self._world.keep(name, content, content_type="application/octet-stream")
        return self.send(user_id=user_id, content={"document": document(stored)}, chat_id=chat_id)

    def send(
        self,
        *,
        user_id: int,
        content: Json,
        chat_id: int | None = None,
        reply_to_message_id: int | None = None,
        anonymous: bool = False,
        thread_id: int | None = None,
    ) -> Json:
        """Send anything: `content` holds fields of the Bot API's Message (voice, forward_origin and so on)."""
        person, chat = self._person(user_id), self._chat(chat_id or user_id)
        self._check_can_write(person, chat)
        if reply_to_message_id is not None:
            self._message(chat, reply_to_message_id)
        if anonymous and chat.member(person.id).status not in {"creator", "administrator"}:
            raise WrongMove("only administrators write as the group")
        if thread_id is not None and thread_id not in chat.topics:
            raise WrongMove("that group has no such topic")
        message = self._world.post(
            chat,
            sender_id=person.id,
            content=content,
            # In a topic every message is a reply, at least to the one that opened it.
            reply_to=reply_to_message_id or thread_id,
            anonymous=anonymous,
            thread_id=thread_id,
        )
        announce(self._world, message)
        return seen(self._world, message)

    def edit(self, *, user_id: int, message_id: int, text: str, chat_id: int | None = None) -> Json:
        """Change one's own message."""
        person, chat = self._person(user_id), self._chat(chat_id or user_id)
        message = self._message(chat, message_id)
        if message.sender_id != person.id or "text" not in message.content:
            raise WrongMove("only one's own text can be edited")
        message.content = text_fields(text)
        message.edit_date = self._world.clock.now()
        self._world.touch(message)
        announce(self._world, message, edited=True)
        return seen(self._world, message)

    def delete(self, *, user_id: int, message_id: int, chat_id: int | None = None) -> Json:
        """Delete a message for everybody: any in one's private chat, in others one's own or as who may; unannounced."""
        person, chat = self._person(user_id), self._chat(chat_id or user_id)
        message, standing = self._message(chat, message_id), chat.member(user_id)
        may = standing.status == "creator" or standing.rights.get("can_delete_messages", False)
        if not (chat.type == "private" or may or message.sender_id == person.id):
            raise WrongMove("this person may not delete that message")
        erase(self._world, message)
        return {"ok": True}

    def tap(self, *, user_id: int, message_id: int, data: str, chat_id: int | None = None) -> Json:
        """Press the button with this callback data under a message."""
        message = self._message(self._chat(chat_id or user_id), message_id)
        offered = [button.get("callback_data") for button in buttons(message.reply_markup, "inline_keyboard")]
        if data not in offered:
            raise WrongMove("that message has no such button")
        return self.forge(user_id=user_id, chat_id=chat_id, message_id=message_id, data=data)

    def forge(self, *, user_id: int, message_id: int, data: str, chat_id: int | None = None) -> Json:
        """Send callback data no button offered, as a hostile client can."""
        world, person, chat = self._world, self._person(user_id), self._chat(chat_id or user_id)
        query = world.ask(world.callback_queries, person.id)
        message = world.find(chat.id, message_id)
        body: Json = {
            "id": query.id,
            "from": shapes.person_user(person),
            "message": shapes.message(world, message) if message else shapes.inaccessible(world, chat, message_id),
            "chat_instance": str(abs(chat.id) * 7919 % 2**62),
            "data": data,
        }
        world.updates.add("callback_query", body)
        return {"callback_query_id": query.id}

    def ask_inline(self, *, user_id: int, query: str, offset: str = "", chat_type: str = "private") -> Json:
        """Type @bot and some words into any chat; the answer comes as an event."""
        world, person = self._world, self._person(user_id)
        asked = world.ask(world.inline_queries, person.id)
        body = {"id": asked.id, "from": shapes.person_user(person), "query": query, "offset": offset}
        world.updates.add("inline_query", body | {"chat_type": chat_type})
        return {"inline_query_id": asked.id}

    def pick_inline(self, *, user_id: int, inline_query_id: str, result_id: str, chat_id: int | None = None) -> Json:
        """Send a result of inline mode into a chat, in one's own name."""
        person, chat = self._person(user_id), self._chat(chat_id or user_id)
        self._check_can_write(person, chat)
        found = picked(self._world, inline_query_id, result_id)
        content = found["content"] | {"via_bot": shapes.bot_user(self._world)}
        message = self._world.post(chat, sender_id=person.id, content=content, reply_markup=found["reply_markup"])
        announce(self._world, message)
        return seen(self._world, message)

    def react(self, *, user_id: int, chat_id: int, message_id: int, emoji: str) -> Json:
        """Put a reaction under a channel's post; an empty one takes it away."""
        person, chat = self._person(user_id), self._chat(chat_id)
        message = self._message(chat, message_id)
        react(self._world, person, chat, message, emoji)
        return seen(self._world, message)

    def block(self, *, user_id: int) -> Json:
        """Block the bot in the private chat."""
        return self._set_blocked(self._person(user_id), blocked=True)

    def unblock(self, *, user_id: int) -> Json:
        """Unblock the bot in the private chat."""
        return self._set_blocked(self._person(user_id), blocked=False)

    def deactivate(self, *, user_id: int) -> Json:
        """Delete a person's account."""
        person = self._person(user_id)
        person.deactivated = True
        self._world.events.change(person.id)
        return described_person(person)

    def _set_blocked(self, person: Person, *, blocked: bool) -> Json:
        if person.blocked == blocked:
            return described_person(person)
        world, chat = self._world, self._chat(person.id)
        person.blocked, person.started = blocked, True
        now = Member(user_id=world.bot_id, status="kicked" if blocked else "member")
        # In a private chat the bot's membership means: the person has blocked it or not.
        chat.members[world.bot_id] = Member(user_id=world.bot_id, status="member" if blocked else "kicked")
        change_standing(world, chat, now, by_id=person.id)
        return described_person(person)

    def share_chat(self, *, user_id: int, message_id: int, request_id: int, chat_id: int, add_bot: bool = True) -> Json:
        """Answer a request_chat button; the bot is added first when the button asks for its rights.

        Without `add_bot` as clients do that forget to (telegramdesktop/tdesktop issue 27709).
        """
        person, private, shared = self._person(user_id), self._chat(user_id), self._chat(chat_id)
        message = self._message(private, message_id)
        asked = (button.get("request_chat", {}) for button in buttons(message.reply_markup, "keyboard"))
        request = next((one for one in asked if one.get("request_id") == request_id), None)
        if request is None:
            raise WrongMove("that message has no such button")
        check_offered(request, shared, person)
        rights = request.get("bot_administrator_rights") or {}
        if not add_bot:
            pass
        elif any(rights.values()):
            granted = {name: True for name, wanted in rights.items() if wanted}
            self.add_bot(chat_id=shared.id, by_user_id=user_id, rights=granted)
        elif request.get("bot_is_member") and not shared.member(self._world.bot_id).present:
            self.add_bot(chat_id=shared.id, by_user_id=user_id)
        content: Json = {"request_id": request_id, "chat_id": shared.id}
        if request.get("request_title"):
            content["title"] = shared.title
        if request.get("request_username") and shared.username:
            content["username"] = shared.username
        return self.send(user_id=user_id, content={"chat_shared": content})

    def share_location(self, *, user_id: int, message_id: int, latitude: float, longitude: float) -> Json:
        """Answer a request_location button with where one is."""
        message = self._message(self._chat(user_id), message_id)
        if not any(button.get("request_location") for button in buttons(message.reply_markup, "keyboard")):
            raise WrongMove("that message has no such button")
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise WrongMove("there is no such place")
        return self.send(user_id=user_id, content={"location": {"latitude": latitude, "longitude": longitude}})

    def _check_can_write(self, person: Person, chat: Chat) -> None:
        if chat.type == "private":
            if chat.id != person.id:
                raise WrongMove("that is somebody else's private chat")
            if person.blocked:
                raise WrongMove("she has blocked the bot; unblock it first")
            person.started = True
            return
        standing = chat.member(person.id)
        owner = standing.status == "creator"
        if chat.type == "channel" and not (owner or standing.rights.get("can_post_messages")):
            raise WrongMove("only administrators who may post write in a channel")
        if not standing.present:
            raise WrongMove("she is not a member of that chat")


def check_offered(request: dict[str, Any], chat: Chat, person: Person) -> None:
    """Insist that a client would offer this chat for a request_chat button."""
    if bool(request.get("chat_is_channel")) != (chat.type == "channel"):
        raise WrongMove("the button asks for the other kind of chat")
    standing = chat.member(person.id)
    wanted = [name for name, needed in (request.get("user_administrator_rights") or {}).items() if needed]
    if standing.status == "creator":
        return
    if standing.status != "administrator" and (wanted or request.get("bot_administrator_rights")):
        raise WrongMove("she is not an administrator there")
    if not all(standing.rights.get(name) for name in wanted):
        raise WrongMove("she lacks the rights the button asks for")


def text_fields(text: str) -> Json:
    """Turn what a person typed into the fields of a Message."""
    marked = marked_text(text)
    if not marked.text:
        raise WrongMove("there is nothing to send")
    if len(marked.text) > TEXT_LENGTH:
        raise WrongMove(f"a message holds {TEXT_LENGTH} characters")
    return {"text": marked.text} | ({"entities": marked.entities} if marked.entities else {})
