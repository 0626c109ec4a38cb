from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.checkup import check_all
from bot.sandbox.server import Sandbox
from bot.settings import PREFIX
from feeds.errors import StorageError
from storage import open_storage
from tests.bot.failedpolls import store_polled


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        monkeypatch.setenv("AUTODIGEST_API_BASE", running.url)
        monkeypatch.setenv("AUTODIGEST_OPERATOR_NAME", "Гараж")
        monkeypatch.setenv("AUTODIGEST_CONTACT", "@garage_help")
        yield running


async def test_a_fresh_machine_has_one_remark(capsys: pytest.CaptureFixture[str]) -> None:
    assert await check_all("ru", offline=True) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("!")] == [
        "! токена нет: получите его у @BotFather и напишите AUTODIGEST_TOKEN=… в .env"
    ]
    assert not any(line.startswith("✗") for line in lines)
    assert lines[-1] == "есть замечания"


async def test_with_a_token_and_a_store_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", sandbox.token)
    async with await open_storage("var/autodigest.db"):
        pass
    assert await check_all("en", offline=False) == 0
    out = capsys.readouterr().out
    assert "✓ Telegram answers: @sandbox_bot" in out
    assert "✓ store: var/autodigest.db" in out
    assert sandbox.token not in out


@pytest.mark.parametrize("missing", ["OPERATOR_NAME", "CONTACT"])
async def test_who_answers_for_the_bot_is_asked_for_before_it_goes_public(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sandbox: Sandbox, missing: str
) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", sandbox.token)
    monkeypatch.setenv(f"AUTODIGEST_{missing}", " ")
    assert await check_all("en", offline=True) == 1
    [remark] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("!")]
    assert "AUTODIGEST_CONTACT" in remark


async def test_a_token_that_telegram_does_not_know_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    assert sandbox.url
    monkeypatch.setenv("AUTODIGEST_TOKEN", "7:of-somebody-else")
    assert await check_all("en", offline=False) == 2
    assert "✗ Telegram refuses the token: 401" in capsys.readouterr().out


@pytest.mark.parametrize("status", [502, 403])
async def test_a_gateway_that_fails_is_not_blamed_on_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=status, text="<h1>no</h1>")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        monkeypatch.setenv("AUTODIGEST_API_BASE", f"http://127.0.0.1:{runner.addresses[0][1]}")
        monkeypatch.setenv("AUTODIGEST_TOKEN", "7:secret")
        assert await check_all("en", offline=False) == 2
    finally:
        await runner.cleanup()
    out = capsys.readouterr().out
    assert f"does not answer: {status}" in out
    assert "secret" not in out


async def test_a_telegram_that_cannot_be_reached_is_said_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTODIGEST_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv("AUTODIGEST_TOKEN", "7:secret")
    assert await check_all("en", offline=False) == 2
    out = capsys.readouterr().out
    assert "✗ Telegram (http://127.0.0.1:9) does not answer: connection refused" in out
    assert "secret" not in out


async def test_offline_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", sandbox.token)
    assert await check_all("en", offline=True) == 0
    assert sandbox.log == []
    assert "all is well" in capsys.readouterr().out


async def test_a_wrong_setting_ends_the_check_with_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTODIGEST_TIMEZONE", "Moscow")
    assert await check_all("en", offline=True) == 2
    assert "✗ AUTODIGEST_TIMEZONE" in capsys.readouterr().out


async def test_a_broken_sources_file_is_an_error(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / "mine.toml").write_text("[[sources]]\nname = 'a'\n", "utf-8")
    monkeypatch.setenv("AUTODIGEST_SOURCES", "mine.toml")
    assert await check_all("en", offline=True) == 2
    assert "✗ mine.toml" in capsys.readouterr().out


async def test_a_store_that_is_none_is_an_error(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / "notes.txt").write_text("no database at all " * 100, "utf-8")
    monkeypatch.setenv("AUTODIGEST_DATABASE", "notes.txt")
    assert await check_all("en", offline=True) == 2
    assert "✗" in capsys.readouterr().out


async def test_what_nothing_reads_is_remarked_on(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTODIGEST_TYPO", "1")
    (empty_folder / "autodigest.toml").write_text("colour = 5\n", "utf-8")
    assert await check_all("en", offline=True) == 1
    assert "! no such setting, nothing reads it: AUTODIGEST_TYPO, colour" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("place", [".", "file/a.db", "/proc/x/a.db"])
async def test_a_place_where_no_store_can_be_is_an_error(
    place: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / "file").touch()
    monkeypatch.setenv("AUTODIGEST_DATABASE", place)
    assert await check_all("en", offline=True) == 2
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert line.startswith(f"✗ The store cannot be at {place}: ")
    with pytest.raises(StorageError, match="store-place"):
        await open_storage(place)


async def test_a_check_leaves_nothing_where_a_store_will_be(empty_folder: Path) -> None:
    await check_all("en", offline=True)
    assert list(empty_folder.iterdir()) == []  # noqa: ASYNC240  an empty folder


@pytest.mark.parametrize(("failing", "remarked"), [(3, True), (1, False)])
async def test_when_most_polls_failed_the_sources_are_not_called_well(
    failing: int, capsys: pytest.CaptureFixture[str], *, remarked: bool
) -> None:
    async with await open_storage("var/autodigest.db") as store:
        await store_polled(store, failed=failing, well=1)
    assert await check_all("en", offline=True) == 1
    remark = "! at their last poll 3 of 4 sources failed; why: autodigest sources list"
    assert (remark in capsys.readouterr().out.splitlines()) == remarked
