from __future__ import annotations

import json
import logging

import aiohttp
import pytest
import structlog
from aiohttp import RequestInfo
from multidict import CIMultiDict, CIMultiDictProxy
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from bot.logs import redact, set_up_logs

TOKEN = "123456789:AAfictional-secret_of-nobody_at-all"
STYLES = ("text", "json")


def fail(typed: str) -> None:
    length = len(typed)
    raise RuntimeError(f"stumbled after {length} characters")


@pytest.mark.parametrize("style", STYLES)
def test_an_error_is_logged_with_its_traceback_and_without_what_people_wrote(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(style)
    private = "что я написал боту"
    try:
        fail(private)
    except RuntimeError:
        structlog.get_logger("test").exception("handler failed")
    written = capsys.readouterr().err
    assert "stumbled after 18 characters" in written
    assert "in fail" in written
    assert private not in written


@pytest.mark.parametrize("style", STYLES)
def test_an_error_that_quotes_what_it_could_not_read_is_logged_without_it(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(style)
    private = ["моя тайна", "другая, input_type=тайна"]
    try:
        TypeAdapter(list[int]).validate_python(private)
    except ValidationError:
        structlog.get_logger("test").exception("handler failed")
    written = capsys.readouterr().err
    assert "int_parsing" in written
    assert "тайна" not in written


@pytest.mark.parametrize("style", STYLES)
def test_an_address_in_an_error_does_not_show_the_token(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(style)
    url = URL(f"https://api.example/bot{TOKEN}/getMe")
    request = RequestInfo(url, "POST", CIMultiDictProxy(CIMultiDict()), url)
    error = aiohttp.TooManyRedirects(request, ())
    assert TOKEN in str(error)
    structlog.get_logger("test").warning("Telegram not reached", reason=str(error))
    try:
        raise error
    except aiohttp.TooManyRedirects:
        structlog.get_logger("test").exception("worker stumbled")
        logging.getLogger("library").exception("failed")
    written = capsys.readouterr().err
    assert "getMe" in written
    assert TOKEN not in written
    assert TOKEN.partition(":")[2] not in written


def test_what_only_looks_a_little_like_a_token_stays() -> None:
    line = "2026-11-22T10:08:47.123456Z due=2026-11-22T05:00Z http://127.0.0.1:8080/healthz store=sqlite:///var/a.db"
    assert redact(line) == line


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json")
    structlog.get_logger("test").info("issue sent", chat=5, slot="утро")
    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["chat"], event["slot"], event["level"]) == ("issue sent", 5, "утро", "info")


def test_what_happens_all_the_time_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("text")
    structlog.get_logger("test").debug("looked")
    logging.getLogger("library").info("looked")
    assert capsys.readouterr().err == ""
