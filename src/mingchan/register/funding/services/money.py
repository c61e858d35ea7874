"""Registering project money (资金登记): appropriations and payments, a batch at once, and taking a batch back."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import holds, period
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.funding import events, permissions, postings, queries, rules
from mingchan.register.funding.choices import RowStatus
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft, Recorded
from mingchan.register.funding.models import Appropriation, FundUse, Project, ProjectLine
from mingchan.register.funding.services import writing

_FAULTS = {
    "funding_unknown": _("资金来源不在政策包中"),
    "funding_out_of_scope": _("资金来源不在方案规定的范围内，须说明理由才能登记"),
    "amount_out_of_range": _("金额为负或过大"),
    "date_in_future": _("日期晚于今天"),
    "line_missing": _("没有子项目"),
    "item_missing": _("没有支出内容"),
    "paid_is_not_assets_and_expense": _("支付金额不等于形成资产金额与费用性支出之和"),
}
_VILLAGE = frozenset({PartyKind.VILLAGE_COMMITTEE.value, PartyKind.COLLECTIVE.value})
_CLAUSES = {"funding_unknown": ("2.1.1",), "funding_out_of_scope": ("2.1.1",)}


@transaction.atomic
def record_appropriations(
    drafts: Iterable[AppropriationDraft], *, source: Ref, actor: Actor, on: date, is_sample: bool = False
) -> Recorded:
    """Register money sent down (资金下达). Payments already there with the same source and document are linked to it.

    Serves 2.1.1 and 3.1. Raises NotAllowed without `funding.register` over each division, Refusal on a draft that the
    rules turn down. What is only doubtful comes back as findings.
    """
    given = [_appropriation(draft, actor) for draft in drafts]
    permissions.require_register(actor, {draft.division_code for draft in given} or {actor.county})
    _refuse(rules.faults_of_appropriations(given, _sources(), on), given)
    _projects_exist({draft.project_id for draft in given if draft.project_id is not None}, actor)
    present = Appropriation.objects.filter(county=actor.county, status=RowStatus.ACTIVE).values_list(
        "funding", "document", "amount_fen"
    )
    findings = rules.findings_of_appropriations(given, present)
    if not given:
        return Recorded(0, 0, 0, 0, (), 0, ())
    first = reserve_ids(Appropriation, len(given))
    names = writing.names(Appropriation)
    rows = [
        writing.values(
            names,
            id=first + index,
            county=actor.county,
            division_code=draft.division_code,
            funding=draft.funding,
            level=draft.level or rules.level_of(draft.funding),
            document=draft.document,
            issued_on=draft.issued_on,
            issued_precision=str(draft.issued_precision),
            amount_fen=draft.amount_fen,
            scope_reason=draft.scope_reason.strip(),
            project_id=draft.project_id,
            registered_on=on,
            is_sample=is_sample,
            **writing.origin(source, draft),
        )
        for index, draft in enumerate(given)
    ]
    insert_rows(Appropriation, names, rows)
    first_seq = writing.record(
        events.APPROPRIATION_RECORDED, "appropriation", names, rows, source=source, actor=actor, on=on
    )
    _match_earlier(first, given, source=source, actor=actor, on=on)
    total = sum(draft.amount_fen for draft in given)
    return Recorded(first, first + len(rows) - 1, len(rows), total, (), first_seq, tuple(findings))


@transaction.atomic
def record_fund_uses(
    drafts: Iterable[FundUseDraft],
    *,
    source: Ref,
    actor: Actor,
    on: date,
    spender_id: int | None = None,
    is_sample: bool = False,
) -> Recorded:
    """Register payments (支出), matched to their appropriation by source and document, and book their expense parts.

    `spender_id` is the party whose book carries the expense (填报单位); without it, the actor's own office. Serves 3.1,
    2.6.1a. Raises NotAllowed, and Refusal for a draft whose amounts don't add up, whose date is to come or whose source
    lies outside the scope without a reason (2.1.1). Paying more than was received is a finding, never a refusal.
    """
    given = [_fund_use(draft, actor) for draft in drafts]
    permissions.require_register(actor, {draft.division_code for draft in given} or {actor.county})
    _refuse(rules.faults_of_fund_uses(given, _sources(), on), given)
    if not given:
        return Recorded(0, 0, 0, 0, (), 0, ())
    received = queries.received_by_document(actor.county)
    findings = rules.findings_of_fund_uses(given, received, queries.spent_by_document(actor.county))
    spender = spender_id if spender_id is not None else _office_of(actor)
    lines = _ensure_lines(given, source=source, actor=actor, on=on, is_sample=is_sample)
    sent = _appropriation_ids(actor.county)
    first = reserve_ids(FundUse, len(given))
    vouchers = _post_expenses(first, given, spender, source=source, actor=actor, on=on)
    names = writing.names(FundUse)
    rows = [
        writing.values(
            names,
            id=first + index,
            county=actor.county,
            division_code=draft.division_code,
            line_id=lines[draft.year, draft.line],
            appropriation_id=sent.get((draft.funding, draft.document)),
            funding=draft.funding,
            document=draft.document,
            item=draft.item.strip(),
            payee_id=draft.payee_id,
            payee_name=draft.payee.strip(),
            contract_no=draft.contract_no.strip(),
            invoice_no=draft.invoice_no.strip(),
            purpose=draft.purpose.strip(),
            paid_on=draft.paid_on,
            paid_precision=str(draft.paid_precision),
            paid_fen=draft.paid_fen,
            asset_fen=draft.asset_fen,
            expense_fen=draft.expense_fen,
            spender_id=spender,
            voucher_id=vouchers.get(index),
            scope_reason=draft.scope_reason.strip(),
            registered_on=on,
            is_sample=is_sample,
            **writing.origin(source, draft),
        )
        for index, draft in enumerate(given)
    ]
    insert_rows(FundUse, names, rows)
    first_seq = writing.record(events.FUND_USE_RECORDED, "fund_use", names, rows, source=source, actor=actor, on=on)
    total = sum(draft.paid_fen for draft in given)
    posted = tuple(sorted(set(vouchers.values())))
    return Recorded(first, first + len(rows) - 1, len(rows), total, posted, first_seq, tuple(findings))


@transaction.atomic
def withdraw(source: Ref, reason: str, *, actor: Actor, on: date) -> Recorded:
    """Take back everything registered from one source: its entries are reversed, its rows stay and count no more.

    Raises NotFound when the source registered nothing that still counts, NotAllowed, and Refusal when payments of
    another source draw on an appropriation of this one, or no reason is given. Serves 3.1.
    """
    given = {"county": actor.county, "source": str(source), "status": RowStatus.ACTIVE}
    uses = list(FundUse.objects.select_for_update().filter(**given).order_by("id"))
    sent = list(Appropriation.objects.select_for_update().filter(**given).order_by("id"))
    if not uses and not sent:
        raise NotFound(_("这个来源没有登记过有效的资金"))
    permissions.require_withdraw(actor, {use.division_code for use in uses} | {row.division_code for row in sent})
    if not reason.strip():
        raise Refusal(_("撤回须说明理由"), field="reason")
    dependent = (
        FundUse.objects.filter(appropriation__in=[row.pk for row in sent], status=RowStatus.ACTIVE)
        .exclude(source=str(source))
        .count()
    )
    if dependent:
        raise Refusal(
            _t("不能撤回：另有 %(count)s 笔支出使用这些资金") % {"count": dependent}, clauses=("3.1",), field="source"
        )
    held = holds.on_things("fund_use", [use.pk for use in uses])
    if held:
        raise Refusal(
            _t("不能撤回：其中 %(count)s 笔支出%(why)s") % {"count": len(held), "why": held[min(held)][0].why},
            clauses=("2.6.1a",),
            field="source",
        )
    reversed_ids = tuple(
        ledger.reverse(voucher_id, reason, actor=actor, on=on).pk
        for voucher_id in queries.unreversed({row.voucher_id for row in uses if row.voucher_id is not None})
    )
    first_seq = 0
    for kind, noun, model, rows in (
        (events.FUND_USE_WITHDRAWN, "fund_use", FundUse, uses),
        (events.APPROPRIATION_WITHDRAWN, "appropriation", Appropriation, sent),
    ):
        if not rows:
            continue
        model._default_manager.filter(pk__in=[row.pk for row in rows]).update(status=RowStatus.WITHDRAWN)
        names = writing.names(model)
        before = [[getattr(row, name) for name in names] for row in rows]
        changed = {"status": RowStatus.WITHDRAWN.value}
        seq = writing.record(
            kind, noun, names, before, source=source, actor=actor, on=on, reason=reason, changed=changed
        )
        first_seq = first_seq or seq
    ids = [row.pk for row in (uses or sent)]
    total = sum(row.paid_fen for row in uses) + sum(row.amount_fen for row in sent)
    return Recorded(min(ids), max(ids), len(uses) + len(sent), total, reversed_ids, first_seq, ())


def _appropriation(draft: AppropriationDraft, actor: Actor) -> AppropriationDraft:
    return draft._replace(
        document=rules.normal_document(draft.document), division_code=draft.division_code or writing.county_code(actor)
    )


def _fund_use(draft: FundUseDraft, actor: Actor) -> FundUseDraft:
    return draft._replace(
        line=draft.line.strip(),
        document=rules.normal_document(draft.document),
        division_code=draft.division_code or writing.county_code(actor),
    )


def _projects_exist(ids: Set[int], actor: Actor) -> None:
    if ids and Project.objects.filter(pk__in=ids, county=actor.county).count() != len(ids):
        raise NotFound(_("没有这个项目"))


def _sources() -> dict[str, bool]:
    return {code: item.in_scope for code, item in policy.funding_sources().items()}


def _refuse(faults: Sequence[rules.Fault], drafts: Sequence[AppropriationDraft] | Sequence[FundUseDraft]) -> None:
    """Raise Refusal for the first fault, saying where it stands and how many there are."""
    if not faults:
        return
    fault = faults[0]
    draft = drafts[fault.index]
    place = _t("第 %(row)s 行") % {"row": draft.row if draft.row is not None else fault.index + 1}
    if draft.sheet:
        place = f"{draft.sheet} {place}"
    message = _t("%(place)s：%(fault)s（共 %(count)s 处）") % {
        "place": place,
        "fault": _FAULTS[fault.code],
        "count": len(faults),
    }
    raise Refusal(message, clauses=_CLAUSES.get(fault.code, ("3.1",)), field=fault.field)


def _appropriation_ids(county: str) -> dict[tuple[str, str], int]:
    """The oldest counting appropriation of each source and document."""
    found = Appropriation.objects.filter(county=county, status=RowStatus.ACTIVE).exclude(document="").order_by("-id")
    return {(funding, document): pk for pk, funding, document in found.values_list("id", "funding", "document")}


def _match_earlier(first: int, drafts: Sequence[AppropriationDraft], *, source: Ref, actor: Actor, on: date) -> None:
    """Link payments registered before their appropriation came in."""
    by_key: dict[tuple[str, str], int] = {}
    for index, draft in enumerate(drafts):
        if draft.document:
            by_key.setdefault((draft.funding, draft.document), first + index)
    names = writing.names(FundUse)
    for (funding, document), pk in by_key.items():
        waiting = FundUse.objects.filter(
            county=actor.county,
            status=RowStatus.ACTIVE,
            appropriation__isnull=True,
            funding=funding,
            document=document,
        )
        before = list(waiting.order_by("id").values_list(*names))
        if not before:
            continue
        waiting.update(appropriation=pk)
        changed = {"appropriation_id": pk}
        writing.record(
            events.FUND_USE_MATCHED, "fund_use", names, before, source=source, actor=actor, on=on, changed=changed
        )


def _ensure_lines(
    drafts: Sequence[FundUseDraft], *, source: Ref, actor: Actor, on: date, is_sample: bool
) -> Mapping[tuple[int, str], int]:
    """Ids of the drafts' project lines by year and name; those not there yet are opened."""
    wanted = list(dict.fromkeys((draft.year, draft.line) for draft in drafts))
    known = _line_ids(actor.county)
    missing = [key for key in wanted if key not in known]
    if not missing:
        return known
    first = reserve_ids(ProjectLine, len(missing))
    known = _line_ids(actor.county)
    missing = [key for key in missing if key not in known]
    names = writing.names(ProjectLine)
    rows = []
    for index, (year, name) in enumerate(missing):
        system, tiers = rules.part_of_register(name)
        rows.append(
            writing.values(
                names,
                id=first + index,
                county=actor.county,
                name=name,
                year=year,
                system=system,
                tiers=tiers,
                project_id=None,
                created_on=on,
                is_sample=is_sample,
            )
        )
    insert_rows(ProjectLine, names, rows)
    if rows:
        writing.record(events.LINE_OPENED, "project_line", names, rows, source=source, actor=actor, on=on)
    return _line_ids(actor.county)


