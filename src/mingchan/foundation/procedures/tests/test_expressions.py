"""Conditions of a drawing: comparisons of facts, and nothing that could do anything."""

from typing import Any

import pytest

from mingchan.foundation.procedures import expressions
from mingchan.foundation.procedures.expressions import Unreadable


def decide(code: str, facts: Any) -> str:
    return f"{code}:{facts.get('value', 0)}"


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ('review == "AGREE"', {"review": "AGREE"}, True),
        ('review == "AGREE"', {}, False),
        ('"RETURN" in (a, b)', {"a": "AGREE", "b": "RETURN"}, True),
        ('"RETURN" not in (a, b)', {"a": "AGREE"}, True),
        ("value >= 500 and not urgent", {"value": 500, "urgent": False}, True),
        ("1 < value <= 3", {"value": 3}, True),
        ("value > 3", {}, False),
        ("value == -1", {"value": -1}, True),
        ('decision("level") == "level:7"', {"value": 7}, True),
        ("a or b", {"b": True}, True),
        ("a == None", {}, True),
    ],
)
def test_a_condition_compares_facts(condition: str, facts: dict[str, Any], expected: bool) -> None:
    assert bool(expressions.value_of(condition, facts, decide)) is expected


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('id')",
        "().__class__.__bases__",
        "open('/etc/passwd')",
        "[x for x in (1,)]",
        "lambda: 1",
        "a.b",
        "a[0]",
        "_secret == 1",
        "decision(a)",
        "decision('x', 1)",
        "f'{a}'",
        "9 ** 9 ** 9",
        "a + b",
        "a if b else c",
        "1.5 == a",
        "b'x' == a",
        "(yield)",
        "a := 1",
        "*a",
        "",
        "a ==",
        "a" * 600,
        "(" * 400 + "a" + ")" * 400,
        "a is None",
    ],
)
def test_anything_else_is_refused_before_it_is_evaluated(condition: str) -> None:
    with pytest.raises(Unreadable):
        expressions.names_in(condition)
    with pytest.raises(Unreadable):
        expressions.value_of(condition, {"a": 1, "b": 2}, decide)


def test_things_that_cannot_be_ordered_are_refused() -> None:
    with pytest.raises(Unreadable):
        expressions.value_of("a < b", {"a": "x", "b": 1}, decide)


def test_names_and_decisions_of_a_condition_are_known() -> None:
    condition = 'a == "X" and decision("level") in (b, "Y")'
    assert expressions.names_in(condition) == {"a", "b"}
    assert expressions.decisions_in(condition) == {"level"}
