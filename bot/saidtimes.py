"""Times that people say in words, written in figures: «полвосьмого вечера», "half past seven". Pure; knows no chat."""

from __future__ import annotations

import re
from collections.abc import Callable

_HOUR_NUMBERS = (
    r"од(?:ин|ного)|час[ау]?|one",
    r"дв(?:а|ух)|two",
    r"тр(?:и|[её]х)|three",
    r"четыр(?:е|[её]х)|four",
    r"пят[ьи]|five",
    r"шест[ьи]|six",
    r"сем[ьи]|seven",
    r"восемь|восьми|eight",
    r"девят[ьи]|nine",
    r"десят[ьи]|ten",
    r"одиннадцат[ьи]|eleven",
    r"двенадцат[ьи]|twelve",
)
_HOURS_BEGUN = (
    r"первого",
    r"второго",
    r"третьего",
    r"четв[её]ртого",
    r"пятого",
    r"шестого",
    r"седьмого",
    r"восьмого",
    r"девятого",
    r"десятого",
    r"одиннадцатого",
    r"двенадцатого",
)
_NUMBER = "|".join((*_HOUR_NUMBERS, r"1[0-2]|[1-9]"))
_BEGUN = "|".join(_HOURS_BEGUN)
_NIGHT = re.compile(r"\b(?:полноч[ьи]|midnight)\b")
_NOON = re.compile(r"\b(?:полдень|полдня|noon|midday)\b")
_HALF_BEGUN = re.compile(rf"\bпол(?:овин[ау])?[\s-]*({_BEGUN})\b")
_QUARTER_BEGUN = re.compile(rf"\bчетверть\s+({_BEGUN})\b")
_QUARTER_TO = re.compile(rf"\b(?:без\s+(?:четверти|15)|quarter\s+to)\s+({_NUMBER})\b")
_HALF_PAST = re.compile(rf"\bhalf(?:\s+past)?\s+({_NUMBER})\b")
_QUARTER_PAST = re.compile(rf"\bquarter\s+past\s+({_NUMBER})\b")
_DASHED = re.compile(r"(?<![\d:.–-])([01]?\d|2[0-4])-([0-5][05])(?![\d:.–-])")
"""«19-00», as railway timetables write it; «8-19» stays two hours."""
_WHOLE = re.compile(
    rf"\b(в|к|с|до|и|at|by|and)\s+({'|'.join(_HOUR_NUMBERS)})\b(?=\s+(?:час|утр|вечер|ноч|дня|o.?clock|am\b|pm\b)|[\s.!]*$)"
)


def in_figures(lowered: str, *, dashed: bool = True) -> str:
    """Write the times of a text in small letters as figures; what is none stays as it is.

    Unless ``dashed``, «22-10» is from ten to ten and not ten past ten.
    """
    text = _NOON.sub("12:00", _NIGHT.sub("0:00", lowered))
    text = _DASHED.sub(r"\1:\2", text) if dashed else text
    text = _HALF_BEGUN.sub(_before(30), _QUARTER_BEGUN.sub(_before(45), text))
    text = _QUARTER_PAST.sub(_after(15), _HALF_PAST.sub(_after(30), _QUARTER_TO.sub(_before(15), text)))
    return _WHOLE.sub(lambda found: f"{found[1]} {_hour(found[2])}", text)


def _before(minutes: int) -> Callable[[re.Match[str]], str]:
    return lambda found: _written(_hour(found[1]) * 60 - minutes)


def _after(minutes: int) -> Callable[[re.Match[str]], str]:
    return lambda found: _written(_hour(found[1]) * 60 + minutes)


def _written(minutes: int) -> str:
    # Before one o'clock it is twelve, as on the face of a clock.
    hour = minutes // 60 or 12
    return f"{hour}:{minutes % 60:02}"


def _hour(word: str) -> int:
    if word.isdecimal():
        return int(word)
    for names in (_HOUR_NUMBERS, _HOURS_BEGUN):
        for hour, name in enumerate(names, 1):
            if re.fullmatch(name, word):
                return hour
    raise AssertionError(word)  # what was matched is one of them
