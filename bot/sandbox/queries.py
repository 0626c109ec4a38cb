"""Queries that a person opens, and the method that answers a tap; inline mode is in ``inline``."""

from __future__ import annotations

from typing import Any

from bot.sandbox.limits import CALLBACK_ANSWER_LENGTH, QUERY_LIFE
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import QUERY_IS_TOO_OLD, bad_request
from bot.sandbox.state import Query, World


def open_query(world: World, queries: dict[str, Query], query_id: str) -> Query:
    """Take a query that still waits; every query is answered once."""
    query = queries.get(query_id)
    if query is None or query.answered or world.clock.now() - query.asked > QUERY_LIFE:
        raise QUERY_IS_TOO_OLD
    query.answered = True
    return query


def answer_callback_query(world: World, call: Parameters) -> bool:
    text = call.text("text")
    if len(text) > CALLBACK_ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    query = open_query(world, world.callback_queries, call.text("callback_query_id"))
    event = {
        "user_id": query.user_id,
        "callback_query_id": query.id,
        "text": text or None,
        "show_alert": call.flag("show_alert"),
        "url": call.text("url") or None,
    }
    world.events.tell("answer", event)
    return True


METHODS: dict[str, Any] = {
    "answerCallbackQuery": answer_callback_query,
}
