"""A body unpacked while it arrives, never further than the limit. Must not know where the bytes come from.

A gzip bomb of 190 kB unpacks to 200 MB; here it stops at the limit, because each step asks the decompressor for no more
than there is room for.
"""

from __future__ import annotations

import zlib

import brotli

_GZIP = b"\x1f\x8b"


class BrokenBodyError(ValueError):
    """A body that its own encoding cannot be read by, or that ends too early."""


class Unpacker:
    """Takes a body piece by piece and keeps it unpacked, up to ``limit`` bytes and one."""

    def __init__(self, *, encoding: str, limit: int) -> None:
        """Begin a body; ``encoding`` is the Content-Encoding header, and a name we did not offer is taken for none."""
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._received = 0
        self._out = bytearray()
        self._head = b""
        self._begun = False
        self._zlib: zlib._Decompress | None = None
        self._brotli: brotli.Decompressor | None = None

    @property
    def taken(self) -> bytes:
        """What has been unpacked so far."""
        return bytes(self._out)

    @property
    def overflown(self) -> bool:
        """Whether there was more than the limit, as it came or unpacked."""
        return max(self._received, len(self._out)) > self._limit

    def feed(self, data: bytes) -> bool:
        """Unpack one more piece; False once there is more than the limit. Raises BrokenBodyError."""
        self._received += len(data)
        if not self._begun:
            self._head += data
            if len(self._head) < len(_GZIP):
                return True
            data = self._begin()
        try:
            self._unpack(data)
        except (zlib.error, brotli.error) as error:
            raise BrokenBodyError(f"{self._encoding or 'gzip'}: {error}") from error
        return not self.overflown

    def finish(self) -> bytes:
        """Give the whole body. Raises BrokenBodyError when the compressed stream has not come to its end."""
        if not self._begun:
            return self._head
        if (self._zlib and not self._zlib.eof) or (self._brotli and not self._brotli.is_finished()):
            raise BrokenBodyError("incomplete")
        return self.taken

    def _begin(self) -> bytes:
        """Choose by the bytes where they can tell: servers label plain bodies gzip, and gzip bodies nothing."""
        head, self._begun = self._head, True
        if head.startswith(_GZIP):
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self._encoding == "deflate":
            # RFC 9110 §8.4.1.2 means a zlib stream; some servers send a raw one, which fails zlib's header check.
            wrapped = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        elif self._encoding == "br":
            self._brotli = brotli.Decompressor()
        return head

    @property
    def _room(self) -> int:
        return self._limit + 1 - len(self._out)

    def _unpack(self, data: bytes) -> None:
        if self._room <= 0:
            return
        if self._zlib:
            self._inflate(data)
        elif self._brotli:
            self._unbrotli(data)
        else:
            self._out += data[: self._room]

    def _inflate(self, data: bytes) -> None:
        stream = self._zlib
        while stream and data and self._room > 0:
            if stream.eof:
                if not data.startswith(_GZIP):
                    return  # padding after the end, as some servers add
                self._zlib = stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            self._out += stream.decompress(data, self._room)
            data = stream.unused_data if stream.eof else stream.unconsumed_tail

    def _unbrotli(self, data: bytes) -> None:
        stream = self._brotli
        while stream and not stream.is_finished() and self._room > 0:
            self._out += stream.process(data, output_buffer_limit=self._room)
            data = b""
            if stream.can_accept_more_data():
                return
