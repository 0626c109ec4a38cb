from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import FullText, SourceSpec
from feeds.opml import Fault, Reading, Trouble, read_opml, write_opml

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
TOPICS = {"Электромобили": "ev", "Electric cars": "ev", "Китай": "china", "ev": "ev", "china": "china"}


def read(outlines: str, *, head: str = "", lang: str | None = None) -> Reading:
    body = f'{head}<opml version="2.0"><head><title>Мои</title></head>\n<body>{outlines}</body></opml>'
    return read_opml(body.encode(), topic_of=TOPICS.get, lang=lang)


def outline(name: str = "Пример", url: str = "https://example.ru/rss", more: str = "") -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{url}" {more}/>'


def spec(name: str = "Пример", url: str = "https://example.ru/rss", **changes: object) -> SourceSpec:
    return SourceSpec(**{"name": name, "url": url, "lang": "ru"} | changes)  # type: ignore[arg-type]


def test_an_outline_becomes_a_source() -> None:
    assert read(outline()).specs == (spec(),)


def test_folders_become_topics_however_deep_they_are() -> None:
    inner = f'<outline text="Китай">{outline()}</outline>'
    assert read(f'<outline text="Электромобили">{inner}</outline>').specs == (spec(topics=("ev", "china")),)


def test_a_folder_that_is_no_topic_adds_none() -> None:
    assert read(f'<outline text="Разное">{outline()}</outline>').specs == (spec(),)


def test_one_address_in_several_folders_is_one_source_with_all_their_topics() -> None:
    folders = (
        f'<outline text="Китай">{outline()}</outline><outline text="Electric cars">{outline("Другое имя")}</outline>'
    )
    assert read(folders).specs == (spec(topics=("china", "ev")),)


def test_the_attributes_of_other_readers_are_understood() -> None:
    told = read(
        '<outline title="Имя" text="Текст" XMLURL="https://example.ru/1"/><outline text="Два" url="https://example.ru/2"/>'
        '<outline text="Ссылка" type="link" url="https://example.ru/page"/><outline xmlUrl="feed://example.ru/3"/>'
    )
    assert [(one.name, one.url) for one in told.specs] == [
        ("Имя", "https://example.ru/1"),
        ("Два", "https://example.ru/2"),
        ("example.ru", "http://example.ru/3"),
    ]
    assert [fault.trouble for fault in told.faults] == [Trouble.NO_ADDRESS]


def test_categories_are_topics_too() -> None:
    assert read(outline(more='category="/cars/ev,/china"')).specs[0].topics == ("ev", "china")


def test_a_language_is_declared_or_given_or_guessed() -> None:
    told = read(
        outline("One", "https://example.com/1")
        + outline("Two", "https://example.com/2", 'language="de-AT"')
        + outline("Three", "https://example.ru/3")
    )
    assert [one.lang for one in told.specs] == ["en", "de", "ru"]
    assert read(outline("One", "https://example.com/1"), lang="ru").specs[0].lang == "ru"


def test_what_is_no_address_of_the_web_is_named_with_its_line() -> None:
    told = read(f"\n{outline('Файл', 'file:///etc/passwd')}\n{outline('Свой', 'http://127.0.0.1/rss')}\n{outline()}")
    assert told.specs == (spec(),)
    assert told.faults == (
        Fault(line=3, trouble=Trouble.BAD_ADDRESS, text="Файл — file:///etc/passwd"),
        Fault(line=4, trouble=Trouble.FORBIDDEN_ADDRESS, text="Свой — http://127.0.0.1/rss"),
    )


def test_every_source_knows_its_line() -> None:
    assert read(f"\n\n{outline()}").lines == {"https://example.ru/rss": 4}


