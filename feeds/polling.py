"""When the next poll is: pure decisions on a source's state and the answer it just gave.

A poll that is due is stored, so a restart polls nobody early. All jitter is upward and computed from the source's key,
so that deciding twice decides the same. Must not know HTTP beyond statuses, nor where the state is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from feeds.model import Failed, FailureKind, Fetched, NextPollReason, NotModified, PollState, Validators

STOPPED = timedelta(days=3650)
"""How far away the next poll of a source is that is not polled any more, until somebody asks for it."""
REFUSED_AT_LEAST = timedelta(hours=4)
LOST_AFTER = timedelta(days=14)

_JITTER = 0.1
_LOST = frozenset({401, 403, 404})
_BUSY = frozenset({429, 503})
# Waits of 1, 4, 16 hours and then a day each make a fortnight for a source that never answered at all.
_LOST_FAILURES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a source may be polled at most and at least."""

    minimum: timedelta = timedelta(minutes=15)
    maximum: timedelta = timedelta(days=1)


def after_success(
    state: PollState,
    outcome: Fetched | NotModified,
    *,
    changed: bool,
    body_hash: str | None,
    ttl: timedelta | None,
    pace: Pace,
    source_key: str,
    now: datetime,
) -> PollState:
    """Plan after an answer that could be used; ``now`` is the end of the poll.

    ``changed`` says whether it brought anything new, ``ttl`` is the feed's own wish (``<ttl>``, ``sy:updatePeriod``).
    """
    changed_at = now if changed or state.changed_at is None else state.changed_at
    interval = _adapted(now - changed_at, pace)
    asked = min(max(outcome.max_age or timedelta(0), ttl or timedelta(0)), max(pace.minimum, pace.maximum))
    fetched = isinstance(outcome, Fetched)
    return PollState(
        next_at=now + _jittered(max(interval, asked), source_key, now.isoformat()),
        reason=NextPollReason.SERVER if asked > interval else NextPollReason.INTERVAL,
        validators=outcome.validators if fetched else _renewed(state.validators, outcome.validators),
        body_hash=body_hash if fetched else state.body_hash,
        polled_at=now,
        succeeded_at=now,
        changed_at=changed_at,
    )


def after_failure(state: PollState, failure: Failed, *, pace: Pace, source_key: str, now: datetime) -> PollState:
    """Plan after a failure: old validators stay, and the longer it lasts the rarer the polls.

    410 stops the source, as do 401, 403 and 404 for a fortnight; Retry-After is obeyed whatever the pace.
    """
    failures = state.failures + 1
    reason = NextPollReason.FAILURES
    if failure.kind is FailureKind.GONE:
        wait, reason = STOPPED, NextPollReason.GONE
    elif failure.status in _LOST and _is_lost(state, failures=failures, now=now):
        wait = STOPPED
    else:
        own = _backed_off(failure, failures=failures, pace=pace)
        if failure.retry_after is not None and failure.retry_after >= own:
            reason = NextPollReason.RETRY_AFTER
        wait = _jittered(max(own, failure.retry_after or own), source_key)
    return replace(state, next_at=now + wait, reason=reason, failures=failures, polled_at=now, failure=failure)


def is_stopped(state: PollState) -> bool:
    """Whether polling ended by itself: the source is gone or lost, and its operator should hear of it."""
    return state.polled_at is not None and state.next_at - state.polled_at >= STOPPED


def _adapted(quiet: timedelta, pace: Pace) -> timedelta:
    """Double the interval for every day without anything new."""
    return _grown(pace.minimum, 2, quiet.days, pace)


def _backed_off(failure: Failed, *, failures: int, pace: Pace) -> timedelta:
    if failure.status in _BUSY:
        if failure.retry_after is not None:
            return pace.minimum
        return max(_grown(pace.minimum, 4, failures, pace), REFUSED_AT_LEAST)
    if failure.status in _LOST:
        return _grown(pace.minimum, 4, failures, pace)
    return _grown(pace.minimum, 2, failures - 1, pace)


def _is_lost(state: PollState, *, failures: int, now: datetime) -> bool:
    if failures <= _LOST_FAILURES:
        return False
    return state.succeeded_at is None or now - state.succeeded_at >= LOST_AFTER


def _grown(start: timedelta, base: int, exponent: int, pace: Pace) -> timedelta:
    # A hundred million times even a millisecond is more than a day, and a day that often is still a timedelta.
    factor: int = min(base ** min(max(exponent, 0), 30), 10**8)
    return max(pace.minimum, min(start * factor, pace.maximum))


def _jittered(wait: timedelta, *parts: str) -> timedelta:
    """Spread by 0 to 10 %, at most of a day; failures give the key alone, so their jitter is fixed per source."""
    digest = blake2b("\n".join(parts).encode(), digest_size=4).digest()
    return wait + min(wait, timedelta(days=1)) * (_JITTER * int.from_bytes(digest, "big") / 2**32)


def _renewed(old: Validators, new: Validators) -> Validators:
    """Update the fields that a 304 carries and leave the others (RFC 9111 §4.3.4)."""
    return Validators(etag=new.etag or old.etag, last_modified=new.last_modified or old.last_modified)
