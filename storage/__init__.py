"""The store: news, chats and the outbox in SQLite or PostgreSQL, behind domain verbs.

Knows SQL, and of us only the nouns (``feeds.model``, ``feeds.issue``) and the errors. Must not know where news comes
from, what a digest looks like, or Telegram. Each public method is one transaction and no SQL error leaves the package.
"""

from __future__ import annotations

from storage.store import Storage, check_room, open_storage

__all__ = ["Storage", "check_room", "open_storage"]
