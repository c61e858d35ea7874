"""What anybody sees who scans a printed label: the asset, or that nobody claimed it yet, or that it is void."""

import pytest
from django.urls import reverse

from mingchan.interfaces.portal import services as portal
from mingchan.interfaces.portal.tests.factories import NOBODY
from mingchan.register.labels import services as labels
from mingchan.register.labels.choices import Cause
from mingchan.register.labels.tests.factories import DAY, cards, free, labeller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: DAY)


def _text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_anybody_who_scans_comes_to_the_public_page(client, sample_county):
    (code, unclaimed, void), [asset] = free(3), cards(1)
    labels.claim(code, asset, actor=labeller(), on=DAY)
    labels.void(void, Cause.LOST, actor=labeller(), on=DAY)
    portal.rebuild(actor=NOBODY, on=DAY)
    to = client.get(reverse("labels:open", args=[code]))["Location"]
    assert to == reverse("portal:label", args=[code])
    assert "登记在册" in _text(client.get(to))
    assert "还没有认领" in _text(client.get(reverse("portal:label", args=[unclaimed])))
    assert "已经作废" in _text(client.get(reverse("portal:label", args=[void])))
    wrong = f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
    assert "校验位不符" in _text(client.get(reverse("portal:label", args=[wrong])), 404)
    found = client.get(reverse("portal:search"), {"q": f"{code[:2]} {code[2:8]} {code[8:15]} {code[15:]}"})
    assert "登记在册" in _text(client.get(found["Location"]))


def test_the_public_page_follows_a_change_of_labels(client, sample_county):
    (old, new), [asset] = free(2), cards(1)
    labels.claim(old, asset, actor=labeller(), on=DAY)
    portal.rebuild(actor=NOBODY, on=DAY)
    assert portal.refresh(actor=NOBODY, on=DAY) is None
    labels.relink(asset, new, Cause.SPOILT, actor=labeller(), on=DAY)
    assert portal.refresh(actor=NOBODY, on=DAY) is not None
    assert "登记在册" in _text(client.get(reverse("portal:label", args=[new])))
    assert "已经作废" in _text(client.get(reverse("portal:label", args=[old])))
