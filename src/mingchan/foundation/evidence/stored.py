"""What columns really hold (列中实值): values read past the database's converters.

SQLite keeps whatever a raw edit puts into a column, and its converters turn what they can't read into nothing. The
verifier must neither stop at such a value nor miss it, so it reads what is stored and says it in canonical types.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import OperationalError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00)?")
_TEXT: frozenset[type] = frozenset((str, type(None)))
_WHOLE: frozenset[type] = frozenset((int, type(None)))
T = TypeVar("T")
_NEVER: frozenset[type] = frozenset((type(None),))


class Bare(models.Func):
    """A column without its converters: on PostgreSQL, whose columns hold their type, only days and moments need it."""

    arity = 1
    output_field = models.Field()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS text)", **context)


def strange(value: Any) -> Any:
    """A value of a kind its column can't honestly hold, as text that equals no honest value."""
    if isinstance(value, memoryview | bytes | bytearray):
        return f"blob:{bytes(value).hex()}"
    kind = {str: "text", float: "real", int: "integer"}.get(type(value), type(value).__name__)
    return f"{kind}:{value}"


def _moment(value: Any) -> Any:
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    return strange(value) if found is None else f"{found[1]}T{found[2]}.{(found[3] or ''):0<6}Z"


def _truth(value: Any) -> Any:
    return bool(value) if value in (0, 1) and isinstance(value, int) else strange(value)


def _bytes(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, memoryview | bytes | bytearray) else strange(value)


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return strange(value)
    try:
        return json.loads(value)
    except ValueError:
        return strange(value)


Reader = tuple[Combinable, frozenset[type], Callable[[Any], Any]]


def reader(model: type[models.Model], name: str) -> Reader:
    """How to read a field: what to select, the types that are right as they come, and what makes the others right."""
    field = model._meta.get_field(name)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    bare: Combinable = Bare(models.F(name))
    plain: Combinable = bare if connection.vendor == "sqlite" else models.F(name)
    if isinstance(field, models.BooleanField):
        return plain, _NEVER, _truth
    if isinstance(field, models.IntegerField):
        return plain, _WHOLE, strange
    if isinstance(field, models.DateTimeField):
        return bare, _NEVER, _moment
    if isinstance(field, models.DateField):
        return bare, _TEXT, strange
    if isinstance(field, models.BinaryField):
        return plain, _NEVER, _bytes
    if isinstance(field, models.JSONField):
        return bare, _NEVER, _json
    return plain, _TEXT, strange


def canonical_rows(readers: Sequence[Reader], rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows with every value in canonical type, a column at a time."""
    columns: list[Sequence[Any]] = []
    for (_select, right, convert), column in zip(readers, zip(*rows, strict=True), strict=False):
        if right.issuperset(map(type, column)):
            columns.append(column)
        else:
            columns.append([value if type(value) in right else convert(value) for value in column])
    return zip(*columns, strict=True)


def is_unreadable_text(error: Exception) -> bool:
    """Whether a query failed because a column of SQLite holds text that isn't UTF-8."""
    return connection.vendor == "sqlite" and "decode to UTF-8" in str(error)


def whatever_the_text(read: Callable[[], T]) -> T:
    """What `read` gives; when text of SQLite that isn't UTF-8 stopped it, read again with signs of replacement."""
    try:
        return read()
    except OperationalError as error:
        if not is_unreadable_text(error):
            raise
    connection.ensure_connection()
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, lambda data: data.decode(errors="replace")
    try:
        return read()
    finally:
        raw.text_factory = before
