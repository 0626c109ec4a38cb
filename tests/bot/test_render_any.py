"""No words that anybody may write make a digest that Telegram cuts, refuses or reads otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, words_for
from bot.markup import Bold, Document, Link, Paragraph, entities, plain, telegram_html
from bot.render import HEADLINE, Place, cut, cut_sentence, fits, render_card, render_digest, topic_namer
from bot.render_cut import held
from bot.sandbox.entities import marked_text, parse, trimmed
from feeds.issue import Digest, DigestStory, Section
from feeds.model import Opinion
from tests.samples import HOUR, NOW, digest, told

letters = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn"))
any_word = st.one_of(
    st.text(letters, min_size=1, max_size=10),
    st.text("абвгд", min_size=300, max_size=310),
    st.sampled_from(
        ["<b>", "&amp;", "🚗", "👩‍🔧", "שלום", "مرحبا", "Конец.", "Да!", "https://koleso.example/x", "#тег", "@user"]
    ),
)
any_text = st.lists(any_word, min_size=1, max_size=40).map(" ".join).filter(lambda text: plain_words(text) != "")


def plain_words(text: str) -> str:
    return text.strip(" ,.;:—–-")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("на 12 % за 3 км", "на 12~% за 3~км"),
        ("14 380 машин № 5", "14~380 машин №~5"),
        ("38 kWh, 5 kilometres", "38~kWh, 5 kilometres"),
        ("3 kmh 4 годовщины", "3 kmh 4 годовщины"),
    ],
)
def test_no_line_parts_a_number_from_its_unit(text: str, shown: str) -> None:
    assert held(text) == shown.replace("~", "\N{NO-BREAK SPACE}")


@given(text=any_text, limit=st.integers(2, 200))
def test_no_cut_is_longer_than_it_may_be_nor_ends_inside_a_word(text: str, limit: int) -> None:
    for shortened in (cut(text, limit), cut_sentence(text, limit)):
        assert len(shortened) <= limit
        if shortened == text:
            continue
        kept = shortened.removesuffix("…") if not text.startswith(shortened) else shortened
        assert text.startswith(kept)
        if " " in text[: limit - 1]:
            rest = text[len(kept) :]
            assert rest == "" or rest[0] in " ,.;:—–-"


@st.composite
def any_story(draw: st.DrawFn, number: int) -> DigestStory:
    judged = draw(st.booleans())
    longest = draw(st.sampled_from([20, 200, 2000]))
    return told(
        number,
        headline=draw(any_text),
        summary=draw(st.one_of(st.just(""), any_text)),
        url=f"https://koleso.example/{number}?" + "x" * longest,
        sources=tuple(
            draw(st.lists(st.sampled_from(["Колесо", "Гудок <3", "A&B"]), min_size=1, max_size=3, unique=True))
        ),
        published_at=NOW - timedelta(minutes=draw(st.integers(0, 5000))),
        opinion=Opinion(label=draw(any_text)[:60], text=draw(any_text)) if judged else None,
        opinion_source=draw(st.sampled_from(["Гудок <3", "A&B"])) if judged else None,
    )


@st.composite
def any_digest(draw: st.DrawFn) -> Digest:
    stories = [draw(any_story(number)) for number in range(1, draw(st.integers(1, 14)) + 1)]
    marks = sorted(draw(st.sets(st.integers(1, len(stories)), max_size=4)) | {0, len(stories)})
    sections = tuple(
        Section(topic=f"тема {start} <&>", stories=tuple(stories[start:end])) for start, end in pairwise(marks)
    )
    return digest(sections=sections, next_at=draw(st.sampled_from([None, NOW + HOUR])))


def headlines(document: Document) -> list[str]:
    """The bold first lines of stories."""
    found: list[str] = []
    for block in document:
        if isinstance(block, Paragraph) and isinstance(block.inner[0], str) and len(block.inner) > 1:
            headline: Any = block.inner[1].inner[0] if isinstance(block.inner[1], Link) else block.inner[1]
            assert isinstance(headline, Bold)
            found.append(plain((Paragraph(headline.inner),)))
    return found


def place(lang: str) -> Place:
    return Place(words=words_for(lang), zone="Europe/Moscow", topic_name=topic_namer({}, lang))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(issue=any_digest(), lang=st.sampled_from(LANGUAGES))
def test_any_digest_fits_and_is_read_by_telegram_as_meant(issue: Digest, lang: str) -> None:
    documents = render_digest(replace(issue, next_at=None), place(lang))
    for document in documents:
        assert fits(document)
        marked = telegram_html(document)
        read = trimmed(parse(marked, "HTML"))
        assert read.text == plain(document).strip()
        assert len(read.entities) == entities(document)[0]
        assert len(read.text) <= 4096
        sent = marked_text(marked, parse_mode="HTML")
        assert len(sent.entities) <= 100
    told_again = [headline for document in documents for headline in headlines(document)]
    assert told_again == [cut(story.headline, HEADLINE) for story in issue.stories]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(story=any_story(1))
def test_any_card_fits_and_is_read_by_telegram_as_meant(story: DigestStory) -> None:
    document = render_card(story, place("ru"))
    assert fits(document)
    read = trimmed(parse(telegram_html(document), "HTML"))
    assert read.text == plain(document).strip()
    assert len(read.entities) == entities(document)[0]
