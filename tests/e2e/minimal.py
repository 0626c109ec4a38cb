"""A Bot API server that knows five methods and answers 404 to all others, as a proxy or a poor imitation would."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from aiohttp import web

Json = dict[str, Any]
PERSON: Json = {"id": 501, "is_bot": False, "first_name": "Ира", "language_code": "ru"}
CHAT: Json = {"id": 501, "type": "private", "first_name": "Ира"}
ME: Json = {"id": 42, "is_bot": True, "first_name": "Дайджест", "username": "minimal_bot"}


class MinimalApi:
    """One person, one chat; ``calls`` are the requests that were understood, ``unknown`` the names of the others."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.unknown: set[str] = set()
        self._numbers = itertools.count(1)
        self._updates: list[Json] = []
        self._added = asyncio.Event()

    def add(self, **update: Any) -> None:
        self._updates.append({"update_id": next(self._numbers), **update})
        self._added.set()

    def write(self, text: str) -> None:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self.add(message=self._message(text) | {"from": PERSON, "entities": entities})

    def tap(self, data: str) -> None:
        message = self._message("screen") | {"from": ME}
        self.add(callback_query={"id": "7", "from": PERSON, "chat_instance": "1", "message": message, "data": data})

    def sent(self, method: str) -> list[Json]:
        return [parameters for name, parameters in self.calls if name == method]

    async def serve(self, request: web.Request) -> web.Response:
        body: Json = await request.json() if request.content_type == "application/json" else dict(await request.post())
        method = request.match_info["method"]
        match method.lower():
            case "getme":
                result: Any = ME
            case "getupdates":
                result = await self._fresh(int(body.get("offset", 0)))
            case "sendmessage" | "editmessagetext":
                result = self._message(body["text"]) | {"from": ME}
            case "answercallbackquery":
                result = True
            case _:
                self.unknown.add(method)
                refused = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
                return web.json_response(refused, status=404)
        self.calls.append((method, body))
        return web.json_response({"ok": True, "result": result})

    async def _fresh(self, offset: int) -> list[Json]:
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates:
            self._added.clear()
            await asyncio.wait([asyncio.ensure_future(self._added.wait())], timeout=1)
        return self._updates

    def _message(self, text: str) -> Json:
        return {"message_id": next(self._numbers), "date": 1795341026, "chat": CHAT, "text": text}
