"""The public portal: its pages read no table of the register, and nothing they say names a person (1.2b, 4.3)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.config import demo
from mingchan.foundation.directory.models import Account, Party
from mingchan.interfaces.portal.models import LabelSnapshot, PlaceSnapshot
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.disclosure.tests import factories as notices

ALLOWED = ("portal_", "disclosure_", "complaints_", "directory_division")
"""Tables that a page may read; names of divisions come with the notices."""
DIGITS = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


@pytest.fixture(scope="module")
def filled(county_once: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The sample county as its offices left it, with a notice to which somebody objected."""
    with django_db_blocker.unblock():
        list(demo.load())
        running = notices.published()
        notices.object_to(running, text="王大明认为这批电脑还能用", name="王大明", contact="13900001234")
    return county_once


def _addresses() -> list[str]:
    places = [reverse("portal:place", args=[code]) for code in PlaceSnapshot.objects.values_list("code", flat=True)]
    codes = LabelSnapshot.objects.order_by("id").values_list("code", flat=True)
    labels = [reverse("portal:label", args=[code]) for code in codes[::11]]
    slugs = Notice.objects.exclude(slug="").values_list("slug", flat=True)
    about = [reverse(f"portal:{name}", args=[slug]) for slug in slugs for name in ("notice", "object")]
    names = ("home", "labels", "notices", "answers", "report", "follow", "plan", "phones", "certificate")
    return [
        *(reverse(f"portal:{name}") for name in names),
        *about,
        *places,
        *labels,
        reverse("portal:search") + "?q=村",
        reverse("portal:search") + "?q=nothing",
        reverse("portal:label", args=["XX-1"]),
    ]


@pytest.mark.django_db
def test_pages_read_the_portals_own_tables_only(filled: Any) -> None:
    client, read = Client(), 0
    for address in _addresses():
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        for query in asked.captured_queries:
            tables = re.findall(r'(?:FROM|JOIN)\s+"?([a-z_]+)"?', query["sql"])
            read += len(tables)
            wrong = [table for table in tables if not table.startswith(ALLOWED)]
            assert not wrong, f"{address} reads {wrong}: {query['sql'][:200]}"
        assert len(asked.captured_queries) <= 12, address
    assert read > 500


@pytest.mark.django_db
def test_no_page_names_a_person(filled: Any) -> None:
    people = set(Party.objects.filter(kind="PERSON").values_list("name", flat=True))
    people |= set(Account.objects.values_list("name", flat=True)) | {"王大明", "李示例"}
    people |= set(Account.objects.values_list("username", flat=True))
    people = {name for name in people if len(name) > 1}
    texts = {row.text for row in Complaint.objects.all()} | {row.text for row in Objection.objects.all()}
    client, masked = Client(), 0
    assert len(people) > 50
    for address in _addresses():
        page = client.get(address).content.decode()
        plain = re.sub(r'(?:value|data-challenge)="[^"]*"', "", page)
        assert not [name for name in people if name in plain], address
        assert not DIGITS.findall(plain), address
        assert not [text for text in texts if text in plain], address
        masked += plain.count("**")
    assert masked > 100, "persons who keep things are shown, masked"
