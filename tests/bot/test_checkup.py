from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.checkup import check_all
from bot.sandbox.server import Sandbox
from bot.settings import PREFIX
from storage import open_storage


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
    assert "✗ Telegram (http://127.0.0.1:9) does not answer" in out
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
