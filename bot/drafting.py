"""The door to a language model: any server that speaks OpenAI's chat completions, asked once and never again.

Off unless set up. Knows how to ask; what is asked, and what of the answer is shown, `feeds.drafts` decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from bot.settings import Settings
from feeds.drafts import Drafter, NoDraft, Reason, Turn

TIMEOUT: Final = 20.0
"""Seconds in all; an editor waits for it."""

_LARGEST_ANSWER: Final = 64 * 1024
_PATH: Final = "/chat/completions"
_MOST_TOKENS: Final = 400
_SHOWN: Final = 200


def make_drafter(settings: Settings) -> Drafter:
    """Make a drafter of the settings; without an address it drafts nothing."""
    if settings.llm_url is None or settings.llm_model is None:
        return Drafter()
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    return Drafter(Endpoint(url=settings.llm_url, model=settings.llm_model, key=key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A server of chat completions; ``url`` with or without its last part. Its key shows in no text of ours."""

    url: str
    model: str
    key: str | None = None
    timeout: float = TIMEOUT

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r}, {self.model!r})"

    async def answer(self, turns: Sequence[Turn]) -> str | NoDraft:
        """Ask once."""
        asked = {
            "model": self.model,
            "messages": [dict(turn) for turn in turns],
            "temperature": 0.3,
            "max_tokens": _MOST_TOKENS,
            "stream": False,
        }
        try:
            status, body = await self._post(asked)
        except TimeoutError:
            return NoDraft(reason=Reason.LATE)
        except (aiohttp.ClientError, OSError) as error:
            return NoDraft(reason=Reason.UNREACHABLE, facts=(type(error).__name__,))
        if status != 200:
            return NoDraft(reason=Reason.REFUSED, facts=(str(status), _complaint(body)))
        return _text(body)

    async def _post(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        url = self.url if self.url.endswith(_PATH) else self.url + _PATH
        limit = aiohttp.ClientTimeout(total=self.timeout)
        # A redirect would take the key and the article to who knows whom.
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(url, json=asked, headers=headers, allow_redirects=False) as response,
        ):
            body = bytearray()
            async for piece in response.content.iter_chunked(16 * 1024):
                body += piece
                if len(body) > _LARGEST_ANSWER:
                    break
            return response.status, bytes(body)


def _text(body: bytes) -> str | NoDraft:
    """Find the answer's text; an answer too large is cut and no JSON any more."""
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return NoDraft(reason=Reason.GARBLED)
    if content is None or content == "":
        return NoDraft(reason=Reason.EMPTY)
    return content if isinstance(content, str) else NoDraft(reason=Reason.GARBLED)


def _complaint(body: bytes) -> str:
    try:
        said = json.loads(body)["error"]["message"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return " ".join(str(said).split())[:_SHOWN]
