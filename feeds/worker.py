"""A parsing process: requests on standard input, outcomes on standard output, until the input ends.

Started by ``feeds.workers``; knows nothing of its parent but the two pipes. What reads the text of pages is loaded
only where it is asked for, before the first request, so that its loading counts in nobody's time.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from importlib import import_module

from feeds.gistwire import Gists, unpack_items
from feeds.model import ParsedFeed, Source, SourceId, SourceSpec
from feeds.normalise import normalise
from feeds.pagelinks import read_page_links
from feeds.parse import parse_feed
from feeds.polls import Failed, FailureKind, PollState
from feeds.wire import LENGTH, Job, Outcome, Request, encode_outcome, read_request

_OUTLIVES = 2
"""How many times its parent's patience a process lives on whose parent died and cannot kill it."""
_YOUNG = 300_000
"""Objects that one answer may make before it is interrupted by a search for garbage."""
_THOROUGHLY = 100
"""Answers after which all garbage is looked for, and not only that of the last one."""


def main(time_limit: str, patience: str, memory_limit: str, *modules: str) -> None:
    """Answer requests until the input ends.

    Of a command line come, for each stage of a request, the seconds of the processor's time that it may take and those
    by the clock after which the parent kills this process; and how many bytes it may hold in all.

    ``modules`` are loaded before the first request, and prepare themselves where they can.
    """
    _limit_memory(int(memory_limit))
    for module in modules:
        getattr(import_module(module), "prepare", int)()
    _collect_seldom()
    requests, outcomes = sys.stdin.buffer, sys.stdout.buffer
    outcomes.write(bytes(LENGTH))
    outcomes.flush()

    def begin() -> None:
        _set_alarms(float(time_limit), float(patience) * _OUTLIVES)

    def next_stage() -> None:
        outcomes.write(bytes(LENGTH))
        outcomes.flush()
        begin()

    answered = 0
    while (request := read_request(requests.read)) is not None:
        begin()
        outcomes.write(encode_outcome(_answer(request, next_stage)))
        outcomes.flush()
        _set_alarms(0, 0)
        answered += 1
        # The parser's own circles hold whole documents.
        gc.collect(0 if answered % _THOROUGHLY else 2)


def _answer(request: Request, next_stage: Callable[[], None]) -> Outcome:
    try:
        match request.job:
            case Job.FEED:
                return _feed(request)
            case Job.ITEMS:
                return _items(request, next_stage)
            case Job.LINKS:
                return read_page_links(request.body, charset=request.charset, url=request.url)
            case Job.TEXT:
                return _text(request)
            case Job.GISTS:
                return _gists(request)
    except MemoryError:
        return Failed(kind=FailureKind.PARSE_CRASH, detail="MemoryError")


def _items(request: Request, next_stage: Callable[[], None]) -> Outcome:
    feed = _feed(request)
    if isinstance(feed, Failed):
        return feed
    next_stage()
    spec = SourceSpec(
        name=request.source_name, url=request.source_url, lang=request.lang, opinion_headings=request.headings
    )
    source = Source(id=SourceId(request.source_id), spec=spec, poll=PollState(next_at=request.now))
    return normalise(feed, source, now=request.now)


def _feed(request: Request) -> ParsedFeed | Failed:
    return parse_feed(
        request.body,
        content_type=request.content_type,
        charset=request.charset,
        url=request.url,
        now=request.now,
    )


def _text(request: Request) -> Outcome:
    from feeds.pagetext import read_page_text  # noqa: PLC0415 - its library costs half a second and 20 MB

    return read_page_text(
        request.body,
        charset=request.charset,
        url=request.url,
        source_name=request.source_name,
        headings=request.headings,
    )


def _gists(request: Request) -> Outcome:
    from feeds.gist import gist, packaged  # noqa: PLC0415 - the rules take half a second to load

    catalogue = packaged()
    if catalogue.fingerprint != request.rules:
        return Failed(kind=FailureKind.PARSE_CRASH, detail="other rules")
    return Gists(gists=tuple(gist(item, catalogue, request.topics) for item in unpack_items(request.body)))


def _collect_seldom() -> None:
    """Look for garbage after each answer instead of every seven hundred objects, and never among what stays."""
    gc.freeze()
    gc.set_threshold(_YOUNG)


def _set_alarms(of_processor: float, by_the_clock: float) -> None:
    """Have the system end this process after so many seconds, whatever it is doing then; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, of_processor)
        signal.setitimer(signal.ITIMER_REAL, by_the_clock)


def _limit_memory(limit: int) -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
