"""What an evidence package is about (证据包范围): a thing with everything that points at it, or a part of the log.

Which rows belong to a thing is read from the tables themselves: every protected row with a key to it, directly or in a
child row, or that names it as its subject. A new context is in packages without a line here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import packages, protection
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref

DEPTH = 3
MOST_OBJECTS = 20_000
NAMED_IN = ("subject", "source", "source_ref", "about")
"""Text fields in which rows name, as a reference, what they are about."""
NEVER = frozenset({"attachment"})


class Edge(NamedTuple):
    """Rows of `kind` point at rows of another kind: model to look in, field to filter by, field that names the row."""

    kind: str
    model: type[models.Model]
    by: str
    key: str


@cache
def _edges() -> tuple[dict[str, tuple[Edge, ...]], tuple[Edge, ...]]:
    """Edges by the kind that is pointed at, and those that name their subject in words."""
    kinds = {item.model: item.kind for item in protection.registered()}
    found: dict[str, list[Edge]] = {}
    named: list[Edge] = []
    for item in protection.registered():
        if item.kind in NEVER:
            continue
        looked_in = [(item.model, "pk"), *((child.model, child.fk) for child in item.children)]
        for model, key in looked_in:
            for field in model._meta.concrete_fields:
                target = field.related_model if isinstance(field, models.ForeignKey) else None
                if isinstance(target, type) and target in kinds and field.name != key:
                    found.setdefault(kinds[target], []).append(Edge(item.kind, model, field.name, key))
                elif field.name in NAMED_IN and isinstance(field, models.CharField):
                    named.append(Edge(item.kind, model, field.name, key))
    return {kind: tuple(edges) for kind, edges in found.items()}, tuple(named)


ROOTS = frozenset(
    {"party", "account", "division", "grant", "book", "ledger_account", "period", "procedure_definition", "site"}
)
"""Kinds that half the county points at: a package isn't made of them."""


def objects_of(refs: Iterable[str], depth: int = DEPTH) -> list[str]:
    """The references and those of every row that points at them, up to three steps away.

    Raises Refusal when there are more than a package takes.
    """
    by_kind, named = _edges()
    found: dict[str, None] = dict.fromkeys(refs)
    level = list(found)
    for _step in range(depth):
        following: dict[str, None] = {}
        keys: dict[str, list[int]] = {}
        for text in level:
            kind, _colon, key = text.partition(":")
            if key.isdecimal() and kind not in ROOTS:
                keys.setdefault(kind, []).append(int(key))
        for kind, numbers in keys.items():
            for edge in by_kind.get(kind, ()):
                rows = edge.model._default_manager.filter(**{f"{edge.by}__in": one_of(numbers, "bigint")})
                following.update(dict.fromkeys(f"{edge.kind}:{key}" for key in rows.values_list(edge.key, flat=True)))
        for edge in named:
            rows = edge.model._default_manager.filter(**{f"{edge.by}__in": one_of(level)})
            following.update(dict.fromkeys(f"{edge.kind}:{key}" for key in rows.values_list(edge.key, flat=True)))
        level = [text for text in following if text not in found]
        found.update(dict.fromkeys(level))
        if len(found) > MOST_OBJECTS:
            raise Refusal(_("与它有关的事项太多，请改按日期和区划制作证据包。"), clauses=("3.4.2",))
    return list(found)


@dataclass(frozen=True, slots=True)
class LogPart:
    """A part of the log: a division prefix, days, the beginning of an act's code, an account."""

    division: str = ""
    day_from: date | None = None
    day_to: date | None = None
    act: str = ""
    person: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows it."""
        return not any((self.division, self.day_from, self.day_to, self.act, self.person))


def seqs_in(part: LogPart, actor: Actor) -> list[int]:
    """Records of a part of the log that the actor may see. Raises Refusal without a bound, or for too many."""
    if part.is_empty:
        raise Refusal(_("请至少填写一个范围条件。"), clauses=("3.4.2",))
    records = evidence.visible_to(actor)
    if part.division:
        records = records.filter(region__startswith=part.division)
    if part.day_from is not None:
        records = records.filter(on__gte=part.day_from)
    if part.day_to is not None:
        records = records.filter(on__lte=part.day_to)
    if part.act:
        records = records.filter(act__gte=part.act, act__lt=part.act + "\U0010ffff")
    if part.person:
        records = records.filter(actor=part.person)
    found = list(records.order_by("seq").values_list("seq", flat=True)[: packages.MOST_RECORDS + 1])
    if len(found) > packages.MOST_RECORDS:
        raise packages.too_many(len(found))
    return found


def known(text: str, actor: Actor) -> Ref:
    """A reference that the log knows. Raises NotFound."""
    try:
        ref = Ref.parse(text.strip())
    except ValueError:
        raise NotFound(_("没有这个对象。")) from None
    if not evidence.visible_to(actor).filter(obj=str(ref)).exists():
        raise NotFound(_("没有这个对象。"))
    return ref


def seqs_about(objects: Sequence[str]) -> list[int]:
    """Records about the objects and their files."""
    return packages.seqs_of(objects)
