"""Reactions under a channel's posts, which the bot is told of by their number only."""

from __future__ import annotations

from bot.sandbox import shapes
from bot.sandbox.chats import is_administrator
from bot.sandbox.refusals import WrongMove
from bot.sandbox.sights import tally
from bot.sandbox.state import Chat, Json, Message, Person, World


def react(world: World, person: Person, chat: Chat, message: Message, emoji: str) -> None:
    """Put one's reaction under a post, in place of the one before it; an empty one takes it away.

    Telegram tells of it at once here, and up to some minutes later in truth.
    """
    if chat.type != "channel":
        raise WrongMove("only the reactions in channels are counted for bots")
    if emoji:
        message.reactions[person.id] = emoji
    else:
        message.reactions.pop(person.id, None)
    world.touch(message)
    if is_administrator(chat.member(world.bot_id)):
        counted = [{"type": {"type": "emoji", "emoji": one}, "total_count": n} for one, n in tally(message).items()]
        body: Json = {
            "chat": shapes.chat(world, chat),
            "message_id": message.id,
            "date": shapes.unix(world.clock.now()),
        }
        world.updates.add("message_reaction_count", body | {"reactions": counted})
