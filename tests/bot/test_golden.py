"""The messages people know us by, to the letter. When one is meant to change, its file changes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n import LANGUAGES
from bot.markup import Document, entities, plain, telegram_html
from bot.render import render_breaking, render_card, render_digest, render_post
from bot.render_fit import fits
from bot.sandbox.entities import marked_text, parse
from feeds.chatsettings import Density
from tests.bot.samples import breaking, issue, place, stories

GOLDEN = Path(__file__).parent / "golden"
FORMS = ("card", "post", "digest", "brief", "spoken", "breaking")


def written(form: str, lang: str) -> Document:
    match form:
        case "card":
            return render_card(stories(lang)[0], place(lang))
        case "post":
            return render_post(stories(lang)[0], place(lang, hashtags=True, signature="@avtodigest"))
        case "breaking":
            return render_breaking(breaking(lang), place(lang))
        case "brief":
            [document] = render_digest(issue(lang), place(lang, density=Density.BRIEF))
        case "spoken":
            [document] = render_digest(issue(lang), place(lang, accessible=True))
        case _:
            [document] = render_digest(issue(lang), place(lang))
    return document


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_message_is_written_to_the_letter_like_this(form: str, lang: str) -> None:
    golden = (GOLDEN / f"{form}.{lang}.html").read_text("utf-8")
    assert telegram_html(written(form, lang)) + "\n" == golden


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_telegram_shows_all_of_it_and_drops_nothing(form: str, lang: str) -> None:
    document = written(form, lang)
    html = telegram_html(document)
    assert parse(html, "HTML").text == plain(document)
    assert len(parse(html, "HTML").entities) == entities(document)[0]
    sent = marked_text(html, parse_mode="HTML")
    ours = {(one["type"], one["offset"], one["length"]) for one in parse(html, "HTML").entities}
    assert ours <= {(one["type"], one["offset"], one["length"]) for one in sent.entities}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("form", "most"), [("card", 1000), ("post", 1000), ("digest", 2400), ("breaking", 300)])
def test_a_message_keeps_to_its_length(form: str, lang: str, most: int) -> None:
    assert fits(written(form, lang), limit=most)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_accessible_look_has_no_pictures_dots_or_slanted_words(lang: str) -> None:
    for form in ("spoken", "breaking"):
        document = (
            written(form, lang) if form == "spoken" else render_breaking(breaking(lang), place(lang, accessible=True))
        )
        text = plain(document)
        assert not {sign for sign in text if sign in "·•🔴⚡↗+" or ord(sign) > 0xFFFF}
        assert "<i>" not in telegram_html(document)
        assert "expandable" not in telegram_html(document)
