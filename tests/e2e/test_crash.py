"""The real process dies in mid-broadcast at every named point; `make crash` does the same two hundred times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.crash import POINTS, Broadcast, Tally
from tests.waiting import PATIENCE


@pytest.mark.xdist_group("crash")
@pytest.mark.timeout(600)
async def test_whenever_the_process_dies_every_digest_comes_once(tmp_path: Path) -> None:
    tally = Tally()
    # Those that need something left to send go first.
    points = sorted(POINTS, key=lambda point: not point.endswith("request"))
    broadcast = Broadcast(tmp_path, chats=30, dice=random.Random(7), tally=tally, spread=2)
    broadcast.ending = PATIENCE
    await broadcast.run(points)
    assert set(tally.kills) == set(POINTS)
    assert (tally.lost, tally.duplicates, tally.unsettled, tally.slow_ends) == (0, 0, 0, 0)
