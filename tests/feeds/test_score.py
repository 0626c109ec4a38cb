"""The first days of ``make score``: what servers see of us, restarts and polls by hand included."""

from __future__ import annotations

from datetime import timedelta

from bench.judge import totals
from bench.score import simulate


async def test_servers_see_nothing_to_complain_about() -> None:
    outcome = await simulate(timedelta(hours=54))
    total = totals(outcome.judge.marks.values())
    assert total.requests > 900
    assert total.not_modified > total.requests / 2
    assert max(marks.unconditional for marks in outcome.judge.marks.values()) == 1
    assert (total.out_of_sequence, total.made_up, total.early, total.useless) == (0, 0, 0, 0)
    assert outcome.lost == 0
