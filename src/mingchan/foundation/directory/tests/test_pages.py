"""Pages of the directory: what each role gets, and how many statements a list costs."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.policy import queries as policy

DAY = factories.DAY
TOWN = "140932100000"
ROUTES = {
    "directory:parties": ("GET", "directory.view"),
    "directory:party": ("GET", "directory.view"),
    "directory:party_create": ("GET", "party.manage"),
    "directory:party_correct": ("GET", "party.manage"),
    "directory:party_reveal": ("POST", "personal.reveal"),
    "directory:divisions": ("GET", "directory.view"),
    "directory:accounts": ("GET", "account.view"),
    "directory:account": ("GET", "account.view"),
    "directory:account_create": ("GET", "account.manage"),
    "directory:account_act": ("POST", "account.manage"),
    "directory:grant_give": ("POST", "grant.give"),
    "directory:me": ("GET", ""),
    "policy:plan": ("GET", "policy.view"),
    "policy:clause": ("GET", "policy.view"),
}


@pytest.fixture
def county(db: None) -> dict[str, int]:
    installer = factories.load_county()
    party = services.create_party("PERSON", "董改花", TOWN, phone="13912346279", actor=installer, on=DAY)
    other = factories.account("other", "finance")
    return {"party": party.pk, "account": other.pk}


def address(route: str, county: dict[str, int]) -> str:
    name = route.split(":")[1]
    if name.startswith("party") and name not in ("parties", "party_create"):
        return reverse(route, args=[county["party"]])
    if name in ("account", "account_act", "grant_give"):
        return reverse(route, args=[county["account"]])
    return reverse(route, args=["2.4.2b"]) if name == "clause" else reverse(route)


@pytest.mark.parametrize("role", sorted(policy.roles()))
def test_each_page_opens_for_the_roles_that_hold_its_right_and_no_other(
    client: Client, county: dict[str, int], role: str
) -> None:
    spec = policy.roles()[role]
    client.force_login(factories.account("someone", role, party_id=county["party"] if spec.own_party_only else None))
    answers = {}
    for route, (method, right) in ROUTES.items():
        answer = client.generic(method, address(route, county))
        answers[route] = (answer.status_code, not right or right in spec.rights)
    assert {route: code for route, (code, may) in answers.items() if code != (200 if may else 403)} == {}


def test_the_right_stated_on_each_view_is_the_one_in_the_table() -> None:
    for route, (method, right) in ROUTES.items():
        view = resolve(address(route, {"party": 1, "account": 1})).func
        assert view.right == right, route
        assert method in view.methods, route


def test_lists_cost_the_same_whatever_their_length(client: Client, county, django_assert_max_num_queries) -> None:
    installer = factories.load_county()
    client.force_login(factories.account("clerk", "bureau_clerk"))
    for number in range(30):
        services.create_party("COMPANY", f"第{number}公司", TOWN, actor=installer, on=DAY)
    client.get("/")
    with django_assert_max_num_queries(7):
        client.get(reverse("directory:parties"))
    client.force_login(factories.account("admin", "system_admin"))
    client.get("/")
    with django_assert_max_num_queries(7):
        client.get(reverse("directory:accounts"))


def test_a_whole_number_is_shown_once_after_a_reason(client: Client, county) -> None:
    client.force_login(factories.account("clerk", "bureau_clerk"))
    page = reverse("directory:party", args=[county["party"]])
    assert "13912346279" not in client.get(page).content.decode()
    shown = client.post(page + "reveal/", {"field": "phone", "reason": "联系盘点时间"}).content.decode()
    assert "13912346279" in shown
    assert "13912346279" not in client.get(page).content.decode()
    refused = client.post(page + "reveal/", {"field": "phone", "reason": "看"}).content.decode()
    assert "13912346279" not in refused
    assert Record.objects.filter(act="directory.personal.revealed").count() == 1


def test_text_that_looks_like_markup_stays_text(client: Client, county) -> None:
    installer = factories.load_county()
    name = "<script>alert(1)</script>"
    party = services.create_party("OTHER", name, TOWN, actor=installer, on=DAY)
    client.force_login(factories.account("clerk", "bureau_clerk"))
    for route in (reverse("directory:parties"), reverse("directory:party", args=[party.pk])):
        text = client.get(route).content.decode()
        assert name not in text
        assert "&lt;script&gt;" in text


def test_a_party_is_entered_corrected_and_found_by_hand(client: Client, county) -> None:
    client.force_login(factories.account("clerk", "bureau_clerk"))
    given = {"kind": "COMPANY", "name": "关河公司", "division_code": TOWN, "uscc": "91140932MA0K00001U"}
    client.post(reverse("directory:party_create"), given)
    party = Party.objects.get(name="关河公司")
    wrong = client.post(reverse("directory:party_create"), given | {"name": "另一公司", "uscc": "91140932MA0K00002U"})
    assert "校验位不对" in wrong.content.decode()
    page = reverse("directory:party_correct", args=[party.pk])
    client.post(page, given | {"name": "关河电商公司", "reason": "更名", "version": 1, "is_confirmed": "on"})
    found = client.get(reverse("directory:parties"), {"q": "ghds"}).content.decode()
    assert "关河电商公司" in found


def test_the_administrator_opens_resets_and_stops_an_account(client: Client, county) -> None:
    client.force_login(factories.account("admin", "system_admin"))
    given = {"username": "wang", "name": "王芳", "office": factories.office().pk, "title": "科员"}
    opened = client.post(reverse("directory:account_create"), given)
    assert 'id="first-password"' in opened.content.decode()
    wang = Account.objects.get(username="wang")
    act = reverse("directory:account_act", args=[wang.pk])
    reset = client.post(act, {"act": "reset", "reason": "忘记口令", "version": 1})
    assert 'id="first-password"' in reset.content.decode()
    client.post(act, {"act": "disable", "reason": "离岗", "version": 2})
    wang.refresh_from_db()
    assert not wang.is_active
    assert client.post(act, {"act": "enable", "reason": "返岗", "version": 2}).status_code == 409
    assert "没有这种操作" in client.post(act, {"act": "promote", "reason": "x", "version": 3}).content.decode()


def test_the_security_administrator_gives_and_ends_a_grant(client: Client, county) -> None:
    client.force_login(factories.account("guard", "security_admin"))
    page = reverse("directory:account", args=[county["account"]])
    client.post(page + "grants/", {"role": "audit", "scope": "140932", "basis": "任命文件"})
    grant = Grant.objects.get(account=county["account"], role="audit")
    assert "任命文件" in client.get(page).content.decode()
    assert client.post(reverse("directory:grant_end", args=[grant.pk]), {"reason": ""}).status_code == 409
    client.post(reverse("directory:grant_end", args=[grant.pk]), {"reason": "离岗"})
    grant.refresh_from_db()
    assert grant.valid_to is not None


def test_former_towns_are_shown_with_where_they_went(client: Client, county) -> None:
    client.force_login(factories.account("clerk", "bureau_clerk"))
    text = client.get(reverse("directory:divisions")).content.decode()
    assert "天峰坪镇" in text
    assert "8 个乡镇，156 个村级单位" in text


def test_a_keeper_sees_the_divisions_of_its_scope_only(client: Client, county) -> None:
    client.force_login(factories.account("keeper", "town_keeper", scope="140932100"))
    text = client.get(reverse("directory:divisions")).content.decode()
    assert "马梁村" in text
    assert "贾堡村" not in text
    assert queries.divisions_under("140932102")
