"""The courier's way through aiogram: the same client, middlewares and errors, without building what nobody reads.

Stock aiogram percent-encodes a form and validates the whole message that comes back. Here the body is JSON, which the
Bot API takes everywhere, and of the answer only ``message_id`` is read. Errors go through aiogram's own check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiohttp import ClientError, ClientTimeout
from pydantic import ValidationError
from pydantic_core import to_json

T = TypeVar("T")

_JSON = {"Content-Type": "application/json"}
_MESSAGE_ID = re.compile(rb'\{"ok": ?true, ?"result": ?\{"message_id": ?([0-9]+)[,}]')
"""How an answer begins when there is nothing else to learn from it: parsing all of it takes ten times as long."""

_NAMED = 3
"""How many things are named that are wrong with an answer."""


@lru_cache(maxsize=8)
def _limit(seconds: float) -> ClientTimeout:
    return ClientTimeout(total=seconds)


class PlainCall(TelegramMethod[int]):
    """A Bot API call whose fields are JSON already; of the answer only the message id matters (0 when it has none).

    Make it with ``plain_call``, which skips pydantic's validation: the fields are ours.
    """

    __returning__: ClassVar[Any] = int
    __api_method__: ClassVar[str] = ""

    name: str
    fields: dict[str, Any]


def plain_call(name: str, fields: Mapping[str, Any]) -> PlainCall:
    """Make a call of the method ``name``; fields that are None are left out."""
    given = {key: value for key, value in fields.items() if value is not None}
    return PlainCall.model_construct(name=name, fields=given)


class Session(AiohttpSession):
    """aiogram's session that also takes plain calls, and knows a gateway's error page for a server's error."""

    async def make_request(self, bot: Bot, method: TelegramMethod[T], timeout: int | None = None) -> T:
        """Make one request; raises as aiogram does."""
        if not isinstance(method, PlainCall):
            return await super().make_request(bot, method, timeout)
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.name)
        body = to_json(method.fields)
        try:
            async with session.post(url, data=body, headers=_JSON, timeout=_limit(timeout or self.timeout)) as answer:
                content = await answer.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        return cast("T", self._message_id(bot, method, answer.status, content))

    async def close(self) -> None:
        """Close the connections. aiogram waits a quarter of a second for TLS to end: not where there is none."""
        if self.api.base.startswith("https:"):
            await super().close()
        elif self._session is not None:
            await self._session.close()

    def check_response(self, bot: Bot, method: TelegramMethod[T], status_code: int, content: str) -> Response[T]:
        """Read an answer; raises as aiogram does, and ``TelegramServerError`` for a page that is not JSON.

        504 is a network error: the gateway had no answer in time, and the request may well have been carried out.
        """
        if status_code == 504:
            raise TelegramNetworkError(method=method, message="HTTP 504")
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            if status_code >= 500:
                raise TelegramServerError(method=method, message=f"HTTP {status_code}") from None
            raise _unreadable(error.original) from None

    def _message_id(self, bot: Bot, method: PlainCall, status: int, content: bytes) -> int:
        if status == 200:
            if (found := _MESSAGE_ID.match(content)) and content.endswith(b"}}"):
                return int(found[1])
            try:
                answer = json.loads(content)
                if answer["ok"] is True:
                    result = answer["result"]
                    return int(result["message_id"]) if isinstance(result, dict) else 0
            except (ValueError, KeyError, TypeError) as error:
                raise _unreadable(error) from None
        self.check_response(bot, cast("TelegramMethod[Any]", method), status, content.decode(errors="replace"))
        return 0


def what_is_wrong(error: ValidationError) -> str:
    """Say where something is not what it should be, without saying what it is: people's words may be in it."""
    wrong = error.errors(include_input=False, include_url=False, include_context=False)
    return ", ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in wrong[:_NAMED])


def _unreadable(original: Exception) -> ClientDecodeError:
    """Make aiogram's error without the answer, which any log would quote: it may hold what people wrote."""
    reason = what_is_wrong(original) if isinstance(original, ValidationError) else type(original).__name__
    return ClientDecodeError("Failed to read the answer", ValueError(reason), None)
