from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.quality_texts import cases
from feeds.article import Article, read_article
from feeds.model import Opinion

FACTS = "Завод показал новый электромобиль и назвал его цену."
MORE = "Продажи начнутся осенью, сообщила пресс-служба компании."
SAID = "Эта машина удивила нас больше всего. Время покажет, кто прав."


def read(html: str, *headings: str) -> Article:
    return read_article(html, headings=headings, source_name="Пример", base="https://example.ru/1")


MARK_UPS = {
    "a heading": f"<p>{FACTS}</p><h3>Мнение Пример</h3><p>{SAID}</p>",
    "a bold paragraph": f"<p>{FACTS}</p><p><b>Мнение Пример</b></p><p>{SAID}</p>",
    "a bold line of a div": f"<div>{FACTS}<br><br><strong>Мнение Пример</strong><br>{SAID}</div>",
    "a bold lead-in": f"<p>{FACTS}</p><p><strong>Мнение Пример:</strong> {SAID}</p>",
    "a bold lead-in, its colon outside": f"<p>{FACTS}</p><p><b>Мнение Пример</b>: {SAID}</p>",
    "a quotation": f"<p>{FACTS}</p><blockquote><b>Мнение Пример</b><p>{SAID}</p></blockquote><p>{MORE}</p>",
    "a box with a class": f'<p>{FACTS}</p><div class="editor-note"><div>Мнение Пример</div>{SAID}</div><p>{MORE}</p>',
    "an aside of the editor": f'<p>{FACTS}</p><aside class="our-take"><h4>Мнение Пример</h4>{SAID}</aside>',
    "plain lines": f"{FACTS}\n\nМнение Пример\n\n{SAID}\n\nЧитайте также:\n\nДругая новость",
    "plain lines without gaps": f"{FACTS}\nМнение Пример\n{SAID}",
    "a label in its own line of text": f"{FACTS}\n\nМнение Пример: {SAID}",
    "mark-up that was escaped twice": f"&lt;p&gt;{FACTS}&lt;h3&gt;Мнение Пример&lt;/h3&gt;&lt;p&gt;{SAID}",
}


@pytest.mark.parametrize("html", MARK_UPS.values(), ids=MARK_UPS.keys())
def test_the_opinion_is_found_in_every_mark_up(html: str) -> None:
    article = read(html)
    assert article.opinion == Opinion(label="Мнение Пример", text=SAID)
    assert article.paragraphs[0] == FACTS
    assert not any(SAID in paragraph or "Мнение" in paragraph for paragraph in article.paragraphs)
    assert (MORE in html) == (MORE in article.paragraphs)


@pytest.mark.parametrize(
    "label",
    ["Мнение редакции", "Наше мнение", "Комментарий редакции", "Вердикт", "Мнение редакции Пример",
     "МНЕНИЕ «ПРИМЕР»", "Мнение Example.ru", "Our take",
     "Editor's opinion", "Editor’s note", "Verdict", "The bottom line", "Example's take"],
)  # fmt: skip
def test_every_usual_heading_is_known(label: str) -> None:
    opinion = read(f"<p>{FACTS}</p><h3>{label}:</h3><p>{SAID}</p>").opinion
    assert opinion == Opinion(label=label, text=SAID)


def test_a_sources_own_heading_is_known() -> None:
    html = f"<p>{FACTS}</p><h3>Слово мастеру</h3><p>{SAID}</p>"
    assert read(html).opinion is None
    assert read(html, "Слово мастеру:").opinion == Opinion(label="Слово мастеру", text=SAID)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Мнение редакции может не совпадать с мнением автора.</p>",
        "<p><b>Мнение редакции</b> может не совпадать с мнением автора.</p>",
        "<h4>Мнение редакции</h4><p>Может не совпадать с мнением автора.</p>",
        f"<h3>Мнение эксперта</h3><p>{SAID}</p>",
        f"<h3>Мнение читателя</h3><p>{SAID}</p>",
        f"<h3>Мнение Тойоты</h3><p>{SAID}</p>",
        f"<p>Мнение экспертов</p><p>{SAID}</p>",
        f"<p>Суд вынес вердикт: {SAID}</p>",
        f"<p>Вердикт: {SAID}</p>",
        "<ul><li>Характеристики</li><li>Вердикт</li></ul>",
        f'<p><a href="/opinion">Мнение редакции</a></p><p>{SAID}</p>',
        "<h3>Мнение редакции</h3>",
        f"<h3>Мнение редакции</h3><h3>Цена</h3><p>{SAID}</p>",
    ],
)
def test_what_is_not_the_editors_is_not_quoted(html: str) -> None:
    assert read(f"<p>{FACTS}</p>{html}").opinion is None


def test_an_experts_view_stays_in_the_article() -> None:
    assert SAID in read(f"<p>{FACTS}</p><h3>Мнение эксперта</h3><p>{SAID}</p>").paragraphs


