"""What every act on evaluations and rectifications does: lock the row, save it, keep a file, leave the trace."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.performance import permissions
from mingchan.lifecycle.performance.drafts import FileDraft
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.lifecycle.performance.queries.documents import EVALUATION, FIX

CLAUSES = ("2.4.2d",)


def locked(evaluation_id: int, actor: Actor) -> Evaluation:
    """The evaluation, locked, with its contract. Raises NotFound where the actor sees none."""
    found = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("contract__operator", "evaluator")
        .filter(pk=evaluation_id, county=actor.county)
        .first()
    )
    return permissions.seen(actor, found)


def locked_fix(fix_id: int, actor: Actor) -> Rectification:
    """The rectification, locked, with its evaluation. Raises NotFound where the actor sees none."""
    found = (
        Rectification.objects.select_for_update(of=("self",))
        .select_related("evaluation__contract__operator")
        .filter(pk=fix_id, county=actor.county)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这项整改"))
    permissions.seen(actor, found.evaluation)
    return found


def current(row: Any, version: int) -> None:
    """Raises Stale when somebody saved the row first."""
    if row.version != version:
        raise Stale(_("他人已先保存，请看过后再操作。"), theirs={"version": row.version}, yours={"version": version})


def stands(found: Evaluation, *states: str) -> None:
    """Raises Refusal unless the evaluation is in one of the states."""
    if found.state not in states:
        raise Refusal(
            _("评价现在是“%(state)s”，不能进行这一步") % {"state": found.get_state_display()}, clauses=CLAUSES
        )


def said(text: str, field: str, most: int = 1000) -> str:
    """The words, trimmed. Raises Refusal when there are none."""
    given = text.strip()
    if len(given) < 2:
        raise Refusal(_("请写明情况"), clauses=CLAUSES, field=field)
    return given[:most]


def keep(
    file: FileDraft | None,
    owner: Ref,
    of: Evaluation,
    *,
    photo: bool = False,
    actor: Actor,
    on: date,
) -> str:
    """Keep a file as evidence and give its reference as text; empty without a file. Raises as `evidence.attach`."""
    if file is None:
        return ""
    kept = evidence.attach(
        file.content,
        name=file.name,
        owner=owner,
        division=of.division_code,
        party=of.contract.operator_id,
        kind=AttachmentKind.PHOTO if photo else AttachmentKind.OTHER,
        actor=actor,
        on=on,
    )
    return str(Ref("attachment", kept.pk))


def whole(protected: Protected, row: Any) -> dict[str, Any]:
    """The row's document."""
    return protection.document(protected, row)


def record(
    kind: EventKind,
    protected: Protected,
    row: Any,
    *,
    division: str,
    before: Mapping[str, Any] | None = None,
    reason: str = "",
    facts: Mapping[str, Any],
    actor: Actor,
    on: date,
) -> None:
    """Leave the trace of one row's beginning or change."""
    evidence.record(
        kind,
        Ref(protected.kind, row.pk),
        actor=actor,
        on=on,
        before=before,
        after=whole(protected, row),
        division=division,
        reason=reason,
        facts=facts,
    )


def save(
    found: Evaluation,
    kind: EventKind,
    before: Mapping[str, Any],
    *,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    actor: Actor,
    on: date,
) -> Evaluation:
    """Save a changed evaluation and record it."""
    found.version += 1
    found.save(force_update=True)
    told = {"name": found.contract.title, "year": found.year, **(facts or {})}
    record(
        kind, EVALUATION, found, division=found.division_code, before=before, reason=reason, facts=told, actor=actor,
        on=on,
    )  # fmt: skip
    return found


def save_fix(
    found: Rectification,
    kind: EventKind,
    before: Mapping[str, Any],
    *,
    facts: Mapping[str, Any],
    actor: Actor,
    on: date,
) -> Rectification:
    """Save a changed rectification and record it."""
    found.version += 1
    found.save(force_update=True)
    told = {"name": found.evaluation.contract.title, **facts}
    record(kind, FIX, found, division=found.division_code, before=before, facts=told, actor=actor, on=on)
    return found
