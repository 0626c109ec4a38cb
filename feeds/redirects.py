"""The way from the address we have to the one that answers. Pure: it decides, ``feeds.fetch`` walks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

from feeds.polls import Failed, FailureKind

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5

_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The addresses asked one after another, the stored one first."""

    addresses: tuple[str, ...]
    permanent: bool = True

    @property
    def source(self) -> str:
        """The address the walk began at."""
        return self.addresses[0]

    @property
    def end(self) -> str:
        """The address to ask now."""
        return self.addresses[-1]

    @property
    def moved_permanently(self) -> bool:
        """Whether every step was permanent (RFC 9110 §15.4) and none fell from https to http."""
        return self.permanent and len(self.addresses) > 1

    def follow(self, *, status: int, location: str) -> Self | Failed:
        """Go one step on; a loop fails at once, as we keep no cookie that could end it."""
        try:
            target = urljoin(self.end, location.strip().replace(" ", "%20")).partition("#")[0]
        except ValueError:
            return Failed(kind=FailureKind.BAD_ADDRESS, status=status, detail=location[:200])
        if len(self.addresses) > MAX_REDIRECTS or target in self.addresses:
            return Failed(kind=FailureKind.REDIRECTS, status=status, detail=target[:200])
        downgrade = self.end.lower().startswith("https:") and not target.lower().startswith("https:")
        permanent = self.permanent and status in _PERMANENT and not downgrade
        return type(self)(addresses=(*self.addresses, target), permanent=permanent)
