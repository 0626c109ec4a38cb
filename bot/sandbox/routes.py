"""The person's side over HTTP: JSON under /sandbox, a stream of events, and the page itself."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.api import BotApi
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.person import People
from bot.sandbox.refusals import Refusal, WrongMove

PAGE = Path(__file__).parent / "page"
HEARTBEAT = 15.0  # seconds between comments that keep the stream alive
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A button beside the chat, in Russian and English, and what it does; the action returns what to tell.

    It is given the page's language, "" where that is unknown.
    """

    id: str
    label: dict[str, str]
    hint: dict[str, str]
    action: Callable[[str], Awaitable[str]]


@web.middleware
async def plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say in plain words what went wrong under /sandbox."""
    try:
        return await handler(request)
    except (WrongMove, Refusal) as error:
        return web.json_response({"error": str(error)}, status=400)
    except web.HTTPException as error:
        if not request.path.startswith("/sandbox"):
            raise
        return web.json_response({"error": error.reason}, status=error.status)


class PersonRoutes:
    """The handlers under /sandbox."""

    def __init__(self, api: BotApi, people: People, controls: dict[str, Control]) -> None:
        self._api = api
        self._world = api.world
        self._people = people
        self._controls = controls

    def table(self) -> list[web.RouteDef]:
        """Return all routes."""
        moves: dict[str, Callable[..., Any]] = {
            "people": self._people.add_person,
            "chats": self._people.add_chat,
            "say": self._people.say,
            "send": self._people.send,
            "edit": self._people.edit,
            "delete": self._people.delete,
            "tap": self._people.tap,
            "forge": self._people.forge,
            "inline": self._people.ask_inline,
            "pick": self._people.pick_inline,
            "react": self._people.react,
            "block": self._people.block,
            "unblock": self._people.unblock,
            "deactivate": self._people.deactivate,
            "add_bot": self._people.add_bot,
            "remove_bot": self._people.remove_bot,
            "set_member": self._people.set_member,
            "share_chat": self._people.share_chat,
            "share_location": self._people.share_location,
            "migrate": self._people.migrate,
            "add_topic": self._people.add_topic,
            "delete_topic": self._people.delete_topic,
            "fill": self._people.fill,
            "delete_chat": self._people.delete_chat,
            "clock": self._people.turn_clock,
            "faults": self._add_fault,
        }
        return [
            *(web.post(f"/sandbox/{name}", posted(move)) for name, move in moves.items()),
            web.get("/sandbox/state", self._state),
            web.get("/sandbox/messages", self._messages),
            web.get("/sandbox/events", self._events),
            web.get("/sandbox/log", self._log),
            web.get("/sandbox/file/{file_id}", self._file),
            web.delete("/sandbox/faults", self._clear_faults),
            web.get("/sandbox/panel", self._panel),
            web.post("/sandbox/panel/{id}", self._press),
        ]

    def _add_fault(self, *, method: str, kind: str, **details: Any) -> dict[str, Any]:
        try:
            self._api.faults.add(Fault(method=method, kind=FaultKind(kind), **details))
        except ValueError:
            raise WrongMove("a fault is one of " + ", ".join(FaultKind)) from None
        return {"ok": True}

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._api.faults.clear()
        return web.json_response({"ok": True})

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(
            self._people.state(user_id=number(request, "user_id"), chat_id=number(request, "chat_id"))
        )

    async def _messages(self, request: web.Request) -> web.Response:
        chat_id = number(request, "chat_id")
        if chat_id is None:
            raise WrongMove("chat_id is missing")
        return web.json_response(
            self._people.messages(chat_id=chat_id, after_version=number(request, "after_version") or 0)
        )

    async def _log(self, _request: web.Request) -> web.Response:
        return web.json_response([dataclasses.asdict(entry) for entry in self._api.log])

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.files.get(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        if not stored.content and stored.source_url:
            raise web.HTTPFound(stored.source_url)
        return web.Response(body=stored.content, content_type=stored.content_type)

    async def _panel(self, _request: web.Request) -> web.Response:
        shown = [{"id": one.id, "label": one.label, "hint": one.hint} for one in self._controls.values()]
        return web.json_response({"controls": shown})

    async def _press(self, request: web.Request) -> web.Response:
        control = self._controls.get(request.match_info["id"])
        if control is None:
            raise web.HTTPNotFound
        return web.json_response({"ok": True, "message": await control.action(request.query.get("lang", ""))})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        with self._world.events.listen() as queue:
            await stream.prepare(request)
            await stream.write(b": listening\n\n")
            while request.transport is not None and not request.transport.is_closing():
                try:
                    kind, event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    await stream.write(b": still here\n\n")
                    continue
                try:
                    await stream.write(event_lines(kind, event))
                except ConnectionError:
                    break
        return stream


def event_lines(kind: str, event: dict[str, Any]) -> bytes:
    """Spell one server-sent event."""
    return f"event: {kind}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def posted(move: Callable[..., Any]) -> Handler:
    """Turn a method of the person's side into a handler that takes its arguments from a JSON body."""
    parameters = inspect.signature(move)

    async def handler(request: web.Request) -> web.Response:
        # A foreign page can't send this type without being asked first, and so can't move people here.
        if request.content_type != "application/json":
            raise WrongMove("the request has to be application/json")
        try:
            body = await request.json()
            parameters.bind(**body)
        except (ValueError, TypeError) as error:
            raise WrongMove(f"the request can't be understood: {error}") from None
        return web.json_response(move(**body))

    return handler


def number(request: web.Request, name: str) -> int | None:
    """Read a whole number from the query."""
    value = request.query.get(name)
    if value is None:
        return None
    try:
        return int(value)
    except ValueError:
        raise WrongMove(f"{name} is not a number") from None


async def page(request: web.Request) -> web.StreamResponse:
    """Serve a file of the page."""
    path = (PAGE / request.match_info.get("name", "index.html")).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-store"})


# The page names its files relative to itself.
PAGE_ROUTES = (web.get("/", page), web.get("/{name}", page), web.get("/page/{name:.+}", page))
