"""Written digests: each is kept once for all who get the very same. Works inside others' transactions.

A row never changes and its id is never used again, so what was read once is not read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NewType

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import Digest
from storage.engine import batches, insert_new
from storage.rows import read_digest, write_digest
from storage.tables import digest_stories, digests, outbox

DigestId = NewType("DigestId", int)


class Shelf:
    """The digests of one store, with those that were read or written lately at hand."""

    KEPT = 1000

    def __init__(self) -> None:
        self._read: dict[DigestId, Digest] = {}
        self._hashes: dict[int, tuple[Digest, str]] = {}
        """By the identity of a digest, which is held so that no other one gets it."""

    async def keep(self, connection: AsyncConnection, made: Iterable[Digest], *, now: datetime) -> dict[int, DigestId]:
        """Write those that are not there yet; the id of each, by the identity of the digest."""
        distinct = {id(digest): digest for digest in made}
        by_hash = {self._hash(digest): digest for digest in distinct.values()}
        ids = await _find(connection, list(by_hash))
        if missing := [one for one in by_hash if one not in ids]:
            ids |= await _write(connection, {one: by_hash[one] for one in missing}, now=now)
            # Another process may have written the same meanwhile.
            ids |= await _find(connection, [one for one in missing if one not in ids])
        return {identity: ids[self._hash(digest)] for identity, digest in distinct.items()}

    async def read(self, connection: AsyncConnection, ids: Iterable[DigestId]) -> Mapping[DigestId, Digest]:
        """Read digests, the very same object for one id; those that cannot be read are left out.

        Not those that this transaction wrote: they are not there for good yet.
        """
        wanted = frozenset(ids)
        found = {one: self._read[one] for one in wanted if one in self._read}
        for batch in batches(sorted(wanted - found.keys())):
            for row in await connection.execute(select(digests.c.id, digests.c.body).where(digests.c.id.in_(batch))):
                try:
                    found[DigestId(row.id)] = read_digest(row.body)
                except ValueError:
                    continue
        self._read |= found
        while len(self._read) > self.KEPT:
            del self._read[next(iter(self._read))]
        return found

    def _hash(self, digest: Digest) -> str:
        known = self._hashes.get(id(digest))
        if known is None or known[0] is not digest:
            while len(self._hashes) >= self.KEPT:
                del self._hashes[next(iter(self._hashes))]
            known = self._hashes[id(digest)] = (digest, body_hash(write_digest(digest)))
        return known[1]


def body_hash(body: str) -> str:
    """Name a written digest by what it says."""
    return sha256(body.encode()).hexdigest()


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Forget digests written before a moment that no issue refers to any more."""
    # The age keeps off those that somebody is about to refer to.
    unused = ~exists().where(outbox.c.digest_id == digests.c.id)
    await connection.execute(delete(digests).where(digests.c.made_at < before, unused))


async def _find(connection: AsyncConnection, hashes: Sequence[str]) -> dict[str, DigestId]:
    found: dict[str, DigestId] = {}
    for batch in batches(hashes):
        there = select(digests.c.body_hash, digests.c.id).where(digests.c.body_hash.in_(batch))
        found |= {row.body_hash: DigestId(row.id) for row in await connection.execute(there)}
    return found


async def _write(connection: AsyncConnection, made: Mapping[str, Digest], *, now: datetime) -> dict[str, DigestId]:
    values = [{"body": write_digest(digest), "body_hash": one, "made_at": now} for one, digest in made.items()]
    statement = insert_new(connection, digests).returning(digests.c.body_hash, digests.c.id)
    written = {row.body_hash: DigestId(row.id) for row in await connection.execute(statement, values)}
    told = [
        {"digest_id": digest_id, "story_id": story_id}
        for one, digest_id in written.items()
        for story_id in sorted({story.story_id for story in made[one].stories})
    ]
    if told:
        await connection.execute(insert_new(connection, digest_stories), told)
    return written
