"""Password and lock-out rules as tables (等保 身份鉴别)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mingchan.foundation.directory import rules

DENGBAO = rules.PasswordRule(10, 3, 90)
NOON = datetime(2020, 3, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Guanhe-2020-well", ()),
        ("guanhe2020well", ("plain",)),
        ("Gh-20", ("short",)),
        ("guanhe", ("short", "plain")),
        ("Zhangsan-2020", ("name",)),
        ("万家寨Guanhe2020", ()),
    ],
)
def test_what_is_wrong_with_a_password_is_named(password: str, faults: tuple[str, ...]) -> None:
    assert rules.password_faults(password, "zhangsan", DENGBAO) == faults


def test_a_random_first_password_keeps_the_rule() -> None:
    words = {rules.random_password() for _ in range(50)}
    assert len(words) == 50
    assert all(not rules.password_faults(word, "zhangsan", DENGBAO) for word in words)


@pytest.mark.parametrize(("days", "due"), [(0, False), (90, False), (91, True)])
def test_a_password_is_due_after_ninety_days(days: int, due: bool) -> None:
    set_on = date(2020, 3, 10)
    assert rules.password_is_due(set_on, set_on + timedelta(days=days), DENGBAO) is due
    assert not rules.password_is_due(set_on, set_on + timedelta(days=days), DENGBAO._replace(days=0))


def test_five_failures_within_the_span_lock_from_the_newest_on() -> None:
    failures = [NOON - timedelta(minutes=minute) for minute in (0, 3, 6, 9, 14)]
    assert rules.locked_until(failures, 5, 15) == NOON + timedelta(minutes=15)
    assert rules.locked_until(failures[:4], 5, 15) is None
    assert rules.locked_until([*failures[:4], NOON - timedelta(minutes=16)], 5, 15) is None


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (19, 0), (20, 2), (21, 4), (25, 60), (300, 60)])
def test_an_address_waits_longer_with_each_failure_up_to_a_minute(failures: int, seconds: int) -> None:
    assert rules.address_wait(failures, 20) == timedelta(seconds=seconds)


def test_roles_that_must_stand_apart_are_named() -> None:
    apart = {"cashier": frozenset({"accountant", "audit"})}
    assert rules.roles_apart(["accountant", "finance"], "cashier", apart) == ("accountant",)
    assert rules.roles_apart(["finance"], "cashier", apart) == ()
