"""What the system refuses is said to an operator in their language, with what to do."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.i18n import words_for
from bot.settings import PREFIX
from storage import open_storage

REFUSALS = ("ENOENT", "EISDIR", "ENOTDIR", "EACCES", "EEXIST", "ENOSPC", "EROFS")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the operator's with a store and nothing else, on a Russian system."""
    for name in os.environ:
        if name.startswith((PREFIX, "LC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(*arguments: str) -> str:
    """The one line that a command which cannot be done says."""
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    return line


@pytest.mark.parametrize("name", REFUSALS)
def test_the_usual_refusals_have_words_in_both_languages(name: str) -> None:
    code = getattr(errno, name)
    error = OSError(code, os.strerror(code), "/some/where")
    russian, english = words_for("ru").system(error), words_for("en").system(error)
    assert russian != english
    for said in (russian, english):
        assert "/some/where" not in said
        assert said not in {os.strerror(code), str(error)}


def test_a_refusal_without_words_of_ours_keeps_the_systems() -> None:
    assert words_for("ru").system(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert words_for("ru").system(OSError("only a text")) == "only a text"


def test_a_name_that_is_not_found_is_said_without_the_resolvers_words() -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert words_for("ru").system(error) == "имя сервера не находится"


def test_a_file_that_is_there_is_named_with_the_switch_that_writes_over_it() -> None:
    assert CliRunner().invoke(app, ["sources", "export", "a.opml"]).exit_code == 0
    assert refused("sources", "export", "a.opml") == "Файл a.opml уже есть. Записать поверх него: --force"
    assert CliRunner().invoke(app, ["sources", "export", "a.opml", "--force"]).exit_code == 0


def test_files_that_cannot_be_are_said_in_russian(folder: Path) -> None:
    (folder / "file").touch()
    assert refused("sources", "export", ".") == "Файл . не записать: это папка"
    assert refused("sources", "export", "none/a.opml") == "Файл none/a.opml не записать: нет такого файла или папки"
    assert refused("sources", "export", "file/a.opml") == "Файл file/a.opml не записать: часть пути — не папка"
    assert refused("sources", "import", "none.opml") == "Файл none.opml не читается: нет такого файла или папки"


def test_a_sources_file_that_is_not_there_is_said_in_russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_SOURCES", "none.toml")
    said = refused("poll")
    assert said == "Файл источников none.toml не открывается: нет такого файла или папки"


def test_a_folder_is_not_called_a_file_when_a_copy_would_be_made_in_it(folder: Path) -> None:
    async def make() -> None:
        await (await open_storage("var/autodigest.db")).aclose()

    asyncio.run(make())
    (folder / "copies").mkdir()
    assert refused("backup", "copies") == "copies — это папка. Укажите в ней файл, которого ещё нет."
    assert list((folder / "copies").iterdir()) == []


@pytest.mark.parametrize("command", ["poll", "preview", "stats"])
def test_a_folder_for_a_store_is_said_in_russian_with_the_setting(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODIGEST_DATABASE", str(folder))
    said = refused(command)
    assert said == f"Хранилища не может быть в {folder}: это папка. Укажите другое место в AUTODIGEST_DATABASE."
