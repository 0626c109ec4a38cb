"""`make quality`: how well the news is understood, measured on labels that people gave. Rows come from quality_*.py.

Data is read in place from ``AUTODIGEST_CORPUS``; without it nothing is measured. A row module has
``measure(report, corpus)``. What was chosen on one part of the data is reported on another.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path
from typing import Protocol, cast

import bench
from bench.report import Report


class Rows(Protocol):
    """A module of rows."""

    def measure(self, report: Report, corpus: Path) -> None:
        """Add figures to the report."""
        ...


def main() -> int:
    """Measure everything, or only the modules named as arguments (``stories``); 1 if a figure is below its floor."""
    corpus = os.environ.get("AUTODIGEST_CORPUS")
    if not corpus:
        sys.stdout.write("AUTODIGEST_CORPUS is not set: nothing to measure on.\n")
        return 0
    report = Report("quality")
    for name in sorted(module.name for module in pkgutil.iter_modules(bench.__path__)):
        if name.startswith("quality_") and (not sys.argv[1:] or name.removeprefix("quality_") in sys.argv[1:]):
            cast("Rows", importlib.import_module(f"bench.{name}")).measure(report, Path(corpus))
    report.write()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
