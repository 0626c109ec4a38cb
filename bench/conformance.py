"""``make conformance``: other people's cases through our reading of feeds, from bytes to items.

Needs AUTODIGEST_CORPUS, the folder of other people's feeds; says so and ends well without it. The sources of the cases,
and how each is counted, are in the modules beside this one.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from rich.console import Console

from bench import feedparser_cases as cases
from bench import gofeed_oracles, hostile_addresses, nasty
from bench.report import Report
from feeds.model import ParsedFeed
from feeds.parse import parse_feed

_ASKED_SHARE: Final = 475 / 479
_SHOWN: Final = 40


def main() -> int:
    """Run all checks; 1 when one of them fails."""
    folder = os.environ.get("AUTODIGEST_CORPUS")
    if not folder:
        Console().print("AUTODIGEST_CORPUS is not set: there is nothing to conform to")
        return 0
    report, feeds = Report("conformance"), Path(folder, "feeds")
    faults = [
        *_feedparser(report, feeds / "feedparser"),
        *_gofeed(report, feeds / "gofeed"),
        *_real(report, feeds / "real"),
        *_nasty(report, feeds / "nasty"),
        *_addresses(report, feeds / "addresses.tsv"),
    ]
    report.write()
    for fault in faults[:_SHOWN]:
        Console().print(fault, markup=False, highlight=False)
    return 0 if report.holds else 1


def _none(report: Report, check: str, faults: Sequence[str], *, note: str) -> Sequence[str]:
    report.add(check, len(faults), floor=0, target=0, better="lower", note=note)
    return faults


def _feedparser(report: Report, folder: Path) -> Sequence[str]:
    outcomes = list(cases.run_cases(folder))
    count = Counter(outcome.verdict for outcome in outcomes)
    note = (
        f"{len(outcomes)} cases: {count[cases.Verdict.PASSED]} passed, {count[cases.Verdict.DELIBERATE]} deliberate, "
        f"{count[cases.Verdict.OTHER]} about fields that we do not keep"
    )
    faults = [f"{one.path}: {one.detail}" for one in outcomes if one.verdict is cases.Verdict.UNEXPLAINED]
    differing = [one.path for one in outcomes if one.verdict is cases.Verdict.DELIBERATE]
    idle = [rule for rule in cases.load_differences() if not any(fnmatch(path, rule) for path in differing)]
    _none(report, "feedparser: reasons without a case", idle, note="every deliberate difference is still one")
    return [*_none(report, "feedparser: unexplained differences", faults, note=note), *idle]


def _gofeed(report: Report, folder: Path) -> Sequence[str]:
    every = list(gofeed_oracles.run_oracles(folder))
    miscounted = [f"{one.case}: {one.detail} entries" for one in every if one.field == "entries" and not one.holds]
    checks = [check for check in every if check.field != "entries"]
    held = sum(check.holds for check in checks)
    note = f"{held} of {len(checks)} in {len({check.case for check in checks})} cases, all but the number of entries"
    report.add("gofeed: field checks", held / len(checks), floor=_ASKED_SHARE, target=1, better="higher", note=note)
    counts = len(every) - len(checks)
    _none(
        report,
        "gofeed: entries miscounted",
        miscounted,
        note=f"{counts} cases with entries, {counts - len(miscounted)} right",
    )
    return [*miscounted, *(f"{one.case}, {one.field}: {one.detail}" for one in checks if not one.holds)]


def _real(report: Report, folder: Path) -> Sequence[str]:
    """Every entry with words becomes an item, repeated addresses one, its title clean."""
    faults, items = [], 0
    files = sorted(folder.glob("*.xml"))
    for path in files:
        feed, reading = parse_feed(path.read_bytes(), now=nasty.NOW), nasty.read(path.read_bytes())
        items += len(reading.items)
        entries = feed.entries if isinstance(feed, ParsedFeed) else ()
        usable = {entry.link for entry in entries if entry.title or entry.summary_html or entry.content_html}
        spoilt = [title for title in reading.titles if "\ufffd" in title or ("&" in title and ";" in title)]
        if not usable or spoilt or len(reading.items) < len(usable):
            faults.append(f"{path.name}: {len(reading.items)} items of {len(usable)} entries {spoilt[:3]}")
    return _none(report, "real feeds: not read whole", faults, note=f"{len(files)} feeds, {items} items")


def _nasty(report: Report, folder: Path) -> Sequence[str]:
    watched = nasty.watch_all(folder)
    faults = [
        f"{one.name}: {one.seconds:.2f} s, {one.peak / 1e6:.0f} MB, {one.reading}"[:400]
        for one in watched
        if not one.holds
    ]
    if not nasty.bomb_is_capped(folder):
        faults.append("gzip_bomb.xml.gz: not stopped while it is unpacked")
    slowest, largest = max(one.seconds for one in watched), max(one.peak for one in watched)
    report.add("nasty: slowest, s", slowest, floor=nasty.MOST_SECONDS, target=1, better="lower", note="in the worker")
    report.add(
        "nasty: largest, MB",
        largest / 1e6,
        floor=nasty.MOST_BYTES / 1e6,
        target=100,
        better="lower",
        note="peak of the worker",
    )
    return _none(report, "nasty: not as the index wants", faults, note=f"{len(watched)} files")


def _addresses(report: Report, path: Path) -> Sequence[str]:
    lines = hostile_addresses.addresses(path)
    faults = [f"{url}: {expect}" for url, expect in lines if not hostile_addresses.treated_well(url, expect)]
    return _none(report, "addresses: judged wrongly", faults, note=f"{len(lines)} lines, judge and socket")


if __name__ == "__main__":
    sys.exit(main())
