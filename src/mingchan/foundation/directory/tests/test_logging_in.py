"""A login answers every failure alike, locks a name after five, and leaves a record each time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.models import Account, LoginAttempt
from mingchan.foundation.directory.services import passwords
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence.models import Detail, Record
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotAllowed, Refusal

NOON = datetime(2020, 3, 10, 4, tzinfo=UTC)
DAY = factories.DAY


@pytest.fixture
def one(db: None) -> Account:
    return factories.account("zhang", "finance")


def attempt(username: str, password: str, minute: float = 0, address: str = "10.0.0.1") -> Account:
    return services.log_in(username, password, address, at=NOON + timedelta(minutes=minute), on=DAY)


def refusal_of(username: str, password: str, minute: float = 0, address: str = "10.0.0.1") -> str:
    with pytest.raises(Refusal) as refusal:
        attempt(username, password, minute, address)
    return str(refusal.value)


def test_the_right_password_opens_the_account_whatever_the_case_of_the_name(one: Account) -> None:
    assert attempt(" Zhang ", factories.PASSWORD) == one
    assert Record.objects.filter(act="directory.login.accepted").count() == 1


def test_unknown_wrong_and_stopped_are_answered_alike_with_the_same_work(
    one: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = []
    real = passwords.check_password
    monkeypatch.setattr(passwords, "check_password", lambda *given: checks.append(given[1][:4]) or real(*given))
    stopped = factories.account("stopped")
    Account.objects.filter(pk=stopped.pk).update(is_active=False)
    answers = {
        refusal_of("zhang", "Wrong-password-1"),
        refusal_of("nobody", "Wrong-password-1"),
        refusal_of("stopped", factories.PASSWORD),
    }
    assert len(answers) == 1
    assert len(checks) == 3
    assert len(set(checks)) == 1
    assert Record.objects.filter(act="directory.login.refused").count() == 3


@pytest.mark.parametrize("username", ["zhang", "nobody"])
def test_five_failures_lock_a_name_for_fifteen_minutes_known_or_not(one: Account, username: str) -> None:
    for minute in range(5):
        assert "不对" in refusal_of(username, "Wrong-password-1", minute)
    assert "锁定" in refusal_of(username, factories.PASSWORD, 18.9)
    assert LoginAttempt.objects.filter(username=username).count() == 5
    if username == "zhang":
        assert attempt(username, factories.PASSWORD, 19) == one


def test_a_success_forgets_earlier_failures(one: Account) -> None:
    for minute in range(4):
        refusal_of("zhang", "Wrong-password-1", minute)
    attempt("zhang", factories.PASSWORD, 4)
    assert "不对" in refusal_of("zhang", "Wrong-password-1", 5)


def test_one_locked_name_does_not_lock_another(one: Account) -> None:
    other = factories.account("wang")
    for minute in range(5):
        refusal_of("zhang", "Wrong-password-1", minute)
    assert attempt("wang", factories.PASSWORD, 5) == other


def test_an_address_that_fails_often_must_wait(one: Account) -> None:
    for number in range(20):
        refusal_of(f"guess{number}", "Wrong-password-1", number / 100)
    assert "稍候" in refusal_of("zhang", factories.PASSWORD, 0.2)
    assert attempt("zhang", factories.PASSWORD, 0.2, address="10.0.0.2") == one
    assert attempt("zhang", factories.PASSWORD, 1) == one


def test_a_password_hash_written_past_the_program_opens_nothing(one: Account) -> None:
    other = factories.account("wang", password="Another-word-2020")
    Account.objects.filter(pk=one.pk).update(password=other.password)
    assert "不对" in refusal_of("zhang", "Another-word-2020")


def test_what_was_typed_for_an_unknown_name_is_not_kept_in_the_log(one: Account) -> None:
    refusal_of("typed-My-secret", "Wrong-password-1")
    stored = b"".join(bytes(body) for body in Detail.objects.values_list("body", flat=True))
    assert b"typed-my-secret" not in stored.lower()


def test_the_rule_of_long_passwords_is_one_switch_away(one: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    thresholds = dict(policy.thresholds())
    profile = thresholds["password.profile"]
    assert profile.choices == ("dengbao", "asvs")
    assert services.password_rule() == (10, 3, 90)
    thresholds["password.profile"] = replace(profile, value="asvs")
    monkeypatch.setattr(policy, "thresholds", lambda: thresholds)
    assert services.password_rule() == (12, 1, 0)
    passwords.require_good("long enough words", "zhang")
    with pytest.raises(Refusal, match="至少 12 位"):
        passwords.require_good("Short-2020", "zhang")


def test_a_password_entered_again_is_the_actors_own_and_counts_as_a_login_does(one: Account) -> None:
    actor = queries.actor_for(one, DAY)
    assert services.confirm(factories.PASSWORD, actor=actor, on=DAY) == one
    for _attempt in range(5):
        with pytest.raises(Refusal, match="口令不对"):
            services.confirm("Wrong-password-1", actor=actor, on=DAY)
    with pytest.raises(Refusal, match="锁定"):
        services.confirm(factories.PASSWORD, actor=actor, on=DAY)
    assert Record.objects.filter(act="directory.login.refused").count() == 5
    with pytest.raises(NotAllowed):
        services.confirm(factories.PASSWORD, actor=replace(actor, account_id=None), on=DAY)