@pytest.mark.parametrize(
    "stop",
    ["<h3>Характеристики</h3>", "<p><b>Характеристики</b></p>", "<p>Читайте также:</p>", "<p>Источник: Газета</p>",
     "<ul><li>Цена</li></ul>", "<p>Фото: завод</p>", "<p>Теги: авто</p>", "<p>По теме</p>", "<p>Related</p>"],
)  # fmt: skip
def test_the_opinion_ends_where_something_else_begins(stop: str) -> None:
    opinion = read(f"<p>{FACTS}</p><h3>Наше мнение</h3><p>{SAID}</p>{stop}<p>{MORE}</p>").opinion
    assert opinion == Opinion(label="Наше мнение", text=SAID)


def test_what_follows_the_next_heading_belongs_to_the_article() -> None:
    assert MORE in read(f"<p>{FACTS}</p><h3>Наше мнение</h3><p>{SAID}</p><h3>Цены</h3><p>{MORE}</p>").paragraphs


def test_several_paragraphs_are_one_opinion() -> None:
    opinion = read(f"<p>{FACTS}</p><h3>Наше мнение</h3><p>{SAID}</p><p>И ещё одно.</p>").opinion
    assert opinion == Opinion(label="Наше мнение", text=f"{SAID} И ещё одно.")


def test_a_long_opinion_is_cut_at_a_sentences_end_and_stays_out_of_the_facts() -> None:
    article = read(f"<p>{FACTS}</p><h3>Наше мнение</h3>" + f"<p>{SAID}</p>" * 40)
    assert article.opinion is not None
    assert 800 < len(article.opinion.text) <= 900
    assert article.opinion.text.endswith(".")
    assert article.paragraphs == (FACTS,)


def test_white_space_is_folded_and_no_word_is_changed() -> None:
    opinion = read(f"<p>{FACTS}</p><h3>Наше\n мнение</h3><p>Раз,\u00a0 два\n\t— <i>три</i>.</p>").opinion
    assert opinion == Opinion(label="Наше мнение", text="Раз, два — три.")


def test_a_box_without_a_title_gets_the_usual_one() -> None:
    assert read(f'<p>{FACTS}</p><div class="editors-note"><p>{SAID}</p></div>').opinion == Opinion(
        label="Мнение редакции", text=SAID
    )


PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<h3>", "</h3>", "<blockquote>", "</blockquote>", "<li>", "<br>", "\n", SAID,
     "Мнение редакции", "Вердикт:"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25))
@settings(max_examples=150)
def test_no_mark_up_makes_it_invent_a_word(pieces: list[str]) -> None:
    html = " ".join(pieces)
    article = read(html)
    if article.opinion:
        assert set(article.opinion.text.split()) <= set(html.split())
        assert len(article.opinion.text) <= 900


BOXES = {
    "a div of its own": f'<div class="b"><div class="t">Наше мнение</div><div class="x">{SAID}</div></div>',
    "a section": f"<section><h3>Наше мнение</h3><p>{SAID}</p></section>",
    "a lead-in": f"<div><p><b>Наше мнение:</b> {SAID}</p></div>",
    "two neighbours": f"<div><h3>Наше мнение</h3></div><div><p>{SAID}</p></div>",
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES.keys())
def test_an_opinion_ends_with_the_box_it_fills(box: str) -> None:
    article = read(f"<div><p>{FACTS}</p>{box}<p>{MORE}</p></div>")
    assert article.opinion == Opinion(label="Наше мнение", text=SAID)
    assert article.paragraphs == (FACTS, MORE)


def test_an_opinion_beside_the_article_of_a_page_is_found() -> None:
    body = f"<article>{f'<p>{FACTS}</p>' * 6}</article><div><h3>Мнение редакции</h3><p>{SAID}</p></div>"
    article = read(f"<html><head><title>t</title></head><body>{body}</body></html>")
    assert article.opinion == Opinion(label="Мнение редакции", text=SAID)
    assert article.paragraphs == (FACTS,) * 6


@pytest.mark.parametrize("name", ["found.toml", "none.toml"])
def test_every_mark_up_we_know_of_is_read_right(name: str) -> None:
    wrong = [case.html for case in cases(name) if not case.is_right()]
    assert not wrong


def test_what_is_named_behind_an_opinion_in_its_own_paragraph_is_no_part_of_it() -> None:
    page = f'<p>{FACTS}</p><h3>Мнение редакции</h3><p>{SAID} <b>Читайте также:</b> <a href="https://example.ru/7">Ещё</a></p>'
    article = read_article(page)
    assert article.opinion == Opinion(label="Мнение редакции", text=SAID)
    assert article.related == (("Ещё", "https://example.ru/7"),)


def test_a_box_of_the_editors_set_aside_is_read_and_other_asides_are_not() -> None:
    box = f"<aside class={{}}><p><b>Мнение редакции</b></p><p>{SAID}</p></aside>"
    assert read_article(f"<p>{FACTS}</p>{box.format('editor')}").opinion is not None
    assert read_article(f"<p>{FACTS}</p>{box.format('widget')}").opinion is None
