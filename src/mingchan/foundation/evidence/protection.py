"""Protected rows (受保护的行): which models the verifier compares with the log, and the one document of a row.

The document of a row is every concrete field under its attribute name (`owner_id`, not `owner`), nulls left out, dates
as text, binary values as hex, and the rows of its child tables as lists. A service builds the same dictionary from
tuples with `document_names`; the verifier builds it from the database.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db import models

from mingchan.foundation.evidence import stored
from mingchan.kernel import database
from mingchan.kernel.canonical import plain


@dataclass(frozen=True, slots=True)
class Child:
    """A table whose rows belong to the document of their parent (rights, lines), as the list `name` in the order.

    The key to the parent (`fk`) and the fields in `exclude` are left out of each row.
    """

    model: type[models.Model]
    fk: str
    name: str
    order: tuple[str, ...] = ("id",)
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected:
    """A model whose every row must equal the `after` of its last record. `kind` is the word of its references.

    `exclude` names fields outside the document (derived copies), each of which needs a reason where it is declared.
    `label` names rows to people in findings: names of fields tried in turn. `begins` tells of a document whether its
    row must be known to the log; a row of which it isn't true yet (an import still being prepared) may be unknown.
    """

    kind: str
    model: type[models.Model]
    exclude: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    label: tuple[str, ...] = ("code", "name", "number", "username")
    begins: Callable[[Mapping[str, Any]], bool] | None = None


_registered: dict[str, Protected] = {}


def register(*protected: Protected) -> None:
    """Declare protected models, once, when the program starts. Raises ValueError when a kind is given to two models."""
    for item in protected:
        known = _registered.setdefault(item.kind, item)
        if known.model is not item.model:
            raise ValueError(f"protected kind given twice: {item.kind}")


class Disagreement(NamedTuple):
    """Something a context's own check found wrong in its rows: the object, the field, both values, and a sentence."""

    obj: str
    field: str
    expected: str
    found: str
    words: str


Check = Callable[[], Iterable[Disagreement]]
_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Have the verifier run a context's own check too (the lines of vouchers against their digest)."""
    if check not in _checks:
        _checks.append(check)


def checks() -> tuple[Check, ...]:
    """The registered checks."""
    return tuple(_checks)


def registered() -> tuple[Protected, ...]:
    """Every declared protected model, by kind."""
    return tuple(_registered[kind] for kind in sorted(_registered))


def document_names(model: type[models.Model], exclude: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of a row's document in the order of the model's fields (attribute names: `owner_id`)."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.name not in exclude and field.attname not in exclude
    )


def child_names(child: Child) -> tuple[str, ...]:
    """Names of a child row's document."""
    return document_names(child.model, (child.fk, *child.exclude))


_AS_THEY_ARE = frozenset((str, int, bool))


def from_values(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """The document of a row given as a tuple in the order of `names`, without children."""
    return {
        name: value if type(value) in _AS_THEY_ARE else plain(value)
        for name, value in zip(names, values, strict=True)
        if value is not None
    }


def _row(names: Sequence[str], row: models.Model | Mapping[str, Any]) -> dict[str, Any]:
    values = [row.get(name) if isinstance(row, Mapping) else getattr(row, name) for name in names]
    return from_values(names, values)


def document(protected: Protected, row: models.Model | Mapping[str, Any]) -> dict[str, Any]:
    """The document of one row, an instance or a mapping of attribute names. Children of an instance are read.

    A mapping brings its children itself, as lists of mappings under their names, already in order.
    """
    found = _row(document_names(protected.model, protected.exclude), row)
    for child in protected.children:
        names = child_names(child)
        if isinstance(row, Mapping):
            rows: Iterable[models.Model | Mapping[str, Any]] = row.get(child.name, ())
        else:
            rows = child.model._default_manager.filter(**{child.fk: row.pk}).order_by(*child.order)
        found[child.name] = [_row(names, item) for item in rows]
    return found


CHUNK = 2000


def documents(protected: Protected) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every row of the model as (primary key, document), by key, a bounded number in memory at a time.

    Values are what the columns hold, whatever it is (stored.py): a raw edit can't stop the reading.
    """
    manager = protected.model._default_manager
    names = document_names(protected.model, protected.exclude)
    readers = [stored.reader(protected.model, name) for name in names]
    last: Any = None
    while True:
        rows = manager.order_by("pk") if last is None else manager.filter(pk__gt=_key(last)).order_by("pk")
        chunk = list(rows.values_list("pk", *(select for select, _right, _convert in readers))[:CHUNK])
        if not chunk or chunk[-1][0] == last:
            return
        last = chunk[-1][0]
        found = dict(zip((values[0] for values in chunk), _canonical(names, readers, chunk), strict=True))
        for child in protected.children:
            _read_children(child, found, chunk[0][0], last)
        yield from found.items()


def _key(last: Any) -> Any:
    """The last key read as a parameter; a raw edit may have left bytes or text where a number is expected."""
    if isinstance(last, bytes):
        return models.Value(last, output_field=models.BinaryField())
    return models.Value(last, output_field=models.TextField()) if isinstance(last, str) else last


def _canonical(
    names: Sequence[str], readers: Sequence[stored.Reader], chunk: Sequence[Sequence[Any]]
) -> Iterator[dict[str, Any]]:
    """Documents of rows that begin with a key, which is no part of them."""
    for values in stored.canonical_rows(readers, (row[1:] for row in chunk)):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _read_children(child: Child, found: Mapping[Any, dict[str, Any]], first: Any, last: Any) -> None:
    """Put the children of the parents between two keys into their documents."""
    for item in found.values():
        item[child.name] = []
    names = child_names(child)
    readers = [stored.reader(child.model, name) for name in names]
    owner = child.model._meta.get_field(child.fk).attname  # type: ignore[union-attr]
    between = child.model._default_manager.filter(**{f"{child.fk}__gte": _key(first), f"{child.fk}__lte": _key(last)})
    rows = between.order_by(child.fk, *child.order).values_list(owner, *(select for select, _r, _c in readers))
    with database.streamed(rows, CHUNK) as stream:
        while chunk := list(islice(stream, CHUNK)):
            for (key, *_values), document in zip(chunk, _canonical(names, readers, chunk), strict=True):
                parent = found.get(key)
                if parent is not None:
                    parent[child.name].append(document)


def orphans(protected: Protected) -> Iterator[tuple[Child, Any]]:
    """Rows of child tables that belong to no row of the model, as (child, key): no document shows them."""
    for child in protected.children:
        parents = protected.model._default_manager.filter(pk=models.OuterRef(child.fk))
        lost = child.model._default_manager.filter(~models.Exists(parents)).order_by("pk")
        with database.streamed(lost.values_list("pk", flat=True), CHUNK) as keys:
            for key in keys:
                yield child, key
