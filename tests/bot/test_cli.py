from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app, main
from bot.settings import PREFIX
from storage import open_storage


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith((PREFIX, "LC_", "LANG")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_help_names_the_commands() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("run", "demo", "poll", "preview", "check", "backup"):
        assert command in result.stdout


def test_an_unknown_command_is_a_mistake_of_usage() -> None:
    assert run("fly").exit_code == 2


@pytest.mark.parametrize("port", ["-1", "65536", "eight"])
def test_a_port_that_cannot_be_is_a_mistake_of_usage(port: str) -> None:
    result = run("demo", "--port", port)
    assert result.exit_code == 2
    assert "--port" in result.stderr


def test_the_version_is_one_line() -> None:
    result = run("version")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    assert result.stdout.startswith("autodigest ")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LANG", "ru_RU.UTF-8", "Хранилища"),
        ("LANG", "en_US.UTF-8", "There is no store"),
        ("LC_ALL", "ru_RU.UTF-8", "Хранилища"),
    ],
)
def test_what_an_operator_can_mend_is_one_line_in_their_language(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    result = run("preview")
    assert result.exit_code == 2
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith(said)


def test_the_first_locale_variable_that_is_set_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "There is no store" in run("preview").stderr


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_POLL_MIN", "soon")
    result = run("poll")
    assert result.exit_code == 2
    assert result.stderr.startswith("AUTODIGEST_POLL_MIN must be a number")
    assert len(result.stderr.splitlines()) == 1


WRONG = {
    "no token": ({"token": ""}, "AUTODIGEST_TOKEN"),
    "not a token": ({"token": "SECRET-SECRET"}, "AUTODIGEST_TOKEN"),
    "no such zone": ({"timezone": "Mars/Base"}, "AUTODIGEST_TIMEZONE"),
    "no such language": ({"lang": "de"}, "AUTODIGEST_LANG"),
    "not an address": ({"api_base": "telegram"}, "AUTODIGEST_API_BASE"),
    "no sources file": ({"sources": "nowhere.toml"}, "nowhere.toml"),
    "a source without an address": ({"sources": "wrong.toml"}, "url"),
    "no such kind of store": ({"database": "mysql://localhost/news"}, "AUTODIGEST_DATABASE"),
    "a folder for a store": ({"database": "."}, ""),
    "a store that is none": ({"database": "wrong.toml"}, ""),
}


@pytest.mark.parametrize(("wrong", "named"), WRONG.values(), ids=WRONG.keys())
def test_the_bot_does_not_run_with_what_is_wrong_and_names_it_in_one_line(
    wrong: dict[str, str], named: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "wrong.toml").write_text('[[sources]]\nname = "А"\nlang = "ru"\n' * 99, "utf-8")
    for name, value in ({"token": "7:secret"} | wrong).items():
        monkeypatch.setenv(f"AUTODIGEST_{name.upper()}", value)
    result = run("run")
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    assert named in line
    assert "SECRET" not in result.output


def test_a_copy_of_a_store_that_is_not_there_is_not_made(empty_folder: Path) -> None:
    result = run("backup", "copy.db")
    assert result.exit_code == 2
    assert "autodigest poll" in result.stderr
    assert list(empty_folder.iterdir()) == []


def test_the_weeks_figures_are_printed_from_the_store() -> None:
    assert run("stats").exit_code == 2

    async def make() -> None:
        await (await open_storage("var/autodigest.db")).aclose()

    asyncio.run(make())
    result = run("stats", "--lang", "en")
    assert result.exit_code == 0
    assert "0 subscribed" in result.stdout
    assert len(result.stdout.splitlines()) == 5


def test_the_check_tells_its_verdict_by_its_code_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "--offline").exit_code == 1
    monkeypatch.setenv("AUTODIGEST_TOKEN", "7:secret")
    monkeypatch.setenv("AUTODIGEST_OPERATOR_NAME", "Гараж")
    monkeypatch.setenv("AUTODIGEST_CONTACT", "@garage_help")
    assert run("check", "--offline").exit_code == 0
    monkeypatch.setenv("AUTODIGEST_LANG", "de")
    assert run("check", "--offline").exit_code == 2


def test_a_copy_says_where_it_is_and_is_made_in_no_missing_folder(empty_folder: Path) -> None:
    async def make() -> None:
        await (await open_storage("var/autodigest.db")).aclose()

    asyncio.run(make())
    result = run("backup", "copy.db")
    assert result.exit_code == 0
    assert str(empty_folder / "copy.db") in result.stdout
    assert "MB" in result.stdout
    missing = run("backup", "disk/copy.db", "--lang", "ru")
    assert missing.exit_code == 2
    assert "Папки disk нет" in missing.stderr
    assert not (empty_folder / "disk").exists()


def test_an_option_that_cannot_be_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["autodigest", "preview", "--format", "xyz"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "xyz" in line
    assert "Value error" not in line
    assert "digest" in line
