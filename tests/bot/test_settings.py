from __future__ import annotations

import logging
import os
import re
from pathlib import Path

import pytest
import structlog

from bot.i18n import LANGUAGES, messages, words_for
from bot.settings import PREFIX, Settings, load_settings
from feeds.errors import SettingsError

TOKEN = "123456:AAfictional-secret_of-nobody"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the machine's own environment or checkout is read."""
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_everything_has_a_default() -> None:
    settings = load_settings()
    assert settings.token is None
    assert (settings.lang, settings.timezone, settings.database) == ("ru", "Europe/Moscow", "var/autodigest.db")
    assert settings.operators == ()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "TOKEN": TOKEN,
        "API_BASE": "http://127.0.0.1:8081/",
        "DATABASE": "here.db",
        "SOURCES": "my.toml",
        "OPERATORS": "5, 7,",
        "LANG": "en",
        "TIMEZONE": "Asia/Almaty",
        "ALLOW_HOSTS": "feeds.example.ru",
        "POLL_MIN": "60",
        "POLL_MAX": "120",
        "HTTP": "127.0.0.1:8080",
        "LOG_FORMAT": "json",
    }
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings = load_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert settings.api_base == "http://127.0.0.1:8081"
    assert settings.sources == Path("my.toml")
    assert settings.operators == (5, 7)
    assert settings.allow_hosts == {"feeds.example.ru"}
    assert (settings.poll_min, settings.poll_max, settings.http) == (60, 120, "127.0.0.1:8080")


def test_a_dotenv_file_and_a_toml_file_are_read_and_the_environment_wins(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "autodigest.toml").write_text(
        'lang = "en"\ntimezone = "UTC"\ndatabase = "toml.db"\noperators = [5, 7]\n', "utf-8"
    )
    (empty_folder / ".env").write_text("AUTODIGEST_TIMEZONE=Asia/Omsk\nAUTODIGEST_DATABASE=dotenv.db\n", "utf-8")
    monkeypatch.setenv("AUTODIGEST_DATABASE", "environment.db")
    settings = load_settings()
    assert (settings.lang, settings.timezone, settings.database) == ("en", "Asia/Omsk", "environment.db")
    assert settings.operators == (5, 7)


def test_one_operator_in_toml_needs_no_list(empty_folder: Path) -> None:
    (empty_folder / "autodigest.toml").write_text("operators = 5\n", "utf-8")
    assert load_settings().operators == (5,)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", "")
    monkeypatch.setenv("AUTODIGEST_HTTP", "")
    assert load_settings().token is None


def test_spaces_around_a_pasted_token_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", f" {TOKEN}\n")
    token = load_settings().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


WRONG = [
    ("TOKEN", "no token"),
    ("TOKEN", "123456:"),
    ("TOKEN", ":secret"),
    ("TOKEN", "123456:two words"),
    ("API_BASE", "api.telegram.org"),
    ("API_BASE", "http://"),
    ("API_BASE", "http://my server"),
    ("OPERATORS", "me"),
    ("OPERATORS", "5,me"),
    ("LANG", "de"),
    ("TIMEZONE", "Moscow"),
    ("TIMEZONE", "../etc/passwd"),
    ("TIMEZONE", "Europe"),
    ("POLL_MIN", "0"),
    ("POLL_MIN", "nan"),
    ("POLL_MIN", "soon"),
    ("POLL_MAX", "inf"),
    ("POLL_MAX", "1e15"),
    ("POLL_MAX", "5"),
    ("HTTP", "8080"),
    ("HTTP", ":8080"),
    ("HTTP", "127.0.0.1:http"),
    ("HTTP", "127.0.0.1:70000"),
    ("LOG_FORMAT", "xml"),
]


