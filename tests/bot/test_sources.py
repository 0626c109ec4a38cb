"""The commands for sources as an operator meets them: in an empty folder, with a newsroom within reach."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.i18n import words_for
from bot.sandbox.newsroom import Newsroom
from bot.sourcedesk import match, pause_sources, print_sources, remove_sources, resolve, resume_sources
from bot.sourcefiles import export_opml, import_opml
from bot.sourcesearch import add_source
from bot.sourcetest import test_source as examine
from feeds.clock import utc_now
from feeds.errors import SettingsError, StoreBusyError
from feeds.model import Source, SourceId, SourceSpec
from feeds.polls import PollState
from storage import open_storage

OPML = """<opml version="2.0"><body>
<outline text="Электромобили">
<outline text="Заряд" xmlUrl="https://zaryad.example.ru/rss"/>
<outline text="Файл" xmlUrl="file:///etc/passwd"/>
</outline>
<outline text="Свой" xmlUrl="http://www.example.ru/rss.xml/"/>
</body></opml>"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the operator's with a sources file and nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_ALLOW_HOSTS", "127.0.0.1")
    monkeypatch.setenv("AUTODIGEST_SOURCES", "sources.toml")
    text = '[[sources]]\nname = "Пример"\nurl = "https://example.ru/rss.xml"\nlang = "ru"\n'
    (tmp_path / "sources.toml").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with Newsroom(utc_now) as opened:
        yield opened


async def add(address: str, *, pick: int = 0, only_list: bool = False, name: str = "", topics: str = "") -> int:
    return await add_source(address, pick=pick, only_list=only_list, name=name, topics=topics, lang="ru")


async def listed(capsys: pytest.CaptureFixture[str], name: str = "") -> list[dict[str, object]]:
    capsys.readouterr()
    await print_sources(name, json=True, lang="ru")
    records: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return records


def test_the_commands_are_named_in_the_help() -> None:
    shown = CliRunner().invoke(app, ["sources", "--help"], env={"COLUMNS": "120", "TERM": "dumb"}).output
    assert all(name in shown for name in ("list", "add", "remove", "pause", "resume", "test", "import", "export"))


