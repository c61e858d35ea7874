"""Pages of stocktakes and the errands of the field, asked for by the people who take part (3.4.1)."""

import hashlib
import io
import json
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import fieldwork
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.stocktake import errands
from mingchan.lifecycle.stocktake.models import Difference, Event, Line, Plan, Task
from mingchan.lifecycle.stocktake.tests import factories as f
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as make
from mingchan.register.labels import services as label_services
from mingchan.register.labels.tests import factories as labels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: Any) -> None:
    """Every request gets a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: f.COUNTED)
    make.divisions()


def client_of(username: str) -> Client:
    client = Client()
    Account.objects.filter(username=username).update(must_change_password=False, password_set_on=f.COUNTED)
    client.force_login(Account.objects.get(username=username))
    return client


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return str(answer.content.decode())


def test_the_capsule_has_the_form_that_the_field_reads() -> None:
    cards = f.cards(2, quantity_milli=2500)
    make.register([make.draft("邻站货架", site=make.site("邻站"))], on=f.REGISTERED)
    plan = f.counting(photo_for=("damaged",), is_blind=True)
    task = Task.objects.get(plan=plan, site=cards[0].site_id)
    provider = fieldwork.provider("stocktake_task")
    assert isinstance(provider, errands.Provider)
    capsule = json.loads(json.dumps(provider.capsule(str(task.pk), actor=f.counter(), on=f.COUNTED)))
    assert list(capsule) == [
        "format", "kind", "key", "ref", "title", "county", "base_date", "due", "rules", "places", "lines", "codes",
        "elsewhere", "checklists", "choices",
    ]  # fmt: skip
    assert capsule["rules"] == {"blind": True, "photo_for": ["damaged"], "signature": False, "position": False}
    assert capsule["lines"][0] == {
        "code": cards[0].code, "name": "台式电脑1", "model": "", "unit": "台", "quantity": None, "place": str(task.pk),
        "keeper": "董改花", "serial": "", "lot": True, "photo": None,
    }  # fmt: skip
    assert (capsule["places"][0]["key"], capsule["ref"]) == (str(task.pk), f"stocktake_task:{task.pk}")
    assert ["邻站货架", "邻站"] in [row[1:] for row in capsule["elsewhere"]]
    with pytest.raises(NotFound):
        provider.capsule(str(task.pk), actor=f.checker(), on=f.COUNTED)
    with pytest.raises(NotFound):
        provider.capsule("no-key", actor=f.counter(), on=f.COUNTED)


def test_the_capsule_names_the_labels_on_its_assets() -> None:
    card, _other = f.cards(2)
    plan = f.counting()
    (label,) = labels.free(1, on=f.COUNTED)
    label_services.claim(label, card.pk, actor=labels.labeller(), on=f.COUNTED)
    capsule = errands.Provider().capsule(str(f.only_task(plan).pk), actor=f.counter(), on=f.COUNTED)
    assert (capsule["codes"][label], capsule["codes"][card.code]) == (card.code, card.code)


def test_an_errand_tells_how_far_it_is_and_what_is_known() -> None:
    card, _other = f.cards(2)
    plan = f.counting()
    provider = errands.Provider()
    task = f.only_task(plan)
    event = f.event(1, "found", card.code)
    answers = provider.take_in(str(task.pk), [event], actor=f.counter(), on=f.COUNTED)
    assert [answer.taken for answer in answers] == [True]
    assert provider.known(str(task.pk), [event.id, "phone-zhao-000002"], actor=f.counter()) == {event.id}
    errand = provider.errands(actor=f.counter(), on=f.COUNTED)[0]
    assert (errand.ref, errand.total, errand.done, errand.due) == (f"stocktake_task:{task.pk}", 2, 1, f.DUE)
    assert provider.errands(actor=f.checker(), on=f.COUNTED) == []


def test_a_village_without_a_phone_counts_on_paper_and_enters_the_sheet() -> None:
    card, lot = f.cards(2)
    task = f.only_task(f.counting())
    client = client_of("zhao")
    assert "窑头村电商服务站" in text(client.get(reverse("stocktake:mine")))
    address = reverse("stocktake:sheet", args=[task.pk])
    page = text(client.get(address))
    keys = dict(Line.objects.filter(task=task).values_list("code", "pk"))
    assert f'name="r_{keys[card.code]}"' in page
    wrong = client.post(address, {f"q_{keys[card.code]}": "三"})
    assert "没有保存" in text(wrong, 422)
    filled = {f"r_{keys[card.code]}": "found", f"r_{keys[lot.code]}": "not_found", f"n_{keys[lot.code]}": "外借"}
    assert client.post(address, filled).status_code == 302
    surplus = {"name": "冰柜", "quantity": "1", "unit": "台"}
    assert client.post(reverse("stocktake:surplus", args=[task.pk]), surplus).status_code == 302
    signed = {"counter": "赵", "keeper": "董改花"}
    assert client.post(reverse("stocktake:finish", args=[task.pk]), signed).status_code == 302
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["found", "not_found", "surplus", "signature", "signature", "finish"]
    assert "外借" in text(client.get(address))


def test_count_sheets_and_reports_leave_as_papers_and_workbooks() -> None:
    plan = f.differing([("not_found", {"note": "无"}), ("found", {})])
    task = f.only_task(plan)
    client = client_of("clerk")
    for route, key in (("sheet_pdf", task.pk), ("report_pdf", plan.pk)):
        answer = client.get(reverse(f"stocktake:{route}", args=[key]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
    answer = client.get(reverse("stocktake:report_xlsx", args=[plan.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    assert book.sheetnames == ["汇总", "差异处理", "盘点明细", "签字"]
    assert book["差异处理"]["C3"].value == "盘亏"
    answer = client.get(reverse("stocktake:sheet_xlsx", args=[task.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[arg-type]
    assert sheet is not None
    assert sheet["C4"].value == "台式电脑1"


def test_a_photograph_encoded_anew_is_found_by_the_digest_its_event_names() -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG", quality=100)
    digest = hashlib.sha256(out.getvalue()).hexdigest()
    row = f.difference(f.differing([("found", {}), ("damaged", {"note": "碎裂", "photos": (digest,)})]), "STATE")
    address = reverse("stocktake:difference", args=[row.pk])
    client = client_of("clerk")
    assert "照片还没有收到" in text(client.get(address))
    kept = evidence.attach(
        out.getvalue(), name=fieldwork.photo_name(digest), owner=Ref("stocktake_task", row.task_id),
        division=row.division_code, kind="PHOTO", actor=make.clerk(rights=make.RIGHTS | {"paper.attach"}), on=f.COUNTED,
    )  # fmt: skip
    assert kept.sha256 != digest
    page = text(client.get(address))
    assert reverse("evidence:download", args=[kept.pk]) in page
    assert "照片还没有收到" not in page


def test_a_difference_is_settled_from_its_page() -> None:
    plan = f.differing([("not_found", {"note": "无"})])
    row = f.difference(plan, "SHORTAGE")
    client = client_of("clerk")
    address = reverse("stocktake:difference", args=[row.pk])
    assert "处理决定" in text(client.get(address))
    given = {"version": row.version, "decision": "FOUND_LATER", "reason": ""}
    assert "必填" in text(client.post(reverse("stocktake:settle", args=[row.pk]), given), 422)
    done = client.post(reverse("stocktake:settle", args=[row.pk]), given | {"reason": "在库房找到"})
    assert done.status_code == 302
    assert "在库房找到" in text(client.get(address))
    assert "没有差异" not in text(client.get(reverse("stocktake:differences", args=[plan.pk])))


def test_the_checker_decides_between_two_counts_from_the_page() -> None:
    card = f.cards(1)[0]
    plan = f.counting(("zhao", "qian"))
    task = f.only_task(plan)
    f.take(task, [f.event(1, "found", card.code), f.event(2, "finish")])
    f.take(task, [f.event(1, "not_found", card.code, "phone-qian")], f.counter("qian"))
    f.checking(plan)
    row = Difference.objects.get()
    client = client_of("reviewer")
    page = text(client.get(reverse("stocktake:difference", args=[row.pk])))
    assert "采用这次清点" in page
    given = {"device": "phone-zhao", "seen": "phone-zhao-000001 phone-qian-000001", "note": "复看在位"}
    assert client.post(reverse("stocktake:decide", args=[row.pk]), given).status_code == 302
    row.refresh_from_db()
    assert row.state == "SETTLED"


def test_a_plan_is_drafted_from_the_list_of_assets_with_its_filter() -> None:
    f.cards(1)
    f.clerk()
    client = client_of("clerk")
    address = reverse("stocktake:new")
    assert "year_from=2018" in text(client.get(f"{address}?year_from=2018&all=1"))
    given = {
        "title": "抽查", "kind": "SPOT", "base_on": "2021-01-10", "starts_on": "2021-01-11", "due_on": "2021-02-01",
        "scope": "https://x/assets/?year_from=2018&sort=-cost", "confidence_percent": "95", "divisions": make.TOWN,
    }  # fmt: skip
    assert client.post(address, given).status_code == 302, "sort isn't part of a filter"
    plan = Plan.objects.get()
    assert plan.scope == f"division={make.TOWN}&year_from=2018"
    assert plan.division_code == make.TOWN


def test_lists_ask_as_many_statements_for_many_rows_as_for_few() -> None:
    counts = []
    f.clerk()
    for number in (2, 30):
        site = make.site(f"站点{number}")
        f.cards(number, site=site)
        plan = f.counting(scope=f"site={site}")
        f.checking(plan, reason="没有清点")
        client = client_of("clerk")
        pages = [
            reverse("stocktake:list"),
            *(reverse(f"stocktake:{name}", args=[plan.pk]) for name in ("plan", "lines", "differences")),
            reverse("stocktake:sheet", args=[f.only_task(plan).pk]),
        ]
        for page in pages:
            text(client.get(page))
        with CaptureQueriesContext(connection) as asked:
            for page in pages:
                text(client.get(page))
        counts.append(len(asked))
    assert abs(counts[0] - counts[1]) <= 1, counts
    assert Asset.objects.count() == 32