def _line_ids(county: str) -> dict[tuple[int, str], int]:
    found = ProjectLine.objects.filter(county=county).values_list("year", "name", "id")
    return {(year, name): pk for year, name, pk in found}


def _office_of(actor: Actor) -> int | None:
    return queries.office_of(actor.account_id) if actor.account_id is not None else None


def _post_expenses(
    first: int, drafts: Sequence[FundUseDraft], spender: int | None, *, source: Ref, actor: Actor, on: date
) -> dict[int, int]:
    """Book the expense parts in the spender's book, one entry a month; return the voucher id by draft index."""
    spent = [
        (rules.entry_day(draft.paid_on, str(draft.paid_precision), on), index)
        for index, draft in enumerate(drafts)
        if draft.expense_fen
    ]
    if not spent:
        return {}
    if spender is None:
        raise Refusal(_("费用性支出须记入单位账套，请指明支出单位"), clauses=("3.4.1",), field="spender_id")
    office = queries.spender(spender)
    system = "VILLAGE" if office.kind in _VILLAGE else "GOVERNMENT"
    book = ledger.ensure_book(office.pk, office.name, office.division_code, system, actor=actor, on=on)
    vouchers: dict[int, int] = {}
    for month, group in groupby(sorted(spent), key=lambda entry: period.month_of(entry[0])):
        members = list(group)
        parts = [
            postings.ExpensePart(str(Ref("fund_use", first + index)), item.item.strip(), item.expense_fen)
            for index, item in ((index, drafts[index]) for _day, index in members)
        ]
        draft = postings.expenses(
            book.pk,
            members[-1][0],
            parts,
            summary=_t("项目资金费用性支出 %(count)s 笔") % {"count": len(parts)},
            source=source,
            key=f"fund_use:{first}:expense:{month}",
            division=writing.county_code(actor),
        )
        voucher = ledger.post(draft, actor=actor, on=on)
        vouchers.update({index: voucher.pk for _day, index in members})
    return vouchers
