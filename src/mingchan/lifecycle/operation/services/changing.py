"""Changes outside a contract (经营变更): another operator by the bureau, a mode by the county (2.4.2b, 2.6.2)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events, permissions
from mingchan.lifecycle.operation.choices import LIVE, ChangeKind, ChangeStatus
from mingchan.lifecycle.operation.models import Change, Changed, Covered
from mingchan.lifecycle.operation.queries import packs
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.lifecycle.operation.services import drafting, keeping, moding
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.drafts import MoveDraft, ShareDraft
from mingchan.register.assets.models import Asset

CODES = {ChangeKind.OPERATOR: "operator_change", ChangeKind.MODE: "mode_change"}
CLAUSES = ("2.4.2b",)
SHOWN = 3


@transaction.atomic
def propose(
    kind: str,
    asset_ids: Sequence[int],
    *,
    operator: int | None = None,
    mode: str = "",
    reason: str,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Change:
    """Propose another operator or a mode for assets; it goes to the bureau, a mode up to the county government.

    Raises Refusal without a reason, for assets under a running contract when the mode is to change (the contract is
    amended instead), for nothing that would change; NotAllowed, NotFound as `drafting.draft`. Serves 2.4.2b, 2.6.2.
    """
    kind = ChangeKind(kind)
    cards = drafting.cards_in_reach(asset_ids, actor)
    if not cards:
        raise Refusal(_("请选择资产"), clauses=CLAUSES, field="assets")
    if not reason.strip():
        raise Refusal(_("请填写变更理由"), clauses=CLAUSES, field="reason")
    ids = [key for key, _division in cards]
    if kind == ChangeKind.OPERATOR:
        _another_operator(ids, operator, actor)
        mode = ""
    else:
        _another_mode(ids, mode)
        operator = None
    division = drafting.division_of(cards, actor)
    change = Change.objects.create(
        county=actor.county,
        division_code=division,
        kind=kind,
        operator_id=operator,
        mode=mode,
        reason=reason.strip()[:300],
        proposed_on=on,
        proposed_by=actor.name,
        is_sample=is_sample,
    )
    Changed.objects.bulk_create(Changed(change=change, asset_id=key) for key in ids)
    title = title_of(change)
    case = procedures.start(
        CODES[kind],
        title=title,
        text=_("涉及资产 %(count)s 项。理由：%(reason)s") % {"count": len(ids), "reason": reason.strip()},
        subject=Ref("operation_change", change.pk),
        facts={"assets": len(ids)},
        interested=() if operator is None else (operator,),
        division=division,
        right=permissions.DRAFT,
        is_sample=is_sample,
        actor=actor,
        on=on,
    )
    # The case may have gone on by itself; the row is read again before it is recorded with its case.
    Change.objects.filter(pk=change.pk).update(case=case)
    change.refresh_from_db()
    keeping.note(
        change, events.PROPOSED, division=division, actor=actor, on=on, reason=reason.strip(),
        facts={"kind": _kind(change), "title": title},
    )  # fmt: skip
    return change


def title_of(change: Change) -> str:
    """What a change is about in one line, in the words of papers."""
    with translation.override("zh-hans"):
        first = (
            Asset.objects.filter(pk__in=Changed.objects.filter(change=change).values("asset")).order_by("pk").first()
        )
        count = Changed.objects.filter(change=change).count()
        name = first.name if first is not None else ""
        things = name if count == 1 else _("%(name)s 等 %(count)s 项资产") % {"name": name, "count": count}
        if change.kind == ChangeKind.OPERATOR:
            assert change.operator is not None
            return _("%(things)s变更经营者为%(operator)s") % {"things": things, "operator": change.operator.name}
        return _("%(things)s经营方式定为%(mode)s") % {"things": things, "mode": packs.mode_label(change.mode)}


def _kind(change: Change) -> str:
    with translation.override("zh-hans"):
        return str(ChangeKind(change.kind).label)


def _another_operator(ids: Sequence[int], operator: int | None, actor: Actor) -> None:
    if operator is None or not Party.objects.filter(pk=operator, county=actor.county).exists():
        raise Refusal(_("请选择主体清单中的新经营者"), clauses=CLAUSES, field="operator")
    same = Asset.objects.filter(pk__in=one_of(ids, "bigint"), operator=operator)
    if same.count() == len(ids):
        raise Refusal(_("所选资产已由该主体经营"), clauses=CLAUSES, field="operator")


def _another_mode(ids: Sequence[int], mode: str) -> None:
    if mode not in packs.modes():
        raise Refusal(_("请选择经营方式"), clauses=CLAUSES, field="mode")
    running = under_contract(ids)
    if running:
        raise Refusal(
            _("%(cards)s 正在履行经营合同，请通过合同变更改变经营方式") % {"cards": "、".join(running[:SHOWN])},
            clauses=CLAUSES,
        )
    if moding.is_settled(ids, mode):
        raise Refusal(_("所选资产已是该经营方式"), clauses=CLAUSES, field="mode")


def under_contract(ids: Sequence[int], *, but_of: int | None = None) -> list[str]:
    """Numbers of the contracts in force over the assets, those of one operator left out."""
    rows = Covered.objects.filter(asset__in=one_of(ids, "bigint"), is_let=True, contract__status__in=LIVE)
    rows = rows.exclude(contract__operator=but_of) if but_of is not None else rows
    return list(rows.order_by("contract_id").values_list("contract__number", flat=True).distinct())


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """The change is agreed to: it may be carried out, and is at once when no contract stands in its way."""
    change = Change.objects.select_for_update(of=("self",)).filter(case=case).first()
    if change is None:
        return
    _decide(change, ChangeStatus.APPROVED, actor=actor, on=on)
    ids = assets_of(change)
    if change.kind == ChangeKind.OPERATOR:
        assets.permit(ids, change.operator_id, case.pk, actor=actor, on=on)
        if under_contract(ids, but_of=change.operator_id):
            return
    _carry_out(change, ids, actor=actor, on=on)


def on_rejected(case: Case, actor: Actor, on: date) -> None:
    """The change was refused or taken back: nothing changes."""
    change = Change.objects.select_for_update(of=("self",)).filter(case=case).first()
    if change is not None:
        _decide(change, ChangeStatus.REJECTED, actor=actor, on=on)


def assets_of(change: Change) -> list[int]:
    """The assets of a change that still count."""
    rows = Changed.objects.filter(change=change, asset__status="ACTIVE").order_by("asset_id")
    return list(rows.values_list("asset_id", flat=True))


def _decide(change: Change, status: str, *, actor: Actor, on: date) -> None:
    with translation.override("zh-hans"):
        outcome = str(ChangeStatus(status).label)
    keeping.save(
        change, {"status": status}, events.CHANGE_DECIDED, division=change.division_code, before=document(change),
        actor=actor, on=on, facts={"kind": _kind(change), "outcome": outcome},
    )  # fmt: skip


@transaction.atomic
def carry_out(change_id: int, *, actor: Actor, on: date) -> Change:
    """Carry out a change that was agreed to. Raises Refusal while a contract with another operator is in force over
    its assets: that is ended first. Serves 2.4.2b, 2.6.2."""
    change = Change.objects.select_for_update(of=("self",)).filter(pk=change_id, county=actor.county).first()
    if change is None or not actor.may(permissions.VIEW, change.division_code):
        raise NotFound(_("没有这项变更"))
    permissions.require_over(actor, permissions.SIGN, change.division_code)
    if change.status != ChangeStatus.APPROVED:
        raise Refusal(_("这项变更不在待执行状态"), clauses=CLAUSES)
    ids = assets_of(change)
    running = under_contract(ids, but_of=change.operator_id)
    if running:
        raise Refusal(
            _("合同 %(numbers)s 仍在履行，请先终止合同再执行变更") % {"numbers": "、".join(running[:SHOWN])},
            clauses=CLAUSES,
        )
    _carry_out(change, ids, actor=actor, on=on)
    return change


def _carry_out(change: Change, ids: Sequence[int], *, actor: Actor, on: date) -> None:
    acting = permissions.with_case(actor)
    assert change.case_id is not None
    if change.kind == ChangeKind.MODE:
        moding.begin(ids, change.mode, change.case_id, actor=acting, on=on)
    elif ids:
        assert change.operator_id is not None
        case = Case.objects.get(pk=change.case_id)
        rows = Asset.objects.filter(pk__in=one_of(ids, "bigint")).exclude(operator=change.operator_id)
        moved = list(rows.order_by("pk").values_list("pk", flat=True))
        if moved:
            assets.move(
                moved,
                MoveDraft(holders={RightKind.OPERATION: (ShareDraft(change.operator_id),)}),
                kind=events.OPERATOR_CHANGED,
                right=permissions.BY_CASE,
                basis=_("审批事项 %(number)s") % {"number": case.reference},
                source=Ref("operation_change", change.pk),
                actor=acting,
                on=on,
            )
    keeping.save(
        change, {"status": ChangeStatus.DONE, "done_on": on}, events.CHANGED, division=change.division_code,
        before=document(change), actor=actor, on=on, facts={"kind": _kind(change)},
    )  # fmt: skip
