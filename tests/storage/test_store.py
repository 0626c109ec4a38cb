from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from feeds.errors import StorageError, StoreBusyError, StoreTooNewError
from feeds.issue import OutboxState
from storage import Storage, open_storage
from storage.engine import Postgres, SqliteFile, locate
from storage.lock import FileLock
from tests.storage.samples import DAY, MINUTE, NOW, active_chat, add_source, new_chat

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:///var/a.db", SqliteFile(path=Path("var/a.db"))),
        ("sqlite:////srv/a.db", SqliteFile(path=Path("/srv/a.db"))),
        ("sqlite+aiosqlite:////srv/a b%20?.db", SqliteFile(path=Path("/srv/a b%20?.db"))),
        ("var/a.db", SqliteFile(path=Path("var/a.db"))),
        (":memory:", SqliteFile(path=None)),
        ("sqlite://", SqliteFile(path=None)),
        ("sqlite:///:memory:", SqliteFile(path=None)),
        ("postgres://me@db.example/news", Postgres(dsn="postgresql://me@db.example/news")),
        ("postgresql+asyncpg://db.example/?sslmode=require", Postgres(dsn="postgresql://db.example/?sslmode=require")),
    ],
)
def test_the_address_says_where_the_store_is(url: str, place: SqliteFile | Postgres) -> None:
    assert locate(url) == place


@pytest.mark.parametrize("url", ["mysql://db.example/x", "sqlite://host/x", "https://x.example"])
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="store-url"):
        await open_storage(url)


async def test_folders_are_made_and_only_the_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "папка с пробелом" / "a%20b?.db"
    async with await open_storage(str(path)) as store:
        await new_chat(store)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with await open_storage(str(path), exclusive=False) as store:
        assert await store.chats.by_telegram_id(100)


async def test_a_store_keeps_what_was_committed(url: str) -> None:
    async with await open_storage(url) as store:
        chat = await active_chat(store)
    async with await open_storage(url) as store:
        assert await store.chats.get(chat.id) == chat


async def test_closing_twice_does_no_harm(url: str) -> None:
    store = await open_storage(url)
    await store.aclose()
    await store.aclose()


async def test_a_store_that_is_held_is_not_opened_again(url: str) -> None:
    async with await open_storage(url):
        with pytest.raises(StoreBusyError, match="store-busy"):
            await open_storage(url)
    async with await open_storage(url):
        pass


async def test_the_holder_of_a_file_is_named(tmp_path: Path) -> None:
    async with await open_storage(str(tmp_path / "a.db")):
        with pytest.raises(StoreBusyError) as caught:
            await open_storage(str(tmp_path / "a.db"))
    assert caught.value.facts["pid"] == str(os.getpid())


async def test_a_held_store_can_be_read_beside_its_holder(url: str) -> None:
    async with await open_storage(url) as holder, await open_storage(url, exclusive=False) as reader:
        await add_source(holder)
        assert len(await reader.news.sources()) == 1


async def test_a_reader_changes_nothing(url: str) -> None:
    async with await open_storage(url):
        pass
    async with await open_storage(url, exclusive=False) as reader:
        with pytest.raises(StorageError, match="store-failed"):
            await add_source(reader)


async def test_a_reader_finds_no_store_where_there_is_none(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="store-missing"):
        await open_storage(url, exclusive=False)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - in an async test


@pytest.mark.parametrize("exclusive", [True, False])
async def test_a_store_of_a_newer_version_is_refused_and_left_alone(url: str, *, exclusive: bool) -> None:
    async with await open_storage(url) as store:
        await _set_revision(store, "9999")
    for _ in range(2):
        with pytest.raises(StoreTooNewError, match="store-too-new found=9999"):
            await open_storage(url, exclusive=exclusive)


async def test_a_reader_asks_for_an_upgrade_rather_than_make_it(url: str) -> None:
    async with await open_storage(url) as store:
        await _set_revision(store, "0000")
    with pytest.raises(StorageError, match="store-outdated found=0000"):
        await open_storage(url, exclusive=False)


async def test_a_file_that_is_no_database_is_an_error_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Это не база данных. " * 100)
    with pytest.raises(StorageError, match="file is not a database"):
        await open_storage(str(path))
    assert path.read_text().startswith("Это")


async def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="store-place"):
        await open_storage(str(tmp_path / "file" / "a.db"))


