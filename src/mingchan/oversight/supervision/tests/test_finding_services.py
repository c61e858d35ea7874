"""A finding is born, joined, handled, reviewed, closed by its fact and born again (1.2a)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.procedures.tests import factories as people
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.oversight.supervision import services
from mingchan.oversight.supervision.models import Finding, Period
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as assets

pytestmark = pytest.mark.django_db
ON = date(2020, 6, 1)
SYSTEM = directory.nobody(assets.COUNTY)


def _unkept() -> Asset:
    assets.divisions()
    people.account("clerk", "bureau_clerk")
    key = assets.register([assets.draft()]).first_id
    services.run(actor=SYSTEM, on=ON, codes=["no_keeper"])
    return Asset.objects.get(pk=key)


def _only() -> Finding:
    return Finding.objects.get(check_code="no_keeper")


def _kept(asset: Asset, whom: int | None, on: date = ON) -> None:
    Asset.objects.filter(pk=asset.pk).update(keeper=whom)
    services.run(actor=SYSTEM, on=on, codes=["no_keeper"])


def test_a_fact_that_stays_is_one_finding() -> None:
    _unkept()
    services.run(actor=SYSTEM, on=ON + timedelta(days=1), codes=["no_keeper"])
    assert (_only().state, _only().times, Period.objects.count()) == ("OPEN", 1, 1)
    assert _only().office_name == "县工信局"


def test_a_fact_that_goes_waits_for_its_review_and_one_that_returns_is_opened_again() -> None:
    asset = _unkept()
    keeper = assets.party("王管护", "PERSON")
    _kept(asset, keeper)
    assert _only().state == "GONE"
    audit = people.actor("audit", "audit", "县审计局", on=ON)
    services.review(_only().pk, "现场核对属实", passes=True, seen=_only().version, actor=audit, on=ON)
    assert _only().state == "CLOSED"
    _kept(asset, None, ON + timedelta(days=9))
    assert (_only().state, _only().times, Period.objects.count()) == ("OPEN", 2, 2)


def test_no_tick_closes_a_finding_whose_fact_stands() -> None:
    _unkept()
    clerk, audit = people.actor("clerk", "bureau_clerk", on=ON), people.actor("audit", "audit", "县审计局", on=ON)
    services.report(_only().pk, "已安排人员管护", seen=_only().version, actor=clerk, on=ON)
    with pytest.raises(Refusal, match="事实仍然存在"):
        services.review(_only().pk, "同意销号", passes=True, seen=_only().version, actor=audit, on=ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=_only().pk).update(state="CLOSED", closed_on=ON)


def test_the_office_that_answers_never_reviews_itself() -> None:
    _unkept()
    clerk, head = people.actor("clerk", "bureau_clerk", on=ON), people.actor("head", "bureau_head", on=ON)
    services.report(_only().pk, "已安排人员管护", seen=_only().version, actor=clerk, on=ON)
    with pytest.raises(NotAllowed):
        services.review(_only().pk, "同意销号", passes=False, seen=_only().version, actor=head, on=ON)


def test_what_nobody_rectifies_goes_to_joint_supervision_once() -> None:
    _unkept()
    assert services.escalate(actor=SYSTEM, on=_only().due_on) == 0
    assert services.escalate(actor=SYSTEM, on=_only().due_on + timedelta(days=30)) == 1
    assert services.escalate(actor=SYSTEM, on=_only().due_on + timedelta(days=31)) == 0
