"""From due sources to stored stories: the stretch of the pipeline that ends with commit 1.

Decides nothing itself: fetching, parsing, normalising, clustering, tagging and the next poll's time are the rooms
beside it. Knows no SQL and no people.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from feeds.clock import Clock
from feeds.model import Item, Source, SourceId, StoryDraft, StoryId
from feeds.pages import Pages, wants_pages
from feeds.pipeline import FeedParser, NewsStore, Reader
from feeds.polling import Pace, after_failure, after_success, new_address, put_off
from feeds.polls import Failed, Fetched, NotModified, PollState, Wish
from feeds.rounds import Round
from feeds.settling import Settling
from feeds.stories import Stories
from feeds.tagging import majority, tag_item, tag_story
from feeds.topics import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll of one source came to: ``failure`` is None when the source answered.

    ``moved_to`` is the address it is polled at from now on, ``merged_into`` the source that was there already;
    ``error`` is our own mistake, nothing of it was stored, and the source is polled again when its lease runs out.
    """

    source: Source
    new: int = 0
    seen: int = 0
    folded: int = 0
    skipped: int = 0
    unchanged: bool = False
    failure: Failed | None = None
    moved_to: str | None = None
    merged_into: SourceId | None = None
    error: Exception | None = None


class Ingest:
    """From due sources to stored stories: everything up to commit 1.

    ``pages`` reads the articles of sources that have only teasers; ``readers`` tells how many people read, for
    publishers' statistics.
    """

    def __init__(
        self,
        *,
        store: NewsStore,
        reader: Reader,
        parser: FeedParser,
        catalogue: Catalogue,
        clock: Clock,
        pace: Pace,
        pages: Pages | None = None,
        readers: Callable[[], Awaitable[int]] | None = None,
    ) -> None:
        self.stories = Stories(store=store, clock=clock)
        self._store = store
        self._reader = reader
        self._parser = parser
        self._catalogue = catalogue
        self._clock = clock
        self._pace = pace
        self._pages = pages
        self._readers = readers
        self._reader_count: int | None = None
        self._committing = asyncio.Lock()
        self._settling = Settling(store.settle_polls, self._committing)
        self._polling = 0
        self._begun = False

    async def poll_due(self, report: Callable[[PollReport], None] = lambda _: None) -> int:
        """Poll every source that is due, and what becomes due meanwhile; return how many items were new.

        Hands on a report as soon as a poll is committed. A surprise is reported too, and all of them are raised at
        the end.
        """
        await self._begin()
        new, errors = 0, list[Exception]()

        async def poll(source: Source) -> None:
            nonlocal new
            self._polling += 1
            try:
                if later := put_off(source.poll, source_key=source.spec.url, now=self._clock()):
                    await self._settle(source, later)
                    return
                done = await self._poll(source)
            except Exception as error:  # noqa: BLE001  one source's surprise must not stop the others
                errors.append(error)
                done = PollReport(source=source, error=error)
            finally:
                self._polling -= 1
            new += done.new
            report(done)

        await Round(store=self._store, clock=self._clock, poll=poll).run()
        if errors:
            raise ExceptionGroup(
                "polls that ended in a surprise; their leases run out and they are polled again", errors
            )
        return new

    async def _begin(self) -> None:
        if self._readers is not None:
            self._reader_count = await self._readers()
        if self._begun:
            return
        for source in await self._store.refused_sources(now=self._clock()):
            asked, status = source.poll.detour, source.poll.failure and source.poll.failure.status
            url = asked.url if asked and asked.times else source.spec.url
            self._reader.leave_alone(url, status=status or 429, until=source.poll.next_at)
        self._begun = True

    async def _poll(self, source: Source) -> PollReport:
        outcome = await self._reader.fetch(
            source.spec.url,
            validators=source.poll.validators,
            detour=source.poll.detour,
            readers=self._reader_count,
            covered=partial(self._store.is_polled, other_than=source.id),
        )
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
        harvest = await self._parser.read_items(outcome, source, now=self._clock())
        if isinstance(harvest, Failed):
            return await self._failed(source, harvest)
        items = harvest.items
        known = await self._store.known_items(source.id, [item.key for item in items])
        if self._pages is not None and wants_pages(source, items):
            items = await self._pages.complete(source, items, known)
        fresh = [item for item in items if item.key not in known]
        changed = [item for item in items if item.key in known and known[item.key].text_hash != item.text_hash]
        topics = await self._topics(fresh, source)
        # Bytes that differ in a build date alone are no reason to come more often.
        poll = self._planned(source, outcome, changed=bool(fresh or changed), wish=harvest.wish, body_hash=body_hash)
        async with self._committing:
            drafts = await self._drafts(fresh, topics)
            new = await self._store.commit_poll(
                source.id,
                poll,
                drafts=drafts,
                changed=changed,
                fingerprint=self._catalogue.fingerprint,
                now=self._clock(),
            )
            await self.stories.settle(changed)
            joined = {draft.story_id for draft in drafts if draft.story_id is not None}
            await self._retag(joined | {known[item.key].story_id for item in changed})
        stories = sum(draft.story_id is None for draft in drafts)
        done = PollReport(
            source=source,
            new=new,
            seen=len(items),
            folded=max(new - stories, 0),
            skipped=harvest.skipped,
        )
        return await self._moved(done, poll)

    async def _topics(self, items: Sequence[Item], source: Source) -> Mapping[str, tuple[str, ...]]:
        topics = {}
        for item in items:
            topics[item.key] = tag_item(self._catalogue, item, source.spec.topics)
            await asyncio.sleep(0)  # three hundred at once would keep everybody else waiting
        return topics

    async def _drafts(self, fresh: Sequence[Item], topics: Mapping[str, tuple[str, ...]]) -> list[StoryDraft]:
        return [
            draft
            if draft.story_id is not None
            else replace(draft, topics=majority([topics[item.key] for item in draft.items]))
            for draft in await self.stories.draft(fresh)
        ]

    async def _retag(self, story_ids: Iterable[StoryId]) -> None:
        """Give stories that were told again, or otherwise, the topics that most of their tellings have now."""
        fingerprint = self._catalogue.fingerprint
        for story_id in story_ids:
            if story := await self._store.story(story_id):
                topics = tag_story(self._catalogue, story)
                await self._store.retag({story_id: topics}, fingerprint=fingerprint)

    async def _unchanged(self, source: Source, outcome: Fetched | NotModified, body_hash: str | None) -> PollReport:
        poll = self._planned(source, outcome, changed=False, wish=None, body_hash=body_hash)
        await self._settle(source, poll)
        return await self._moved(PollReport(source=source, unchanged=True), poll)

    async def _failed(self, source: Source, failure: Failed) -> PollReport:
        now = self._clock()
        poll = after_failure(source.poll, failure, pace=self._pace, source_key=source.spec.url, now=now)
        await self._settle(source, poll)
        return PollReport(source=source, failure=failure)

    def _planned(
        self,
        source: Source,
        outcome: Fetched | NotModified,
        *,
        changed: bool,
        wish: Wish | None,
        body_hash: str | None,
    ) -> PollState:
        return after_success(
            source.poll,
            outcome,
            changed=changed,
            body_hash=body_hash,
            wish=wish,
            pace=self._pace,
            source_key=source.spec.url,
            now=self._clock(),
        )

    async def _settle(self, source: Source, poll: PollState) -> None:
        await self._settling.settle(source.id, poll, linger=self._polling > 1)

    async def _moved(self, done: PollReport, poll: PollState) -> PollReport:
        url = new_address(poll)
        if url is None:
            return done
        async with self._committing:
            merged_into = await self._store.move_source(done.source.id, url)
        return replace(done, moved_to=url, merged_into=merged_into)
