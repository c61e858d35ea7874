"""The pages of the trace: the log within its reader's scope, a record with its proof, the verifier, inert files."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from mingchan.foundation.evidence import queries
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Attachment, Record, VerifyRun
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, MOVED, actor, by_hand, drop_guards
from mingchan.kernel.refs import Ref

LogIn = Callable[[str], Any]


@pytest.fixture
def seq(sample_county: Any) -> int:
    first = {"id": 1, "name": "<b>电脑</b>", "cost_fen": 123456}
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY, after=first, division="140932101", reason="盘点")
    return evidence.record(MOVED, Ref("asset", 1), actor=actor("李四", 8), on=DAY, before=first,
                           after={**first, "name": "一体机"}, division="140932101",
                           facts={"reason_word": "搬家"})  # fmt: skip


def test_the_log_is_listed_with_its_filters(log_in: LogIn, seq: int) -> None:
    client = log_in("audit")
    page = client.get(reverse("evidence:log"), {"obj": "asset:1", "day_from": "2020-03-10", "after": "x"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "移动 一体机：搬家" in text
    assert "清点 &lt;b&gt;电脑&lt;/b&gt;，经办 张三" in text
    assert "<b>电脑" not in text
    assert str(queries.latest_checkpoint()) in text
    nothing = client.get(reverse("evidence:log"), {"obj": "asset:999"})
    assert "没有符合条件的记录" in nothing.content.decode()


def test_the_log_costs_the_same_however_many_records_a_page_shows(
    log_in: LogIn, seq: int, django_assert_max_num_queries: Any
) -> None:
    client = log_in("audit")
    evidence.record_many(COUNTED, [(f"asset:{n}", "", {"id": n}) for n in range(10, 200)], actor=actor(), on=DAY)
    client.get(reverse("evidence:log"))
    with django_assert_max_num_queries(14):
        client.get(reverse("evidence:log"))


def test_a_record_shows_bytes_proof_and_what_changed(log_in: LogIn, seq: int) -> None:
    client = log_in("audit")
    text = client.get(reverse("evidence:record", args=[seq])).content.decode()
    found = Record.objects.get(seq=seq)
    assert "成立" in text
    assert "不成立" not in text
    assert bytes(found.leaf_sha256).hex() in text
    assert "&#34;act&#34;:&#34;test.stock.move&#34;" in text
    assert "一体机" in text
    assert "1,234.56" in text
    assert reverse("evidence:record", args=[seq - 1]) in text
    assert client.get(reverse("evidence:record", args=[10**6])).status_code == 404
    assert client.get(f"/log/{2**70}/").status_code == 404


def test_a_changed_record_is_shown_as_not_proven(log_in: LogIn, seq: int) -> None:
    drop_guards("evidence_record")
    body = bytes(Record.objects.get(seq=seq).body).replace(b"account:8", b"account:9")
    by_hand("UPDATE evidence_record SET body = %s WHERE seq = %s", [body, seq])
    text = log_in("audit").get(reverse("evidence:record", args=[seq])).content.decode()
    assert "不成立：日志被篡改" in text
    assert "不符：不是本系统写入" in text


def test_an_erased_detail_is_said_to_be_erased(log_in: LogIn, seq: int) -> None:
    evidence.erase_detail(seq, reason="要求", actor=actor(), on=DAY)
    text = log_in("audit").get(reverse("evidence:record", args=[seq])).content.decode()
    assert "细节已抹去" in text


def test_the_verifier_runs_and_keeps_its_report(log_in: LogIn, seq: int) -> None:
    client = log_in("audit")
    asked = client.post(reverse("evidence:verify"))
    run = VerifyRun.objects.get()
    assert asked.url == reverse("evidence:run", args=[run.pk])
    assert (run.state, run.verdict) == ("DONE", "TAMPERED")  # the assets recorded above have no rows
    assert queries.history(Ref("verification", run.pk))[0].sentence == "校验日志，发现 1 处不符"
    text = client.get(asked.url).content.decode()
    assert "被篡改" in text
    assert "一体机 被删除，不经系统" in text
    assert reverse("evidence:run", args=[run.pk]) in client.get(reverse("evidence:verify")).content.decode()


def test_a_run_that_is_going_shows_progress_and_is_not_started_twice(log_in: LogIn, seq: int) -> None:
    client = log_in("audit")
    client.post(reverse("evidence:verify"))
    VerifyRun.objects.update(state="RUNNING", done=20, total=80)
    run = VerifyRun.objects.get()
    assert client.post(reverse("evidence:verify")).url == reverse("evidence:run", args=[run.pk])
    assert VerifyRun.objects.count() == 1
    fragment = client.get(reverse("evidence:run", args=[run.pk]), headers={"HX-Request": "true"})
    assert "20 / 80" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    VerifyRun.objects.update(state="FAILED", report=None)
    failed = client.get(reverse("evidence:run", args=[run.pk]), headers={"HX-Request": "true"})
    assert failed.headers["HX-Refresh"] == "true"
    assert "校验没有完成" in failed.content.decode()


@pytest.fixture
def photo(sample_county: Any) -> Attachment:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "red").save(out, "JPEG")
    return evidence.attach(out.getvalue(), name="门口.jpg", owner=Ref("asset", 1), division="140932101", kind="PHOTO",
                           actor=actor(), on=DAY)  # fmt: skip


def test_a_file_is_served_as_a_file_and_never_as_a_page(log_in: LogIn, photo: Attachment) -> None:
    client = log_in("bureau_clerk")
    answer = client.get(reverse("evidence:download", args=[photo.pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content) == queries.open_attachment(photo.pk)[1].read_bytes()
    assert queries.history(Ref("attachment", photo.pk))[-1].sentence == "下载文件《门口.jpg》"


def test_an_image_has_a_small_picture(log_in: LogIn, photo: Attachment) -> None:
    client = log_in("bureau_clerk")
    for _again in range(2):
        answer = client.get(reverse("evidence:thumbnail", args=[photo.pk]))
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.size == (320, 213)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    text = evidence.attach(b"a", name="a.txt", owner=Ref("asset", 1), division="", kind="OTHER", actor=actor(), on=DAY)
    assert client.get(reverse("evidence:thumbnail", args=[text.pk])).status_code == 404


def test_a_file_of_another_division_does_not_exist_for_its_reader(log_in: LogIn, photo: Attachment) -> None:
    client = log_in("bureau_clerk")
    elsewhere = evidence.attach(b"a", name="a.txt", owner=Ref("asset", 1), division="140931101", kind="OTHER",
                                actor=actor(scope="140931"), on=DAY)  # fmt: skip
    for name in ("evidence:download", "evidence:thumbnail"):
        assert client.get(reverse(name, args=[elsewhere.pk])).status_code == 404
        assert client.get(reverse(name, args=[10**6])).status_code == 404


def test_who_may_not_is_told_so(log_in: LogIn, seq: int, photo: Attachment) -> None:
    client = log_in("system_admin")
    for address in (
        reverse("evidence:log"),
        reverse("evidence:record", args=[seq]),
        reverse("evidence:verify"),
        reverse("evidence:download", args=[photo.pk]),
        reverse("evidence:thumbnail", args=[photo.pk]),
    ):
        assert client.get(address).status_code == 403
    assert client.post(reverse("evidence:verify")).status_code == 403
    assert not VerifyRun.objects.exists()
