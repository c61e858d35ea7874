"""Conditions of a procedure (流转条件): a small language of comparisons, and nothing that could do anything.

A county uploads its own diagrams, and the engine below would hand their conditions to Python. Here each condition is
read as a tree first, and only comparisons of facts, texts and numbers pass: no attribute, no call but `decision("…")`,
no name with an underscore before it. What isn't listed is refused.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 500
"""So many characters a condition may have."""

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}

Decide = Callable[[str, Mapping[str, Any]], Any]


class Unreadable(ValueError):
    """A condition outside the language. `part` is the piece that isn't understood."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def names_in(condition: str) -> frozenset[str]:
    """The facts a condition asks for. Raises Unreadable for anything outside the language."""
    found: set[str] = set()
    _walk(_tree(condition), found, set())
    return frozenset(found)


def decisions_in(condition: str) -> frozenset[str]:
    """The decision tables a condition asks. Raises Unreadable for anything outside the language."""
    found: set[str] = set()
    _walk(_tree(condition), set(), found)
    return frozenset(found)


def value_of(condition: str, facts: Mapping[str, Any], decide: Decide) -> Any:
    """What the condition comes to with these facts. A fact nobody gave is None, which equals nothing and orders not.

    Raises Unreadable outside the language or when things that can't be ordered are ordered.
    """
    tree = _tree(condition)
    _walk(tree, set(), set())
    return _value(tree, facts, decide)


def _tree(condition: str) -> ast.expr:
    if len(condition) > LONGEST:
        raise Unreadable(condition[:40])
    try:
        return ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(condition[:40]) from error


def _walk(node: ast.expr, names: set[str], decisions: set[str]) -> None:
    match node:
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                _walk(part, names, decisions)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=part):
            _walk(part, names, decisions)
        case ast.Compare(left=left, ops=operators, comparators=others) if all(
            type(o) in _COMPARISONS for o in operators
        ):
            for part in (left, *others):
                _walk(part, names, decisions)
        case ast.Name(id=name) if not name.startswith("_"):
            names.add(name)
        case ast.Constant(value=value) if value is None or isinstance(value, str | int | bool):
            pass
        case ast.Call(func=ast.Name(id="decision"), args=[ast.Constant(value=str(code))], keywords=[]):
            decisions.add(code)
        case _:
            raise Unreadable(ast.unparse(node)[:40])


def _value(node: ast.expr, facts: Mapping[str, Any], decide: Decide) -> Any:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, facts, decide) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, facts, decide) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not _value(part, facts, decide)
        case ast.UnaryOp(operand=part):
            number = _value(part, facts, decide)
            if isinstance(number, bool) or not isinstance(number, int):
                raise Unreadable(ast.unparse(node)[:40])
            return -number
        case ast.Compare(left=left, ops=operators, comparators=others):
            before = _value(left, facts, decide)
            for operator, other in zip(operators, others, strict=True):
                after = _value(other, facts, decide)
                if not _compare(operator, before, after, node):
                    return False
                before = after
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return tuple(_value(part, facts, decide) for part in parts)
        case ast.Name(id=name):
            return facts.get(name)
        case ast.Constant(value=value):
            return value
        case ast.Call(args=[ast.Constant(value=code)]):
            return decide(str(code), facts)
    raise Unreadable(ast.unparse(node)[:40])


def _compare(operator: ast.cmpop, before: Any, after: Any, node: ast.expr) -> bool:
    ordered = isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
    if ordered and (before is None or after is None):
        return False
    try:
        return _COMPARISONS[type(operator)](before, after)
    except TypeError as error:
        raise Unreadable(ast.unparse(node)[:40]) from error
