"""The program's own text, read as a tree, for what tests say about all of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "feeds", "storage")
SOURCES = tuple(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
ELSEWHERE = tuple(
    path
    for folder in ROOT.iterdir()
    if folder.is_dir() and folder.name not in {*PACKAGES, "tests", "build"} and not folder.name.startswith(".")
    for path in folder.rglob("*.py")
)
EVERYTHING = SOURCES + ELSEWHERE
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(paths: tuple[Path, ...] = SOURCES) -> Sequence[tuple[Path, ast.AST]]:
    return [(path, node) for path in paths for node in ast.walk(tree(path))]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"
