"""Rows of distribution (收益分配): a village that was paid, with a payment that came back and a use that was spent."""

from datetime import date

from mingchan.foundation.procedures.models import Case
from mingchan.lifecycle.distribution import services
from mingchan.lifecycle.distribution.drafts import PaperDraft, SpendingDraft
from mingchan.lifecycle.distribution.models import Payment, Plan
from mingchan.lifecycle.distribution.tests import factories as make
from mingchan.oversight.disclosure.tests.factories import pass_notice
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """Make them, as the county's people would."""
    clerk, head, finance, cashier = (
        things.actor(role) for role in ("bureau_clerk", "bureau_head", "finance", "cashier")
    )
    keeper = things.account("village_keeper").office
    village = keeper.division_code
    drafts = [make.household(place, village, "UNSTABLE" if place == 2 else "LIFTED") for place in (1, 2, 3)]
    roster = services.import_households(
        drafts, (), file_name="名册.xlsx", sha256="0" * 64, as_of=date(2020, 1, 10), actor=clerk, on=DAY
    )
    services.apply_roster(roster.pk, with_leavers=True, actor=clerk, on=DAY)
    policy = make.policy(clerk, None, division_code="140932000000", method="NEED", weights={"LIFTED": 1, "UNSTABLE": 2})
    services.file_policy(policy.pk, "偏财备〔2020〕1号", policy.made_on, actor=finance, on=policy.made_on)
    receipts = (make.source(900 + place, 50_000, keeper.pk, date(2020, 2, 3), village) for place in (1, 2))
    with make.receipts(*receipts):
        draft = make.plan_draft(
            keeper.pk, division_code="140932000000", last_day=date(2020, 2, 29), as_of=date(2020, 2, 29)
        )
        plan = services.draft_plan(draft, actor=clerk, on=policy.made_on)
    on = policy.made_on
    plan = services.propose_plan(plan.pk, actor=clerk, on=on)
    assert plan.case_id is not None
    make.decide(plan.case_id, "bureau", head, document_no="偏工信〔2020〕9号")
    pass_notice(Case.objects.get(pk=plan.case_id), on)
    on = make.LATER
    make.decide(plan.case_id, "filing", finance, "DONE", document_no="偏财备〔2020〕12号", on=on)
    paper = PaperDraft("发票.pdf", make.PDF)
    spent = SpendingDraft("ASSETS", 1_000, "某维修部（示例）", "冷库维修", on, paper)
    services.spend(plan.pk, spent, actor=clerk, on=on)
    payout = services.make_list(plan.pk, "BANK", actor=cashier, on=on)
    first, second = Payment.objects.filter(payout=payout).order_by("pk")[:2]
    services.mark_paid(payout.pk, [first.pk, second.pk], paid_on=on, proof="批次 1", actor=cashier, on=on)
    services.mark_returned(first.pk, returned_on=on, reason="账户已销", actor=cashier, on=on)
    assert Plan.objects.get(pk=plan.pk).status == "FILED"
