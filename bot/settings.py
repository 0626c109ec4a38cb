"""What an operator can set: ``AUTODIGEST_…`` in the environment, ``.env`` or ``autodigest.toml``, in that order.

Knows no other room; the composition root hands each room the few values it needs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import (
    SettingsError as UnreadableSettingsError,
)

from bot.misspelt import Places, refuse_misspelt, unknown_names
from feeds.errors import Phrase, SettingsError

PREFIX = "AUTODIGEST_"
ENV_FILE, TOML_FILE = Path(".env"), Path("autodigest.toml")
_PLACES = Places(prefix=PREFIX, env_file=ENV_FILE, toml_file=TOML_FILE)


class _RuleError(ValueError):
    """A value breaks a rule, which has words of its own: ``settings-rule-…``."""


class Settings(BaseSettings):
    """Every setting with its default; what each is for, ``setting-…`` says in the locale files.

    The README's table is checked against this class.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        toml_file=TOML_FILE,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = None
    api_base: str = "https://api.telegram.org"
    database: str = "var/autodigest.db"
    sources: Path | None = None
    operators: Annotated[tuple[int, ...], NoDecode] = ()
    operator_name: str = ""
    contact: str = ""
    lang: Literal["ru", "en"] = "ru"
    timezone: str = "Europe/Moscow"
    allow_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    poll_min: float = Field(default=900, gt=0, le=86400)
    """Seconds, as is the next."""
    poll_max: float = Field(default=86400, gt=0, le=2592000)
    paid_broadcast: bool = False
    opinion_stopwords: Annotated[tuple[str, ...], NoDecode] = ()
    unknown: Literal["ask", "resend"] = "ask"
    http: str | None = None
    webhook: str | None = None
    webhook_secret: SecretStr | None = None
    llm_url: str | None = None
    llm_model: str | None = Field(default=None, validate_default=True)
    llm_key: SecretStr | None = None
    log_format: Literal["auto", "text", "json"] = "auto"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Add the TOML file, the least of all sources."""
        return (
            init_settings,
            env_settings,
            dotenv_settings,
            TomlConfigSettingsSource(settings_cls),
            file_secret_settings,
        )

    @field_validator("operators", "allow_hosts", "opinion_stopwords", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return [value] if isinstance(value, int) else value

    @field_validator("api_base", "llm_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        scheme, _, rest = value.partition("://")
        if scheme not in ("http", "https") or not rest.strip("/") or len(value.split()) > 1:
            raise ValueError("http(s)://…")
        return value.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("Europe/Moscow, Asia/Almaty, UTC") from error
        return value

    @field_validator("http")
    @classmethod
    def _is_host_and_port(cls, value: str | None) -> str | None:
        if value is not None:
            host, _, port = value.rpartition(":")
            if not host or not port.isdecimal() or int(port) > 65535:
                raise ValueError("127.0.0.1:8080")
        return value

    @field_validator("webhook")
    @classmethod
    def _is_webhook(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            scheme, _, rest = value.partition("://")
            near = rest.startswith(("127.0.0.1", "localhost"))
            if (scheme != "https" and not (scheme == "http" and near)) or not rest or len(value.split()) > 1:
                raise ValueError("https://…")
            if info.data.get("http") is None:
                raise _RuleError("http")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise _RuleError("signs")
        return value

    @field_validator("token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        token = value.get_secret_value().strip()
        number, _, secret = token.partition(":")
        if not number.isdecimal() or not secret or len(token.split()) > 1:
            raise ValueError("123456:AA…")
        return SecretStr(token)

    @model_validator(mode="after")
    def _ordered(self) -> Settings:
        if self.poll_max < self.poll_min:
            raise _RuleError("order")
        return self

    @field_validator("llm_model")
    @classmethod
    def _is_named(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("llm_url") and not (value and value.strip()):
            raise _RuleError("model")
        return value and value.strip()

    @field_validator("llm_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
            raise _RuleError("key")
        return value


def load_settings() -> Settings:
    """Read all settings.

    Raises ``SettingsError`` that names the first wrong one and what to write.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise _wrong(error) from None
    except OSError as error:
        raise SettingsError("file-unreadable", file=str(error.filename), reason=error) from error
    except UnicodeDecodeError as error:
        raise SettingsError("settings-not-utf-8", files=f"{ENV_FILE}, {TOML_FILE}") from error
    except (UnreadableSettingsError, ValueError) as error:
        raise SettingsError("settings-unreadable", reason=str(error)) from error
    refuse_misspelt(Settings.model_fields, _PLACES)
    return settings


def unread_settings() -> list[str]:
    """List what is written where our settings are, named as none of them: nothing reads it."""
    return unknown_names(Settings.model_fields, _PLACES)


def _wrong(error: ValidationError) -> SettingsError:
    """Put the first wrong value into plain words; pydantic's own are for programmers."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else "poll_max"
    wanted = Phrase(f"setting-{field.replace('_', '-')}")
    name, kind, context = PREFIX + field.upper(), str(first["type"]), first.get("ctx", {})
    if isinstance(rule := context.get("error"), _RuleError):
        return _broken(str(rule), name, wanted)
    limit = next((f"{context[key]:g}" for key in ("gt", "ge", "lt", "le") if key in context), "")
    match kind:
        case "value_error":
            # What our other validators say is an example, before which pydantic puts words of its own.
            example = first["msg"].removeprefix("Value error, ")
            return SettingsError("settings-unlike", name=name, example=example, wanted=wanted)
        case "float_parsing" | "float_type" | "int_parsing" | "int_type" | "int_from_float" | "finite_number":
            return SettingsError("settings-number", name=name, wanted=wanted)
        case "bool_parsing" | "bool_type":
            return SettingsError("settings-yes-no", name=name, wanted=wanted)
        case "literal_error":
            options = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            return SettingsError("settings-choice", name=name, options=options, wanted=wanted)
        case "greater_than":
            return SettingsError("settings-above", name=name, limit=limit, wanted=wanted)
        case "less_than_equal":
            return SettingsError("settings-below", name=name, limit=limit, wanted=wanted)
    return SettingsError("settings-wrong", name=name, wanted=wanted)


def _broken(rule: str, name: str, wanted: Phrase) -> SettingsError:
    """Say which rule a value breaks."""
    match rule:
        case "http":
            return SettingsError("settings-rule-http", name=name, wanted=wanted)
        case "signs":
            return SettingsError("settings-rule-signs", name=name, wanted=wanted)
        case "order":
            return SettingsError("settings-rule-order", name=name, wanted=wanted)
        case "model":
            return SettingsError("settings-rule-model", name=name, wanted=wanted)
    return SettingsError("settings-rule-key", name=name, wanted=wanted)
