from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from feeds.chatsettings import ChatSettings
from feeds.errors import StorageError
from feeds.issue import ChatState, Instant
from storage import Storage, open_storage, schema
from storage.engine import connect, locate
from storage.fulltext import INDEX
from storage.tables import HEAD, metadata
from tests.storage.samples import NOW, POLLED, active_chat, add_source, draft, issue, item

# SQLite has none of the indexes on expressions, so there are none to compare.
pytestmark = pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "storage" / "migrations"

GOOD = """
    with op.batch_alter_table("sources") as table:  # SQLite has to build it anew
        table.alter_column("name", existing_type=sa.Text(), nullable=True)
"""
RAISES = """
    op.create_table("leftover", sa.Column("id", sa.Integer()))
    op.execute("DELETE FROM items")
    op.execute("DELETE FROM chats")
    raise RuntimeError("in the middle")
"""
DIES = """
    op.create_table("leftover", sa.Column("id", sa.Integer()))
    op.execute("DELETE FROM items")
    op.execute("DELETE FROM chats")
    os.kill(os.getpid(), 9)
"""
ORPHANS = """
    op.execute("DELETE FROM sources")
"""
NEXT = f"{int(HEAD) + 1:04}"
REVISION = f"""
import os
import sqlalchemy as sa
from alembic import op
revision = "{NEXT}"
down_revision = "{HEAD}"
def upgrade() -> None:
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the migrations that a test may add to."""
    return Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))


def add(scripts: Path, body: str) -> None:
    (scripts / "versions" / f"{NEXT}_next.py").write_text(REVISION + body)


async def fill(store: Storage) -> None:
    source = await add_source(store)
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(item(source.id, "a"))], now=NOW)
    await store.outbox.commit_issues([issue(await active_chat(store))], now=NOW)


async def assert_filled(store: Storage) -> None:
    counts = await store.news.counts()
    assert (counts.sources, counts.items, counts.stories) == (1, 1, 1)
    [chat] = [await store.chats.by_telegram_id(100)]
    assert chat is not None
    assert await store.chats.covered([chat.id], since=NOW) == {chat.id: {1}}
    assert sum((await store.outbox.counts()).values()) == 1


def differences(connection: Connection) -> Iterable[Any]:
    def ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or not str(name).startswith(
            INDEX
        )  # SQLite's own, made by raw SQL; the next test compares

    options = {"compare_type": True, "compare_server_default": True, "include_object": ours}
    context = MigrationContext.configure(connection, opts=options)
    found: Iterable[Any] = compare_metadata(context, metadata)
    return found


async def test_the_migrations_build_exactly_the_tables_that_statements_use(url: str) -> None:
    async with await open_storage(url) as store, store._database.transaction() as connection:
        assert list(await connection.run_sync(differences)) == []


async def test_the_migrations_build_the_same_sql_as_the_tables(tmp_path: Path) -> None:
    """Alembic compares neither the conditions of indexes nor AUTOINCREMENT nor ON DELETE on SQLite; their SQL does.

    Only for quotes it differs: SQLite writes them around the name of a table that was built anew.
    """

    def parts(sql: str) -> list[str]:
        """Cut between columns: one that was added later stands on its table's last line."""
        return [
            part.strip(" ,\t") for part in re.split(r"\n|, (?![^(]*\))", sql.rstrip().removesuffix(")")) if part.strip()
        ]

    async def made(store: Storage) -> dict[str, list[str]]:
        async with store._database.transaction() as connection:
            found = await connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            return {row.name: sorted(parts(row.sql.replace('"', ""))) for row in found}

    async with await open_storage(":memory:") as tables, await open_storage(str(tmp_path / "a.db")) as migrated:
        by_migrations = await made(migrated)
        del by_migrations["alembic_version"]
        assert by_migrations == await made(tables)


def test_the_revisions_are_one_line_of_numbers_that_ends_at_the_head() -> None:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", schema.SCRIPTS)
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert revisions[-1] == HEAD


async def test_an_upgrade_that_rebuilds_a_table_keeps_the_rows_that_refer_to_it(url: str, scripts: Path) -> None:
    async with await open_storage(url) as store:
        await fill(store)
    add(scripts, GOOD)
    await schema.upgrade(locate(url), scripts=str(scripts), head=NEXT)
    database = connect(locate(url))
    assert await schema.revision(database) == NEXT
    await assert_filled(Storage(locate(url), database, None))
    await database.engine.dispose()


