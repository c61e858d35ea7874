"""No identity, phone or account number of a household stands anywhere but where it was asked for (2.5a, 1.2b)."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence.models import Detail, Record
from mingchan.lifecycle.distribution import queries, services
from mingchan.lifecycle.distribution.models import Household, Member, Roster
from mingchan.lifecycle.distribution.tests import factories as make

SHARED = {"title": "试行办法", "division_code": make.VILLAGE, "starts_on": "2020-07-01", "method": "EQUAL"}


TODAY = date(2020, 8, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: TODAY)


def browser(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


PLACES = ("distribution:overview", "distribution:households", "distribution:plans", "distribution:policies")


def secrets(count: int = 3) -> list[str]:
    """Every whole number of the sample households."""
    drafts = [make.household(place) for place in range(1, count + 1)]
    found = [one.identity for draft in drafts for one in draft.members]
    return found + [draft.phone for draft in drafts] + [draft.account for draft in drafts]


def test_no_whole_number_is_in_any_table_record_page_paper_or_notice(transactional_db: None, pass_notice: Any) -> None:
    who = make.staff()
    make.enter([make.household(place) for place in (1, 2, 3)], who["clerk"])
    services.import_households(
        [make.household(4)],
        (),
        file_name="新.xlsx",
        sha256="2" * 64,
        as_of=make.ROSTER_DAY,
        actor=who["clerk"],
        on=make.ON,
    )
    make.policy(who["clerk"], who["finance"])
    holder = make.holder()
    with make.receipts(make.source(1, 100_001, holder.pk)):
        plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    known = secrets(4)

    value = services.reveal(Household.objects.first().pk, "account", "核对银行退票", actor=who["clerk"], on=make.LATER)
    assert value in known
    rows = services.bank_rows(payout.pk, "农信社代发", actor=who["cashier"], on=make.LATER)
    assert [row.account for row in rows] == [make.household(place).account for place in (1, 2, 3)]

    shown = [str(queries.publication(plan.case)), str(queries.public_distribution("140932", make.VILLAGE))]
    clerk = browser("clerk")
    for name, pk in (
        ("overview", None), ("households", None), ("plans", None), ("policies", None), ("rosters", None),
        ("plan", plan.pk), ("trace", plan.pk), ("payout", payout.pk), ("household", Household.objects.first().pk),
        ("roster", Roster.objects.filter(status="PREVIEW").first().pk),
    ):  # fmt: skip
        answer = clerk.get(reverse(f"distribution:{name}", args=[pk] if pk else []))
        assert answer.status_code == 200, name
        shown.append(text(answer))
    shown.append(text(clerk.get(reverse("evidence:log"))))
    for secret in known:
        assert not any(secret in page for page in shown), "a page"
    assert "赵示1" not in shown[0] + shown[1]
    assert "赵*1" in shown[0]
    found = leaks(known)
    assert found == []


def leaks(known: list[str]) -> list[str]:
    """Tables and columns in whose bytes a whole number stands, in any text or binary column of any table."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField | models.BinaryField | models.JSONField):
                continue
            for value in model._default_manager.values_list(field.attname, flat=True).iterator():
                plain = bytes(value).decode("utf-8", "ignore") if isinstance(value, bytes | memoryview) else str(value)
                if any(secret in plain for secret in known):
                    found.append(f"{model._meta.label}.{field.name}")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "assets_search":
                continue  # the register's own index of cards, of which this test has none; it has no rows to read
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                line = " ".join(str(cell) for cell in row)
                if any(secret in line for secret in known):
                    found.append(table)
    return sorted(set(found))


def test_a_whole_number_is_shown_with_right_and_reason_only_and_every_look_is_recorded(
    transactional_db: None,
    pass_notice: Any,
) -> None:
    who = make.staff()
    (one,) = make.enter([make.household(1)], who["clerk"])
    member = Member.objects.filter(household=one, is_head=True).get()
    address = reverse("distribution:reveal", args=[one.pk])
    clerk, village = browser("clerk"), browser("village")
    short = clerk.post(address, {"field": "phone", "reason": "看"})
    assert short.status_code == 409
    assert make.household(1).phone not in text(short)
    whole = clerk.post(address, {"field": f"identity.{member.pk}", "reason": "核对身份证号"})
    assert make.household(1).members[0].identity in text(whole)
    refused = village.post(address, {"field": "phone", "reason": "想打电话给他"})
    assert refused.status_code == 403
    acts = Record.objects.filter(act="distribution.personal.revealed")
    assert acts.count() == 2
    assert make.household(1).phone not in " ".join(str(bytes(row.body)) for row in Detail.objects.all())


def test_the_banks_file_holds_whole_accounts_and_is_recorded(transactional_db: None, pass_notice: Any) -> None:
    who = make.staff()
    make.enter([make.household(place) for place in (1, 2)], who["clerk"])
    make.policy(who["clerk"], who["finance"])
    holder = make.holder()
    with make.receipts(make.source(1, 100_000, holder.pk)):
        plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    address = reverse("distribution:bank_file", args=[payout.pk])
    cashier = browser("cashier")
    assert cashier.post(address, {"format": "xlsx", "reason": ""}).status_code == 409
    answer = cashier.post(address, {"format": "xlsx", "reason": "农信社代发"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [make.household(1).account, make.household(2).account]
    assert [row[4] for row in rows[1:]] == [350, 350]
    plain = cashier.post(address, {"format": "csv", "reason": "农信社代发"})
    assert make.household(1).account in b"".join(plain.streaming_content).decode("gb18030")
    assert browser("clerk").post(address, {"format": "csv", "reason": "我想看看"}).status_code == 403
    assert Record.objects.filter(act="distribution.personal.exported").count() == 2