def test_bare_quotes_and_ampersands_are_mended_and_named_with_their_line() -> None:
    told = read(f'\n<outline text="Газета "Руль" & Ко" xmlUrl="https://example.ru/a?b=1&c=2" />\n{outline()}')
    assert [(one.name, one.url) for one in told.specs] == [
        ('Газета "Руль" & Ко', "https://example.ru/a?b=1&c=2"),
        ("Пример", "https://example.ru/rss"),
    ]
    assert [(fault.line, fault.trouble) for fault in told.faults] == [(3, Trouble.MALFORMED)]


def test_a_file_that_breaks_off_gives_what_it_has() -> None:
    body = f"<opml><body>\n{outline()}\n<outline text='Половина".encode()
    told = read_opml(body, topic_of=TOPICS.get)
    assert told.specs == (spec(),)
    assert told.faults
    assert told.faults[0].trouble is Trouble.MALFORMED


@pytest.mark.parametrize("body", [b"", b"\0\0", "Привет".encode(), b"<html><body>no</body></html>", b"{}"])
def test_what_is_no_opml_says_so(body: bytes) -> None:
    assert read_opml(body, topic_of=TOPICS.get).faults == (Fault(line=0, trouble=Trouble.NOT_OPML),)


def test_entities_load_and_expand_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("тайна")
    bomb = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">\n' for n in range(1, 10))
    head = f'<?xml version="1.0"?>\n<!DOCTYPE opml [<!ENTITY b0 "лол">\n{bomb}<!ENTITY x SYSTEM "file://{secret}">]>\n'
    began = monotonic()
    told = read(f"{outline('&x;&b9;')}\n{outline('Другой', 'https://example.ru/2')}", head=head)
    assert monotonic() - began < 30
    assert "тайна" not in str(told)
    assert len(str(told)) < 1000
    assert told.specs[-1].name == "Другой"


def test_folders_nested_without_end_do_no_harm() -> None:
    told = read('<outline text="x">' * 5000 + outline() + "</outline>" * 5000)
    assert len(told.specs) <= 1


def test_another_charset_is_read() -> None:
    body = f'<?xml version="1.0" encoding="windows-1251"?><opml><body>{outline()}</body></opml>'.encode("cp1251")
    assert read_opml(body, topic_of=TOPICS.get).specs == (spec(),)


def test_what_is_written_is_read_back_the_same() -> None:
    specs = (
        spec('Кавычки "и" <знаки> & прочее', "https://example.ru/a?b=1&c=2"),
        spec("Электро", "https://example.ru/ev", topics=("ev", "china"), weight=1.5, full_text=FullText.PAGE),
        spec("English", "https://example.com/rss", lang="en", opinion_headings=("Our take", "Verdict"), enabled=False),
    )
    text = write_opml(specs, topic_name=lambda topic: {"ev": "Электромобили"}[topic], title="Autodigest", now=NOW)
    told = read_opml(text.encode(), topic_of=TOPICS.get)
    assert not told.faults
    assert sorted(told.specs, key=lambda one: one.url) == sorted(specs, key=lambda one: one.url)
    assert '<outline text="Электромобили" title="Электромобили">' in text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>&\"'/= \nopmlutine:xU;", max_size=300))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    read_opml(f"<opml><body>{text}".encode(), topic_of=TOPICS.get)


@pytest.fixture
def corpus_file() -> Callable[[str], bytes]:
    folder = os.environ.get("AUTODIGEST_CORPUS")
    if not folder:
        pytest.skip("AUTODIGEST_CORPUS is not set")
    return lambda name: (Path(folder) / "opml" / name).read_bytes()


@pytest.mark.parametrize(("name", "sources", "lines"), [("Cars.opml", 18, [19]), ("Russia.opml", 13, [20])])
def test_exports_of_real_readers_are_read_whole(
    corpus_file: Callable[[str], bytes], name: str, sources: int, lines: list[int]
) -> None:
    told = read_opml(corpus_file(name), topic_of=TOPICS.get)
    assert len(told.specs) == sources
    assert [fault.line for fault in told.faults] == lines
