"""Who works at the editors' desk. Operators that a setting names are not here: they need no invitation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from feeds.opinions import StaffMember
from storage import rows
from storage.engine import Database, insert_new
from storage.people import staff


class Staff:
    """Editors, by Telegram's number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, user_id: int, *, signature: str, now: datetime) -> bool:
        """Make somebody an editor; False when they were one."""
        values = {"user_id": user_id, "signature": signature, "operator": False, "since": now}
        async with self._database.transaction() as connection:
            return bool((await connection.execute(insert_new(connection, staff).values(values))).rowcount)

    async def dismiss(self, user_id: int) -> bool:
        """Let somebody be an editor no more; False when they were none. Their opinions stay."""
        async with self._database.transaction() as connection:
            return bool((await connection.execute(delete(staff).where(staff.c.user_id == user_id))).rowcount)

    async def sign(self, user_id: int, signature: str) -> None:
        """Set what stands under somebody's opinions from now on."""
        async with self._database.transaction() as connection:
            await connection.execute(update(staff).where(staff.c.user_id == user_id).values(signature=signature))

    async def get(self, user_id: int) -> StaffMember | None:
        """Read one editor; None for everybody else."""
        async with self._database.transaction() as connection:
            row = (await connection.execute(select(staff).where(staff.c.user_id == user_id))).one_or_none()
            return None if row is None else _member(row)

    async def everybody(self) -> Sequence[StaffMember]:
        """Read all editors, in the order they came."""
        async with self._database.transaction() as connection:
            found = await connection.execute(select(staff).order_by(staff.c.since, staff.c.user_id))
            return [_member(row) for row in found]


def _member(row: rows.AnyRow) -> StaffMember:
    return StaffMember(**row._mapping)  # noqa: SLF001  the public name of a row's columns
