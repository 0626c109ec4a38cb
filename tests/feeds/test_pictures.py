from __future__ import annotations

import random

import pytest

from feeds.blocks import read_blocks
from feeds.pictures import read_pictures

_TAGS = (
    *("p", "div", "a", "b", "span", "figure", "article", "main", "nav", "aside", "section", "ul", "li", "header"),
    *("script", "form", "noscript", "figcaption", "blockquote", "title"),
)
_MARKS = (
    *(
        "",
        "",
        "",
        ' class="text"',
        ' class="share-box"',
        ' class="comments-open"',
        ' class="editor-opinion"',
        " hidden",
    ),
    *(' style="display: none"', ' style="color: red"', ' id="ad"'),
)
_IMAGES = (
    *('<img src="/a.jpg">', '<img src="https://cdn.example/b.png" width="1">', '<img data-src="//cdn.example/c.webp">'),
    *('<img src="data:image/png;base64,x" data-original="d.jpg">', '<img class="pixel" src="/e.gif" hidden>', "<img>"),
)


def _markup(chance: random.Random, depth: int = 0) -> str:
    if depth > 5 or chance.random() < 0.4:
        return chance.choice((*_IMAGES, "Завод показал кроссовер. ", "&lt;p&gt;", "<br>"))
    tag = chance.choice(_TAGS)
    inside = "".join(_markup(chance, depth + 1) for _ in range(chance.randint(0, 4)))
    return f"<{tag}{chance.choice(_MARKS)}>{inside}" + (f"</{tag}>" if chance.random() < 0.95 else "")


def test_pictures_by_themselves_are_those_of_the_article_read_whole() -> None:
    chance, found = random.Random(3), 0
    for _ in range(3_000):
        markup = "".join(_markup(chance) for _ in range(chance.randint(1, 6)))
        pictures = read_pictures(markup, "https://example.ru/1")
        assert pictures == read_blocks(markup, "https://example.ru/1").pictures, markup
        found += len(pictures)
    assert found > 1_000


@pytest.mark.parametrize("depth", [96, 97, 98, 99, 100, 250])
def test_pictures_in_deep_nesting_too(depth: int) -> None:
    markup = "<div>" * depth + '<img src="/a.jpg">'
    assert read_pictures(markup, "https://example.ru/1") == read_blocks(markup, "https://example.ru/1").pictures


def test_plain_text_has_none() -> None:
    assert read_pictures("Завод показал кроссовер.") == ()
