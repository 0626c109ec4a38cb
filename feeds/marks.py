"""What became of a story after it was told: corrected, taken back, told by more sources. Imports nothing of ours.

Marks go with a story wherever it is shown, so that a message sent yesterday can say today what is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one story; ``note`` says in an editor's words what was corrected, or why it was taken back.

    ``added`` are the sources that joined after it was first told, ``added_at`` is when the newest of them did.
    """

    corrected_at: datetime | None = None
    retracted_at: datetime | None = None
    note: str = ""
    added: tuple[str, ...] = ()
    added_at: datetime | None = None


UNMARKED = Marks()
