"""Average linkage over a sparse graph: pairs with their likeness → groups. Pure arithmetic; knows no news."""

from __future__ import annotations

import heapq
from collections.abc import Iterable


def average_linkage(
    size: int, pairs: Iterable[tuple[int, int, float]], *, least: float, unknown: float = 0.0
) -> list[list[int]]:
    """Join the two groups that are most alike on average, again and again, while that is ``least`` or more.

    ``pairs`` are (i, j, likeness) of i ≠ j below ``size``; a pair that is not given counts as ``unknown``. Groups and
    their members are in ascending order.
    """
    # Sums of what is above the unknown: pairs not given then add nothing, whatever their number.
    least -= unknown
    members: dict[int, list[int]] = {index: [index] for index in range(size)}
    sums: list[dict[int, float]] = [{} for _ in range(size)]
    for one, other, value in pairs:
        sums[one][other] = sums[other][one] = value - unknown
    queue = [(-value, one, other, 1, 1) for one in range(size) for other, value in sums[one].items() if one < other]
    heapq.heapify(queue)
    while queue:
        negative, one, other, size_then, other_size_then = heapq.heappop(queue)
        if -negative < least:
            break
        if one not in members or other not in members:
            continue
        if (len(members[one]), len(members[other])) != (size_then, other_size_then):
            continue
        _join(one, other, members, sums)
        for third, total in sums[one].items():
            low, high = min(one, third), max(one, third)
            average = total / (len(members[one]) * len(members[third]))
            if average >= least:
                heapq.heappush(queue, (-average, low, high, len(members[low]), len(members[high])))
    return sorted(sorted(group) for group in members.values())


def _join(one: int, other: int, members: dict[int, list[int]], sums: list[dict[int, float]]) -> None:
    """Make ``other`` part of ``one``: the sums of likeness add up, which is what makes averages cheap."""
    members[one] += members.pop(other)
    sums[one].pop(other, None)
    for third, total in sums[other].items():
        if third == one:
            continue
        joined = sums[one].get(third, 0.0) + total
        sums[one][third] = sums[third][one] = joined
        sums[third].pop(other, None)
    sums[other] = {}
