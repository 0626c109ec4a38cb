from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Opinion, PageLinks, PageText
from feeds.pagetext import read_page_text
from feeds.polls import Failed, FailureKind, Fetched
from feeds.workers import Parser

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
URL = "https://example.ru/news/1"
FACTS = (
    "Завод в Калуге начал сборку нового кроссовера и до конца года выпустит восемь тысяч машин.",
    "Двигатель прежний: полуторалитровый турбированный мотор на 147 сил и вариатор, полный привод обещают весной.",
    "Цены назовут в декабре, продажи начнутся в январе через сеть из девяноста дилеров по всей стране.",
)
SAID = "Машина хороша, но цена решит всё: на этом рынке уже тесно, и скидки начнутся раньше, чем кончится снег."


def page(inner: str, head: str = "") -> bytes:
    body = "".join(f"<p>{fact}</p>" for fact in FACTS)
    return (
        f"<!doctype html><html lang=ru><head><meta charset=utf-8><title>Новость</title>{head}</head><body>"
        '<nav><a href="/">Главная</a> <a href="/tests">Тесты</a></nav>'
        f"<main><article><h1>Новый кроссовер</h1><div>{body}</div></article>{inner}</main>"
        '<aside><h3>Популярное</h3><a href="/2">Другая новость</a></aside><footer>Все права защищены.</footer>'
        "</body></html>"
    ).encode()


def read(body: bytes) -> PageText:
    told = read_page_text(body, charset=None, url=URL, source_name="Пример", headings=["Слово Примера"])
    assert isinstance(told, PageText)
    return told


def test_the_article_is_told_from_the_page_around_it() -> None:
    told = read(page(""))
    assert [paragraph for paragraph in told.paragraphs if paragraph in FACTS] == list(FACTS)
    assert "защищены" not in " ".join(told.paragraphs)
    assert told.opinion is None


@pytest.mark.parametrize(
    ("markup", "label"),
    [
        (f"<h3>Мнение редакции</h3><p>{SAID}</p>", "Мнение редакции"),
        (f'<div class="editor-opinion"><b>Слово Примера</b><p>{SAID}</p></div>', "Слово Примера"),
        (f"<aside class=box><h4>Мнение «Пример»</h4><p>{SAID}</p></aside>", "Мнение «Пример»"),
    ],
)
def test_an_opinion_beside_the_article_is_found_and_not_repeated_in_the_text(markup: str, label: str) -> None:
    told = read(page(markup))
    assert told.opinion is not None
    assert told.opinion.text == SAID
    assert told.opinion.label == label
    assert SAID not in "\n".join(told.paragraphs)


def test_the_picture_for_social_networks_is_the_articles() -> None:
    told = read(page('<img src="/inline.jpg">', head='<meta property="og:image" content="/big.jpg">'))
    assert told.pictures[0] == "https://example.ru/big.jpg"


def test_a_page_in_cp1251_is_read_without_any_declaration() -> None:
    body = page("").decode().replace("<meta charset=utf-8>", "").encode("cp1251")
    assert FACTS[0] in read(body).paragraphs


def test_a_challenge_says_that_it_is_one() -> None:
    body = (
        b"<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
    )
    told = read_page_text(body, charset=None, url=URL)
    assert isinstance(told, Failed)
    assert told.kind is FailureKind.CHALLENGE


@pytest.mark.parametrize("body", [b"", b'{"a": 1}', b'<rss version="2.0"></rss>', b"<html><body></body></html>"])
def test_what_is_no_article_is_a_failure(body: bytes) -> None:
    assert isinstance(read_page_text(body, charset=None, url=URL), Failed)


def test_a_page_that_is_only_an_opinion_is_kept() -> None:
    body = f"<html><body><h3>Мнение редакции</h3><p>{SAID}</p></body></html>".encode()
    assert read(body).opinion == Opinion(label="Мнение редакции", text=SAID)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='<>"/=: apbdivhtml3\n&#Мнение', max_size=200))
def test_no_page_makes_the_reader_raise(text: str) -> None:
    read_page_text(f"<html><body>{text}".encode(), charset=None, url=URL)


async def test_a_hostile_page_costs_its_worker_and_nobody_else() -> None:
    hostile = Fetched(url=URL, body=b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">x</p>")
    article = Fetched(url=URL, body=page("<h3>Мнение редакции</h3><p>Хорошо, что так.</p>"))
    async with Parser(modules=["feeds.pagetext"]) as parser:
        began = monotonic()
        told = await parser.read_text(hostile, source_name="", headings=[], now=NOW)
        assert told == Failed(kind=FailureKind.PARSE_TIMEOUT, detail="2 s")
        assert monotonic() - began < 10
        told = await parser.read_text(article, source_name="", headings=[], now=NOW)
        assert isinstance(told, PageText)
        assert told.opinion == Opinion(label="Мнение редакции", text="Хорошо, что так.")
        links = await parser.read_links(article, now=NOW)
        assert links == PageLinks(title="Новость")
