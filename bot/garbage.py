"""The garbage collector, kept from looking again and again at what a process holds from its start to its end.

Nearly all that a delivery makes is freed by counting references. With the collector as it comes, every seven hundred
objects begin a search, and each search among the old ones goes through libraries, catalogues and words: a tenth of the
time of a broadcast, in pauses that hold up everybody.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""Objects made until the young ones are searched, and how many searches of one age until the next one is."""


def spare_what_stays() -> None:
    """Search no more what there is now, and what is made from now on less often. For the end of a start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
