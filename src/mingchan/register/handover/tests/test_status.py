"""The public page of a printed list: state and days of signature for whoever holds the paper, nothing else (3.3)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mingchan.register.handover import queries
from mingchan.register.handover.tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_paper_leads_to_state_and_counts_without_a_name(sample_county: Any) -> None:
    made = make.ticked(make.cards(2))
    digest = queries.content_digest(made)[:16]
    make.sign(made, "FROM", "bureau_clerk")
    answer = Client().get(reverse("handover:status", args=[made.pk, digest]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert made.number in text
    assert "待对方签署" in text
    assert "未签署" in text
    named = [signature.name for signature in queries.signatures(made)]
    for name in (*named, made.from_party.name, made.to_party.name, "货架"):
        assert name not in text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("digest", ["0" * 16, "short", "f" * 64])
def test_another_address_says_nothing(sample_county: Any, digest: str) -> None:
    made = make.ticked(make.cards(1))
    answer = Client().get(reverse("handover:status", args=[made.pk, digest]))
    assert answer.status_code == 404
    assert made.number not in answer.content.decode()
