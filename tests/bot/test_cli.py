from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import PREFIX


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
    assert result.stderr.startswith("AUTODIGEST_POLL_MIN: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_copy_of_a_store_that_is_not_there_is_not_made(empty_folder: Path) -> None:
    result = run("backup", "copy.db")
    assert result.exit_code == 2
    assert "autodigest poll" in result.stderr
    assert list(empty_folder.iterdir()) == []


def test_the_check_tells_its_verdict_by_its_code_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "--offline").exit_code == 1
    monkeypatch.setenv("AUTODIGEST_TOKEN", "7:secret")
    assert run("check", "--offline").exit_code == 0
    monkeypatch.setenv("AUTODIGEST_LANG", "de")
    assert run("check", "--offline").exit_code == 2
