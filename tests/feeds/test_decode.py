from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.decode import decode

RUSSIAN = "Новый кроссовер показали в Москве, продажи начнутся осенью"


def declared(charset: str, text: str = RUSSIAN) -> str:
    return f'<?xml version="1.0" encoding="{charset}"?><rss><title>{text}</title></rss>'


def test_valid_utf8_is_utf8_whatever_is_declared() -> None:
    decoded = decode(declared("windows-1251").encode(), "koi8-r")
    assert RUSSIAN in decoded.text
    assert decoded.charset == "utf-8"


def test_a_byte_order_mark_beats_every_declaration() -> None:
    decoded = decode(codecs.BOM_UTF16_LE + declared("utf-8").encode("utf-16-le"), "utf-8")
    assert RUSSIAN in decoded.text
    assert decoded.charset == "utf-16-le"


def test_a_doubled_byte_order_mark_leaves_no_trace() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + declared("utf-8").encode()).text.startswith("<?xml")


def test_utf16_without_a_mark_is_known_by_its_first_bracket() -> None:
    assert RUSSIAN in decode(declared("utf-16").encode("utf-16-be")).text


@pytest.mark.parametrize("name", ["windows-1251", "Windows-1251", "cp-1251", "win-1251", "CP1251"])
def test_declared_cp1251_is_read_under_every_name_it_goes_by(name: str) -> None:
    decoded = decode(declared(name).encode("cp1251"))
    assert RUSSIAN in decoded.text
    assert decoded.charset == "cp1251"


def test_the_http_charset_goes_before_the_declaration_in_the_document() -> None:
    assert RUSSIAN in decode(declared("windows-1251").encode("koi8-r"), "koi8-r").text


@pytest.mark.parametrize("declaration", [declared("utf-8"), declared("no-such-charset"), f"<rss>{RUSSIAN}</rss>"])
def test_cp1251_bytes_that_say_something_else_are_still_read(declaration: str) -> None:
    assert RUSSIAN in decode(declaration.encode("cp1251")).text


@pytest.mark.parametrize("name", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_russian_under_a_western_name_is_still_russian(name: str) -> None:
    assert RUSSIAN in decode(declared(name).encode("cp1251"), name).text


def test_koi8_that_nobody_declared_is_told_from_cp1251() -> None:
    assert RUSSIAN in decode(f"<rss>{RUSSIAN}</rss>".encode("koi8-r")).text


def test_a_western_text_is_read_under_the_western_name_it_has() -> None:
    assert "“Citroën” – 20 000 €" in decode(declared("windows-1252", "“Citroën” – 20 000 €").encode("cp1252")).text


def test_one_bad_byte_does_not_turn_a_utf8_feed_to_soup() -> None:
    body = declared("utf-8", RUSSIAN * 20).encode().replace("Москве".encode(), b"\xff" + "Москве".encode(), 1)
    decoded = decode(body)
    assert decoded.charset == "utf-8"
    assert decoded.text.count("\ufffd") == 1
    assert "кроссовер" in decoded.text


def test_what_is_not_russian_is_latin() -> None:
    decoded = decode("<rss>Citroën dévoilé à Genève, prêt pour l'été</rss>".encode("latin-1"))
    assert "Citroën dévoilé" in decoded.text
    assert decoded.charset == "latin-1"


def test_utf8_that_was_encoded_twice_is_read_twice() -> None:
    twice = RUSSIAN.encode().decode("cp1252", "ignore").encode()
    # cp1252 lacks five bytes; an author's program that keeps them as C1 controls loses nothing.
    kept = "".join(
        chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([byte]).decode("cp1252")
        for byte in RUSSIAN.encode()
    )
    assert RUSSIAN in decode(kept.encode()).text
    assert "кро" in decode(twice).text


def test_a_french_word_is_not_taken_for_mojibake() -> None:
    text = "<rss>ÐÑ – Ñandú, señor Ñuñez</rss>"
    assert decode(text.encode()).text == text


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=12)))
@settings(max_examples=150)
def test_any_bytes_under_any_declaration_become_text(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset).text, str)


@given(st.text(alphabet=st.characters(codec="cp1251", exclude_categories=["Cc"]), min_size=1))
@settings(max_examples=80)
def test_correctly_declared_cp1251_survives_whole(text: str) -> None:
    body = declared("windows-1251", text).encode("cp1251")
    assert text in decode(body).text or decode(body).charset == "utf-8"
