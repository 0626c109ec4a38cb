"""A command line that cannot be read is answered in the person's language, with the next step."""

from __future__ import annotations

import os

import pytest

from bot.cli import main
from bot.settings import PREFIX


@pytest.fixture(autouse=True)
def russian_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith((PREFIX, "LC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("backup", "Не хватает FILE. Подробнее: autodigest backup --help"),
        ("explain", "Не хватает STORY. Подробнее: autodigest explain --help"),
        ("sources pause", "Не хватает NAME…. Подробнее: autodigest sources pause --help"),
        ("sources add", "Не хватает ADDRESS. Подробнее: autodigest sources add --help"),
        ("zzz", "Команды zzz нет. Подробнее: autodigest --help"),
        ("backp", "Команды backp нет. Имелось в виду backup? Подробнее: autodigest --help"),
        ("sources ad x", "Команды ad нет. Имелось в виду add? Подробнее: autodigest sources --help"),
        ("poll x y", "Лишнее: x y. Подробнее: autodigest poll --help"),
        ("poll --zzz", "Ключа --zzz нет. Подробнее: autodigest poll --help"),
        ("demo --prt 1", "Ключа --prt нет. Имелось в виду --port? Подробнее: autodigest demo --help"),
        ("demo --port", "После --port нужно значение."),
        ("demo --live=1", "--live пишется без значения."),
        ("demo --port x", "--port: нужно целое число, а не x. Подробнее: autodigest demo --help"),
        ("demo --port -1", "--port: нужно число не меньше 0. Подробнее: autodigest demo --help"),
        ("demo --port 70000", "--port: нужно число не больше 65535. Подробнее: autodigest demo --help"),
        (
            "preview --format x",
            "--format: x не подходит. Возможные значения: digest, brief, card. Подробнее: autodigest preview --help",
        ),
    ],
)
def test_what_is_wrong_is_one_line_of_russian_that_leads_to_the_help(
    line: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered(line, monkeypatch, capsys) == said + "\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("backup --lang en", "FILE is missing. More: autodigest backup --help"),
        ("zzz", "Команды zzz нет. Подробнее: autodigest --help"),
    ],
)
def test_the_language_that_was_asked_for_is_spoken_where_it_could_be_read(
    line: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered(line, monkeypatch, capsys) == said + "\n"


@pytest.mark.parametrize("line", ["", "sources"])
def test_who_names_no_command_reads_what_there_is(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["autodigest", *line.split()])
    with pytest.raises(SystemExit):
        main()
    written = capsys.readouterr()
    assert "Usage: autodigest" in written.out + written.err


def answered(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr("sys.argv", ["autodigest", *line.split()])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    return capsys.readouterr().err
