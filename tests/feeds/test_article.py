from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.article import read_article

BODY = "Завод показал новый электромобиль и назвал его цену, а заодно и срок начала продаж в столице."
REST = "Продажи начнутся осенью, сообщила пресс-служба компании в понедельник вечером на встрече с прессой."


def paragraphs(html: str) -> tuple[str, ...]:
    return read_article(html, base="https://example.ru/1").paragraphs


def test_blocks_and_line_breaks_become_paragraphs() -> None:
    assert paragraphs("<div>Раз.<p>Два <b>и</b> три.</p>Четыре.<br/>Пять.</div>") == (
        "Раз.",
        "Два и три.",
        "Четыре.",
        "Пять.",
    )


def test_lines_of_plain_text_become_paragraphs_and_wrapped_ones_are_joined() -> None:
    assert paragraphs(f"{BODY}\nПродажи начнутся\nосенью.") == (BODY, "Продажи начнутся осенью.")


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<div class="share-buttons">Поделиться в сетях</div>',
        '<div class="post-comments">Первый!</div>',
        "<nav>Главная</nav>",
        "<footer>Подвал</footer>",
        '<p style="display: none">Тайное</p>',
        "<figure><img src='a.jpg'><figcaption>Подпись</figcaption></figure>",
        "<iframe src='https://example.com'>Рамка</iframe>",
        "<p>Читать далее…</p>",
        "<p><a href='/1'>Continue reading</a></p>",
        "<p>The post Новость appeared first on Example.</p>",
        "<p>Подписывайтесь на наш канал!</p>",
        "<p>Фото: пресс-служба</p>",
        "<p>Источник: Другая газета</p>",
    ],
)
def test_furniture_never_reaches_a_reader(furniture: str) -> None:
    assert paragraphs(f"<p>{BODY}</p>{furniture}<p>{REST}</p>") == (BODY, REST)


def test_related_links_come_from_their_block() -> None:
    links = '<li><a href="/2?utm_source=x">Другая новость</a></li><li><a href="javascript:x()">Третья</a></li>'
    html = f"<p>{BODY}</p><p>Читайте также:</p><ul>{links}</ul>"
    article = read_article(html, base="https://example.ru/1")
    assert article.related == (("Другая новость", "https://example.ru/2"),)
    assert article.paragraphs == (BODY,)


def test_a_related_line_amid_the_text_does_not_end_it() -> None:
    article = read_article(
        f'<p>{BODY}</p><p><b>Читайте также:</b> <a href="https://example.ru/2">Ещё</a></p><p>{REST}</p>'
    )
    assert article.paragraphs == (BODY, REST)
    assert article.related == (("Ещё", "https://example.ru/2"),)


def test_a_related_block_amid_the_text_does_not_end_it_either() -> None:
    assert paragraphs(f'<p>{BODY}</p><h4>Read also</h4><p><a href="/2">Ещё одна новость</a></p><p>{REST}</p>') == (
        BODY,
        REST,
    )


def test_pictures_are_absolute_and_tracking_pixels_are_none() -> None:
    html = (
        '<img src="/a.jpg"><img src="https://t.example/p.gif" width="1" height="1"><img src="data:x" data-src="/b.jpg">'
    )
    assert read_article(html, base="https://example.ru/1").pictures == (
        "https://example.ru/a.jpg",
        "https://example.ru/b.jpg",
    )


def test_of_a_whole_page_only_the_article_is_read() -> None:
    inside = f"<article><h1>Заголовок</h1>{f'<p>{BODY}</p>' * 3}</article>"
    around = "<html><head><title>t</title></head><body><p>Меню сайта.</p>{}<p>Адрес.</p></body></html>"
    page = around.format(inside)
    assert paragraphs(page) == (BODY,) * 3


def test_a_class_of_the_articles_own_does_not_hide_it() -> None:
    assert paragraphs(f'<article class="post comments-open"><p>{BODY}</p></article>') == (BODY,)


def test_words_around_a_dropped_box_do_not_run_together() -> None:
    assert paragraphs("<div>Раз.<aside>Два.</aside>Три.</div>") == ("Раз.", "Три.")


def test_a_list_of_figures_stays_in_the_article() -> None:
    assert paragraphs("<p>Цены:</p><ul><li>Седан: 2 млн</li><li>Купе: 3 млн</li></ul>") == (
        "Цены:",
        "Седан: 2 млн",
        "Купе: 3 млн",
    )


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "x",
        "<b>" * 20_000,
        "<" * 300_000,
        "<a " + "a=1 " * 50_000 + ">x",
        "<p>" + "x" * 600_000,
        "\n" * 100_000,
        "&" * 100_000,
    ],
)
def test_hostile_mark_up_takes_no_longer_than_other(html: str) -> None:
    assert isinstance(paragraphs(html), tuple)


def test_the_article_that_the_project_began_from_is_read_as_a_reader_would(corpus: Path) -> None:
    text = (corpus / "seed/leapmotor_faw.txt").read_text(encoding="utf-8")
    article = read_article(text, source_name="Rucars")
    assert article.opinion is not None
    assert article.opinion.label == "Мнение Rucars"
    assert article.opinion.text.startswith("Этот альянс")
    assert article.opinion.text.endswith("только время.")
    assert article.paragraphs[2].startswith("Китайские стартап")
    assert article.paragraphs[-1].endswith("является брендом Stellantis.")
    shown = "\n".join(article.paragraphs)
    assert not [
        word for word in ("Мнение", "Читайте", "Сергей", "Дата", "прогреве", "+7", "Меню", "редактор") if word in shown
    ]


@given(st.text(alphabet="абв <>/pbrdivlia\"'=&;!-\n", max_size=300))
@settings(max_examples=150)
def test_no_text_makes_it_raise_or_leak_mark_up(text: str) -> None:
    assert all(paragraph == " ".join(paragraph.split()) and paragraph for paragraph in paragraphs(text))


def test_short_lines_after_the_opinion_of_a_plain_text_are_the_pages() -> None:
    text = f"{BODY}\n\nНаше мнение\n\nХорошо сделано.\n\nАнна Петрова\nРедактор\n{REST}"
    assert paragraphs(text) == (BODY,)


def test_the_byline_above_an_article_is_not_its_text() -> None:
    assert paragraphs(f"<div>3 марта 2025</div><div>Анна Петрова</div><p>{BODY}</p>") == (BODY,)


def test_a_related_line_that_is_all_link_gives_the_title_alone() -> None:
    article = read_article(f'<p>{BODY}</p><p><a href="https://example.ru/2">Читайте также: Ещё одна</a></p>')
    assert article.related == (("Ещё одна", "https://example.ru/2"),)
