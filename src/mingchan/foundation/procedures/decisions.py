"""Decision tables (决策表): typed columns, rows of tests, one result; checked for gaps and overlaps when they are read.

A table stands in the policy pack as YAML:

    code: disposal_level
    title: 处置审批权限
    clauses: ["2.6.3"]
    columns:
      - {name: value_fen, type: amount, label: 原值（分）}
      - {name: kind, type: text, values: [SALE, SCRAP], labels: {SALE: 出售, SCRAP: 报废}}
    rows:
      - {when: {value_fen: "< 5000000", kind: any}, then: BUREAU}
      - {when: {value_fen: ">= 5000000", kind: SALE}, then: COUNTY}
    results: {BUREAU: 主管部门审批, COUNTY: 县政府批复}

A test is `any`, a value, `in [a, b]`, or for amounts `>= n`, `< n`, `between a and b` (a included, b not). Every point
must be met by exactly one row: a gap would leave a case without an answer, an overlap would hide which rule counts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

LOWEST, HIGHEST = -(2**62), 2**62
MOST_POINTS = 200_000
"""A table whose check would need more points than this is too large to be read by people either."""

_AMOUNT = re.compile(r"(>=|<)\s*(-?\d+)")
_BETWEEN = re.compile(r"between\s+(-?\d+)\s+and\s+(-?\d+)")
_IN = re.compile(r"in\s*\[(.*)\]")


class BadTable(ValueError):
    """A decision table that can't be used; `fault` is a word of `wording.TABLE`, `where` the row or point of it."""

    def __init__(self, message: str, fault: str, where: str = "") -> None:
        super().__init__(message)
        self.fault, self.where = fault, where


class Column(NamedTuple):
    """One fact a table looks at: an amount (whole number) or a text out of a list of values; with words for people."""

    name: str
    is_amount: bool
    values: tuple[str, ...] = ()
    label: str = ""
    labels: Mapping[str, str] = MappingProxyType({})

    @property
    def text(self) -> str:
        """What people read above the column."""
        return self.label or self.name

    def written(self, value: str) -> str:
        """What people read for a value."""
        return self.labels.get(value, value)


