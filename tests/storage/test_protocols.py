from __future__ import annotations

from feeds.pipeline import ChatStore, IssueStore, NewsStore
from storage import Storage, open_storage


def as_the_pipeline_sees_it(store: Storage) -> tuple[NewsStore, ChatStore, IssueStore]:
    """The assignment is the test: mypy refuses it when a protocol and its store drift apart."""
    return store.news, store.chats, store.outbox


async def test_the_store_is_what_the_pipeline_asks_for() -> None:
    async with await open_storage(":memory:") as store:
        assert as_the_pipeline_sees_it(store) == (store.news, store.chats, store.outbox)
