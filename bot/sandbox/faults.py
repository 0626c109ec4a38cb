"""Troubles ordered beforehand: errors, floods, lost connections. Knows requests by method and chat only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.refusals import PREFIXES, Refusal, too_many_requests


class FaultKind(StrEnum):
    """What goes wrong. Only `drop_before`, `page` and the two refusals leave the work undone.

    `page` is a gateway's own: its code, and HTML where JSON should be.
    """

    STATUS = "status"
    PAGE = "page"
    RETRY_AFTER = "retry_after"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    HALF_ANSWER = "half_answer"
    SLOW = "slow"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One order: this trouble, so many times, for this method (`*`: any) and chat (None: any)."""

    method: str
    kind: FaultKind
    times: int = 1
    chat_id: int | None = None
    code: int = 502
    description: str = ""
    retry_after: int = 5  # seconds
    seconds: float = 1.0

    def refusal(self) -> Refusal:
        """Return the answer of a `status` or a `retry_after` fault."""
        if self.kind is FaultKind.RETRY_AFTER:
            return too_many_requests(self.retry_after)
        return Refusal(self.code, self.description or PREFIXES.get(self.code, "Bad Gateway"))


class Faults:
    """The orders that are not used up, oldest first."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a trouble."""
        self._orders.append(fault)

    def clear(self) -> None:
        """Cancel all orders."""
        self._orders.clear()

    def take(self, method: str, chat_id: str) -> Fault | None:
        """Return the trouble for a request, counting it as used."""
        for fault in self._orders:
            if fault.method != "*" and fault.method.lower() != method.lower():
                continue
            if fault.chat_id is not None and str(fault.chat_id) != chat_id:
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._orders.remove(fault)
            return fault
        return None
