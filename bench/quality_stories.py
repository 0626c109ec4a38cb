"""Rows about stories: pairs of headlines and articles, a whole day, the press about cars, and how fast it goes.

Everything is asked of the window that a running bot has. Its threshold is a constant of the product; the rows of pairs
choose one on one part of the data and report it on another, so that they speak of the likeness itself.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.labels import DAY, Pair, Score, best_threshold, read_day, read_pairs, read_texts, score, tellings
from bench.report import Report
from feeds.model import Item, Telling
from feeds.prose import cut_at_word
from feeds.review import neighbours, regroup
from feeds.titleindex import NEAR, TitleIndex
from feeds.window import ATTACH, Window

_FOLDS, _SHUFFLES, _ROUNDS, _ORDERS = 5, 10, 5, 3
_LONG = 160  # characters: no headline, but a first paragraph


def measure(report: Report, corpus: Path) -> None:
    """Add the rows."""
    stories = corpus / "stories"
    days = sorted(path.stem.removeprefix("slug_day_") for path in stories.glob("slug_day_*.json"))
    chosen, reported = days[0], days[-1]
    day = read_day(stories / f"slug_day_{reported}.json")
    pairs = read_pairs(stories / f"slug_pairs_{reported}.json")
    earlier = read_day(stories / f"slug_day_{chosen}.json")
    _headlines(report, (earlier, read_pairs(stories / f"slug_pairs_{chosen}.json")), (day, pairs))
    _whole_day(report, day, pairs)
    _texts(report, *read_texts(stories / "fulltext_pairs.json"))
    _cars(report, stories / "car_pages.jsonl")
    _adding(report, day)
    _nearest(report, [telling.title for telling in (*day, *earlier)][:10_000])


def _headlines(
    report: Report, chosen: tuple[list[Telling], list[Pair]], reported: tuple[list[Telling], list[Pair]]
) -> None:
    values, true = _likenesses(*chosen)
    threshold = best_threshold(values, true)
    values, true = _likenesses(*reported)
    found = score([value >= threshold for value in values], true)
    ours = score([value >= ATTACH for value in values], true)
    figures = f"P {found.precision:.2f} R {found.recall:.2f}; at {ATTACH}: {ours.f1:.3f}"
    note = f"threshold {threshold:.3f} of the first day; {figures}"
    report.add("headline pairs, F1", found.f1, floor=0.80, target=0.83, better="higher", note=note)


def _whole_day(report: Report, day: Sequence[Telling], pairs: Sequence[Pair]) -> None:
    at_once = _all_at_once(day)
    found = _agreement(at_once, pairs)
    note = f"R {found.recall:.2f}; average linkage, as in the nightly review"
    report.add("whole day at once, F1", found.f1, floor=0.76, target=0.80, better="higher", note=note)
    report.add("whole day at once, precision", found.precision, floor=0.85, target=0.87, better="higher")
    largest = Counter(at_once.values()).most_common(1)[0][1]
    report.add("whole day at once, largest story", largest, floor=150, target=100, better="lower")
    orders = [_one_by_one(_shuffled(day, seed))[0] for seed in range(_ORDERS)]
    scores = [_agreement(placed, pairs) for placed in orders]
    note = f"R {statistics.mean(one.recall for one in scores):.2f}; as articles come in, mean of {_ORDERS} orders"
    f1 = statistics.mean(one.f1 for one in scores)
    report.add("whole day one by one, F1", f1, floor=0.76, target=0.80, better="higher", note=note)
    precision = statistics.mean(one.precision for one in scores)
    report.add("whole day one by one, precision", precision, floor=0.85, target=0.87, better="higher")
    largest = max(Counter(placed.values()).most_common(1)[0][1] for placed in orders)
    report.add("whole day one by one, largest story", largest, floor=150, target=100, better="lower")


def _shuffled(day: Sequence[Telling], seed: int) -> list[Telling]:
    return random.Random(seed).sample(day, len(day))


def _texts(report: Report, pairs: list[Pair], articles: list[Telling]) -> None:
    values, true = _likenesses(articles, pairs)
    found = [_cross_validated(values, true, seed=seed) for seed in range(_SHUFFLES)]
    ours = score([value >= ATTACH for value in values], true)
    figures = f"at {ATTACH}: F1 {ours.f1:.3f} P {ours.precision:.2f} R {ours.recall:.2f}"
    note = f"{_FOLDS} folds, mean of {_SHUFFLES} shuffles; {figures}"
    report.add("full-text pairs, F1", statistics.mean(found), floor=0.79, target=0.84, better="higher", note=note)


def _cross_validated(values: Sequence[float], true: Sequence[bool], *, seed: int) -> float:
    order = list(range(len(values)))
    random.Random(seed).shuffle(order)
    said = [False] * len(values)
    for fold in range(_FOLDS):
        held = set(order[fold::_FOLDS])
        kept = [place for place in order if place not in held]
        threshold = best_threshold([values[place] for place in kept], [true[place] for place in kept])
        for place in held:
            said[place] = values[place] >= threshold
    return score(said, true).f1


def _cars(report: Report, path: Path) -> None:
    """Each pair of one event within the window must be together, no two events may be."""
    pages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    told = []
    for page in pages:
        title, _, text = page["text"].partition("\n")
        if len(title) > _LONG:  # a page without a headline; its beginning becomes one, as for a feed's entry
            title, text = cut_at_word(title, 90), page["text"]
        told.append((page["url"], title, text, page["lang"]))
    moments = [_moment(page["date"]) for page in pages]
    articles = [replace(telling, published_at=moment) for telling, moment in zip(tellings(told), moments, strict=True)]
    articles.sort(key=lambda telling: telling.published_at)
    placed, _ = _one_by_one(articles)
    events = {page["url"]: page["event"] for page in pages}
    when = {telling.url: telling.published_at for telling in articles}
    apart = merged = wanted = 0
    for one, other in combinations(events, 2):
        same = events[one] == events[other]
        together = placed[one] == placed[other]
        near = abs(when[one] - when[other]) <= timedelta(hours=72)
        wanted += same and near
        apart += same and near and not together
        merged += not same and together
    note = f"{wanted} pairs of one event within three days"
    report.add("car pages: pairs of one event left apart", apart, floor=0, target=0, better="lower", note=note)
    report.add("car pages: pairs of two events merged", merged, floor=0, target=0, better="lower")


def _adding(report: Report, day: Sequence[Telling]) -> None:
    placed, times = _one_by_one(day[:5500])
    taken = [1000 * taken for taken in times[5000:]]
    note = f"median; slowest of twenty {statistics.quantiles(taken, n=20)[-1]:.1f}, {len(placed)} articles"
    report.add(
        "add one to a window of 5,000, ms", statistics.median(taken), floor=25, target=10, better="lower", note=note
    )


def _nearest(report: Report, titles: Sequence[str]) -> None:
    """Both look for the ten nearest titles of ``NEAR`` and above, title by title in turns."""
    index = TitleIndex(titles)
    asked = random.Random(1).sample(range(len(titles)), 250)
    ratios, ours = list[float](), list[float]()
    wanted = missed = 0
    for _ in range(_ROUNDS):
        taken = []
        for query in (titles[place] for place in asked):
            start = time.perf_counter()
            best = process.extract(query, titles, scorer=fuzz.token_set_ratio, score_cutoff=NEAR, limit=10)
            middle = time.perf_counter()
            near = index.nearest(query, limit=10)
            end = time.perf_counter()
            taken.append((middle - start) / (end - middle))
            ours.append(end - middle)
            wanted, missed = wanted + len(best) - 1, missed + _missed(best, near)
        ratios.append(statistics.median(taken))
    note = f"{1000 * statistics.median(ours):.2f} ms a title among {len(titles):,}; medians"
    ratio = statistics.median(ratios)
    report.add("nearest titles: times faster than a C loop", ratio, floor=15, target=25, better="higher", note=note)
    note = f"{wanted // _ROUNDS} titles as near as {NEAR:.0f} of 100, themselves left out"
    report.add(
        "nearest titles: recall", 1 - missed / max(1, wanted), floor=0.99, target=1.0, better="higher", note=note
    )


def _missed(best: Sequence[tuple[str, float, int]], near: Sequence[tuple[int, float]]) -> int:
    """Count what the loop found and the index did not; of equally near titles each may name others."""
    missing = Counter(round(value, 6) for _, value, _ in best)
    missing.subtract(round(value, 6) for _, value in near)
    return sum(count for count in missing.values() if count > 0)


def _likenesses(articles: Sequence[Telling], pairs: Sequence[Pair]) -> tuple[list[float], list[bool]]:
    window = Window()
    entries = {telling.key: window.add(telling) for telling in articles}
    values = [window.likeness(entries[pair.one], entries[pair.other]) for pair in pairs]
    return values, [pair.same for pair in pairs]


def _all_at_once(articles: Sequence[Telling]) -> dict[str, int]:
    window = Window()
    entries = [window.add(telling) for telling in articles]
    found = [pair for pairs in neighbours(entries, window) for pair in pairs]
    groups = regroup(len(entries), found)
    return {entries[place].identity[1]: number for number, group in enumerate(groups) for place in group}


def _one_by_one(articles: Sequence[Telling]) -> tuple[dict[str, int], list[float]]:
    """Place articles as they come; the story of each, and the seconds that each took."""
    window = Window()
    placed: dict[str, int] = {}
    times = []
    for telling in articles:
        start = time.perf_counter()
        liked = window.place(_item(telling))
        story_id = telling.story_id if liked is None else liked.story_id
        window.add(replace(telling, story_id=story_id))
        times.append(time.perf_counter() - start)
        placed[telling.key] = story_id
    return placed, times


def _agreement(placed: dict[str, int], pairs: Sequence[Pair]) -> Score:
    return score([placed[pair.one] == placed[pair.other] for pair in pairs], [pair.same for pair in pairs])


def _item(telling: Telling) -> Item:
    return Item(
        source_id=telling.source_id,
        key=telling.key,
        url=telling.url,
        title=telling.title,
        text=telling.text,
        lang=telling.lang,
        published_at=telling.published_at,
    )


def _moment(date: str) -> datetime:
    """Read a date of which the day or the month may be missing."""
    year, month, day = (*map(int, date.split("-")), 1, 1)[:3]
    return DAY.replace(year=year, month=month, day=day)
