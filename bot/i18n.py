"""Words for people: Fluent bundles, one for each interface language. Knows no screen and no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle, FluentResource

from feeds.errors import AutodigestError

LANGUAGES = ("ru", "en")

_RUSSIAN_READERS = frozenset({"ru", "be", "kk", "uk", "ky", "tg", "uz", "hy", "az", "tt"})
NBSP = "\N{NO-BREAK SPACE}"


class Words:
    """The sentences of one language: ``words("subscribed", time="8:00")``."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._bundle = _bundle(lang)

    def __call__(self, key: str, **facts: str | float) -> str:
        """Say ``key``. A key or an argument that is missing is a mistake of ours and raises ``KeyError``."""
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise KeyError(key)
        text, errors = self._bundle.format_pattern(pattern, facts)
        if errors:
            raise KeyError(f"{key}: {errors[0]}")
        return str(text)

    def has(self, key: str) -> bool:
        """Say whether there is such a sentence."""
        return bool(self._bundle.has_message(key))

    def error(self, error: AutodigestError) -> str:
        """Say what went wrong, to the person who can mend it."""
        # As text: a number here is a key, a port or a pid, and "12,345" is none of these.
        return self(f"error-{error.key}", **{name: str(value) for name, value in error.facts.items()})

    def clock(self, moment: datetime, zone: str) -> str:
        """Write a moment's local time: 8:00."""
        local = moment.astimezone(ZoneInfo(zone))
        return f"{local.hour}:{local.minute:02}"

    def listing(self, parts: Sequence[str]) -> str:
        """Join as people do: «8:00, 13:00 и 19:00»."""
        if len(parts) < 2:
            return "".join(parts)
        return self("list", first=", ".join(parts[:-1]), last=parts[-1])

    def minutes(self, minutes: int) -> str:
        """Write minutes after midnight as a time: 8:00."""
        return f"{minutes // 60}:{minutes % 60:02}"

    def day(self, day: date) -> str:
        """Write a date with its weekday: «воскресенье, 22 ноября», "Sunday, 22 November"."""
        return self(
            "day", weekday=self(f"weekday-{day.isoweekday()}"), day=str(day.day), month=self(f"month-{day.month}")
        )

    def moment(self, moment: datetime, zone: str) -> str:
        """Write a date and time: «22 ноября, 15:40»."""
        local = moment.astimezone(ZoneInfo(zone))
        return self("moment", day=str(local.day), month=self(f"month-{local.month}"), clock=self.clock(moment, zone))

    def when(self, moment: datetime, zone: str, *, now: datetime) -> str:
        """Write a coming moment as people say it: «сегодня в 19:00», «завтра в 8:00», «в понедельник в 8:00»."""
        tz = ZoneInfo(zone)
        local, today = moment.astimezone(tz), now.astimezone(tz).date()
        clock = self.clock(moment, zone)
        if local.date() == today:
            return self("when-today", clock=clock)
        if local.date() == today + timedelta(days=1):
            return self("when-tomorrow", clock=clock)
        return self("when-weekday", weekday=self(f"on-weekday-{local.isoweekday()}"), clock=clock)

    def zone_name(self, zone: str, *, now: datetime) -> str:
        """Name a time zone briefly: MSK, or its offset where the zone has no letters of its own."""
        if zone == "Europe/Moscow":
            return self("zone-moscow")
        name = now.astimezone(ZoneInfo(zone)).strftime("%Z")
        if name[:1] not in "+-":
            return name
        return f"UTC{name[:3]}:{name[3:]}" if name[3:] else f"UTC{name}"


@lru_cache(maxsize=8)
def words_for(lang: str) -> Words:
    """Return the words of an interface language; English for one that we do not speak."""
    return Words(lang if lang in LANGUAGES else "en")


def interface_language(language_code: str | None, *, default: str) -> str:
    """Choose an interface language by Telegram's ``language_code`` (IETF tag, may be absent)."""
    if not language_code:
        return default
    return "ru" if language_code.split("-")[0].lower() in _RUSSIAN_READERS else "en"


@lru_cache(maxsize=8)
def _bundle(lang: str) -> FluentBundle:
    # Isolation marks around arguments would be invisible characters in every message.
    bundle = FluentBundle([lang], use_isolating=False)
    bundle.add_resource(FluentResource(messages(lang)))
    return bundle


def messages(lang: str) -> str:
    """Return the source text of a language's sentences."""
    folder = resources.files("bot").joinpath("locales", lang)
    texts: Mapping[str, str] = {
        entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".ftl")
    }
    return "\n".join(texts[name] for name in sorted(texts))
