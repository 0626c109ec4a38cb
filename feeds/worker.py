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

_GRACE = 1.0
_YOUNG = 300_000
"""Objects that one answer may make before it is interrupted by a search for garbage."""
_THOROUGHLY = 100
"""Answers after which all garbage is looked for, and not only that of the last one."""


def main(time_limit: str, memory_limit: str, *modules: str) -> None:
    """Answer requests until the input ends; the limits, from a command line, are seconds for each and bytes in all.

    ``modules`` are loaded before the first request, and prepare themselves where they can.
    """
    _limit_memory(int(memory_limit))
    for module in modules:
        getattr(import_module(module), "prepare", int)()
    _collect_seldom()
    requests, outcomes = sys.stdin.buffer, sys.stdout.buffer
    outcomes.write(bytes(LENGTH))
    outcomes.flush()
    limit = float(time_limit) + _GRACE

    def next_stage() -> None:
        outcomes.write(bytes(LENGTH))
        outcomes.flush()
        _alarm(limit)

    answered = 0
    while (request := read_request(requests.read)) is not None:
        _alarm(limit)
        outcomes.write(encode_outcome(_answer(request, next_stage)))
        outcomes.flush()
        _alarm(0)
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


def _alarm(seconds: float) -> None:
    """End this process by itself after ``seconds``, in case its parent died and nobody is left to kill it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(limit: int) -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