async def test_listing_before_anything_was_stored_shows_the_file_and_makes_no_store(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await print_sources("", json=False, lang="ru") == 0
    assert "Пример — ждёт опроса" in capsys.readouterr().out
    assert os.listdir(folder) == ["sources.toml"]  # noqa: PTH208 - nothing to wait for


@pytest.mark.usefixtures("folder")
async def test_a_page_is_added_by_the_feed_it_leads_to(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert await add(f"{newsroom.url}/klyuch-na-start/", topics="Электромобили") == 0
    shown = capsys.readouterr().out
    assert "1. Ключ на старт" in shown
    assert "• " in shown
    [record] = await listed(capsys, "ключ")
    assert (record["url"], record["lang"], record["topics"], record["own"], record["state"]) == (
        f"{newsroom.url}/klyuch-na-start/rss.xml",
        "ru",
        ["ev"],
        True,
        "new",
    )


@pytest.mark.usefixtures("folder")
async def test_what_is_a_source_already_is_not_added_again(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    await add(f"{newsroom.url}/kerbside/")
    assert await add(f"{newsroom.url}/kerbside/atom.xml?utm_source=x") == 1
    assert "то же самое, что источник «Kerbside»" in capsys.readouterr().out


async def test_just_looking_stores_nothing(folder: Path, newsroom: Newsroom) -> None:
    assert await add(f"{newsroom.url}/kerbside/", only_list=True) == 0
    assert not (folder / "var").exists()


@pytest.mark.usefixtures("folder")
async def test_an_address_without_a_feed_says_so(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert await add(f"{newsroom.url}/broken/html") == 1
    assert "Ленты не нашлось: страница «Sign in»" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
async def test_a_paused_source_stays_so_until_it_is_resumed(capsys: pytest.CaptureFixture[str]) -> None:
    await pause_sources(["прим"], lang="ru")
    [record] = await listed(capsys)
    assert record["state"] == "paused"
    await resume_sources(["Пример"], lang="ru")
    [record] = await listed(capsys)
    assert record["state"] == "new"


@pytest.mark.usefixtures("folder")
async def test_a_source_of_the_file_cannot_be_removed_but_ones_own_can(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    await add(f"{newsroom.url}/kerbside/", name="Обочина")
    with pytest.raises(SettingsError, match="source-of-the-file"):
        await remove_sources(["Обочина", "Пример"], yes=True, lang="ru")
    assert len(await listed(capsys)) == 2
    await remove_sources(["Обочина"], yes=True, lang="ru")
    assert [record["name"] for record in await listed(capsys)] == ["Пример"]


@pytest.mark.usefixtures("folder")
async def test_a_change_while_the_bot_runs_is_refused_but_looking_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    async with await open_storage("var/autodigest.db"):
        with pytest.raises(StoreBusyError):
            await pause_sources(["Пример"], lang="ru")
        assert await listed(capsys) == []


@pytest.mark.usefixtures("folder")
async def test_an_opml_file_is_added_line_by_line(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "mine.opml").write_text(OPML, "utf-8")
    assert await import_opml(Path("mine.opml"), dry_run=True, lang="ru") == 1
    assert not (folder / "var").exists()
    capsys.readouterr()
    assert await import_opml(Path("mine.opml"), dry_run=False, lang="ru") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "строка 3: новый — Заряд (темы: Электромобили)",
        "строка 6: уже есть — Свой (как «Пример»)",
        "строка 4: негодный адрес: Файл — file:///etc/passwd",
        "Новых: 1, уже было: 1, строк с ошибкой: 1",
    ]
    assert [record["topics"] for record in await listed(capsys, "Заряд")] == [["ev"]]


@pytest.mark.usefixtures("folder")
async def test_an_export_brings_nothing_new_when_imported(capsys: pytest.CaptureFixture[str]) -> None:
    assert await export_opml(Path("out.opml"), force=False, lang="ru") == 0
    assert await import_opml(Path("out.opml"), dry_run=False, lang="ru") == 0
    assert "Новых: 0, уже было: 1, строк с ошибкой: 0" in capsys.readouterr().out
    assert await export_opml(Path("-"), force=False, lang="ru") == 0
    assert "</opml>" in capsys.readouterr().out
    assert not Path("-").exists()  # noqa: ASYNC240  a name in an empty folder
    with pytest.raises(SettingsError, match="file-exists"):
        await export_opml(Path("out.opml"), force=False, lang="ru")


@pytest.mark.usefixtures("folder")
async def test_a_test_says_all_about_a_feed_and_tries_the_page_of_a_teaser(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await examine(f"{newsroom.url}/rynok-kolyos/rss.xml", json=False, lang="ru") == 0
    shown = capsys.readouterr().out
    for words in (
        "200, ",
        "байт",
        "ETag",
        "кодировка utf-8",
        "Статей: 8",
        "краткое содержание",
        "Лента — только анонс",
    ):
        assert words in shown
    assert shown.count("• ") == 3


@pytest.mark.usefixtures("folder")
async def test_a_test_is_json_for_programs(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert await examine(f"{newsroom.url}/kerbside/atom.xml", json=True, lang="ru") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["feed"]["lang"], told["feed"]["opinions"]) == (True, "en", 2)
    assert await examine(f"{newsroom.url}/broken/gone", json=True, lang="ru") == 1
    assert json.loads(capsys.readouterr().out)["failure"]["kind"] == "gone"


@pytest.mark.usefixtures("folder")
async def test_an_address_of_ones_own_network_is_told_with_the_setting_that_allows_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await examine("http://10.0.0.1/rss.xml", json=False, lang="ru") == 1
    assert "AUTODIGEST_ALLOW_HOSTS" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
async def test_a_page_that_is_tested_says_how_to_find_its_feed(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await examine(f"{newsroom.url}/kerbside/", json=False, lang="ru") == 1
    assert f"autodigest sources add {newsroom.url}/kerbside/ --list" in capsys.readouterr().out


def source(number: int, name: str) -> Source:
    spec = SourceSpec(name=name, url=f"https://{number}.example.ru/rss", lang="ru")
    return Source(id=SourceId(number), spec=spec, poll=PollState(next_at=utc_now()), given_url=spec.url)


def test_a_source_is_found_by_name_number_part_or_address() -> None:
    sources = [source(1, "Авто"), source(2, "Автостат"), source(30, "Новости 2")]
    for name, number in (("авто", 1), ("2", 2), ("№ 30", 30), ("стат", 2), ("https://www.1.example.ru/rss/", 1)):
        assert resolve(sources, name).id == number
    assert len(match(sources, "ав")) == 2
    with pytest.raises(SettingsError, match="source-ambiguous"):
        resolve(sources, "ав")
    for name in ("мото", "", "https://example.com/rss"):
        with pytest.raises(SettingsError, match="source-unknown"):
            resolve(sources, name)


def test_namesakes_that_a_name_may_mean_are_told_apart_by_their_addresses() -> None:
    with pytest.raises(SettingsError) as caught:
        resolve([source(1, "Авто"), source(2, "Авто")], "авто")
    said = words_for("ru").error(caught.value)
    assert "Авто (№ 1, https://1.example.ru/rss), Авто (№ 2, https://2.example.ru/rss)" in said


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_error_of_these_commands_has_its_words(lang: str) -> None:
    words = words_for(lang)
    for key in ("unknown", "ambiguous", "of-the-file", "off", "nowhere"):
        assert words.has(f"error-source-{key}")


NAMESAKES = """<opml version="2.0"><body>
<outline text="Гараж" xmlUrl="https://garage.example.ru/rss"/>
<outline text="Гараж" xmlUrl="https://other.example.ru/rss"/>
<outline text="Пример" xmlUrl="https://another.example.ru/rss"/>
<outline text="Дома" xmlUrl="http://192.168.1.5/rss"/>
</body></opml>"""


async def test_namesakes_are_told_apart_and_a_bad_line_says_its_address_and_why(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "reader.opml").write_text(NAMESAKES, "utf-8")
    assert await import_opml(folder / "reader.opml", dry_run=False, lang="ru") == 1
    said = capsys.readouterr().out
    assert "адрес внутренней сети: Дома — http://192.168.1.5/rss" in said
    assert "AUTODIGEST_ALLOW_HOSTS" in said
    names = {record["name"] for record in await listed(capsys)}
    assert names == {"Пример", "Гараж", "Гараж (other.example.ru)", "Пример (another.example.ru)"}


@pytest.mark.usefixtures("folder")
async def test_the_list_counts_those_that_were_polled_and_not_those_that_will_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await print_sources("", json=False, lang="en")
    assert "on: 1, polled so far: 0" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
async def test_a_name_that_no_source_has_is_not_answered_as_an_empty_store(capsys: pytest.CaptureFixture[str]) -> None:
    assert await print_sources("nosuch", json=False, lang="ru") == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert "Нет источника, у которого в названии или адресе есть «nosuch»." in written.err
