"""``autodigest check``: is everything in place? Each remark comes with what to do. Imports no aiogram."""

from __future__ import annotations

import asyncio
import http.client
import json
import sqlite3
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

from bot.i18n import Words, words_for
from bot.settings import Settings, load_settings, unread_settings
from bot.sourcelines import PollCount, count_polls
from feeds.clock import utc_now
from feeds.errors import AutodigestError, StorageError
from feeds.sourcelist import load_sources
from feeds.topics import load_catalogue
from storage import check_room, open_storage

_TIMEOUT = 10.0


class Mark(StrEnum):
    """How a check went, as the sign before its line."""

    OK = "✓"
    REMARK = "!"
    FAILED = "✗"


@dataclass(frozen=True, slots=True)
class Line:
    """One check's line."""

    mark: Mark
    text: str


async def check_all(lang: str, *, offline: bool) -> int:
    """Print a line for each check; 0 all well, 1 with remarks, 2 with errors."""
    words = words_for(lang)
    marks: set[Mark] = set()
    async for line in _checks(words, offline=offline):
        sys.stdout.write(f"{line.mark} {line.text}\n")
        marks.add(line.mark)
    code = 2 if Mark.FAILED in marks else 1 if Mark.REMARK in marks else 0
    sys.stdout.write(words(("check-ok", "check-warnings", "check-failed")[code]) + "\n")
    return code


async def _checks(words: Words, *, offline: bool) -> AsyncIterator[Line]:
    yield Line(Mark.OK, words("check-python", version=sys.version.split()[0]))
    yield Line(Mark.OK, words("check-sqlite", version=sqlite3.sqlite_version))
    try:
        settings = load_settings()
    except AutodigestError as error:
        yield Line(Mark.FAILED, words.error(error))
        return
    yield Line(Mark.OK, words("check-settings"))
    if unread := unread_settings():
        yield Line(Mark.REMARK, words("check-settings-unread", names=", ".join(unread)))
    clock = words.clock(utc_now(), settings.timezone)
    yield Line(Mark.OK, words("check-zone", zone=settings.timezone, clock=clock))
    yield _sources(settings, words)
    async for line in _store(settings, words):
        yield line
    yield (
        Line(Mark.REMARK, words("check-token-missing"))
        if settings.token is None
        else Line(Mark.OK, words("check-token"))
    )
    if settings.token is not None and (not settings.operator_name.strip() or not settings.contact.strip()):
        yield Line(Mark.REMARK, words("check-contact-missing"))
    if settings.token is not None and not offline:
        yield await asyncio.to_thread(_telegram, settings, words)


def _sources(settings: Settings, words: Words) -> Line:
    try:
        specs = load_sources(settings.sources, themes={theme.id for theme in load_catalogue().themes})
    except AutodigestError as error:
        return Line(Mark.FAILED, words.error(error))
    return Line(Mark.OK, words("check-sources", count=len(specs)))


async def _store(settings: Settings, words: Words) -> AsyncIterator[Line]:
    """Look at the store, whether it can be written or made, and how the polls that it tells of went."""
    place = settings.database.rsplit("@", 1)[-1]
    polls = PollCount()
    try:
        try:
            async with await open_storage(settings.database, exclusive=False) as store:
                polls = count_polls(await store.news.sources())
            said = "check-store"
        except StorageError as error:
            if error.key != "store-missing":
                raise
            said = "check-store-new"
        await check_room(settings.database)
    except StorageError as error:
        yield Line(Mark.FAILED, words.error(error))
        return
    yield Line(Mark.OK, words(said, place=place))
    if polls.mostly_failed:
        yield Line(Mark.REMARK, words("check-sources-failing", failed=polls.failed, asked=polls.asked))


def _telegram(settings: Settings, words: Words) -> Line:
    token = settings.token.get_secret_value() if settings.token else ""
    try:
        # The setting's own validator lets only http and https through.
        with urllib.request.urlopen(f"{settings.api_base}/bot{token}/getMe", timeout=_TIMEOUT) as answer:  # noqa: S310
            me = json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        reason = f"{error.code} {error.reason}"
        # Telegram answers so to tokens it does not know; anything else is trouble on the way.
        if error.code in (401, 404):
            return Line(Mark.FAILED, words("check-token-refused", reason=reason))
        return Line(Mark.FAILED, words("check-telegram-unreachable", address=settings.api_base, reason=reason))
    except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException) as error:
        reason = _plainly(error, words).replace(token, "…")
        return Line(Mark.FAILED, words("check-telegram-unreachable", address=settings.api_base, reason=reason))
    return Line(Mark.OK, words("check-telegram", username=str(me.get("username", "?"))))


def _plainly(error: Exception, words: Words) -> str:
    """Say what happened, without what urllib wraps around it."""
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, TimeoutError):
        return words("failure-timeout")
    return words.system(inner) if isinstance(inner, OSError) else str(inner)
