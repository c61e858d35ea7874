"""What every act on a disposal begins and ends with: the row under lock, who may, in which state, and its trace."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import permissions
from mingchan.lifecycle.disposal.choices import State
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.queries.documents import document, kind_of

CLAUSES = ("3.4.3a", "2.6.3")


def locked(disposal_id: int, states: Collection[str], right: str, *, actor: Actor) -> Disposal:
    """The disposal, held until the transaction ends.

    Raises NotFound out of sight, NotAllowed without the right there, Refusal in another state than those named.
    """
    found = Disposal.objects.select_for_update(of=("self",)).filter(pk=disposal_id, county=actor.county).first()
    disposal = permissions.require(actor, right, found)
    if disposal.state not in states:
        raise Refusal(
            _("处置方案 %(number)s 的状态是“%(state)s”，不能这样办理")
            % {"number": disposal.number, "state": State(disposal.state).label},
            clauses=CLAUSES,
        )
    return disposal


def current(disposal: Disposal, version: int | None) -> None:
    """Raise Stale when somebody saved the disposal first; None means that no form was filled in."""
    if version is not None and disposal.version != version:
        raise Stale(
            _("这个方案刚被他人修改，请核对后再保存"), theirs={"version": disposal.version}, yours={"version": version}
        )


def save(
    disposal: Disposal,
    changes: Mapping[str, Any],
    kind: EventKind,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write changes of the disposal's own row and leave their trace."""
    before = document(disposal)
    for name, value in changes.items():
        setattr(disposal, name, value)
    disposal.version += 1
    disposal.save(force_update=True)
    evidence.record(
        kind,
        Ref("disposal", disposal.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(disposal),
        division=disposal.division_code,
        reason=reason,
        facts={"number": disposal.number, **(facts or {})},
    )


def add(
    disposal: Disposal,
    row: models.Model,
    kind: EventKind,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write a new row that belongs to the disposal and leave its trace."""
    row.save(force_insert=True)
    evidence.record(
        kind,
        Ref(kind_of(row), row.pk),
        actor=actor,
        on=on,
        after=document(row),
        division=disposal.division_code,
        reason=reason,
        facts={"number": disposal.number, **(facts or {})},
    )
