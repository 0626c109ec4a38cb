"""Small pictures for the sample articles, drawn in code: a car on a road, coloured by the picture's name."""

from __future__ import annotations

import struct
import zlib
from colorsys import hls_to_rgb
from functools import lru_cache

WIDTH, HEIGHT = 640, 320
_SKY, _GROUND, _LINE, _BODY, _GLASS, _TYRE, _HUB = range(7)
_ROAD_TOP = 226


@lru_cache(maxsize=128)
def draw_picture(name: str) -> bytes:
    """Return a PNG of 640 by 320, about 1 kB, the same for the same name."""
    rows = b"".join(b"\0" + bytes(_row(y)) for y in range(HEIGHT))  # each row starts with its filter: none
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", _palette(name))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _palette(name: str) -> bytes:
    hue = zlib.crc32(name.encode()) % 360 / 360
    shades = (
        (hue + 0.5, 0.86, 0.45),
        (hue + 0.5, 0.34, 0.12),
        (hue + 0.5, 0.72, 0.1),
        (hue, 0.45, 0.6),
        (hue, 0.9, 0.3),
        (hue, 0.12, 0.1),
        (hue, 0.75, 0.05),
    )
    return bytes(round(255 * part) for shade in shades for part in hls_to_rgb(shade[0] % 1, *shade[1:]))


def _row(y: int) -> bytearray:
    row = bytearray([_GROUND if y >= _ROAD_TOP else _SKY]) * WIDTH
    if 282 <= y < 290:
        for x in range(20, WIDTH, 160):
            _span(row, x, x + 90, _LINE)
    if 98 <= y < 160:
        slope = (160 - y) * 3 // 4
        _span(row, 196 + slope, 452 - slope, _BODY)
    if 110 <= y < 156:
        slope = (156 - y) * 3 // 4
        _span(row, 216 + slope, 318, _GLASS)
        _span(row, 330, 432 - slope, _GLASS)
    if 156 <= y < 232:
        inset = max(0, 176 - y)
        _span(row, 120 + inset, 520 - inset, _BODY)
    for centre in (206, 434):
        _disc(row, y, centre=centre, radius=38, colour=_TYRE)
        _disc(row, y, centre=centre, radius=18, colour=_HUB)
    return row


def _span(row: bytearray, left: int, right: int, colour: int) -> None:
    if left < right:
        row[left:right] = bytes([colour]) * (right - left)


def _disc(row: bytearray, y: int, *, centre: int, radius: int, colour: int) -> None:
    height = y - _ROAD_TOP
    if abs(height) < radius:
        half = round((radius**2 - height**2) ** 0.5)
        _span(row, centre - half, centre + half, colour)
