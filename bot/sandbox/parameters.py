"""The parameters of one Bot API request, however they came: query, form, multipart or JSON.

Source of the leniency: the official server takes numbers and flags as strings, and objects as JSON in strings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.sandbox.refusals import bad_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file in a multipart request."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Values by name, with the conversions of the Bot API."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a string, empty when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a number, `default` when absent or not a number."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return a Boolean; the server takes true, yes and 1."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def object(self, name: str, *, what: str) -> Any:
        """Return a JSON value or None when absent; `what` names it in the complaint."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """Return the file given under `name`, directly or as attach://other."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return self.uploads.get(name)

    def logged(self) -> dict[str, Any]:
        """Return the values for the log, files by name and size."""
        files = {name: {"file_name": u.name, "size": len(u.content)} for name, u in self.uploads.items()}
        return self.values | files


async def read_parameters(request: web.Request) -> Parameters:
    """Collect the parameters of a request; the body wins over the query."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse request JSON body") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse request JSON body")
        return Parameters(values=values | body)
    for name, value in (await request.post()).items():
        if isinstance(value, FileField):
            uploads[name] = Upload(name=value.filename, content=value.file.read(), content_type=value.content_type)
        else:
            values[name] = value if isinstance(value, str) else value.decode("utf-8", "replace")
    return Parameters(values=values, uploads=uploads)