async def test_before_an_upgrade_an_embedded_store_is_copied(tmp_path: Path, scripts: Path) -> None:
    place = locate(str(tmp_path / "a.db"))
    assert await schema.upgrade(place) is None
    async with await open_storage(str(tmp_path / "a.db")) as store:
        await fill(store)
    add(scripts, GOOD)
    saved = await schema.upgrade(place, scripts=str(scripts), head=NEXT)
    assert saved is not None
    assert saved.name.startswith(f"a.db.{HEAD}-20")
    async with await open_storage(str(saved)) as copy:
        await assert_filled(copy)
    assert await schema.upgrade(place, scripts=str(scripts), head=NEXT) is None


async def test_a_store_of_the_first_release_comes_up_to_date_with_its_chats_as_they_were(
    url: str, scripts: Path
) -> None:
    for later in (scripts / "versions").glob("*.py"):
        if later.name > "0002":
            later.unlink()
    await schema.upgrade(locate(url), scripts=str(scripts), head="0001")
    database = connect(locate(url))
    async with database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO chats (telegram_id, kind, lang, reads, zone, state, topics, words, times, created_at)"
                " VALUES (100, 'private', 'ru', '[\"ru\"]', 'Europe/Moscow', 'active', '[\"ev\"]', '[]', '[480]', 1)"
            )
        )
    await database.engine.dispose()
    async with await open_storage(url) as store:
        chat = await store.chats.by_telegram_id(100)
        assert chat is not None
        assert (chat.topics, chat.times, chat.state) == (frozenset({"ev"}), (480,), ChatState.ACTIVE)
        assert (chat.instant, chat.paused_until, chat.settings) == (Instant.OFF, None, ChatSettings())


@pytest.mark.parametrize(("body", "error"), [(RAISES, RuntimeError), ("    op.execute('NONSENSE')", StorageError)])
async def test_an_upgrade_that_fails_leaves_the_old_store_usable(
    url: str, scripts: Path, body: str, error: type[Exception]
) -> None:
    async with await open_storage(url) as store:
        await fill(store)
    add(scripts, body)
    with pytest.raises(error):
        await schema.upgrade(locate(url), scripts=str(scripts), head=NEXT)
    async with await open_storage(url) as store:
        await assert_filled(store)
        async with store._database.transaction() as connection:
            assert list(await connection.run_sync(differences)) == []


async def test_an_upgrade_that_would_orphan_rows_is_undone(tmp_path: Path, scripts: Path) -> None:
    url = str(tmp_path / "a.db")
    async with await open_storage(url) as store:
        await fill(store)
    add(scripts, ORPHANS)
    with pytest.raises(StorageError, match="store-migration"):
        await schema.upgrade(locate(url), scripts=str(scripts), head=NEXT)
    async with await open_storage(url) as store:
        await assert_filled(store)


UPGRADE = """
import asyncio, sys
from storage import schema
from storage.engine import connect, locate
asyncio.run(schema.upgrade(locate(sys.argv[1]), scripts=sys.argv[2], head=sys.argv[3]))
"""


async def test_an_upgrade_killed_in_the_middle_leaves_the_old_store_usable(url: str, scripts: Path) -> None:
    async with await open_storage(url) as store:
        await fill(store)
    add(scripts, DIES)
    child = subprocess.run([sys.executable, "-c", UPGRADE, url, str(scripts), NEXT], cwd=ROOT, check=False)  # noqa: ASYNC221, S603
    assert child.returncode == -signal.SIGKILL
    async with await open_storage(url) as store:
        await assert_filled(store)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'leftover'").fetchall() == []


def test_the_migrations_run_from_a_wheel(tmp_path: Path) -> None:
    """A wheel is a zip of the package folders; importing from one proves that no path outside them is used."""
    wheel = tmp_path / "autodigest.zip"
    with zipfile.ZipFile(wheel, "w") as archive:
        for package in ("feeds", "storage"):
            for path in sorted((ROOT / package).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    archive.write(path, path.relative_to(ROOT))
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = "import asyncio, storage; s = asyncio.run(storage.open_storage('a.db')); print(storage.__file__)"
    environment = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith(str(site))
