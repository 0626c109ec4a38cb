"""Keyboards a bot sends under its messages: what Telegram accepts and what it says otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.limits import BUTTONS, CALLBACK_DATA_BYTES, MARKUP_BYTES
from bot.sandbox.refusals import bad_request

Markup = dict[str, Any]

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
LOOKS = ("text", "icon_custom_emoji_id", "style")


def checked_markup(markup: Any, *, inline_only: bool = False) -> Markup | None:
    """Return the markup as it will be kept, None for none.

    Raises Refusal: object expected as reply markup, inline keyboard expected, reply markup is too long,
    and the complaints about single buttons.
    """
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = [[checked_button(button) for button in row] for row in checked_rows(markup["inline_keyboard"])]
        kept = {"inline_keyboard": [row for row in rows if row]}
        if sum(map(len, rows)) > BUTTONS or len(json.dumps(kept, ensure_ascii=False).encode()) > MARKUP_BYTES:
            raise bad_request("reply markup is too long")
        return kept if kept["inline_keyboard"] else None
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        rows = [[reply_button(button) for button in row] for row in checked_rows(markup["keyboard"])]
        return markup | {"keyboard": rows}
    return markup if markup.get("remove_keyboard") or markup.get("force_reply") else None


def checked_rows(rows: Any) -> list[list[Any]]:
    """Insist on rows of buttons."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse keyboard: field must be of type Array of Array")
    return rows


def checked_button(button: Any) -> Markup:
    """Check one inline button."""
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and not is_link(str(button["url"])):
        raise bad_request("BUTTON_URL_INVALID")
    if "copy_text" in actions and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {name: button[name] for name in (*LOOKS, *ACTIONS) if button.get(name) is not None}


def is_link(url: str) -> bool:
    """Tell whether a client could open this address."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))


def reply_button(button: Any) -> Markup:
    """Check one button of a reply keyboard; a bare string is its text."""
    shaped = {"text": button} if isinstance(button, str) else button
    if not isinstance(shaped, dict) or not str(shaped.get("text", "")).strip():
        raise bad_request("keyboard button text must be non-empty")
    return shaped


def check_private_requests(markup: Markup | None, chat_type: str) -> None:
    """Refuse what may be asked of one person only (TDLib, ReplyMarkup.cpp)."""
    for button in buttons(markup, "keyboard"):
        for field, what in (("request_contact", "phone number"), ("request_location", "location")):
            if button.get(field) and chat_type != "private":
                raise bad_request(f"{what} can be requested in private chats only")


def buttons(markup: Markup | None, kind: str) -> Iterator[Markup]:
    """Walk over the buttons of an `inline_keyboard` or a `keyboard`."""
    for row in (markup or {}).get(kind, ()):
        yield from row
