"""A reader of the Python expressions in feedparser's test cases; no more of the language than they use."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final


def parts_of(expression: str) -> list[ast.expr]:
    """Take an expression apart at its outer ``and``."""
    return _parts(ast.parse(expression.strip(), mode="eval").body)


def _parts(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        return [part for value in tree.values for part in _parts(value)]
    return [tree]


class NotKeptError(Exception):
    """The expression speaks of something that we do not keep."""


class Expression:
    """Reads an expectation over a view; no more of Python than the expectations use."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def holds(self, node: ast.expr) -> bool:
        """Whether an expectation is true of the view."""
        return bool(self._value(node))

    def _value(self, node: ast.expr) -> Any:  # noqa: C901 - one case for each kind of node
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return _kept(self._names, name)
            case ast.Attribute(value=owner, attr=name):
                return _kept(self._value(owner), name)
            case ast.Subscript(value=owner, slice=index):
                return _kept(self._value(owner), self._value(index))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return tuple(self._value(element) for element in elements)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._value(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._value(operand)
            case ast.BoolOp(op=ast.Or(), values=values):
                return any(self._value(value) for value in values)
            case ast.BoolOp(values=values):
                return all(self._value(value) for value in values)
            case ast.Compare(left=left, ops=[operation], comparators=[right]):
                return _OPERATIONS[type(operation)](self._value(left), self._value(right))
            case ast.Call(func=ast.Name(id="len"), args=[argument]):
                return len(self._value(argument))
        raise NotKeptError(ast.unparse(node))


def _kept(owner: Any, name: Any) -> Any:
    if isinstance(owner, Mapping):
        if name not in owner:
            raise NotKeptError(str(name))
        return owner[name]
    if isinstance(name, str):
        raise NotKeptError(name)
    return owner[name]


_OPERATIONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda part, whole: part in whole,
    ast.NotIn: lambda part, whole: part not in whole,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