async def test_a_server_that_does_not_answer_is_an_error_without_its_password() -> None:
    with pytest.raises(StorageError, match="store-unreachable") as caught:
        await open_storage("postgresql://me:secret@127.0.0.1:1/news")
    assert "secret" not in str(caught.value)


async def test_a_backup_of_a_store_in_use_opens_with_everything(tmp_path: Path) -> None:
    async with await open_storage(str(tmp_path / "a.db")) as store:
        chat = await new_chat(store)
        target = tmp_path / "copies" / "a.db"
        with pytest.raises(StorageError, match="backup-no-folder"):
            await store.backup(target)
        target.parent.mkdir()
        await store.backup(target)
        with pytest.raises(StorageError, match="backup-exists"):
            await store.backup(target)
        async with await open_storage(str(target)) as copy:
            assert await copy.chats.get(chat.id) == chat
    assert [path.name for path in target.parent.iterdir() if path.suffix == ".partial"] == []
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_backup_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with await open_storage(str(tmp_path / "a.db")) as store:
        with pytest.raises(StorageError, match="backup-no-folder"):
            await store.backup(tmp_path / "file" / "a.db")
        with pytest.raises(StorageError, match="backup-failed"):
            await store.backup(tmp_path / ("a" * 300))


async def test_a_server_or_memory_has_no_backup_of_ours(url: str, tmp_path: Path) -> None:
    key = "backup-postgres"
    if url.startswith("sqlite"):
        url, key = ":memory:", "backup-memory"
    async with await open_storage(url) as store:
        with pytest.raises(StorageError, match=key):
            await store.backup(tmp_path / "copy.db")


async def test_numbers_no_database_holds_are_a_storage_error(store: Storage) -> None:
    with pytest.raises(StorageError, match="store-failed"):
        await store.chats.by_telegram_id(2**70)


CHILD = """
import asyncio, sys
from storage import open_storage
from tests.storage.samples import NOW, MINUTE, active_chat, issue

async def main():
    store = await open_storage(sys.argv[1])
    for number in (1, 2):
        await store.outbox.commit_issues([issue(await active_chat(store, number))], now=NOW)
    claimed, sending = await store.outbox.claim(now=NOW, limit=5, lease=MINUTE, owner="child")
    await store.outbox.mark_sending(sending.id, part=0, owner="child", now=NOW)
    async with store._database.transaction() as connection:
        await connection.exec_driver_sql("DELETE FROM chats")
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_after_a_kill_the_store_opens_at_once_with_every_commit_and_nothing_half_done(url: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220, S603
    assert child.stdout is not None
    with child, child.stdout:
        assert child.stdout.readline() == "ready\n"
        with pytest.raises(StoreBusyError):
            await open_storage(url)
        child.send_signal(signal.SIGKILL)
    for _ in range(50):
        try:
            store = await open_storage(url)
            break
        except StoreBusyError:  # the server takes a moment to notice
            assert url.startswith("postgresql")
    async with store:
        await store.outbox.reclaim(now=NOW + DAY)
        counts = await store.outbox.counts()
        assert (counts[OutboxState.PENDING], counts[OutboxState.UNKNOWN]) == (1, 1)
        assert len(await store.chats.due_chats(now=NOW + DAY, limit=5)) == 2
        assert len(await store.outbox.claim(now=NOW + DAY, limit=5, lease=MINUTE, owner="me")) == 1


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_worker_that_outlives_its_parent_does_not_hold_the_store(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "a.db")
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.write(writing, b"!")
        time.sleep(60)
    try:
        os.read(reading, 1)
        os.close(lock._descriptor)  # as the kernel does when the parent is killed
        asyncio.run(FileLock(tmp_path / "a.db").release())
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        os.close(reading)
        os.close(writing)


def test_importing_the_store_does_not_import_alembic() -> None:
    code = "import storage, sys; sys.exit('alembic' in sys.modules or 'asyncpg' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)  # noqa: S603


async def test_a_store_in_use_follows_the_rules_that_keep_it_whole(tmp_path: Path) -> None:
    async with await open_storage(str(tmp_path / "a.db")) as store, store._database.transaction() as connection:
        found = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection_of_others:
        assert connection_of_others.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _set_revision(store: Storage, revision: str) -> None:
    async with store._database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
