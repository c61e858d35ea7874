"""Pages of distribution: they show what is there, masked; forms carry an act or say why not; nothing personal leaks."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence.models import Record
from mingchan.lifecycle.distribution import services
from mingchan.lifecycle.distribution.models import Household, Payment, PayoutList, Plan, Policy
from mingchan.lifecycle.distribution.tests import factories as make

SHARED = {"title": "试行办法", "division_code": make.VILLAGE, "starts_on": "2020-07-01", "method": "EQUAL"}


TODAY = date(2020, 8, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: TODAY)


@pytest.fixture
def who(sample_county: Any) -> dict:
    return make.staff()


@pytest.fixture
def paid(who: dict, pass_notice: Any) -> Plan:
    """A filed plan with a list of which one household has its money."""
    make.enter([make.household(place) for place in (1, 2, 3)], who["clerk"])
    make.policy(who["clerk"], who["finance"])
    holder = make.holder()
    with make.receipts(make.source(1, 100_001, holder.pk)):
        plan = services.draft_plan(make.plan_draft(holder.pk, is_sample=True), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    first = Payment.objects.filter(payout=payout).order_by("pk").first()
    services.mark_paid(payout.pk, [first.pk], paid_on=make.LATER, proof="批次 7", actor=who["cashier"], on=make.LATER)
    return plan


def browser(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


PLACES = ("distribution:overview", "distribution:households", "distribution:plans", "distribution:policies")


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*PLACES, "distribution:rosters", "distribution:new_plan", "distribution:make_policy"])
def test_an_empty_county_has_calm_pages(who: dict, name: str) -> None:
    assert browser("clerk").get(reverse(name)).status_code == 200


@pytest.mark.django_db
def test_the_overview_and_the_lists_show_what_there_is(paid: Plan) -> None:
    clerk = browser("clerk")
    overview = text(clerk.get(reverse("distribution:overview")))
    assert "1,000.01" in overview
    assert "233.34" in overview
    assert "偏分配〔2020〕1号" in text(clerk.get(reverse("distribution:plans")))
    assert "施行中" in text(clerk.get(reverse("distribution:policies")))
    assert "赵示1" in text(clerk.get(reverse("distribution:households") + "?q=赵示1"))
    page = text(clerk.get(reverse("distribution:plan", args=[paid.pk])))
    for words in ("700.01", "最大余数", "偏财备〔2020〕12号", "窑头村收益分配办法", "已发放", "待发放"):
        assert words in page, words


@pytest.mark.django_db
def test_the_trace_conserves_every_fen(paid: Plan) -> None:
    from mingchan.lifecycle.distribution.queries import trace

    into: dict[str, int] = {}
    out: dict[str, int] = {}
    for stream in trace.streams(paid):
        out[stream.source] = out.get(stream.source, 0) + stream.fen
        into[stream.target] = into.get(stream.target, 0) + stream.fen
    assert into[str(paid.ref)] == out[str(paid.ref)] == paid.pool_fen
    assert out["use:HOUSEHOLDS"] == into["use:HOUSEHOLDS"]
    page = text(browser("clerk").get(reverse("distribution:trace", args=[paid.pk])))
    assert "小型公共基础设施维护" in page


@pytest.mark.django_db
def test_a_household_shows_what_it_received(paid: Plan) -> None:
    one = Household.objects.get(number="001")
    page = text(browser("clerk").get(reverse("distribution:household", args=[one.pk])))
    assert "233.34" in page
    assert "批次 7" in page
    assert one.account_mask in page


@pytest.mark.django_db
def test_forms_carry_out_or_say_why_not(who: dict) -> None:
    clerk, finance = browser("clerk"), browser("finance")
    address = reverse("distribution:make_policy")
    bad = clerk.post(address, SHARED | {"categories": ["LIFTED"], "least_HOUSEHOLDS": "50", "most_HOUSEHOLDS": "100"})
    assert bad.status_code == 409
    assert "不得低于 60%" in text(bad)
    good = clerk.post(
        address,
        SHARED
        | {"categories": ["LIFTED", "POOR"], "least_HOUSEHOLDS": "60", "most_HOUSEHOLDS": "80.5"}
        | {"least_ASSETS": "10", "most_ASSETS": "40"},
    )
    policy = Policy.objects.get()
    assert good.status_code == 302
    filing = reverse("distribution:file_policy", args=[policy.pk])
    today = browser("finance").get(reverse("distribution:policy", args=[policy.pk]))
    assert "尚未备案" in text(today)
    assert finance.post(filing, {"number": "", "filed_on": "2020-08-10"}).status_code == 422
    early = finance.post(filing, {"number": "备1", "filed_on": "2019-01-01"})
    assert early.status_code == 409
    done = finance.post(filing, {"number": "备1", "filed_on": policy.made_on.isoformat()})
    assert done.status_code == 302


@pytest.mark.django_db
def test_a_plan_is_drafted_by_its_page_and_refused_outside_the_policy(who: dict) -> None:
    found = make.enter([make.household(place) for place in (1, 2)], who["clerk"])
    make.policy(who["clerk"], who["finance"])
    holder = make.holder()
    clerk = browser("clerk")
    address = reverse("distribution:new_plan") + (
        f"?start=2020-01-01&last=2020-06-30&holder={holder.pk}&division={make.VILLAGE}"
    )
    form = {"title": "上半年分配", "as_of": "2020-06-30", "counted": "", "note": ""}
    with make.receipts(make.source(1, 100_000, holder.pk)):
        assert "1,000.00" in text(clerk.get(address))
        outside = form | {"share_HOUSEHOLDS": "50", "share_ASSETS": "30", "share_FACILITIES": "20", "fixed": ""}
        refused = clerk.post(address, outside)
        assert refused.status_code == 409
        assert "低于" in text(refused)
        inside = form | {"share_HOUSEHOLDS": "70", "share_ASSETS": "20", "share_FACILITIES": "10"}
        wrong = clerk.post(address, inside | {"fixed": "009 10 大病"})
        assert wrong.status_code == 422
        assert "没有户号 009" in text(wrong)
        assert clerk.post(address, inside | {"fixed": "002 100.50 大病救助"}).status_code == 302
    plan = Plan.objects.get()
    assert [(row.number, row.fen, row.reason) for row in queries_of(plan)] == [
        ("001", 59_950, ""), ("002", 10_050, "大病救助"),
    ]  # fmt: skip
    assert len(found) == 2


def queries_of(plan: Plan) -> list[Any]:
    from mingchan.lifecycle.distribution.queries import plans

    return plans.every_share(plan)


@pytest.mark.django_db
def test_a_list_is_paid_and_a_payment_returned_by_their_pages(paid: Plan) -> None:
    cashier, payout = browser("cashier"), PayoutList.objects.get()
    page = text(cashier.get(reverse("distribution:payout", args=[payout.pk])))
    assert "登记已发放" in page
    second, third = Payment.objects.filter(status="ISSUED").order_by("pk")
    day = TODAY.isoformat()
    address = reverse("distribution:paid", args=[payout.pk])
    assert cashier.post(address, {"selected": [second.pk], "paid_on": day, "proof": "批次 8"}).status_code == 302
    second.refresh_from_db()
    assert second.status == "PAID"
    back = reverse("distribution:returned", args=[second.pk])
    assert cashier.post(back, {"returned_on": day, "reason": "销户"}).status_code == 302
    assert cashier.post(back, {"returned_on": day, "reason": "销户"}).status_code == 409
    third.refresh_from_db()
    assert third.status == "ISSUED"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["distribution:paper", "distribution:payout_paper"])
def test_papers_are_printed_and_recorded(paid: Plan, name: str) -> None:
    pk = paid.pk if name.endswith(":paper") else PayoutList.objects.get().pk
    answer = browser("clerk").get(reverse(name, args=[pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Record.objects.filter(act="distribution.list.printed").count() == 1


# ---- Personal data ------------------------------------------------------------------------------------------------
