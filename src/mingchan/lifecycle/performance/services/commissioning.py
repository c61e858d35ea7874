"""Finance commissions a third party with a year's evaluations, and calls one off (委托评价, 2.4.2d)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance import events, pack, permissions, queries
from mingchan.lifecycle.performance.choices import State
from mingchan.lifecycle.performance.models import Evaluation
from mingchan.lifecycle.performance.queries.documents import EVALUATION
from mingchan.lifecycle.performance.services import keeping

CLAUSES = keeping.CLAUSES


@transaction.atomic
def commission(
    year: int,
    contract_ids: Sequence[int],
    evaluator_id: int,
    *,
    document_no: str,
    due_on: date,
    is_sample: bool = False,
    actor: Actor,
    on: date,
) -> list[Evaluation]:
    """Commission a company with the evaluation of contracts for a year, all or none.

    Raises Refusal before the year's end is near (it must have begun), for a contract that didn't run in it or has an
    evaluation, an evaluator that is no company, operates or let one of the contracts, without a document number, or
    with a term that isn't later than the day; NotAllowed without `performance.commission`; NotFound.
    """
    permissions.require(actor, permissions.COMMISSION, actor.county)
    evaluator = Party.objects.filter(pk=evaluator_id, county=actor.county).first()
    if evaluator is None:
        raise NotFound(_("没有这个评价机构"))
    if evaluator.kind != PartyKind.COMPANY:
        raise Refusal(_("评价应委托第三方机构，请选择单位性质为企业的主体"), clauses=CLAUSES, field="evaluator")
    if not document_no.strip():
        raise Refusal(_("请填写委托文号"), clauses=CLAUSES, field="document_no")
    if due_on <= on:
        raise Refusal(_("评分期限应晚于委托日期"), clauses=CLAUSES, field="due_on")
    if year > on.year:
        raise Refusal(_("不能评价还没有开始的年度"), clauses=CLAUSES, field="year")
    wanted = sorted(set(contract_ids))
    if not wanted:
        raise Refusal(_("请选择要评价的合同"), clauses=CLAUSES, field="contracts")
    found = list(
        Contract.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted, county=actor.county)
        .select_related("operator")
        .order_by("pk")
    )
    if len(found) < len(wanted):
        raise NotFound(_("没有这份经营合同"))
    open_ids = set(queries.without(actor, year).filter(pk__in=wanted).values_list("pk", flat=True))
    for contract in found:
        if contract.pk not in open_ids:
            raise Refusal(
                _("%(title)s（%(number)s）在 %(year)s 年没有执行，或已经委托评价")
                % {"title": contract.title, "number": contract.number, "year": year},
                clauses=CLAUSES,
                field="contracts",
            )
        if evaluator.pk in (contract.operator_id, contract.lessor_id):
            raise Refusal(
                _("%(name)s是%(title)s的合同当事人，不能由它评价") % {"name": evaluator.name, "title": contract.title},
                clauses=CLAUSES,
                field="evaluator",
            )
    text, digest = pack.text_of_set()
    made = []
    for contract in found:
        row = Evaluation(
            county=actor.county,
            division_code=contract.division_code,
            contract=contract,
            year=year,
            evaluator=evaluator,
            document_no=document_no.strip()[:80],
            commissioned_on=on,
            commissioned_by=actor.name,
            due_on=due_on,
            indicators=text,
            set_digest=digest,
            is_sample=is_sample,
        )
        row.save(force_insert=True)
        facts = {"name": contract.title, "year": year, "evaluator": evaluator.name}
        keeping.record(
            events.COMMISSIONED, EVALUATION, row, division=row.division_code, facts=facts, actor=actor, on=on
        )  # fmt: skip
        made.append(row)
    return made


@transaction.atomic
def cancel(evaluation_id: int, *, reason: str, version: int, actor: Actor, on: date) -> Evaluation:
    """Call off an evaluation that isn't handed in, with the reason; the year may be commissioned again.

    Raises Refusal once it is handed in or without a reason, NotAllowed without `performance.commission`, Stale.
    """
    found = keeping.locked(evaluation_id, actor)
    permissions.require(actor, permissions.COMMISSION, found.division_code)
    keeping.current(found, version)
    keeping.stands(found, State.ASSIGNED)
    text = keeping.said(reason, "reason", 200)
    before = keeping.whole(EVALUATION, found)
    found.state = State.CANCELLED
    return keeping.save(found, events.CANCELLED, before, reason=text, actor=actor, on=on)
