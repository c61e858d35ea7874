"""Rows of performance (绩效)."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from mingchan.foundation.procedures.tests import factories as cases
from mingchan.lifecycle.operation.tests import factories as operation
from mingchan.lifecycle.performance import services
from mingchan.lifecycle.performance.drafts import FileDraft, GoalDraft
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.lifecycle.performance.tests import factories as make
from mingchan.oversight.disclosure.tests.factories import pass_notice
from tests.architecture.url_table import Things

DAY = date(2020, 7, 1)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def fill(things: Things) -> None:
    """A goal with its figure; an evaluation that failed after an appeal, confirmed, under rectification."""
    clerk, finance = things.actor("bureau_clerk"), things.actor("finance")
    evaluator, operator = things.actor("evaluator"), things.actor("operator")
    own = operator.parties("performance.answer")[0]
    contract = operation.contract(operator=own, starts_on=DAY, division="140932000000", serial=931)
    given: dict[str, Any] = {"on": DAY}
    services.set_goals(contract.pk, 2020, [GoalDraft("PARCELS", 1000)], actor=clerk, **given)
    services.report_goal(contract.pk, 2020, "PARCELS", 400, "收寄台账", actor=operator, **given)
    found = services.commission(
        2020, [contract.pk], things.account("evaluator").office_id, document_no="偏财绩〔2020〕9号",
        due_on=DAY + timedelta(days=30), actor=finance, **given,
    )[0]  # fmt: skip
    found = services.score(found.pk, make.drafts(found, 40), version=found.version, actor=evaluator, **given)
    picture = BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    services.note_visit(
        found.pk, visited_on=DAY, place="县级中心", checked=10, matching=6, found="四件闲置",
        photo=FileDraft("核查.png", picture.getvalue()), actor=evaluator, **given,
    )  # fmt: skip
    found = services.submit(found.pk, opinion="带动不足。", version=found.version, actor=evaluator, **given)
    found = services.announce(found.pk, version=found.version, actor=finance, **given)
    services.appeal(found.pk, text="漏计十二月。", actor=operator, **given)
    found = services.answer_appeal(
        found.pk, is_upheld=False, answer="已计入。", version=found.version, actor=finance, **given
    )
    later = (found.appeal_until or DAY) + timedelta(days=1)
    found = services.send(found.pk, version=found.version, actor=finance, on=later)
    case = Evaluation.objects.get(pk=found.pk).case
    assert case is not None
    cases.decide(case, "bureau", things.actor("bureau_head"), on=later)
    cases.decide(case, "poverty", things.actor("poverty"), on=later)
    pass_notice(case, later)
    fix = Rectification.objects.get(evaluation=found)
    services.report_fix(
        fix.pk, text="已配专人。", is_done=True, paper=FileDraft("整改.pdf", PDF), version=fix.version, actor=operator,
        on=later,
    )  # fmt: skip
