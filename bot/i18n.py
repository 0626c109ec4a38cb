"""Words for people: Fluent bundles, one for each interface language. Knows no screen and no store."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources

from fluent.runtime import FluentBundle, FluentResource

from feeds.errors import AutodigestError, Fact, Phrase
from feeds.schedule import zone_of

LANGUAGES = ("ru", "en")

_RUSSIAN_READERS = frozenset({"ru", "be", "kk", "uk", "ky", "tg", "uz", "hy", "az", "tt"})
NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"


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
        return self._spaced(str(text), facts)

    def number(self, number: int) -> str:
        """Write a number with its thousands apart: «1 172» with a thin space, "1,172"."""
        return f"{number:,}".replace(",", THIN) if self.lang == "ru" else f"{number:,}"

    def _spaced(self, text: str, facts: Mapping[str, str | float]) -> str:
        """Put a thin space where Russian numbers of ours got a whole one between their thousands."""
        for fact in facts.values():
            if self.lang == "ru" and isinstance(fact, int) and abs(fact) >= 1000:
                whole = f"{abs(fact):,}".replace(",", NBSP)
                text = text.replace(whole, whole.replace(NBSP, THIN))
        return text

    def has(self, key: str) -> bool:
        """Say whether there is such a sentence."""
        return bool(self._bundle.has_message(key))

    def error(self, error: AutodigestError) -> str:
        """Say what went wrong, to the person who can mend it."""
        return self(f"error-{error.key}", **{name: self._said(fact) for name, fact in error.facts.items()})

    def system(self, error: OSError) -> str:
        """Say what the system refused: «нет доступа»; the system's own words where we have none."""
        if isinstance(error, socket.gaierror):
            return self("failure-dns")
        key = f"system-{errno.errorcode.get(error.errno or 0, '').lower()}"
        return self(key) if self.has(key) else error.strerror or str(error)

    def _said(self, fact: Fact) -> str:
        match fact:
            case OSError():
                return self.system(fact)
            case Phrase():
                return self(fact)
        # As text: a number here is a key, a port or a pid, and "12,345" is none of these.
        return str(fact)

    def clock(self, moment: datetime, zone: str) -> str:
        """Write a moment's local time: 8:00."""
        local = moment.astimezone(zone_of(zone))
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

    def days(self, first: date, last: date) -> str:
        """Write the days from one to another: «16–22 ноября», «28 ноября – 4 декабря»."""
        ending = self("day-of-month", day=str(last.day), month=self(f"month-{last.month}"))
        if first == last:
            return ending
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{ending}"
        begin = self("day-of-month", day=str(first.day), month=self(f"month-{first.month}"))
        return f"{begin} – {ending}"

    def moment(self, moment: datetime, zone: str) -> str:
        """Write a date and time: «22 ноября, 15:40»."""
        local = moment.astimezone(zone_of(zone))
        return self("moment", day=str(local.day), month=self(f"month-{local.month}"), clock=self.clock(moment, zone))

    def when(self, moment: datetime, zone: str, *, now: datetime) -> str:
        """Write a coming moment as people say it: «сегодня в 19:00», «завтра в 8:00», «в понедельник в 8:00»."""
        tz = zone_of(zone)
        local, today = moment.astimezone(tz), now.astimezone(tz).date()
        clock = self.clock(moment, zone)
        if local.date() == today:
            return self("when-today", clock=clock)
        if local.date() == today + timedelta(days=1):
            return self("when-tomorrow", clock=clock)
        if local.date() > today + timedelta(days=6):
            # «В воскресенье», said on a Sunday, is no day at all.
            day = self("day-of-month", day=str(local.day), month=self(f"month-{local.month}"))
            return self("when-date", day=day, clock=clock)
        return self("when-weekday", weekday=self(f"on-weekday-{local.isoweekday()}"), clock=clock)

    def zone_name(self, zone: str, *, now: datetime) -> str:
        """Name a time zone briefly: MSK, or its offset where the zone has no letters of its own."""
        if zone_of(zone).key == "Europe/Moscow":
            return self("zone-moscow")
        name = now.astimezone(zone_of(zone)).strftime("%Z")
        if name[:1] not in "+-":
            return name
        sign, hours, minutes = name[0].replace("-", "−"), int(name[1:3]), name[3:]
        return f"UTC{sign}{hours}:{minutes}" if minutes else f"UTC{sign}{hours}"


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
