"""From due sources to stored stories: the stretch of the pipeline that ends with commit 1.

Decides nothing itself: fetching, parsing, normalising, clustering, tagging and the next poll's time are the rooms
beside it. Knows no SQL and no people.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from feeds.clock import Clock
from feeds.cluster import WINDOW, foldable, group
from feeds.model import Failed, Fetched, Item, NotModified, PollState, Source, StoryDraft, Telling
from feeds.normalise import normalise
from feeds.pipeline import FeedParser, NewsStore, Reader
from feeds.polling import Pace, after_failure, after_success
from feeds.tagging import tag_item
from feeds.topics import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll of one source came to: ``failure`` is None when the source answered."""

    source: Source
    new: int = 0
    seen: int = 0
    folded: int = 0
    skipped: int = 0
    unchanged: bool = False
    failure: Failed | None = None


class Ingest:
    """From due sources to stored stories: everything up to commit 1."""

    LEASE = timedelta(minutes=10)
    BATCH = 40

    def __init__(
        self, *, store: NewsStore, reader: Reader, parser: FeedParser, catalogue: Catalogue, clock: Clock, pace: Pace
    ) -> None:
        self._store = store
        self._reader = reader
        self._parser = parser
        self._catalogue = catalogue
        self._clock = clock
        self._pace = pace
        self._committing = asyncio.Lock()

    async def poll_due(self, report: Callable[[PollReport], None] = lambda _: None) -> int:
        """Poll every source that is due; hand on a report for each; return how many items were new."""
        reports: list[PollReport] = []
        errors: list[Exception] = []

        async def poll(source: Source) -> None:
            try:
                reports.append(await self._poll(source))
            except Exception as error:  # noqa: BLE001  one source's surprise must not stop the others
                errors.append(error)
            else:
                report(reports[-1])

        while sources := await self._store.claim_due_sources(now=self._clock(), limit=self.BATCH, lease=self.LEASE):
            async with asyncio.TaskGroup() as group_of_polls:
                for source in sources:
                    group_of_polls.create_task(poll(source))
        if errors:
            raise ExceptionGroup(
                "polls that ended in a surprise; their leases run out and they are polled again", errors
            )
        return sum(done.new for done in reports)

    async def _poll(self, source: Source) -> PollReport:
        outcome = await self._reader.fetch(source.spec.url, validators=source.poll.validators)
        match outcome:
            case Failed():
                return await self._failed(source, outcome)
            case NotModified():
                return await self._unchanged(source, outcome, source.poll.body_hash)
            case Fetched():
                digest = hashlib.sha256(outcome.body).hexdigest()
                if digest == source.poll.body_hash:
                    return await self._unchanged(source, outcome, digest)
                return await self._read(source, outcome, digest)

    async def _read(self, source: Source, outcome: Fetched, body_hash: str) -> PollReport:
        feed = await self._parser.parse(
            outcome.body,
            content_type=outcome.content_type,
            charset=outcome.charset,
            url=outcome.url,
            now=self._clock(),
        )
        if isinstance(feed, Failed):
            return await self._failed(source, feed)
        now = self._clock()
        normalised = normalise(feed, source, now=now)
        plan = partial(
            after_success,
            source.poll,
            outcome,
            body_hash=body_hash,
            ttl=feed.ttl,
            pace=self._pace,
            source_key=source.spec.url,
            now=now,
        )
        async with self._committing:
            new, folded = await self._commit(source, normalised.items, plan)
        skipped = feed.skipped + normalised.skipped
        return PollReport(source=source, new=new, seen=len(normalised.items), folded=folded, skipped=skipped)

    async def _commit(self, source: Source, items: Sequence[Item], plan: Callable[..., PollState]) -> tuple[int, int]:
        known = await self._store.known_items(source.id, [item.key for item in items])
        fresh = [item for item in items if item.key not in known]
        changed = [item for item in items if item.key in known and known[item.key].text_hash != item.text_hash]
        tellings: Sequence[Telling] = ()
        if fresh:
            tellings = await self._store.matching_tellings(
                urls=[item.url for item in fresh],
                title_keys=[item.title_key for item in fresh if foldable(item.title_key)],
                since=min(item.published_at for item in fresh) - WINDOW,
            )
        drafts = [self._tagged(draft, source) for draft in group(fresh, tellings)]
        new = await self._store.commit_poll(
            source.id,
            # Bytes that differ in a build date alone are no reason to come more often.
            plan(changed=bool(fresh or changed)),
            drafts=drafts,
            changed=changed,
            fingerprint=self._catalogue.fingerprint,
            now=self._clock(),
        )
        stories = sum(draft.story_id is None for draft in drafts)
        return new, max(new - stories, 0)

    def _tagged(self, draft: StoryDraft, source: Source) -> StoryDraft:
        if draft.story_id is not None:
            return draft
        evidence = tag_item(self._catalogue, draft.items[0], source.spec.topics)
        return replace(draft, topics=evidence)

    async def _unchanged(self, source: Source, outcome: Fetched | NotModified, body_hash: str | None) -> PollReport:
        now = self._clock()
        poll = after_success(
            source.poll,
            outcome,
            changed=False,
            body_hash=body_hash,
            ttl=None,
            pace=self._pace,
            source_key=source.spec.url,
            now=now,
        )
        await self._store.commit_poll(source.id, poll, now=now)
        return PollReport(source=source, unchanged=True)

    async def _failed(self, source: Source, failure: Failed) -> PollReport:
        now = self._clock()
        poll = after_failure(source.poll, failure, pace=self._pace, source_key=source.spec.url, now=now)
        await self._store.commit_poll(source.id, poll, now=now)
        return PollReport(source=source, failure=failure)
