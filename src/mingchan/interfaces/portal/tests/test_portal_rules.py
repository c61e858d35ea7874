"""Rules of the portal: masks, networks, proof of work, limits."""

import hashlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.interfaces.portal import rules
from mingchan.interfaces.portal.rules import Fault, Limits, Sent

LIMITS = Limits(wait_seconds=15, hourly=6, hourly_plain=3, daily_subject=200)


def _nonce(challenge: str, bits: int) -> str:
    return next(str(n) for n in range(10**6) if rules.has_work(challenge, str(n), bits))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_what_stands_for_an_address(address: str, network: str) -> None:
    assert rules.network(address) == network


@given(st.integers(0, 2**128 - 1))
def test_one_house_is_one_network(number: int) -> None:
    whole = ipaddress.IPv6Address(number)
    neighbour = ipaddress.IPv6Address(number >> 64 << 64)
    assert rules.network(str(whole)) == rules.network(str(neighbour))


def test_work_is_what_sha256_says() -> None:
    nonce = _nonce("挑战", 8)
    digest = hashlib.sha256(f"挑战:{nonce}".encode()).digest()
    assert digest[0] == 0
    assert rules.has_work("挑战", nonce, 8)
    assert not rules.has_work("别的", nonce, 16)
    assert not rules.has_work("挑战", "", 0)
    assert not rules.has_work("挑战", "1" * 21, 0)
    assert not rules.has_work("挑战", "１", 0)


@given(st.binary(min_size=4, max_size=32))
def test_zero_bits_are_counted_from_the_front(digest: bytes) -> None:
    bits = "".join(f"{byte:08b}" for byte in digest)
    assert rules.zero_bits(digest) == len(bits) - len(bits.lstrip("0"))


def _sent(**changes: object) -> Sent:
    given = {
        "age": 60, "is_spent": False, "has_work": True, "trapped": False,
        "this_hour": 0, "plain_this_hour": 0, "subject_today": 0, **changes,
    }  # fmt: skip
    return Sent(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"age": 0}, None),
        ({"trapped": True}, Fault.TRAP),
        ({"age": None}, Fault.STALE),
        ({"is_spent": True}, Fault.SPENT),
        ({"has_work": False, "age": 14}, Fault.EARLY),
        ({"has_work": False, "age": 15}, None),
        ({"this_hour": 6}, Fault.HOURLY),
        ({"this_hour": 5}, None),
        ({"has_work": False, "plain_this_hour": 3}, Fault.HOURLY),
        ({"has_work": True, "plain_this_hour": 3}, None),
        ({"subject_today": 200}, Fault.SUBJECT),
    ],
)
def test_what_is_let_in(changes: dict[str, object], fault: Fault | None) -> None:
    assert rules.fault(_sent(**changes), LIMITS) == fault


@pytest.mark.parametrize(("name", "shown"), [("董改花", "董**"), ("王五", "王*"), ("李", "李*"), ("", "")])
def test_a_person_is_a_family_name_and_stars(name: str, shown: str) -> None:
    assert rules.masked(name) == shown