class Row(NamedTuple):
    """A row: for each column a half-open span or a set of values (None: any), and the result."""

    tests: tuple[tuple[int, int] | frozenset[str] | None, ...]
    then: str


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table that was checked."""

    code: str
    title: str
    clauses: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    results: Mapping[str, str] = field(default_factory=dict)

    def decide(self, facts: Mapping[str, Any]) -> str:
        """The one row's result. Raises BadTable for a missing fact or one outside the column's values."""
        point = []
        for column in self.columns:
            value = facts.get(column.name)
            if column.is_amount:
                if isinstance(value, bool) or not isinstance(value, int):
                    raise BadTable(f"{self.code}: {column.name} is missing or no whole number", "no_fact", column.text)
            elif value not in column.values:
                raise BadTable(
                    f"{self.code}: {column.name} = {value!r} is not among its values", "no_fact", column.text
                )
            point.append(value)
        return next(row.then for row in self.rows if _meets(row, point))


LARGEST = 64 * 1024


def parse(text: str) -> Table:
    """A table from the text of its file. Raises BadTable as `read`, and for what is no plain YAML."""
    if len(text.encode()) > LARGEST:
        raise BadTable("the file is too large", "too_large")
    try:
        if any(isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken) for token in yaml.scan(text)):
            raise BadTable("anchors, aliases and tags are refused", "not_plain")
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, BadTable):
            raise
        raise BadTable(f"no YAML: {error}", "no_yaml", str(error).partition("\n")[0][:80]) from error
    if not isinstance(data, Mapping):
        raise BadTable("no table", "no_yaml")
    try:
        return read(data)
    except (TypeError, AttributeError, KeyError, OverflowError) as error:
        raise BadTable(f"parts of the wrong kind: {error}", "wrong_kind", str(error)[:80]) from error


def read(data: Mapping[str, Any]) -> Table:
    """A table from its YAML. Raises BadTable for an unknown test, a gap or an overlap, naming the row or the point."""
    code = str(data.get("code") or "")
    if not (code.isascii() and code.isidentifier() and len(code) <= 40):
        raise BadTable("a decision table needs a code", "no_code", code[:40])
    columns = tuple(_column(code, item) for item in data.get("columns") or ())
    if not columns or len({column.name for column in columns}) < len(columns):
        raise BadTable(f"{code}: no columns", "no_columns")
    rows = tuple(_row(code, number, item, columns) for number, item in enumerate(data.get("rows") or (), start=1))
    table = Table(
        code,
        str(data.get("title") or code)[:80],
        tuple(str(clause) for clause in data.get("clauses") or ()),
        columns,
        rows,
        _words(data.get("results")),
    )
    _check(table)
    return table


def _words(given: Any) -> Mapping[str, str]:
    return MappingProxyType({str(key): str(text) for key, text in dict(given or {}).items()})


def _column(code: str, item: Mapping[str, Any]) -> Column:
    kind, label = item.get("type"), str(item.get("label") or "")
    if kind == "amount":
        return Column(str(item["name"]), True, label=label)
    if kind == "text" and item.get("values"):
        values = tuple(str(value) for value in item["values"])
        return Column(str(item["name"]), False, values, label, _words(item.get("labels")))
    raise BadTable(
        f"{code}: column {item.get('name')!r} is neither an amount nor a text with values", "bad_column",
        str(item.get("name")),
    )  # fmt: skip


def _row(code: str, number: int, item: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    when = dict(item.get("when") or {})
    unknown = when.keys() - {column.name for column in columns}
    if unknown or "then" not in item:
        raise BadTable(
            f"{code}: row {number} names unknown columns {sorted(unknown)} or gives no result", "bad_row", str(number)
        )
    return Row(tuple(_test(code, number, when.get(c.name, "any"), c) for c in columns), str(item["then"]))


def _test(code: str, number: int, given: Any, column: Column) -> tuple[int, int] | frozenset[str] | None:
    text = str(given).strip()
    if text == "any":
        return None
    if column.is_amount:
        if found := _BETWEEN.fullmatch(text):
            return int(found[1]), int(found[2])
        if found := _AMOUNT.fullmatch(text):
            return (int(found[2]), HIGHEST) if found[1] == ">=" else (LOWEST, int(found[2]))
        raise BadTable(
            f"{code}: row {number}, {column.name}: {text!r} is no test of an amount", "bad_test", f"{number}: {text}"
        )
    inside = _IN.fullmatch(text)
    asked = frozenset(part.strip() for part in inside[1].split(",")) if inside else frozenset({text})
    if not asked <= set(column.values):
        unknown = sorted(asked - set(column.values))
        raise BadTable(
            f"{code}: row {number}, {column.name}: {unknown} are not its values", "bad_test", f"{number}: {text}"
        )
    return asked


def _meets(row: Row, point: Sequence[Any]) -> bool:
    for test, value in zip(row.tests, point, strict=True):
        if isinstance(test, tuple):
            if not test[0] <= value < test[1]:
                return False
        elif test is not None and value not in test:
            return False
    return True


def _points(table: Table) -> Iterator[tuple[Any, ...]]:
    """One point of every cell that the rows' limits cut the space into."""
    axes: list[Sequence[Any]] = []
    for index, column in enumerate(table.columns):
        if column.is_amount:
            limits = {LOWEST}
            for row in table.rows:
                test = row.tests[index]
                if isinstance(test, tuple):
                    limits |= {test[0], test[1]}
            axes.append(sorted(limits - {HIGHEST}))
        else:
            axes.append(column.values)
    size = 1
    for axis in axes:
        size *= len(axis)
    if size > MOST_POINTS:
        raise BadTable(f"{table.code}: too many combinations to check ({size})", "too_many", str(size))
    yield from product(*axes)


def _check(table: Table) -> None:
    for point in _points(table):
        met = [number for number, row in enumerate(table.rows, start=1) if _meets(row, point)]
        where = ", ".join(f"{c.name} = {value}" for c, value in zip(table.columns, point, strict=True))
        told = "，".join(
            f"{c.text} {_amount(value) if c.is_amount else c.written(value)}"
            for c, value in zip(table.columns, point, strict=True)
        )
        if not met:
            raise BadTable(f"{table.code}: no row for {where}", "gap", told)
        if len(met) > 1:
            rows = "、".join(str(number) for number in met)
            raise BadTable(f"{table.code}: rows {met} overlap at {where}", "overlap", f"{rows}（{told}）")


def _amount(value: int) -> str:
    return "−∞" if value == LOWEST else str(value)


def cells(table: Table) -> int:
    """How many cells the limits of the rows cut the space of facts into, each met by exactly one row."""
    return sum(1 for _point in _points(table))
