"""What every act on notices and objections does: lock the row, ask the right, save it, leave the trace."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import permissions
from mingchan.oversight.disclosure.choices import NoticeState
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.disclosure.queries import documents

CLAUSES = ("3.4.3a", "2.4.2c")


def locked(notice_id: int, right: str, *, actor: Actor) -> Notice:
    """The notice, locked, its case locked before it. Raises NotFound out of reach, NotAllowed without the right."""
    case_id = Notice.objects.filter(pk=notice_id, county=actor.county).values_list("case_id", flat=True).first()
    if case_id is not None:
        Case.objects.select_for_update().filter(pk=case_id).first()
    found = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id, county=actor.county).first()
    hidden = found is not None and found.state in (NoticeState.DRAFT, NoticeState.DROPPED)
    if found is None or (hidden and not actor.may(permissions.VIEW, found.division_code)):
        raise NotFound(_("没有这份公示"))
    permissions.require(actor, right, found.division_code)
    return found


def locked_objection(objection_id: int, right: str, *, actor: Actor) -> Objection:
    """The objection, locked, its notice locked before it. Raises as `locked`."""
    key = Objection.objects.filter(pk=objection_id, county=actor.county).values_list("notice_id", flat=True).first()
    if key is not None:
        Notice.objects.select_for_update(of=("self",)).filter(pk=key).first()
    found = Objection.objects.select_for_update(of=("self",)).filter(pk=objection_id, county=actor.county).first()
    if found is None or not actor.may(permissions.SEE_OBJECTIONS, found.division_code):
        raise NotFound(_("没有这件异议"))
    permissions.require(actor, right, found.division_code)
    return found


def current(row: Notice | Objection, version: int) -> None:
    """Raises Stale when somebody saved the row first."""
    if row.version != version:
        raise Stale(_("他人已先保存，请看过后再操作。"), theirs={"version": row.version}, yours={"version": version})


def reason_given(reason: str) -> str:
    """The reason, trimmed. Raises Refusal when none is given."""
    text = reason.strip()
    if len(text) < 2:
        raise Refusal(_("请写明理由"), clauses=CLAUSES, field="reason")
    return text[:200]


def whole(protected: Protected, row: Any) -> dict[str, Any]:
    """The row's document."""
    return protection.document(protected, row)


def record(
    kind: EventKind,
    protected: Protected,
    row: Any,
    *,
    division: str,
    actor: Actor,
    on: date,
    before: Mapping[str, Any] | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
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
        facts=facts or {},
    )


def save(
    notice: Notice,
    kind: EventKind,
    before: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Notice:
    """Save a changed notice and record it."""
    notice.version += 1
    notice.save(force_update=True)
    told = {"title": notice.title, "number": notice.number, **(facts or {})}
    record(
        kind, documents.NOTICE, notice, division=notice.division_code, actor=actor, on=on, before=before,
        reason=reason, facts=told,
    )  # fmt: skip
    return notice


def save_objection(
    row: Objection,
    kind: EventKind,
    before: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Objection:
    """Save a changed objection and record it."""
    row.version += 1
    row.save(force_update=True)
    record(
        kind, documents.OBJECTION, row, division=row.division_code, actor=actor, on=on, before=before, reason=reason,
        facts={"number": row.number, **(facts or {})},
    )  # fmt: skip
    return row
