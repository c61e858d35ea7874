"""Four offices track a year together: one sample, each office's own look and signature, four signatures end it."""

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.oversight.jointwork import queries, services
from mingchan.oversight.jointwork.choices import Office
from mingchan.oversight.jointwork.drafts import OpinionDraft
from mingchan.oversight.jointwork.models import Opinion, Plan, Sample
from mingchan.oversight.jointwork.tests import factories as make
from mingchan.register.assets.tests import factories as assets

pytestmark = pytest.mark.django_db(transaction=True)
SOUND = OpinionDraft("SOUND", "账实相符，管理规范")


def look_at_all(plan: Plan, office: str = "finance", result: str = "RIGHT", note: str = "") -> None:
    for sample in Sample.objects.filter(plan=plan):
        services.look(sample.pk, office, result, note, actor=make.actor(office), on=make.LATER)


def sign(plan: Plan, office: str, draft: OpinionDraft = SOUND, **given: str) -> Opinion:
    seen = queries.plans.content_digest(plan, office)
    asked = {"password": make.PASSWORD, "seen": seen, **given}
    return services.sign(
        plan.pk, office, draft, asked["password"], asked["seen"], actor=make.actor(office), on=make.LATER
    )


def test_a_sample_is_drawn_once_from_the_register_and_drawn_again_it_is_the_same() -> None:
    make.cards(*range(100_000, 130_000, 1000))
    plan = make.drawn(5)
    samples = list(Sample.objects.filter(plan=plan))
    assert len(samples) == 5
    assert (plan.frame_count, plan.frame_fen) == (30, sum(range(100_000, 130_000, 1000)))
    again = queries.plans.redrawn(plan)
    assert again == (30, True, True)
    with pytest.raises(Refusal, match="监测中"):
        services.draw(plan.pk, seen=plan.version, actor=make.actor("finance"), on=make.DAY)


def test_a_card_added_later_changes_no_past_drawing_and_one_booked_back_shows() -> None:
    make.cards(100_000, 200_000, 300_000)
    plan = make.drawn(2)
    assets.register([assets.draft(cost_fen=900_000)], source=assets.Ref("batch", 2), on=make.LATER)
    assert queries.plans.redrawn(plan).same_sample
    assets.register([assets.draft(cost_fen=900_000)], source=assets.Ref("batch", 3), on=make.DAY)
    assert not queries.plans.redrawn(plan).same_frame


def test_a_plan_with_impossible_figures_is_refused() -> None:
    make.cards(1)
    for wrong in ({"sample_size": 0}, {"sample_size": 501}, {"weighting": "X"}, {"year": 2026}, {"aims": ""}):
        with pytest.raises(Refusal):
            make.plan(**wrong)
    with pytest.raises(NotAllowed):
        services.make_plan(
            make.PlanDraft(2024, "方案", "账实是否相符", make.LATER, 3, "COST"), actor=make.actor("audit"), on=make.DAY
        )
    with pytest.raises(Stale):
        services.draw(make.plan(1).pk, seen=9, actor=make.actor("finance"), on=make.DAY)


def test_four_offices_sign_each_its_own_and_the_fourth_ends_the_year() -> None:
    make.cards(100_000, 200_000, 300_000)
    plan = make.drawn(2)
    look_at_all(plan)
    for office in ("finance", "poverty", "discipline"):
        sign(plan, office)
    assert Plan.objects.get(pk=plan.pk).state == "DRAWN"
    sign(plan, "audit", OpinionDraft("FAULTS", "有一处不符", "三十日内整改"))
    plan.refresh_from_db()
    assert (plan.state, plan.concluded_on) == ("CONCLUDED", make.LATER)
    assert {one.office for one in Opinion.objects.filter(plan=plan)} == set(Office.values)
    with pytest.raises(Refusal):
        sign(plan, "finance")
    assert evidence.verify(queries.PROTECTED).ok


