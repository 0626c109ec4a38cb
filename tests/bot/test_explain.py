from __future__ import annotations

from pathlib import Path

import pytest

from bot.explain import explain_story
from feeds.clock import utc_now
from feeds.model import SourceSpec, StoryDraft, StoryId
from feeds.polls import PollState
from storage import open_storage
from tests.samples import HOUR, item, opinion


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with one story of two articles and one that resembles it a little."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_DATABASE", str(tmp_path / "a.db"))
    now = utc_now()
    async with await open_storage(str(tmp_path / "a.db")) as store:
        written: list[tuple[str, list[tuple[str, str, StoryId | None]]]] = [
            ("Колесо", [("a", "Haval снизил цены на Jolion", None), ("c", "Haval отзывает Jolion", None)]),
            ("Гудок", [("b", "Jolion подешевел: Haval снизил цены", StoryId(1))]),
        ]
        for name, drafts in written:
            source = await store.news.add_source(
                SourceSpec(name=name, url=f"https://{name}.example", lang="ru"), now=now
            )
            told = [
                StoryDraft(
                    story_id=story,
                    items=(
                        item(
                            key,
                            source_id=source.id,
                            title=title,
                            url=f"https://koleso.example/{key}",
                            published_at=now - HOUR,
                            opinion=opinion("Давно пора.") if key == "b" else None,
                        ),
                    ),
                    topics=("market", "haval"),
                )
                for key, title, story in drafts
            ]
            await store.news.commit_poll(source.id, PollState(next_at=now), drafts=told, now=now)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("asked", ["1", "https://koleso.example/b", "https://koleso.example/b?utm_source=x"])
async def test_every_decision_about_a_story_is_said(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await explain_story(asked, "ru") == 0
    text = capsys.readouterr().out
    assert text.startswith("Новость 1: Jolion подешевел: Haval снизил цены\n")
    for part in (
        "Статьи: 2",
        "Колесо · Haval снизил цены на Jolion",
        "1 ~ 2: ",
        "Темы: Рынок и цены, Haval",
        "1. Haval",
        "«Jolion»",
        "под заголовком «Мнение редакции», знаков: 11\n  Давно пора.",
        "Место в выпуске сейчас: ",
        "× новизна 1.00",
    ):
        assert part in text, part


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("asked", ["77", "https://koleso.example/zzz", "чепуха", "9" * 30])
async def test_what_is_not_in_the_store_is_said_in_one_line(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await explain_story(asked, "en") == 1
    assert capsys.readouterr().err == f"There is no such story in the store: {asked}\n"
