from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.i18n import words_for
from bot.markup import Bold, Document, Link, Paragraph, Quote
from bot.preview import print_preview, to_text
from bot.sandbox.entities import parse
from feeds.clock import utc_now
from feeds.errors import SettingsError, StorageError
from feeds.model import Opinion, SourceSpec, StoryDraft
from feeds.polls import PollState
from storage import open_storage
from tests.bot.failedpolls import store_polled
from tests.samples import item


@pytest.fixture
async def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with two stories of today."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_DATABASE", "news.db")
    now = utc_now()
    async with await open_storage("news.db") as store:
        source = await store.news.add_source(SourceSpec(name="Колесо", url="https://a.example/rss", lang="ru"), now=now)
        today = {"source_id": source.id, "published_at": now - timedelta(hours=1)}
        opinion = Opinion(label="Мнение редакции", text="Ждали.")
        told = {
            "ev": item("ev", title="Искра <подешевела> & точка", opinion=opinion, **today),
            "law": item("law", title="Утильсбор вырастет", **today),
        }
        drafts = [StoryDraft(story_id=None, items=(one,), topics=(topic,)) for topic, one in told.items()]
        poll = PollState(next_at=now + timedelta(days=1))
        await store.news.commit_poll(source.id, poll, drafts=drafts, now=now)


@pytest.mark.usefixtures("news")
async def test_the_terminal_gets_the_digest_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_preview(topics="", form="digest", out="terminal", lang="ru") == 0
    out = capsys.readouterr().out
    assert "Искра <подешевела> & точка" in out
    assert "│ Мнение редакции (Колесо). Ждали." in out
    assert "Утильсбор вырастет" in out


@pytest.mark.usefixtures("news")
async def test_only_the_wanted_topics_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_preview(topics="law", form="digest", out="terminal", lang="ru") == 0
    out = capsys.readouterr().out
    assert "Утильсбор" in out
    assert "Искра" not in out


@pytest.mark.usefixtures("news")
async def test_a_topic_may_be_called_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_preview(topics="Электромобили", form="digest", out="terminal", lang="ru") == 0
    assert "Искра" in capsys.readouterr().out


@pytest.mark.usefixtures("news")
async def test_an_unknown_topic_is_said_with_what_is_like_it() -> None:
    with pytest.raises(SettingsError) as caught:
        await print_preview(topics="электромобиии", form="digest", out="terminal", lang="ru")
    assert caught.value.key == "topic-unlike"
    with pytest.raises(SettingsError) as caught:
        await print_preview(topics="blah", form="digest", out="terminal", lang="ru")
    for lang in ("ru", "en"):
        said = words_for(lang).error(caught.value)
        assert "blah" in said
        assert said == said.strip()


@pytest.mark.usefixtures("news")
async def test_telegram_takes_what_is_written_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_preview(topics="", form="digest", out="telegram", lang="ru") == 0
    read = parse(capsys.readouterr().out, "HTML")
    assert "Искра <подешевела> & точка" in read.text


@pytest.mark.usefixtures("news")
async def test_in_brief_it_is_headlines_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_preview(topics="", form="brief", out="telegram", lang="ru") == 0
    read = parse(capsys.readouterr().out, "HTML").text
    assert "Искра <подешевела> & точка — " in read
    assert "чтения" not in read


@pytest.mark.usefixtures("news")
async def test_a_page_is_whole_and_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_preview(topics="", form="card", out="html", lang="ru") == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert page.count("<hr>") == 1
    assert "Искра &lt;подешевела&gt; &amp; точка" in page


async def test_an_empty_store_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_DATABASE", "empty.db")
    async with await open_storage("empty.db"):
        pass
    assert await print_preview(topics="", form="digest", out="terminal", lang="en") == 1
    assert "autodigest poll" in capsys.readouterr().err


async def test_a_store_whose_polls_failed_leads_to_why_and_not_to_another_poll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_DATABASE", "empty.db")
    async with await open_storage("empty.db") as store:
        await store_polled(store, failed=2, well=0)
    for lang in ("ru", "en"):
        assert await print_preview(topics="", form="digest", out="terminal", lang=lang) == 1
        said = capsys.readouterr().err
        assert "autodigest sources list" in said
        assert "autodigest poll" not in said


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize(("topics", "lang"), [("", "en"), ("motorsport", "ru")])
async def test_where_only_the_wish_finds_nothing_the_store_is_not_called_empty(
    topics: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with await open_storage("news.db") as store:
        await store.news.add_source(SourceSpec(name="Kerb", url="https://b.example/rss", lang="en"), now=utc_now())
    assert await print_preview(topics=topics, form="digest", out="terminal", lang=lang) == 1
    said = capsys.readouterr().err
    assert "--lang" in said
    assert "autodigest poll" not in said


async def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_DATABASE", "none.db")
    with pytest.raises(StorageError) as caught:
        await print_preview(topics="", form="digest", out="terminal", lang="en")
    assert caught.value.key == "store-missing"
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240  an empty folder


def test_a_terminal_shows_quotes_behind_a_bar_and_keeps_brackets() -> None:
    document: Document = (
        Paragraph((Bold(("[заголовок]",)), "\n", Link("https://koleso.example/1", ("ссылка",)))),
        Quote(("строка\nвторая",)),
        Paragraph(("конец",)),
    )
    out = io.StringIO()
    Console(file=out, width=80).print(to_text(document))
    assert out.getvalue() == "[заголовок]\nссылка\n  │ строка\n  │ вторая\n\nконец\n"
