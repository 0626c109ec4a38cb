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
from feeds.gist import Gist, gist
from feeds.model import Item, Source, SourceId, StoryDraft, StoryId
from feeds.pages import Pages, wants_pages
from feeds.pipeline import FeedParser, NewsStore, Reader
from feeds.polling import Pace, after_failure, after_success, new_address, put_off
from feeds.polls import Failed, Fetched, NotModified, PollState, Wish
from feeds.rounds import Round
from feeds.settling import Settling
from feeds.stories import Stories
from feeds.tagging import Tags, majority
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


Report = Callable[[PollReport], None]


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
        self._tags = Tags(catalogue)
        self._clock = clock
        self._pace = pace
        self._pages = pages
        self._readers = readers
        self._reader_count: int | None = None
        self._committing = asyncio.Lock()
        self._settling = Settling(store.settle_polls, self._committing)
        self._begun = False

    async def poll_due(self, report: Report = lambda _: None) -> int:
        """Poll every source that is due, and what becomes due meanwhile; return how many items were new.

        Hands on a report as soon as a poll is committed. A surprise is reported too, and all of them are raised at
        the end.
        """
        await self._begin()
        new, errors = 0, list[Exception]()

        def finish(done: PollReport) -> None:
            nonlocal new
            new += done.new
            if done.error is not None:
                errors.append(done.error)
            report(done)

        async def poll(source: Source) -> None:
            if source.id in self._settling:
                return  # its lease ran out a moment before its commit, and we have just taken it again
            with self._settling:
                try:
                    await self._poll(source, finish)
                except Exception as error:  # noqa: BLE001  one source's surprise must not stop the others
                    finish(PollReport(source=source, error=error))

        try:
            await Round(store=self._store, clock=self._clock, poll=poll).run()
        finally:
            await self._settling.drain()
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

    async def _poll(self, source: Source, finish: Report) -> None:
        if later := put_off(source.poll, source_key=source.spec.url, now=self._clock()):
            await self._settling.settled(source, later)
            return
        outcome = await self._reader.fetch(
            source.spec.url,
            validators=source.poll.validators,
            detour=source.poll.detour,
            readers=self._reader_count,
            covered=partial(self._store.is_polled, other_than=source.id),
        )
        match outcome:
            case Failed():
                self._failed(source, outcome, finish)
            case NotModified():
                await self._unchanged(source, outcome, source.poll.body_hash, finish)
            case Fetched():
                digest = hashlib.sha256(outcome.body).hexdigest()
                if digest == source.poll.body_hash:
                    await self._unchanged(source, outcome, digest, finish)
                else:
                    await self._read(source, outcome, digest, finish)

    async def _read(self, source: Source, outcome: Fetched, body_hash: str, finish: Report) -> None:
        harvest = await self._parser.read_items(outcome, source, now=self._clock())
        if isinstance(harvest, Failed):
            self._failed(source, harvest, finish)
            return
        items = harvest.items
        known = await self._store.known_items(source.id, [item.key for item in items])
        if self._pages is not None and wants_pages(source, items):
            items = await self._pages.complete(source, items, known)
        fresh = [item for item in items if item.key not in known]
        changed = [item for item in items if item.key in known and known[item.key].text_hash != item.text_hash]
        gists = await self._gists([*fresh, *changed], source)
        fresh, changed = _summarised(fresh, gists), _summarised(changed, gists)
        profiles = {key: one.profile for key, one in gists.items()}
        # Bytes that differ in a build date alone are no reason to come more often.
        poll = self._planned(source, outcome, changed=bool(fresh or changed), wish=harvest.wish, body_hash=body_hash)
        async with self._committing:
            drafts = [_tagged(draft, gists) for draft in await self.stories.draft(fresh, profiles)]
            new = await self._store.commit_poll(
                source.id,
                poll,
                drafts=drafts,
                changed=changed,
                words={key: one.words for key, one in gists.items()},
                fingerprint=self._catalogue.fingerprint,
                now=self._clock(),
            )
            await self.stories.settle(changed, profiles, source_id=source.id)
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
        finish(await self._moved(done, poll))

    async def _gists(self, items: Sequence[Item], source: Source) -> Mapping[str, Gist]:
        """Have articles read beside the parse; here, one by one, where the parser has other rules or fails at it."""
        rules, topics = self._catalogue.fingerprint, source.spec.topics
        read = await self._parser.read_gists(items, topics=topics, rules=rules, now=self._clock())
        gists = {} if isinstance(read, Failed) else {item.key: one for item, one in zip(items, read, strict=True)}
        for item in items:
            if item.key not in gists:
                gists[item.key] = gist(item, self._catalogue, topics)
                await asyncio.sleep(0)  # three hundred at once would keep everybody else waiting
            self._tags.keep(item, topics, gists[item.key].topics)
        return gists

    async def _retag(self, story_ids: Iterable[StoryId]) -> None:
        """Give stories that were told again, or otherwise, the topics that most of their tellings have now."""
        fingerprint = self._catalogue.fingerprint
        for story_id in story_ids:
            if story := await self._store.story(story_id):
                topics = await self._tags.of_story(story)
                await self._store.retag({story_id: topics}, fingerprint=fingerprint)

    async def _unchanged(
        self, source: Source, outcome: Fetched | NotModified, body_hash: str | None, finish: Report
    ) -> None:
        poll = self._planned(source, outcome, changed=False, wish=None, body_hash=body_hash)
        done = PollReport(source=source, unchanged=True)
        if new_address(poll) is None:
            self._settle(poll, done, finish)
            return
        await self._settling.settled(source, poll)
        finish(await self._moved(done, poll))

    def _failed(self, source: Source, failure: Failed, finish: Report) -> None:
        now = self._clock()
        poll = after_failure(source.poll, failure, pace=self._pace, source_key=source.spec.url, now=now)
        self._settle(poll, PollReport(source=source, failure=failure), finish)

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

    def _settle(self, poll: PollState, done: PollReport, finish: Report) -> None:
        """Commit a poll with others soon, and then report it; nobody waits for that."""

        def then(error: Exception | None) -> None:
            finish(done if error is None else PollReport(source=done.source, error=error))

        self._settling.settle(done.source, poll, then=then)

    async def _moved(self, done: PollReport, poll: PollState) -> PollReport:
        url = new_address(poll)
        if url is None:
            return done
        async with self._committing:
            merged_into = await self._store.move_source(done.source.id, url)
        return replace(done, moved_to=url, merged_into=merged_into)


def _tagged(draft: StoryDraft, gists: Mapping[str, Gist]) -> StoryDraft:
    """Give a new story the topics that most of its tellings have; a stored one is tagged with all of them."""
    if draft.story_id is not None:
        return draft
    return replace(draft, topics=majority([gists[item.key].topics for item in draft.items]))


def _summarised(items: Iterable[Item], gists: Mapping[str, Gist]) -> list[Item]:
    return [replace(item, summary=gists[item.key].summary) for item in items]
