"""Pages of labels: scanning, claiming, changing, lists, and what the public sees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.register.labels import queries, rules, services
from mingchan.register.labels.models import Batch, Label, Link, Scan
from mingchan.register.labels.tests.factories import DAY, cards, free, labeller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: DAY)


def _text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def test_a_keeper_who_scans_comes_to_the_dossier_and_the_scan_stays(log_in):
    [code], [asset] = free(1), cards(1)
    services.claim(code, asset, actor=labeller(), on=DAY)
    client = log_in("bureau_clerk")
    assert client.get(reverse("labels:open", args=[code]))["Location"] == reverse("assets:card", args=[asset])
    scan = Scan.objects.get()
    assert (scan.asset_id, scan.way) == (asset, "PHONE")
    assert client.post(reverse("labels:scan"), {"code": rules.shown(code)})["Location"] == reverse(
        "assets:card", args=[asset]
    )
    assert Scan.objects.count() == 2
    page = _text(client.get(reverse("assets:card", args=[asset]), {"tab": "rights"}))
    assert rules.shown(code) in page
    assert "最近扫码" in page


def test_anybody_who_scans_comes_to_the_public_page_and_is_not_written_down(client, sample_county):
    [code], [asset] = free(1), cards(1)
    services.claim(code, asset, actor=labeller(), on=DAY)
    assert client.get(reverse("labels:open", args=[code]))["Location"] == reverse("portal:label", args=[code])
    assert Scan.objects.count() == 0


def test_an_unclaimed_label_is_claimed_where_it_was_scanned(log_in):
    [code], [asset] = free(1), cards(1)
    client = log_in("bureau_clerk")
    to = client.get(reverse("labels:open", args=[code]))["Location"]
    assert to == reverse("labels:detail", args=[code])
    assert "货架0" in _text(client.get(to, {"q": "货架0"}))
    answer = client.post(reverse("labels:claim", args=[code]), {"asset": asset})
    assert answer.status_code == 302
    assert queries.codes_for([asset]) == {asset: code}
    again = client.post(reverse("labels:claim", args=[code]), {"asset": asset})
    assert "已经贴在这项资产上" in _text(again, 409)


def test_a_label_is_claimed_and_changed_from_the_dossier(log_in):
    (old, new), [asset] = free(2), cards(1)
    client = log_in("bureau_clerk")
    answer = client.post(reverse("labels:claim_for", args=[asset]), {"code": "BQ140932000000199"})
    assert "校验不符" in _text(answer, 409)
    assert client.post(reverse("labels:claim_for", args=[asset]), {"code": old}).status_code == 302
    given = {"cause": "SPOILT", "code": rules.shown(new), "reason": "破损"}
    assert client.post(reverse("labels:change", args=[asset]), given).status_code == 302
    assert queries.codes_for([asset]) == {asset: new}
    assert client.post(reverse("labels:change", args=[asset]), {"cause": "GONE"}).status_code == 302
    assert queries.codes_for([asset]) == {}
    page = _text(client.get(reverse("labels:detail", args=[old])))
    assert "破损、字迹不清" in page


def test_labels_are_made_ahead_and_printed(log_in):
    client = log_in("bureau_clerk")
    answer = client.post(reverse("labels:batches"), {"count": "30", "note": "发新关镇"})
    batch = Batch.objects.get()
    assert answer["Location"] == reverse("labels:print_batch", args=[batch.pk])
    assert "A4 不干胶 24 格" in _text(client.get(answer["Location"]))
    assert "只有 1 格" in _text(client.post(answer["Location"], {"layout": "R-50x30", "first": "2"}), 422)
    pdf = client.post(answer["Location"], {"layout": "A4-21", "first": "2"})
    assert pdf["Content-Type"] == "application/pdf"
    b"".join(pdf)
    assert "发新关镇" in _text(client.get(reverse("labels:batches")))
    [code] = Label.objects.order_by("code").values_list("code", flat=True)[:1]
    assert client.post(reverse("labels:void", args=[code]), {"cause": "SPOILT"}).status_code == 302
    assert "已作废" in _text(client.get(reverse("labels:detail", args=[code])))


def test_everything_a_filter_finds_is_printed_and_what_lacks_a_label_is_said(log_in):
    ids = cards(4)
    services.claim(free(1)[0], ids[0], actor=labeller(), on=DAY)
    client = log_in("bureau_clerk")
    page = _text(client.get(reverse("labels:missing"), {"q": "货架"}))
    assert "货架1" in page
    assert "货架0" not in page
    assert f"{reverse('labels:print')}?q=%E8%B4%A7%E6%9E%B6&amp;all=1" in page
    page = _text(client.get(reverse("labels:print"), {"q": "货架", "all": "1"}))
    assert "只打印没有标签的" in page
    b"".join(client.post(reverse("labels:print"), {"q": "货架", "all": "1", "only_missing": "1", "layout": "A4-24"}))
    assert Link.objects.filter(asset__in=ids, valid_to__isnull=True).count() == 4
    assert "没有要印制标签的资产" in _text(
        client.post(reverse("labels:print"), {"q": "没有这种东西", "all": "1", "layout": "A4-24"}), 422
    )


@pytest.mark.parametrize("name", ["list", "missing", "batches"])
def test_lists_ask_as_often_for_many_as_for_few(log_in, name):
    client, url = log_in("bureau_clerk"), reverse(f"labels:{name}")
    services.for_assets(cards(2), actor=labeller(), on=DAY)
    cards(2, division_code="140932101201")
    free(2)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    services.for_assets(cards(20, division_code="140932101201"), actor=labeller(), on=DAY)
    cards(20, division_code="140932101201")
    free(20)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few)
