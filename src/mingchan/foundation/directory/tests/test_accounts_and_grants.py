"""Accounts are opened by one administrator, grants given by another, and never to oneself (4.1)."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.models import Account, Grant, PasswordRecord
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence.models import Detail, Record
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale

DAY = factories.DAY
COUNTY = factories.COUNTY
NOON = datetime(2020, 3, 10, 4, tzinfo=UTC)


@pytest.fixture
def admin(db: None):
    factories.load_county()
    return factories.actor("sysadmin", "system_admin")


@pytest.fixture
def guard(db: None):
    factories.load_county()
    return factories.actor("secadmin", "security_admin")


def open_account(actor, **changes) -> Account:
    given = {
        "username": "wang.fang",
        "name": "王芳",
        "office_id": factories.office().pk,
        "password": factories.PASSWORD,
    } | changes
    return services.create_account(**given, actor=actor, on=DAY)


def test_an_account_is_opened_with_a_password_that_must_be_changed(admin) -> None:
    account = open_account(admin)
    assert account.must_change_password
    assert account.password_set_on == DAY
    assert not open_account(admin, username="sample", is_sample=True).must_change_password


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "王芳"}, "username"),
        ({"username": "sysadmin"}, "username"),
        ({"name": ""}, "name"),
        ({"office_id": 0}, "office"),
        ({"password": "short"}, "password"),
        ({"password": "Wang.Fang-2020"}, "password"),
    ],
)
def test_a_badly_formed_account_is_refused_at_its_field(admin, changes, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        open_account(admin, **changes)
    assert refusal.value.field == field


def test_the_log_holds_no_password_and_no_hash(admin) -> None:
    account = open_account(admin)
    stored = b"".join(bytes(body) for body in Detail.objects.values_list("body", flat=True))
    assert account.username.encode() in stored
    assert account.password.encode() not in stored
    assert factories.PASSWORD.encode() not in stored


ACTS = {
    "create_account": lambda actor, one: open_account(actor),
    "disable_account": lambda actor, one: services.disable_account(one.pk, "离岗", actor=actor, on=DAY),
    "reset_password": lambda actor, one: services.reset_password(one.pk, "忘记", actor=actor, on=DAY),
    "give_grant": lambda actor, one: services.give_grant(one.pk, "finance", COUNTY, basis="任命", actor=actor, on=DAY),
    "end_grant": lambda actor, one: services.end_grant(Grant.objects.get(account=one).pk, "离岗", actor=actor, on=DAY),
    "create_party": lambda actor, one: services.create_party("COMPANY", "某公司", "140932100000", actor=actor, on=DAY),
}
ALLOWED = {
    "create_account": {"system_admin"},
    "disable_account": {"system_admin"},
    "reset_password": {"system_admin"},
    "give_grant": {"security_admin"},
    "end_grant": {"security_admin"},
    "create_party": {"bureau_clerk", "bureau_reviewer"},
}


@pytest.mark.parametrize("role", sorted(policy.roles()))
@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_service_is_open_to_its_roles_only(db: None, act: str, role: str) -> None:
    factories.load_county()
    one = factories.account("target", "bureau_head")
    party_id = factories.office().pk if policy.roles()[role].own_party_only else None
    actor = factories.actor("someone", role, party_id=party_id)
    before = (Account.objects.count(), Grant.objects.count(), Record.objects.count())
    if role in ALLOWED[act]:
        ACTS[act](actor, one)
        assert Record.objects.count() > before[2]
    else:
        with pytest.raises(NotAllowed):
            ACTS[act](actor, one)
        assert (Account.objects.count(), Grant.objects.count(), Record.objects.count()) == before


def test_nobody_gives_himself_a_role_or_takes_one(guard) -> None:
    with pytest.raises(NotAllowed, match="自己"):
        services.give_grant(guard.account_id, "finance", COUNTY, basis="任命", actor=guard, on=DAY)
    own = Grant.objects.get(account_id=guard.account_id)
    with pytest.raises(NotAllowed, match="自己"):
        services.end_grant(own.pk, "不要", actor=guard, on=DAY)


def test_nobody_disables_himself_or_resets_his_own_password(admin) -> None:
    for act in (services.disable_account, services.reset_password):
        with pytest.raises(NotAllowed):
            act(admin.account_id, "离岗", actor=admin, on=DAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"scope": "140932999"}, "scope"),
        ({"basis": " "}, "basis"),
        ({"valid_to": date(2020, 3, 10)}, "valid_to"),
        ({"role": "operator"}, "party"),
        ({"role": "operator", "party_id": 10**9}, "party"),
    ],
)
def test_a_badly_formed_grant_is_refused_at_its_field(guard, changes, field: str) -> None:
    one = factories.account("target")
    given = {"role": "finance", "scope": COUNTY, "basis": "任命"} | changes
    with pytest.raises(Refusal) as refusal:
        services.give_grant(one.pk, **given, actor=guard, on=DAY)
    assert refusal.value.field == field


def test_a_grant_outside_the_givers_county_is_refused(guard) -> None:
    one = factories.account("target")
    with pytest.raises(NotAllowed):
        services.give_grant(one.pk, "finance", "140931", basis="任命", actor=guard, on=DAY)
    with pytest.raises(NotAllowed):
        services.give_grant(one.pk, "finance", "1409", basis="任命", actor=guard, on=DAY)


def test_a_grant_in_force_is_not_given_twice(guard) -> None:
    one = factories.account("target", "finance")
    with pytest.raises(Refusal, match="已经有效"):
        services.give_grant(one.pk, "finance", COUNTY, basis="任命", actor=guard, on=DAY)


@pytest.mark.parametrize(
    ("held", "added"),
    [("cashier", "accountant"), ("accountant", "cashier"), ("system_admin", "security_admin")],
)
def test_roles_that_watch_one_another_are_not_held_by_one_person(guard, held: str, added: str) -> None:
    one = factories.account("target", held)
    with pytest.raises(Refusal, match="兼任"):
        services.give_grant(one.pk, added, COUNTY, basis="任命", actor=guard, on=DAY)


def test_a_grant_counts_from_its_first_day_until_the_day_before_it_ends(guard) -> None:
    one = factories.account("target")
    period = {"valid_from": date(2020, 4, 1), "valid_to": date(2020, 5, 1)}
    services.give_grant(one.pk, "finance", COUNTY, basis="代理", **period, actor=guard, on=DAY)
    days = (date(2020, 3, 31), date(2020, 4, 1), date(2020, 4, 30), date(2020, 5, 1))
    assert [queries.actor_for(one, day).may("funding.view") for day in days] == [False, True, True, False]


def test_an_ended_grant_stops_at_once_and_ends_open_sessions(guard) -> None:
    one = factories.account("target", "finance")
    assert queries.actor_for(one, DAY).may("funding.view")
    grant = services.end_grant(Grant.objects.get(account=one).pk, "离岗", actor=guard, on=DAY)
    epoch = one.session_epoch
    one.refresh_from_db()
    assert one.session_epoch == epoch + 1
    assert not queries.actor_for(one, DAY).may("funding.view")
    with pytest.raises(Refusal, match="已经结束"):
        services.end_grant(grant.pk, "离岗", actor=guard, on=DAY)


def test_a_grant_of_another_county_looks_like_none(guard) -> None:
    one = factories.account("target", "finance")
    Account.objects.filter(pk=one.pk).update(county="140931")
    with pytest.raises(NotFound):
        services.end_grant(Grant.objects.get(account=one).pk, "离岗", actor=guard, on=DAY)
    with pytest.raises(NotFound):
        services.give_grant(one.pk, "audit", COUNTY, basis="任命", actor=guard, on=DAY)


def test_a_stale_version_is_refused(admin) -> None:
    one = factories.account("target")
    services.disable_account(one.pk, "离岗", version=1, actor=admin, on=DAY)
    with pytest.raises(Stale):
        services.enable_account(one.pk, "返岗", version=1, actor=admin, on=DAY)
    assert services.enable_account(one.pk, "返岗", version=2, actor=admin, on=DAY).is_active


def change(one: Account, old: str, new: str) -> Account:
    return services.set_password(one.pk, old, new, actor=queries.actor_for(one, DAY), on=DAY)


def test_the_last_five_passwords_can_not_be_used_again(db: None) -> None:
    one = factories.account("target")
    words = [factories.PASSWORD] + [f"Guanhe-2020-no{number}" for number in range(5)]
    for old, new in pairwise(words):
        with pytest.raises(Refusal, match="最近 5 次"):
            change(one, old, old)
        change(one, old, new)
    with pytest.raises(Refusal, match="最近 5 次"):
        change(one, words[-1], words[1])
    assert change(one, words[-1], words[0]).password_set_on == DAY
    assert PasswordRecord.objects.filter(account=one).count() == 5


def test_a_password_is_changed_by_its_holder_with_the_old_one(admin) -> None:
    one = factories.account("target")
    with pytest.raises(Refusal, match="原口令"):
        change(one, "wrong-Password-1", "Guanhe-2021-new")
    with pytest.raises(NotAllowed):
        services.set_password(one.pk, factories.PASSWORD, "Guanhe-2021-new", actor=admin, on=DAY)
    changed = change(one, factories.PASSWORD, "Guanhe-2021-new")
    assert changed.session_epoch == one.session_epoch + 1


def test_a_reset_gives_a_random_password_that_must_be_changed(admin) -> None:
    one = factories.account("target", is_sample=False)
    change(one, factories.PASSWORD, "Guanhe-2021-new")
    word = services.reset_password(one.pk, "忘记口令", actor=admin, on=DAY)
    one.refresh_from_db()
    assert one.must_change_password
    assert word not in (factories.PASSWORD, "Guanhe-2021-new")
    assert services.log_in("target", word, "127.0.0.1", at=NOON, on=DAY) == one


def test_the_local_account_acts_for_commands_and_can_not_log_in(db: None) -> None:
    installer = factories.load_county()
    local = services.create_local_account(factories.office().pk, actor=installer, on=DAY)
    services.give_local_roles(local.pk, "本机", actor=installer, on=DAY)
    actor = queries.local_actor(None, DAY)
    rights = ("exchange.import", "asset.register", "log.verify", "backup.make")
    assert all(actor.may(right, "140932") for right in rights)
    with pytest.raises(Refusal):
        services.log_in("local", "", "127.0.0.1", at=NOON, on=DAY)
    with pytest.raises(NotFound):
        queries.local_actor("nobody", DAY)


def test_an_operators_rights_reach_its_own_party_only(db: None) -> None:
    installer = factories.load_county()
    company = services.create_party("COMPANY", "关河公司", "140932100000", actor=installer, on=DAY)
    actor = factories.actor("oper", "operator", party_id=company.pk)
    assert actor.may("asset.view")
    assert not actor.may("asset.view", "140932100000")
    assert actor.parties("asset.view") == (company.pk,)
