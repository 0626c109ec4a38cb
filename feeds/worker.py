"""A parsing process: requests on standard input, outcomes on standard output, until the input ends.

Started by ``feeds.workers``; knows nothing of its parent but the two pipes.
"""

from __future__ import annotations

import signal
import sys

from feeds.model import Failed, FailureKind, ParsedFeed
from feeds.parse import parse_feed
from feeds.wire import LENGTH, Request, encode_outcome, read_request

_GRACE = 1.0


def main(time_limit: str, memory_limit: str) -> None:
    """Answer requests until the input ends; the limits, from a command line, are seconds for each and bytes in all."""
    _limit_memory(int(memory_limit))
    requests, outcomes = sys.stdin.buffer, sys.stdout.buffer
    outcomes.write(bytes(LENGTH))
    outcomes.flush()
    while (request := read_request(requests.read)) is not None:
        _alarm(float(time_limit) + _GRACE)
        outcomes.write(encode_outcome(_answer(request)))
        outcomes.flush()
        _alarm(0)


def _answer(request: Request) -> ParsedFeed | Failed:
    try:
        return parse_feed(
            request.body,
            content_type=request.content_type,
            charset=request.charset,
            url=request.url,
            now=request.now,
        )
    except MemoryError:
        return Failed(kind=FailureKind.PARSE_CRASH, detail="MemoryError")


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
