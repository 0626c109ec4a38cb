"""What a reader did with the stories under their cards, put back where a card is drawn anew: saved, liked, or not."""

from __future__ import annotations

from dataclasses import replace

from bot.keys import Regard, kept_stories, regarded
from bot.look import Place
from bot.markup import Message
from feeds.issue import ChatId
from feeds.model import StoryId
from storage import Storage


async def regard_of(store: Storage, chat_id: ChatId, story_id: StoryId) -> Regard:
    """Read what a reader did with a story."""
    return Regard(kept=await store.saved.has(chat_id, story_id), vote=await store.votes.of(chat_id, story_id))


async def dress(store: Storage, chat_id: ChatId, message: Message, place: Place) -> Message:
    """Let the buttons of a card stand as its reader left them; nothing changes under anything else."""
    stories = kept_stories(message.keyboard)
    if not stories:
        return message
    regards = {story: await regard_of(store, chat_id, story) for story in stories}
    return replace(message, keyboard=regarded(message.keyboard, place, regards))
