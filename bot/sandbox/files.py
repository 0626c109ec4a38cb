"""Photos and documents: what the bot uploads, names by address or by file id, and downloads again."""

from __future__ import annotations

import asyncio
import mimetypes
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.limits import DOWNLOAD_BYTES, PHOTO_BYTES, UPLOAD_BYTES
from bot.sandbox.parameters import Parameters, Upload
from bot.sandbox.refusals import bad_request
from bot.sandbox.state import Json, StoredFile, World

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
WRONG_FILE = "wrong file identifier/HTTP URL specified"


async def photo_content(world: World, call: Parameters) -> Json:
    """Read `photo` into the fields of a Message."""
    stored = await meant_file(world, call, name="photo", most=PHOTO_BYTES)
    if not stored.content_type.startswith("image/"):
        raise bad_request("IMAGE_PROCESS_FAILED" if stored.source_url is None else "wrong type of the web page content")
    size = {"file_id": stored.id, "file_unique_id": stored.id[-8:], "width": 1280, "height": 720}
    return {"photo": [size | {"file_size": len(stored.content)}]}


async def document_content(world: World, call: Parameters) -> Json:
    """Read `document` into the fields of a Message."""
    stored = await meant_file(world, call, name="document", most=UPLOAD_BYTES)
    return {"document": document(stored)}


def document(stored: StoredFile) -> Json:
    """Shape a stored file as a Document."""
    return {
        "file_id": stored.id,
        "file_unique_id": stored.id[-8:],
        "file_name": stored.name,
        "mime_type": stored.content_type,
        "file_size": len(stored.content),
    }


async def meant_file(world: World, call: Parameters, *, name: str, most: int) -> StoredFile:
    """Return the file a parameter means: an upload, a known file id or an address."""
    if upload := call.upload(name):
        if len(upload.content) > most:
            raise bad_request("file is too big")
        return world.keep(upload.name, upload.content, content_type=content_type(upload))
    value = call.text(name)
    if not value:
        raise bad_request(f"there is no {name} in the request")
    if value in world.files:
        return world.files[value]
    address = urlsplit(value)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise bad_request(WRONG_FILE)
    if address.hostname in LOOPBACK:
        return await fetched(world, value)
    # The sandbox never leaves this machine: it takes a foreign picture on trust.
    return world.keep(value.rsplit("/", 1)[-1], b"", content_type="image/jpeg", source_url=value)


def content_type(upload: Upload) -> str:
    """Tell what a file is: a picture by its first bytes, as clients often don't say, anything else by its name."""
    for signature, kind in PICTURES.items():
        if upload.content.startswith(signature):
            return kind
    guessed = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    return "application/octet-stream" if guessed.startswith("image/") else guessed


async def fetched(world: World, url: str) -> StoredFile:
    """Fetch an address on this machine as Telegram's servers would.

    Raises Refusal: failed to get HTTP URL content.
    """
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            content = await answer.read()
    except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError):
        raise bad_request("failed to get HTTP URL content") from None
    if answer.status != 200:
        raise bad_request("failed to get HTTP URL content")
    return world.keep(url.rsplit("/", 1)[-1], content, content_type=answer.content_type, source_url=url)


def get_file(world: World, call: Parameters) -> Json:
    stored = world.files.get(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.id[-8:],
        "file_size": len(stored.content),
        "file_path": f"files/{stored.id}",
    }


METHODS: dict[str, Any] = {"getFile": get_file}
