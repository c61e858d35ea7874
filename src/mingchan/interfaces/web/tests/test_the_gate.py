"""The gate lets nobody in without a login, ends sessions in time, and says why it refuses."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.models import Account, Grant
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence.models import Record

DAY = factories.DAY


@pytest.fixture
def clerk(db: None) -> Account:
    return factories.account("clerk", "bureau_clerk")


@pytest.fixture
def inside(client: Client, clerk: Account) -> Client:
    enter(client)
    return client


def enter(client: Client, username: str = "clerk", password: str = factories.PASSWORD, **extra: str):
    return client.post(reverse("web:login"), {"username": username, "password": password, **extra})


def test_a_page_asks_for_a_login_and_leads_back_to_itself(client: Client, clerk: Account) -> None:
    answer = client.get(reverse("directory:parties"))
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=%2Fpeople%2F"
    answer = enter(client, next="/people/")
    assert answer["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


def test_a_login_never_leads_to_another_site(client: Client, clerk: Account) -> None:
    assert enter(client, next="https://evil.example/").headers["Location"] == "/"


def test_a_wrong_password_stays_on_the_page_and_says_nothing_more(client: Client, clerk: Account) -> None:
    wrong = enter(client, password="Wrong-password-1")
    unknown = enter(client, username="nobody", password="Wrong-password-1")
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    words = [answer.content.decode().count("登录名或口令不对。") for answer in (wrong, unknown)]
    assert words == [1, 1]


def test_the_session_key_changes_at_login(client: Client, clerk: Account) -> None:
    client.get(reverse("web:login"))
    session = client.session
    session["mark"] = "before"
    session.save()
    before = session.session_key
    enter(client)
    assert client.session.session_key != before


def test_logging_out_ends_the_session_and_is_recorded(inside: Client) -> None:
    assert inside.post(reverse("web:logout"))["Location"] == reverse("web:login")
    assert inside.get("/").status_code == 302
    assert Record.objects.filter(act="directory.login.ended").count() == 1
    assert inside.get(reverse("web:logout")).status_code == 302


def test_logging_out_by_a_link_is_not_possible(inside: Client) -> None:
    assert inside.get(reverse("web:logout")).status_code == 405


@pytest.mark.parametrize(("idle", "inside_still"), [(14 * 60, True), (15 * 60 + 5, False)])
def test_an_idle_session_ends_after_fifteen_minutes(inside: Client, idle: int, inside_still: bool) -> None:
    session = inside.session
    session["seen"] -= idle
    session.save()
    assert (inside.get("/").status_code == 200) is inside_still


def test_a_busy_session_ends_after_ten_hours(inside: Client) -> None:
    session = inside.session
    session["since"] -= 10 * 3600 + 5
    session.save()
    assert inside.get("/").status_code == 302


def test_an_account_that_is_stopped_is_out_at_the_next_request(inside: Client, clerk: Account) -> None:
    admin = factories.actor("admin", "system_admin")
    services.disable_account(clerk.pk, "离岗", actor=admin, on=DAY)
    assert inside.get("/").status_code == 302


def test_a_role_taken_away_acts_at_the_next_request(inside: Client, clerk: Account) -> None:
    guard = factories.actor("guard", "security_admin")
    services.end_grant(Grant.objects.get(account=clerk).pk, "离岗", actor=guard, on=DAY)
    assert inside.get("/").status_code == 302


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(inside: Client) -> None:
    other = Client()
    enter(other)
    given = {"old": factories.PASSWORD, "password": "Guanhe-2021-new", "again": "Guanhe-2021-new"}
    assert inside.post(reverse("web:password"), given)["Location"] == "/"
    assert inside.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_two_different_new_passwords_are_refused(inside: Client) -> None:
    given = {"old": factories.PASSWORD, "password": "Guanhe-2021-new", "again": "Guanhe-2021-nev"}
    answer = inside.post(reverse("web:password"), given)
    assert "不一致" in answer.content.decode()


def test_a_first_password_must_be_changed_before_anything_else(client: Client, db: None) -> None:
    factories.account("newcomer", "bureau_clerk", is_sample=False)
    enter(client, "newcomer")
    for route in ("web:desk", "directory:parties", "directory:me"):
        assert client.get(reverse(route))["Location"] == reverse("web:password")
    assert client.get(reverse("directory:me"), headers={"HX-Request": "true"})["HX-Redirect"] == reverse("web:password")
    assert "请先修改口令" in client.get(reverse("web:password")).content.decode()
    client.post(
        reverse("web:password"),
        {"old": factories.PASSWORD, "password": "Guanhe-2021-new", "again": "Guanhe-2021-new"},
    )
    assert client.get(reverse("directory:me")).status_code == 200


def test_a_password_of_ninety_one_days_must_be_changed(client: Client, db: None) -> None:
    account = factories.account("old", "bureau_clerk", is_sample=False)
    Account.objects.filter(pk=account.pk).update(must_change_password=False, password_set_on="2020-01-01")
    enter(client, "old")
    assert client.get("/")["Location"] == reverse("web:password")


def test_without_the_right_the_page_says_so(inside: Client) -> None:
    answer = inside.get(reverse("directory:accounts"))
    assert answer.status_code == 403
    assert "没有这项权限" in answer.content.decode()


def test_a_refused_act_leaves_one_record_and_changes_nothing_else(inside: Client, clerk: Account) -> None:
    before = (Record.objects.count(), Account.objects.count(), Grant.objects.count())
    answer = inside.post(reverse("directory:grant_give", args=[clerk.pk]), {"role": "audit", "scope": "140932"})
    assert answer.status_code == 403
    assert (Record.objects.count(), Account.objects.count(), Grant.objects.count()) == (before[0] + 1, *before[1:])
    assert Record.objects.order_by("-seq").values_list("act", flat=True).first() == "directory.access.refused"


def test_a_refusal_to_htmx_is_a_fragment_for_the_toasts(inside: Client) -> None:
    answer = inside.get(reverse("directory:accounts"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#toasts")
    assert "<html" not in answer.content.decode()


def test_an_unknown_address_and_one_out_of_scope_look_the_same(client: Client, db: None) -> None:
    installer = factories.load_county()
    outside = services.create_party("COMPANY", "外镇公司", "140932102000", actor=installer, on=DAY)
    factories.account("keeper", "town_keeper", scope="140932100")
    enter(client, "keeper")
    there, missing = (client.get(reverse("directory:party", args=[pk])) for pk in (outside.pk, 10**9))
    assert (there.status_code, missing.status_code) == (404, 404)
    texts = [
        answer.content.decode().replace(f"/people/{pk}/", "") for answer, pk in ((there, outside.pk), (missing, 10**9))
    ]
    assert re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", texts[0]) == re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", texts[1]
    )


def test_a_refusal_leads_to_the_clause_that_demands_it(inside: Client, clerk: Account) -> None:
    party = services.create_party("COMPANY", "某公司", "140932100000", actor=queries.actor_for(clerk, DAY), on=DAY)
    page = reverse("directory:party_correct", args=[party.pk])
    given = {"kind": "COMPANY", "name": "某某公司", "division_code": "140932100000", "reason": "更名", "version": 7}
    answer = inside.post(page, given)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "某某公司" in text
    assert ">某公司<" in text


def test_pages_with_data_are_not_kept_by_caches_and_carry_a_strict_policy(inside: Client) -> None:
    answer = inside.get("/")
    assert answer["Cache-Control"] == "no-store"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_pages_carry_no_inline_style_script_or_handler(inside: Client) -> None:
    for route in (
        "web:desk",
        "directory:parties",
        "directory:divisions",
        "directory:me",
        "policy:plan",
        "web:password",
    ):
        text = inside.get(reverse(route)).content.decode()
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


def test_the_frame_costs_a_fixed_number_of_statements(inside: Client, django_assert_max_num_queries) -> None:
    inside.get("/")
    with django_assert_max_num_queries(6):
        inside.get(reverse("policy:plan"))
