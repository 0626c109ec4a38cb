"""How important a story is, from 0 to 100, whoever reads it: what «Почему это здесь?» says and channels set a least of.

Pure. Ranking compares scores; this is the score on a scale that a person understands.
"""

from __future__ import annotations

from math import exp2
from typing import Final

from feeds.issue import ScoreParts

MOST: Final = 100
_HALF: Final = 1.25
"""This much of fresh sources' weight is half of the scale: one usual source is 43, two are 67, four 89."""


def importance(parts: ScoreParts) -> int:
    """Put a score on the scale; what one reader wishes for does not make a story more important.

    Never falls when sources join, and nears 100 without a story having to be told by everybody.
    """
    weight = max(parts.sources * parts.novelty, 0.0)
    return round(MOST * (1.0 - exp2(-weight / _HALF)))
