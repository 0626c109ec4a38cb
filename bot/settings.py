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

from feeds.errors import SettingsError

PREFIX = "AUTODIGEST_"


class Settings(BaseSettings):
    """Every setting with its default. The README's table is checked against this class."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        toml_file="autodigest.toml",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(default=None, description="The bot's token from @BotFather (secret)")
    api_base: str = Field(default="https://api.telegram.org", description="Address of the Bot API server")
    database: str = Field(
        default="var/autodigest.db", description="`sqlite:///path`, a path, or `postgresql://…` (extra `postgres`)"
    )
    sources: Path | None = Field(default=None, description="Sources file (TOML); without it the packaged list")
    operators: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Telegram ids of the operators, separated by commas"
    )
    lang: Literal["ru", "en"] = Field(default="ru", description="Language where a person's own is unknown: ru or en")
    timezone: str = Field(default="Europe/Moscow", description="IANA time zone where a person's own is unknown")
    allow_hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(), description="Hosts exempt from the address guard, separated by commas"
    )
    poll_min: float = Field(default=900, gt=0, le=86400, description="Shortest time between polls of a source, seconds")
    poll_max: float = Field(
        default=86400, gt=0, le=2592000, description="Longest time between polls of a source, seconds"
    )
    paid_broadcast: bool = Field(
        default=False, description="Pay Telegram 0.1 Star a message for up to 1,000 a second instead of 30"
    )
    unknown: Literal["ask", "resend"] = Field(
        default="ask",
        description="An issue that may or may not have arrived, when nothing tells: ask its reader, or resend",
    )
    http: str | None = Field(
        default=None,
        description="`host:port` of `/healthz`, `/readyz`, `/metrics` and the webhook; without it there are none",
    )
    webhook: str | None = Field(
        default=None,
        description="`https://…` where Telegram brings updates, led to the address above; without it we ask for them",
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="What Telegram shows at the webhook (secret); without it made from the token"
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="Log lines: text, json, or auto (text on a terminal)"
    )

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

    @field_validator("operators", "allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return [value] if isinstance(value, int) else value

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, value: str) -> str:
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
            raise ValueError("Europe/Moscow, Asia/Almaty, UTC …") from error
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
                raise ValueError("AUTODIGEST_HTTP=127.0.0.1:8080")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("A-Z a-z 0-9 _ -")
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
            raise ValueError("poll_max >= poll_min")
        return self


def load_settings() -> Settings:
    """Read all settings.

    Raises ``SettingsError`` that names the first wrong one and what to write.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "poll_max"
        described = Settings.model_fields[field].description or "" if field in Settings.model_fields else ""
        raise SettingsError(
            "settings-wrong", name=PREFIX + field.upper(), reason=first["msg"], wanted=described
        ) from None
    except (UnreadableSettingsError, OSError, ValueError) as error:
        raise SettingsError("settings-unreadable", reason=str(error)) from error
