"""When the next poll is: pure decisions on a source's state and the answer it just gave.

A poll that is due is stored, so a restart polls nobody early. All jitter is upward and computed from the source's key,
so that deciding twice decides the same. Must not know HTTP beyond statuses, nor where the state is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from feeds.manners import REFUSED_AT_LEAST
from feeds.polls import (
    Detour,
    Failed,
    FailureKind,
    Fetched,
    NextPollReason,
    NotModified,
    PollState,
    Validators,
    Wish,
)

STOPPED = timedelta(days=3650)
"""How far away the next poll of a source is that is not polled any more, until somebody asks for it."""
LOST_AFTER = timedelta(days=14)
MOVES_AFTER = timedelta(days=3)
MOVES_TIMES = 4
"""How long, and in how many polls in a row, a permanent redirect must hold before it is believed."""
LONGEST_SKIP = timedelta(days=2)

BUSY = frozenset({429, 503})
"""Statuses that speak for the whole host."""

_JITTER = 0.1
_LOST = frozenset({401, 403, 404})
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
    wish: Wish | None,
    pace: Pace,
    source_key: str,
    now: datetime,
) -> PollState:
    """Plan after an answer that could be used; ``now`` is the end of the poll.

    ``changed`` says whether it brought anything new; ``wish`` is the feed's own, None when its body was not read: then
    the last one still holds, as the last ``max-age`` does after a 304 that says nothing of it.
    """
    fetched = isinstance(outcome, Fetched)
    changed_at = now if changed or state.changed_at is None else state.changed_at
    wish = state.wish if wish is None else wish
    max_age = outcome.max_age if fetched else outcome.max_age or state.max_age
    interval = _adapted(now - changed_at, pace)
    asked = min(max(max_age or timedelta(0), wish.ttl or timedelta(0)), max(pace.minimum, pace.maximum))
    planned = now + _jittered(max(interval, asked), source_key, now.isoformat())
    next_at = _outside(wish, planned, source_key=source_key)
    validators, detour = _believed(state, outcome, now=now)
    return PollState(
        next_at=next_at,
        reason=NextPollReason.SERVER if asked > interval or next_at > planned else NextPollReason.INTERVAL,
        validators=validators,
        detour=detour,
        max_age=max_age,
        wish=wish,
        body_hash=body_hash if fetched else state.body_hash,
        polled_at=now,
        succeeded_at=now,
        changed_at=changed_at,
    )


def after_failure(state: PollState, failure: Failed, *, pace: Pace, source_key: str, now: datetime) -> PollState:
    """Plan after a failure: old validators stay, and the longer it lasts the rarer the polls.

    410 stops the source, as do 401, 403 and 404 for a fortnight; Retry-After is obeyed whatever the pace.
    """
    if failure.unasked:
        rest = max(failure.retry_after or pace.minimum, pace.minimum)
        next_at = now + _jittered(rest, source_key)
        return replace(state, next_at=next_at, reason=NextPollReason.RETRY_AFTER, failure=failure)
    failures = state.failures + 1
    reason = NextPollReason.FAILURES
    if failure.kind is FailureKind.GONE:
        wait, reason = STOPPED, NextPollReason.GONE
    elif failure.status in _LOST and _is_lost(state, failures=failures, now=now):
        wait, reason = STOPPED, NextPollReason.PAUSED
    else:
        own = _backed_off(failure, failures=failures, pace=pace)
        if failure.status in BUSY or (failure.retry_after is not None and failure.retry_after >= own):
            reason = NextPollReason.RETRY_AFTER
        wait = _jittered(max(own, failure.retry_after or own), source_key)
    next_at = now + wait if wait == STOPPED else _outside(state.wish, now + wait, source_key=source_key)
    return replace(state, next_at=next_at, reason=reason, failures=failures, polled_at=now, failure=failure)


def put_off(state: PollState, *, source_key: str, now: datetime) -> PollState | None:
    """Plan again instead of polling in an hour the feed asks to skip, as when we come late; None if it may be polled.

    Nothing is put off for more than two days after the last poll.
    """
    if state.polled_at is None or now - state.polled_at >= LONGEST_SKIP:
        return None
    next_at = _outside(state.wish, now, source_key=source_key)
    return replace(state, next_at=next_at, reason=NextPollReason.SERVER) if next_at > now else None


def is_stopped(state: PollState) -> bool:
    """Whether polling ended by itself: the source is gone or lost, and its operator should hear of it."""
    return state.reason in {NextPollReason.GONE, NextPollReason.PAUSED}


def new_address(state: PollState) -> str | None:
    """Say where a source moved: the end of a permanent redirect that held for polls and days; else None."""
    detour = state.detour
    if detour is None or state.succeeded_at is None or detour.times < MOVES_TIMES:
        return None
    return detour.url if state.succeeded_at - detour.since >= MOVES_AFTER else None


def _believed(state: PollState, outcome: Fetched | NotModified, *, now: datetime) -> tuple[Validators, Detour | None]:
    """Keep each address's validators with that address: another one might say 304 to what it never served."""
    if not outcome.redirected:
        detour = state.detour and replace(state.detour, times=0)
        return _renewed(state.validators, outcome), detour
    old = state.detour if state.detour and state.detour.url == outcome.url else Detour(url=outcome.url, since=now)
    held = old.times if outcome.moved_permanently else -1
    since = old.since if held > 0 else now
    return state.validators, replace(old, validators=_renewed(old.validators, outcome), since=since, times=held + 1)


def _outside(wish: Wish, moment: datetime, *, source_key: str) -> datetime:
    """Put a poll off to the first hour the feed does not ask to skip, by two days at most."""
    if not wish.skip_hours and not wish.skip_days:
        return moment
    latest = moment + LONGEST_SKIP
    while (moment.hour in wish.skip_hours or moment.weekday() in wish.skip_days) and moment < latest:
        hour = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        moment = hour + _jittered(timedelta(hours=1), source_key) - timedelta(hours=1)
    return min(moment, latest)


def _adapted(quiet: timedelta, pace: Pace) -> timedelta:
    """Double the interval for every day without anything new."""
    if not quiet.days:  # as of most that are polled: they come most often
        return max(pace.minimum, min(pace.minimum, pace.maximum))
    return _grown(pace.minimum, 2, quiet.days, pace)


def _backed_off(failure: Failed, *, failures: int, pace: Pace) -> timedelta:
    if failure.status in BUSY:
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


def _renewed(old: Validators, outcome: Fetched | NotModified) -> Validators:
    """Replace both after a 200; update the fields that a 304 carries and leave the others (RFC 9111 §4.3.4)."""
    new = outcome.validators
    if isinstance(outcome, Fetched):
        return new
    return Validators(etag=new.etag or old.etag, last_modified=new.last_modified or old.last_modified)