def test_nobody_signs_before_every_drawn_asset_was_looked_at() -> None:
    make.cards(100_000, 200_000)
    plan = make.drawn(2)
    with pytest.raises(Refusal, match="没有核查"):
        sign(plan, "finance")
    assert not Opinion.objects.exists()


def test_an_office_signs_for_itself_only_with_its_password_and_what_it_saw() -> None:
    make.cards(100_000, 200_000)
    plan = make.drawn(2)
    look_at_all(plan)
    with pytest.raises(NotAllowed):
        services.sign(plan.pk, "audit", SOUND, make.PASSWORD, "", actor=make.actor("finance"), on=make.LATER)
    with pytest.raises(Refusal, match="口令不对"):
        sign(plan, "finance", password="wrong")
    with pytest.raises(Refusal, match="刚有变化"):
        sign(plan, "finance", seen="0" * 64)
    with pytest.raises(Refusal, match="整改要求"):
        sign(plan, "finance", OpinionDraft("GRAVE", "问题严重"))
    both = make.actor("poverty", "discipline")
    seen = queries.plans.content_digest(plan, "poverty")
    services.sign(plan.pk, "poverty", SOUND, make.PASSWORD, seen, actor=both, on=make.LATER)
    with pytest.raises(NotAllowed, match="一人不能代表两个部门"):
        seen = queries.plans.content_digest(plan, "discipline")
        services.sign(plan.pk, "discipline", SOUND, make.PASSWORD, seen, actor=both, on=make.LATER)
    assert Record.objects.filter(act="directory.login.refused").exists()


def test_a_look_that_finds_a_fault_says_which_and_a_later_one_of_the_office_counts() -> None:
    make.cards(100_000)
    plan = make.drawn(1)
    sample = Sample.objects.get(plan=plan)
    with pytest.raises(Refusal, match="哪里不符"):
        look_at_all(plan, result="MISSING")
    look_at_all(plan, result="DIFFERS", note="型号不符")
    services.look(sample.pk, "audit", "RIGHT", actor=make.actor("audit"), on=make.LATER)
    look_at_all(plan)
    row = queries.plans.samples(plan)[0]
    assert {office: look.look for office, look in row.looks.items()} == {"finance": "RIGHT", "audit": "RIGHT"}
    with pytest.raises(NotAllowed):
        services.look(sample.pk, "audit", "RIGHT", actor=make.actor("finance"), on=make.LATER)


def test_who_has_no_right_finds_no_plan() -> None:
    make.cards(1)
    plan = make.plan(1)
    with pytest.raises(NotFound):
        queries.plans.plan(plan.pk, make.actor("cashier"))
    assert queries.plans.waiting(make.actor("cashier"), make.DAY) == (0, 0, 0)


def test_desks_tell_offices_what_they_still_have_to_sign() -> None:
    make.cards(100_000)
    plan = make.drawn(1)
    look_at_all(plan)
    assert queries.plans.waiting(make.actor("audit"), make.DAY) == (1, 0, plan.pk)
    assert queries.plans.waiting(make.actor("audit"), make.LATEST) == (1, 1, plan.pk)
    sign(plan, "audit")
    assert queries.plans.waiting(make.actor("audit"), make.LATEST) == (0, 0, 0)


def test_the_database_keeps_samples_opinions_and_concluded_years() -> None:
    make.cards(100_000)
    plan = make.drawn(1)
    look_at_all(plan)
    opinion = sign(plan, "finance")

    def refused(change: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()  # type: ignore[operator]

    refused(lambda: Opinion.objects.filter(pk=opinion.pk).update(text="改过的意见"))
    refused(lambda: Opinion.objects.all().delete())
    refused(lambda: Sample.objects.update(cost_fen=1))
    refused(lambda: Plan.objects.update(seed="0" * 32))
    refused(lambda: Plan.objects.update(state="CONCLUDED", concluded_on=make.LATER))
