"""One answer of a well-behaved web server: validators, 304 where nothing changed, gzip where it is accepted.

After RFC 9110, sections 8.8 and 13. It knows nothing of what it serves.
"""

from __future__ import annotations

import gzip
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from aiohttp import web

_WORTH_PACKING = 500


def answer(request: web.Request, body: bytes, content_type: str, modified: datetime | None = None) -> web.Response:
    """Answer with `body`, or 304 when the request shows that the client has it; `modified` is in UTC."""
    digest = sha256(body).hexdigest()[:32]
    packed = _accepts_gzip(request) and len(body) >= _WORTH_PACKING and not content_type.startswith("image/")
    # A strong ETag names exact bytes, so the packed form has one of its own.
    headers = {"ETag": f'"{digest}-gzip"' if packed else f'"{digest}"', "Vary": "Accept-Encoding"}
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    if _is_known(request, (f'"{digest}"', f'"{digest}-gzip"'), modified):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = content_type
    if packed:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    return web.Response(body=body, headers=headers)


def _is_known(request: web.Request, tags: tuple[str, str], modified: datetime | None) -> bool:
    offered = request.headers.get("If-None-Match")
    if offered is not None:  # takes precedence: a date beside it is not looked at (RFC 9110, 13.1.3)
        names = {name.strip().removeprefix("W/") for name in offered.split(",")}
        return "*" in names or not names.isdisjoint(tags)
    since = request.if_modified_since
    return since is not None and modified is not None and modified <= since


def _accepts_gzip(request: web.Request) -> bool:
    for offer in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, weight = offer.strip().partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