def refusal(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> SettingsError:
    """What becomes of a setting in the environment."""
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refusal(name, value, monkeypatch)
    assert error.facts["name"] == PREFIX + name
    for lang in LANGUAGES:
        line = words_for(lang).error(error)
        assert PREFIX + name in line
        assert "\n" not in line


def test_a_file_that_is_no_toml_is_one_line_too(empty_folder: Path) -> None:
    (empty_folder / "autodigest.toml").write_text("lang = en\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.key == "settings-unreadable"


def test_an_example_stands_in_plain_words_without_pydantics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", "no token")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    for lang in LANGUAGES:
        line = words_for(lang).error(caught.value)
        assert "123456:AA…" in line
        assert "Value error" not in line


def test_a_wrong_token_is_not_shown_in_what_is_said_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", "12x:AAvery-secret")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.__cause__ is None
    for text in (str(caught.value), repr(caught.value), *(words_for(lang).error(caught.value) for lang in LANGUAGES)):
        assert "AAvery" not in text


def test_the_token_is_in_no_text_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTODIGEST_TOKEN", TOKEN)
    settings = load_settings()
    secret = TOKEN.partition(":")[2]
    for text in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.model_dump()}"):
        assert secret not in text
    logging.getLogger("test").warning("%s", settings)
    structlog.get_logger("test").warning("settings", settings=settings, token=settings.token)
    written = capsys.readouterr()
    assert secret not in written.out + written.err


def test_every_setting_says_what_it_is_for_in_each_language() -> None:
    said = {f"setting-{field.replace('_', '-')}" for field in Settings.model_fields}
    for lang in LANGUAGES:
        assert set(re.findall(r"^(setting-[a-z-]+) =", messages(lang), re.MULTILINE)) == said


@pytest.mark.parametrize("place", ["environment", "env file", "toml"])
def test_a_misspelt_name_is_named_with_the_one_that_was_meant(
    place: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    match place:
        case "environment":
            monkeypatch.setenv("AUTODIGEST_TIMEZON", "UTC")
        case "env file":
            (empty_folder / ".env").write_text("AUTODIGEST_TIMEZON=UTC\n", "utf-8")
        case _:
            (empty_folder / "autodigest.toml").write_text('timezon = "UTC"\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    name, meant = ("timezon", "timezone") if place == "toml" else ("AUTODIGEST_TIMEZON", "AUTODIGEST_TIMEZONE")
    assert (caught.value.key, caught.value.facts) == ("settings-misspelt", {"name": name, "meant": meant})


@pytest.mark.parametrize(("written", "meant"), [("AUTODIGEST_LANG", "lang"), ("autodigest_timezon", "timezone")])
def test_a_prefix_in_the_toml_file_is_refused_with_what_to_write(written: str, meant: str, empty_folder: Path) -> None:
    (empty_folder / "autodigest.toml").write_text(f'{written} = "en"\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    facts = {"name": written, "meant": meant, "file": "autodigest.toml"}
    assert (caught.value.key, caught.value.facts) == ("settings-prefixed", facts)


def test_a_name_like_none_of_ours_is_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_CORPUS", "/somewhere")
    assert load_settings().timezone == "Europe/Moscow"


def test_an_address_of_a_model_needs_the_models_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "LLM_URL", "http://127.0.0.1:11434/v1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.facts["name"] == PREFIX + "LLM_MODEL"
    monkeypatch.setenv(PREFIX + "LLM_MODEL", "small")
    assert load_settings().llm_model == "small"


@pytest.mark.parametrize(("name", "value"), [("LLM_URL", "ftp://x"), ("LLM_KEY", "two words")])
def test_a_wrong_model_setting_is_named_and_not_shown(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = refusal(name, value, monkeypatch)
    assert error.facts["name"] == PREFIX + name
    assert value not in str(error.facts)


@pytest.mark.parametrize(
    ("name", "value", "english", "russian"),
    [
        ("POLL_MIN", "soon", "must be a number", "должно быть число"),
        ("OPERATORS", "5,me", "must be a number", "должно быть число"),
        ("POLL_MIN", "0", "must be more than 0", "должно быть больше 0"),
        ("POLL_MAX", "1e15", "must be at most", "должно быть не больше"),
        ("LOG_FORMAT", "xml", "must be one of: auto, text, json", "возможные значения: auto, text"),
        ("PAID_BROADCAST", "perhaps", "must be true or false", "должно быть true или false"),
        ("POLL_MAX", "5", "cannot be less than AUTODIGEST_POLL_MIN", "не может быть меньше AUTODIGEST_POLL_MIN"),
        ("LLM_KEY", "two words", "a key has no spaces", "не бывает пробелов"),
        ("WEBHOOK_SECRET", "a b", "Latin letters, digits, _ and - only", "только латинские буквы"),
        ("WEBHOOK", "https://bot.example", "needs AUTODIGEST_HTTP too", "нужен и AUTODIGEST_HTTP"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_plain_words(
    name: str, value: str, english: str, russian: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refusal(name, value, monkeypatch)
    for lang, said in (("en", english), ("ru", russian)):
        line = words_for(lang).error(error).replace("\u2068", "").replace("\u2069", "")
        assert said in line
        assert "Input should" not in line
        assert ".." not in line


ENGLISH = r"\b(the|of|or|where|must|without|wanted|should|valid)\b"


@pytest.mark.parametrize(("name", "value"), [*WRONG, ("UNKNOWN", "perhaps"), ("WEBHOOK", "bot.example")])
def test_on_a_russian_system_an_error_of_a_setting_is_all_russian(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refusal(name, value, monkeypatch)
    line = words_for("ru").error(error)
    assert not re.search(ENGLISH, line, re.IGNORECASE)
    assert "…." not in line


def test_a_value_of_the_wrong_kind_is_said_without_pydantics_words(empty_folder: Path) -> None:
    (empty_folder / "autodigest.toml").write_text("database = 5\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.key == "settings-wrong"
    assert "Нужно: sqlite:///путь" in words_for("ru").error(caught.value)


@pytest.mark.parametrize("name", [".env", "autodigest.toml"])
def test_a_settings_file_in_another_encoding_is_said(name: str, empty_folder: Path) -> None:
    (empty_folder / name).write_bytes('AUTODIGEST_CONTACT = "Гараж"\n'.encode("cp1251"))
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.key == "settings-not-utf-8"
    assert name in words_for("ru").error(caught.value)
