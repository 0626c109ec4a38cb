"""Text with markup: what Telegram makes of `parse_mode` and of links, tags and commands in plain text.

TDLib itself does the parsing, offline, so offsets and complaints are Telegram's own. Knows nothing of messages.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from tdjson import td_execute

from bot.sandbox.limits import ENTITIES_BYTES, ENTITIES_PER_TEXT, RAW_TEXT_BYTES
from bot.sandbox.refusals import bad_request

Entity = dict[str, Any]

PARSE_MODES: dict[str, dict[str, Any]] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
NAMES = {
    "Mention": "mention",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "BotCommand": "bot_command",
    "Url": "url",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
AUTOMATIC = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
SOLID = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})
# Kinds that TDLib finds in a text and the Bot API has no name for: a time of a video, the number of a bank card.
UNNAMED = frozenset({"MediaTimestamp", "BankCardNumber"})
BLANK = " \n\t\v\f\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """Text with Bot API entities, sorted, offsets in UTF-16 units."""

    text: str
    entities: list[Entity] = field(default_factory=list)


def execute(request: dict[str, Any]) -> dict[str, Any]:
    """Run one synchronous TDLib request."""
    answer = td_execute(json.dumps(request).encode())
    return {} if answer is None else dict(json.loads(answer))


execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})  # TDLib writes to stderr otherwise


def marked_text(text: str, *, parse_mode: str | None = None, entities: list[Entity] | None = None) -> MarkedText:
    """Parse, trim and complete the text a bot has given.

    Raises Refusal: text is too long (32768 bytes), unsupported parse_mode, can't parse entities, ENTITIES_TOO_LONG.
    """
    if len(text.encode("utf-8", "surrogatepass")) > RAW_TEXT_BYTES:
        raise bad_request("text is too long")
    plain = text.replace("\r", "")
    if parse_mode and parse_mode.lower() != "none":
        given = parse(plain, parse_mode)
    else:
        given = MarkedText(text=plain, entities=[dict(e) for e in entities or () if e.get("type") not in AUTOMATIC])
    if sum(weight(entity) for entity in given.entities) > ENTITIES_BYTES:
        raise bad_request("ENTITIES_TOO_LONG")
    return completed(trimmed(given))


def parse(text: str, parse_mode: str) -> MarkedText:
    """Let TDLib parse `text`; nothing is trimmed yet."""
    mode = PARSE_MODES.get(parse_mode.lower())
    if mode is None:
        raise bad_request("unsupported parse_mode")
    answer = execute({"@type": "parseTextEntities", "text": text, "parse_mode": mode})
    if answer["@type"] == "error":
        raise bad_request(answer["message"])
    return MarkedText(text=answer["text"], entities=[translated(entity) for entity in answer["entities"]])


def translated(entity: dict[str, Any]) -> Entity:
    """Turn one TDLib entity into a Bot API one."""
    kind = entity["type"]
    name = NAMES[kind_of(entity)]
    result: Entity = {"type": name, "offset": entity["offset"], "length": entity["length"]}
    if name == "text_link":
        result["url"] = kind["url"]
    elif name == "text_mention":
        result["user"] = {"id": kind["user_id"]}
    elif name == "custom_emoji":
        result["custom_emoji_id"] = str(kind["custom_emoji_id"])
    elif name == "pre" and kind.get("language"):
        result["language"] = kind["language"]
    elif name == "date_time":
        result["unix_time"] = kind["unix_time"]
        if pattern := date_time_format(kind.get("formatting_type")):
            result["date_time_format"] = pattern
    return result


def kind_of(entity: dict[str, Any]) -> str:
    """Name the kind of a TDLib entity."""
    return str(entity["type"]["@type"]).removeprefix("textEntityType")


def date_time_format(formatting: dict[str, Any] | None) -> str:
    """Spell TDLib's formatting type as the Bot API does: `r`, or a part of `wDT` (small letters: short forms)."""
    if formatting is None:
        return ""
    if formatting["@type"] == "dateTimeFormattingTypeRelative":
        return "r"
    letters = "w" if formatting.get("show_day_of_week") else ""
    for part, letter in (("date_precision", "d"), ("time_precision", "t")):
        precision = formatting.get(part, {}).get("@type", "")
        letters += {"dateTimePartPrecisionLong": letter.upper(), "dateTimePartPrecisionShort": letter}.get(
            precision, ""
        )
    return letters


def weight(entity: Entity) -> int:
    """Estimate the bytes an entity takes on the wire: three words and its padded string."""
    extra = entity.get("url") or entity.get("language") or ""
    return 12 + (len(extra.encode()) + 4) // 4 * 4 if extra else 12


def units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """Return the piece of `text` an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")[offset * 2 : (offset + length) * 2]
    return raw.decode("utf-16-le", "replace")


def trimmed(marked: MarkedText) -> MarkedText:
    """Trim as TDLib does: the tail always, the head only up to the first entity; blank entities vanish."""
    kept = [e for e in marked.entities if cut(marked.text, e["offset"], e["length"]).strip(BLANK)]
    kept.sort(key=lambda e: (e["offset"], -e["length"]))
    text = marked.text.rstrip(BLANK)
    lead = min(len(text) - len(text.lstrip(" \n")), kept[0]["offset"] if kept else len(text))
    text, end = text[lead:], units(text) - lead
    moved = [e | {"offset": e["offset"] - lead, "length": min(e["length"], end - e["offset"] + lead)} for e in kept]
    return MarkedText(text=text, entities=moved)


def completed(marked: MarkedText) -> MarkedText:
    """Add the entities Telegram finds by itself; no more than 100 survive."""
    found = execute({"@type": "getTextEntities", "text": marked.text})["entities"]
    automatic = [translated(entity) for entity in found if kind_of(entity) not in UNNAMED]
    solid = [e for e in marked.entities if e["type"] in SOLID]
    automatic = [a for a in automatic if not any(overlap(a, s) for s in solid)]
    soft = [piece for e in marked.entities for piece in split(e, automatic)]
    together = sorted(soft + automatic, key=lambda e: (e["offset"], -e["length"]))
    return MarkedText(text=marked.text, entities=together[:ENTITIES_PER_TEXT])


def overlap(one: Entity, other: Entity) -> bool:
    """Tell whether two entities share a character."""
    first, second = sorted((one, other), key=lambda e: e["offset"])
    return bool(second["offset"] < first["offset"] + first["length"])


def split(entity: Entity, walls: list[Entity]) -> list[Entity]:
    """Split an entity at the edges of those it would only half cover, so that the rest nests."""
    start, end = entity["offset"], entity["offset"] + entity["length"]
    edges = {start, end}
    for wall in walls:
        left, right = wall["offset"], wall["offset"] + wall["length"]
        if left < start < right < end:
            edges.add(right)
        elif start < left < end < right:
            edges.add(left)
    marks = sorted(edges)
    return [entity | {"offset": a, "length": b - a} for a, b in itertools.pairwise(marks)]
