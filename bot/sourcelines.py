"""Sources and what was found about feeds, as lines for an operator and as records for a program. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.i18n import Words
from feeds.model import Source
from feeds.polls import Failed, NextPollReason


def why(failure: Failed, words: Words) -> str:
    """Say why a source failed, with the server's own words where it had any."""
    text = words(f"failure-{failure.kind}", status=failure.status or 0)
    return f"{text} ({failure.detail})" if failure.detail else text


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCount:
    """How many sources that are on were asked so far, and at how many of them the last poll failed."""

    asked: int = 0
    failed: int = 0

    @property
    def mostly_failed(self) -> bool:
        """Whether it is more likely our network or settings than the sources themselves."""
        return self.failed * 2 > self.asked


def count_polls(sources: Iterable[Source]) -> PollCount:
    """Count how the last polls went."""
    asked = [source for source in sources if source.active and source.poll.polled_at is not None]
    return PollCount(asked=len(asked), failed=sum(source.poll.failures > 0 for source in asked))


class State(StrEnum):
    """How a source is, in one word."""

    NEW = "new"
    WORKING = "working"
    FAILING = "failing"
    WAITING = "waiting"
    PAUSED = "paused"
    LOST = "lost"
    GONE = "gone"
    MERGED = "merged"
    OFF = "off"


def state_of(source: Source) -> State:
    """Say how a source is; what a person decided goes before what its server said."""
    poll = source.poll
    match source:
        case Source(merged_into=int()):
            return State.MERGED
        case Source(paused=True):
            return State.PAUSED
        case _ if not source.spec.enabled:
            return State.OFF
        case _ if poll.reason in {NextPollReason.GONE, NextPollReason.PAUSED}:
            return State.GONE if poll.reason is NextPollReason.GONE else State.LOST
        case _ if poll.failures:
            return State.FAILING
        case _ if poll.reason is NextPollReason.RETRY_AFTER:
            return State.WAITING
        case _:
            return State.NEW if poll.reason is NextPollReason.NEW else State.WORKING


def source_lines(source: Source, words: Words, *, zone: str, merged: str = "") -> list[str]:
    """Write a source: name and state, address, polls, and what went wrong."""
    state, poll = state_of(source), source.poll
    said = words(f"sources-state-{state}", name=merged)
    lines = [f"{source.id:>3}  {source.spec.name} — {said}", f"     {source.spec.url}"]
    if poll.polled_at is not None:
        lines.append(f"     {_polls(source, words, zone=zone, active=source.active)}")
    if poll.failures and poll.failure is not None:
        failed = words("sources-failures", count=poll.failures, why=why(poll.failure, words))
        lines.append(f"     {failed}{_last_success(source, words, zone)}")
    return lines


def _polls(source: Source, words: Words, *, zone: str, active: bool) -> str:
    poll = source.poll
    polled = words("sources-polled", when=words.moment(poll.polled_at or poll.next_at, zone))
    if not active or poll.reason in {NextPollReason.GONE, NextPollReason.PAUSED}:
        return polled
    reason = words(f"sources-next-{poll.reason}")
    return f"{polled}; {words('sources-next', when=words.moment(poll.next_at, zone), reason=reason)}"


def _last_success(source: Source, words: Words, zone: str) -> str:
    succeeded = source.poll.succeeded_at
    return "; " + words("sources-succeeded", when=words.moment(succeeded, zone)) if succeeded else ""


def as_record(source: Source) -> dict[str, Any]:
    """Write a source for a program; moments in ISO 8601."""
    poll, spec = source.poll, source.spec
    return {
        "id": source.id,
        "name": spec.name,
        "url": spec.url,
        "given_url": source.given_url,
        "lang": spec.lang,
        "topics": list(spec.topics),
        "own": source.own,
        "state": state_of(source),
        "polled_at": _iso(poll.polled_at),
        "succeeded_at": _iso(poll.succeeded_at),
        "changed_at": _iso(poll.changed_at),
        "next_at": _iso(poll.next_at),
        "next_reason": poll.reason,
        "failures": poll.failures,
        "failure": failure_record(poll.failure) if poll.failure and poll.failures else None,
        "merged_into": source.merged_into,
    }


def failure_record(failure: Failed) -> dict[str, Any]:
    """Write a failure for a program."""
    wait = failure.retry_after
    return {
        "kind": failure.kind,
        "status": failure.status,
        "detail": failure.detail,
        "retry_after": wait.total_seconds() if wait is not None else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
