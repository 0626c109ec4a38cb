"""What ``autodigest sources test`` does: it asks a feed once and says all about the answer. Stores nothing.

Where the feed is a teaser, the page of its newest article is asked for as well.
"""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.feedlines import age, discovery_failure, traits
from bot.i18n import Words, words_for
from bot.settings import Settings, load_settings
from bot.sourcedesk import known_sources, match, resolve
from bot.sourcelines import failure_record, why
from bot.workshop import USER_AGENT
from feeds.appraisal import SAMPLES, Appraisal, appraise
from feeds.clock import utc_now
from feeds.discover import Hopeless, understand
from feeds.errors import SettingsError
from feeds.fetch import Fetcher
from feeds.model import Item, Source, SourceId, SourceSpec
from feeds.pages import Pages, wants_pages
from feeds.polls import Failed, FailureKind, Fetched, PollState
from feeds.robots import Robots
from feeds.scout import UNREACHED
from feeds.workers import Parser


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What one test brought; ``page`` is the newest item with its page's text, where pages are read at all."""

    url: str
    answer: Fetched | Failed
    told: Appraisal | Failed
    reads_pages: bool = False
    page: Item | None = None


async def test_source(name: str, *, json: bool, lang: str) -> int:
    """Test the source of that name, or any address; 1 when it is no feed that can be used."""
    settings, words = load_settings(), words_for(lang)
    source, addresses = await _subject(name, settings, words)
    async with (
        Fetcher(user_agent=USER_AGENT, allow_hosts=settings.allow_hosts) as fetcher,
        Parser() as parser,
        Parser(modules=["feeds.pagetext"]) as page_reader,
    ):
        pages = Pages(fetcher=fetcher, reader=page_reader, robots=Robots(fetcher, clock=utc_now), clock=utc_now)
        for address in addresses:
            asked = replace(source, spec=replace(source.spec, url=address))
            result = await _test(asked, fetcher, parser, pages)
            if not (isinstance(result.answer, Failed) and result.answer.kind in UNREACHED):
                break
    if json:
        sys.stdout.write(json_format.dumps(_record(result), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(result, words, settings))
    return 1 if isinstance(result.told, Failed) else 0


async def _subject(name: str, settings: Settings, words: Words) -> tuple[Source, tuple[str, ...]]:
    """Take the source that is meant, else make one for the time of the test; with the addresses to ask in turn."""
    sources = await known_sources(settings)
    if match(sources, name):
        source = resolve(sources, name)
        return source, (source.spec.url,)
    quest = understand(name)
    if isinstance(quest, Hopeless):
        raise SettingsError("source-nowhere", text=name, why=discovery_failure(quest, words))
    spec = SourceSpec(name="", url=quest.addresses[0], lang="")
    return Source(id=SourceId(0), spec=spec, poll=PollState(next_at=utc_now())), quest.addresses


async def _test(source: Source, fetcher: Fetcher, parser: Parser, pages: Pages) -> _Result:
    url = source.spec.url
    answer = await fetcher.fetch(url)
    if not isinstance(answer, Fetched):
        failed = answer if isinstance(answer, Failed) else Failed(kind=FailureKind.EMPTY)
        return _Result(url=url, answer=failed, told=failed)
    feed = await parser.parse(
        answer.body, content_type=answer.content_type, charset=answer.charset, url=answer.url, now=utc_now()
    )
    if isinstance(feed, Failed):
        return _Result(url=url, answer=answer, told=feed)
    told = appraise(feed, url=url, now=utc_now(), spec=source.spec if source.spec.name else None)
    if not wants_pages(source, told.items):
        return _Result(url=url, answer=answer, told=told)
    newest = told.items[0]
    [completed] = await pages.complete(source, [newest], {})
    page = completed if (completed.text, completed.opinion) != (newest.text, newest.opinion) else None
    return _Result(url=url, answer=answer, told=told, reads_pages=True, page=page)


def _lines(result: _Result, words: Words, settings: Settings) -> Iterator[str]:
    yield result.url
    match result.answer:
        case Failed() as failure:
            yield words("poll-failed", why=why(failure, words))
            return
        case Fetched() as answer:
            seconds = f"{answer.elapsed.total_seconds():.2f}"
            yield words("sources-test-answer", seconds=seconds, bytes=len(answer.body), type=answer.content_type or "—")
            if answer.url != result.url:
                yield words("sources-test-moved" if answer.moved_permanently else "sources-test-led", url=answer.url)
            validators = (("ETag", answer.validators.etag), ("Last-Modified", answer.validators.last_modified))
            given = ", ".join(f"{name} {value}" for name, value in validators if value)
            yield words("sources-test-validators", given=given) if given else words("sources-test-no-validators")
    if isinstance(result.told, Failed):
        yield words("poll-failed", why=why(result.told, words))
        if result.told.kind is FailureKind.HTML:
            yield words("sources-test-look", url=result.url)
        return
    yield from _feed_lines(result.told, result, words, settings)


def _feed_lines(told: Appraisal, result: _Result, words: Words, settings: Settings) -> Iterator[str]:
    yield words("sources-test-feed", name=told.name, lang=told.lang, charset=told.charset)
    yield words("sources-test-items", count=len(told.items), skipped=told.skipped, dated=told.dated)
    if told.newest_at is not None:
        yield words("sources-test-newest", age=age(told.newest_at, words, now=utc_now(), zone=settings.timezone))
    counts = {
        "full": told.full_texts,
        "summaries": told.summaries,
        "pictures": told.pictures,
        "opinions": told.opinions,
    }
    yield words("sources-test-traits", traits=", ".join(traits(told, words)) or "—", **counts)
    if result.page is not None:
        label = f"«{result.page.opinion.label}»" if result.page.opinion else "—"
        yield words("sources-test-page", count=len(result.page.text), opinion=label)
    elif result.reads_pages:
        yield words("sources-test-no-page")
    for item in told.items[:SAMPLES]:
        yield ""
        yield f"• {item.title}"
        yield f"  {words.moment(item.published_at, settings.timezone)} · {item.url}"
        if item.summary:
            yield f"  {item.summary}"
        if item.opinion:
            yield f"  {item.opinion.label}: {item.opinion.text}"


def _record(result: _Result) -> dict[str, Any]:
    answer, told = result.answer, result.told
    record: dict[str, Any] = {"url": result.url, "ok": not isinstance(told, Failed)}
    if isinstance(answer, Fetched):
        record["answer"] = {
            "url": answer.url,
            "seconds": round(answer.elapsed.total_seconds(), 3),
            "bytes": len(answer.body),
            "type": answer.content_type,
            "etag": answer.validators.etag,
            "last_modified": answer.validators.last_modified,
        }
    if isinstance(told, Failed):
        return record | {"failure": failure_record(told)}
    record["feed"] = {
        "name": told.name,
        "lang": told.lang,
        "charset": told.charset,
        "items": len(told.items),
        "skipped": told.skipped,
        "dated": told.dated,
        "full_texts": told.full_texts,
        "summaries": told.summaries,
        "pictures": told.pictures,
        "opinions": told.opinions,
        "newest_at": told.newest_at.isoformat() if told.newest_at else None,
        "per_day": told.per_day,
    }
    record["page"] = (
        {"characters": len(result.page.text), "opinion": bool(result.page.opinion)} if result.page else None
    )
    record["samples"] = [
        {"title": item.title, "url": item.url, "published_at": item.published_at.isoformat(), "summary": item.summary}
        for item in told.items[:SAMPLES]
    ]
    return record
