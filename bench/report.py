"""What every benchmark ends with: a table for people and the same figures as JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from rich.console import Console
from rich.table import Table

Better = Literal["higher", "lower"]
_FOLDER: Final = Path(__file__).parent.parent / "build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value, the least that is acceptable and what was aimed at."""

    value: float
    floor: float
    target: float
    better: Better
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the value is acceptable."""
        return self.value >= self.floor if self.better == "higher" else self.value <= self.floor

    @property
    def good(self) -> bool:
        """Whether the value is what was aimed at."""
        return self.value >= self.target if self.better == "higher" else self.value <= self.target


class Report:
    """Collects the figures of one benchmark."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.figures: dict[str, Figure] = {}

    def add(self, check: str, value: float, *, floor: float, target: float, better: Better, note: str = "") -> None:
        """Add a figure; ``note`` is for people and goes into both outputs."""
        self.figures[check] = Figure(value=value, floor=floor, target=target, better=better, note=note)

    @property
    def holds(self) -> bool:
        """Whether every figure is acceptable."""
        return all(figure.holds for figure in self.figures.values())

    def write(self) -> None:
        """Print the table and write ``build/<name>.json``."""
        table = Table(title=self.name, title_justify="left")
        table.add_column("check")
        for column in ("value", "floor", "target"):
            table.add_column(column, justify="right")
        table.add_column("")
        table.add_column("note")
        for check, figure in self.figures.items():
            verdict = "[green]good[/]" if figure.good else "[yellow]holds[/]" if figure.holds else "[red]fails[/]"
            table.add_row(check, *map(_number, (figure.value, figure.floor, figure.target)), verdict, figure.note)
        Console().print(table)
        _FOLDER.mkdir(exist_ok=True)
        text = json.dumps({check: asdict(figure) for check, figure in self.figures.items()}, indent=2)
        (_FOLDER / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.3g}"
