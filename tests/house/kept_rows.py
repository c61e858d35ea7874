"""A row in every table that the register's upper contexts keep (各类业务各一行), for tests that ask about them all."""

from datetime import date
from typing import Any

from mingchan.config import wiring
from mingchan.config.county import SAMPLE_PASSWORD
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.directory.services.passwords import seal
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import pack
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Task
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.custody import services as custody
from mingchan.lifecycle.custody.choices import Cause
from mingchan.lifecycle.custody.events import EXPORTED
from mingchan.oversight.workplan import services as workplan
from mingchan.oversight.workplan.models import Output, Stage
from mingchan.register.funding import services as funding
from mingchan.register.funding.choices import StageKind
from mingchan.register.funding.drafts import StageDraft
from mingchan.register.handover import queries as handovers
from mingchan.register.handover import services as handover
from mingchan.register.handover.choices import Result
from mingchan.register.handover.drafts import TickDraft
from mingchan.register.handover.models import Handover, Line
from tests.architecture.addresses import desks
from tests.architecture.url_table import DAY, Things
from tests.house.kept import (
    complaints,
    depreciation,
    disclosure,
    disposal,
    distribution,
    field,
    income,
    labels,
    maintenance,
    operation,
    performance,
    portal,
    revival,
    stocktake,
    supervision,
)


def fill(county: Any) -> None:
    """Make them all in the sample county, as its people would."""
    things = Things(county)
    things.share()
    source = {"source": Ref("project", things.project()), "actor": things.actor("bureau_clerk"), "on": DAY}
    funding.record_stage(things.project(), StageDraft(StageKind.DRAFTING, date(2019, 1, 8)), **source)
    _procedures(things)
    _handover(things)
    things.certificate()
    _custody(things)
    _workplan(things)
    parts = (
        depreciation,
        operation,
        labels,
        maintenance,
        income,
        distribution,
        performance,
        disposal,
        stocktake,
        disclosure,
        complaints,
        supervision,
        revival,
        portal,
        field,
    )
    for part in parts:
        part.fill(things)
    _vouch(things)


def _procedures(things: Things) -> None:
    """A matter with a paper, an opinion, a copy, a reminder; a drawing and a table of the county's own; a day set."""
    clerk, head, reviewer = (things.actor(role) for role in ("bureau_clerk", "bureau_head", "bureau_reviewer"))
    drawing = pack.procedure_files()["general"].encode()
    procedures.add_definition("general", drawing, valid_from=DAY, reason="试行", actor=clerk, on=DAY)
    paper = procedures.PaperDraft("plan", "方案.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    case = procedures.start("general", title="购置货架", papers=[paper], actor=clerk, on=DAY)
    task = Task.objects.get(case=case)
    procedures.decide(task.pk, answer="AGREE", version=case.version, actor=reviewer, on=DAY)
    clerk_id = things.account("bureau_clerk").pk
    procedures.delegate(clerk_id, valid_from=DAY, last_day=DAY, reason="出差", actor=head, on=DAY)
    procedures.add_table(desks.A_TABLE, valid_from=DAY, reason="试行", actor=clerk, on=DAY)
    procedures.copy(case.pk, accounts=[things.account("finance").pk], note="请知悉", actor=clerk, on=DAY)
    procedures.urge(Task.objects.get(case=case, status="WAITING").pk, "请尽快办理", actor=clerk, on=DAY)
    procedures.set_day(DAY, is_working=DAY.weekday() > 4, actor=clerk, on=DAY)


def _handover(things: Things) -> None:
    """A list that was checked and signed by its first side."""
    made = things.handover()
    clerk = things.actor("bureau_clerk")
    for line in Line.objects.filter(handover=made):
        handover.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=clerk, on=DAY)
    digest = handovers.content_digest(Handover.objects.get(pk=made.pk))
    handover.sign(made.pk, "FROM", SAMPLE_PASSWORD, digest, actor=clerk, on=DAY)


def _custody(things: Things) -> None:
    """A keeper who left, whose things may be taken over without a signature."""
    keeper = Party.objects.filter(kind="PERSON", county=things.actor("bureau_clerk").county).order_by("pk").first()
    assert keeper is not None
    left = custody.leave(
        keeper.pk, DAY, Cause.UNREACHABLE, reason="联系不上", actor=things.actor("bureau_clerk"), on=DAY
    )
    custody.allow_one_sided(left.pk, "局务会〔2020〕3号批准，三人清点", actor=things.actor("bureau_reviewer"), on=DAY)


def _workplan(things: Things) -> None:
    """A plan whose first stage was put off, confirmed and closed."""
    offices = dict.fromkeys(policy.stage_template().offices, things.account("bureau_clerk").office_id)
    given: dict[str, Any] = {"actor": things.actor("bureau_clerk"), "on": DAY}
    plan = workplan.set_up(DAY.year, "工作步骤", workplan.proposed(DAY.year, offices), **given)
    first = Stage.objects.filter(plan=plan).order_by("number").first()
    assert first is not None
    workplan.change_days(first.pk, date(2020, 2, 15), DAY, "延期", 1, **given)
    output = Output.objects.filter(stage=first).order_by("pk").first()
    assert output is not None
    workplan.confirm(output.pk, "已核对", **given)
    workplan.close(first.pk, "已完成", 0, **given)


def _vouch(things: Things) -> None:
    """Record the rows that tests' factories wrote, as the services that usually make them would have done."""
    clerk = things.actor("bureau_clerk")
    for account in Account.objects.filter(password="!"):
        Account.objects.filter(pk=account.pk).update(password_seal=seal(account.username, account.password))
    known = {protected.kind: protected for protected in wiring.PROTECTED}
    for finding in evidence.verify(wiring.PROTECTED).findings:
        ref = Ref.parse(finding.obj)
        if finding.code != "row.added":
            raise AssertionError(f"{finding.code} {finding.obj} {finding.field}")
        row = known[ref.kind].model._default_manager.get(pk=ref.id)
        document = protection.document(known[ref.kind], row)
        evidence.record(EXPORTED, ref, actor=clerk, on=DAY, after=document, facts={"count": 1})
