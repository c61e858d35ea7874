"""Every address of the system × every role: who is let in, who is refused, and that nothing ever breaks.

The walk of the resolver closes the table: an address without a row fails, and so does a row without an address.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.ui.page import PUBLIC, RIGHT, access_of
from tests.architecture.addresses import (
    complaints,
    desks,
    disclosure,
    disposal,
    distribution,
    income,
    operation,
    performance,
    portal,
    revival,
    supervision,
)
from tests.architecture.url_table import OTHER_COUNTY, Row, Things
from tests.architecture.url_table import TABLE as COMMON

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def _walk(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            yield ":".join((*spaces, pattern.name or f"<{pattern.pattern}>")), pattern


ADDRESSES = dict(_walk(get_resolver()))
TABLE: dict[str, Row] = dict(COMMON)
for _part in (
    complaints, desks, disclosure, disposal, distribution, income, operation, performance, portal, revival, supervision,
):  # fmt: skip
    TABLE |= _part.ROWS
ROWS = [pytest.param(name, row, id=name) for name, row in TABLE.items() if name in ADDRESSES]
ROLES = sorted(policy.roles())


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(ADDRESSES) == sorted(TABLE)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_an_address_says_who_may(name: str) -> None:
    access = access_of(ADDRESSES[name].callback)
    assert access is not None, f"{name} is not marked with page(), signed_in() or public()"
    row = TABLE[name]
    assert (access.kind, access.right) == (row.kind, row.right)
    assert set(access.methods) - {"HEAD"} == set(row.answers)


def test_every_right_is_held_by_a_role() -> None:
    held = {right for role in policy.roles().values() for right in role.rights}
    assert {row.right for row in TABLE.values() if row.kind == RIGHT} <= held
    assert set(policy.rights()) <= held


@pytest.fixture(scope="module")
def things(county_once: Any, django_db_blocker: Any) -> Things:
    """The sample county with one of each thing an address can name."""
    with django_db_blocker.unblock():
        made = Things(county_once)
        made.make_all()
    return made


def _address(name: str, row: Row, things: Things) -> str:
    return reverse(name, kwargs=row.kwargs(things))


def _ask(client: Client, method: str, address: str, row: Row, things: Things) -> Any:
    client.raise_request_exception = False
    if method in UNSAFE:
        answer = client.generic(method, address, row.body(things), content_type="application/x-www-form-urlencoded")
    else:
        answer = client.generic(method, address + row.query)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # read to its end, it closes what it holds
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), ROWS)
def test_without_login_only_public_pages_answer(name: str, row: Row, things: Things) -> None:
    for method in row.answers:
        answer = _ask(Client(), method, _address(name, row, things), row, things)
        if row.kind == PUBLIC:
            assert answer.status_code in row.answers[method], (method, answer.status_code)
        else:
            assert answer.status_code == 302, (method, answer.status_code)
            assert answer["Location"].startswith(reverse("web:login"))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), ROWS)
def test_each_role_is_answered_by_its_rights(name: str, row: Row, things: Things) -> None:
    address = _address(name, row, things)
    for role in ROLES:
        for method in row.answers:
            status = _ask(things.client(role), method, address, row, things).status_code
            expected = row.expected(method, role)
            assert status in expected, f"{role} {method} {address}: {status}, expected {sorted(expected)}"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), [p for p in ROWS if p.values[1].scoped])
def test_from_another_county_the_thing_does_not_exist(name: str, row: Row, things: Things) -> None:
    address = _address(name, row, things)
    stranger = things.stranger(row.right)
    for method in row.answers:
        client = Client()
        client.force_login(stranger)
        answer = _ask(client, method, address, row, things)
        assert answer.status_code == 404, f"{method} {address}: {answer.status_code} for {OTHER_COUNTY}"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), ROWS)
def test_other_methods_are_not_answered(name: str, row: Row, things: Things) -> None:
    role = next((role for role in ROLES if row.kind != RIGHT or row.right in policy.roles()[role].rights), ROLES[0])
    client = things.client(role)
    for method in {"POST", "PUT", "DELETE", "GET"} - set(row.answers):
        answer = client.generic(method, _address(name, row, things))
        assert answer.status_code == 405, (method, answer.status_code)
