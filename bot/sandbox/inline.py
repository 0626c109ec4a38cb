"""Inline mode: what an answer to @bot and some words may look like, and what picking a result puts into a chat."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.entities import marked_text
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.limits import TEXT_LENGTH
from bot.sandbox.parameters import Parameters
from bot.sandbox.queries import open_query
from bot.sandbox.refusals import WrongMove, bad_request
from bot.sandbox.sending import PREVIEW_FIELDS
from bot.sandbox.state import Json, World

KINDS = frozenset(
    {
        "article", "audio", "contact", "game", "document", "gif", "location", "mpeg4_gif", "photo", "sticker", "venue",
        "video", "voice",
    }
)  # fmt: skip
RESULTS = 50
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")


def answer_inline_query(world: World, call: Parameters) -> bool:
    """Take the results of a query, each as it would be sent."""
    results = call.object("results", what="inline query results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results JSON object")
    if len(results) > RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    numbers = [str(result.get("id", "")) for result in results]
    if not all(1 <= len(number.encode()) <= 64 for number in numbers):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(numbers)) < len(numbers):
        raise bad_request("RESULT_ID_DUPLICATE")
    prepared = {str(result["id"]): prepared_message(result) for result in results}
    button = call.object("button", what="inline query results button")
    if button and not _START.fullmatch(str(button.get("start_parameter", "x"))):
        raise bad_request("START_PARAM_INVALID")
    query = open_query(world, world.inline_queries, call.text("inline_query_id"))
    query.results = prepared
    event = {"user_id": query.user_id, "inline_query_id": query.id, "results": results, "button": button}
    world.events.tell("inline_answer", event | {"next_offset": call.text("next_offset") or None})
    return True


def prepared_message(result: Json) -> Json:
    """Check one result and return the content of the message it sends, with its keyboard."""
    if result.get("type") not in KINDS:
        raise bad_request("can't parse inline query result: Unallowed result type")
    content = result.get("input_message_content")
    if result["type"] != "article":
        return {"content": {}, "reply_markup": None}
    if not str(result.get("title", "")).strip():
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    if not isinstance(content, dict) or not content.get("message_text"):
        raise bad_request("message text is empty")
    marked = marked_text(
        str(content["message_text"]), parse_mode=content.get("parse_mode") or "", entities=content.get("entities")
    )
    if len(marked.text) > TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    message: Json = {"text": marked.text}
    if marked.entities:
        message["entities"] = marked.entities
    options = content.get("link_preview_options") or {}
    if shown := {name: options[name] for name in PREVIEW_FIELDS if options.get(name)}:
        message["link_preview_options"] = shown
    return {"content": message, "reply_markup": checked_markup(result.get("reply_markup"), inline_only=True)}


def picked(world: World, inline_query_id: str, result_id: str) -> Json:
    """Return what a person sends who picks a result. Raises WrongMove when it was not offered."""
    query = world.inline_queries.get(inline_query_id)
    found: Json | None = (query.results or {}).get(result_id) if query else None
    if found is None:
        raise WrongMove("no such result was offered")
    return found


METHODS: dict[str, Any] = {"answerInlineQuery": answer_inline_query}
