"""The pages of the import, as each person meets them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.tests.conftest import ON, line
from mingchan.kernel.period import utc_now
from mingchan.register.assets.models import Asset

Workbook = Callable[..., Path]
LogIn = Callable[[str], Any]
BringIn = Callable[..., Batch]


def upload(client: Any, path: Path) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("exchange:upload"), {"file": file})


def test_a_clerk_uploads_reads_confirms_and_sees_the_result(log_in: LogIn, workbook: Workbook) -> None:
    clerk = log_in("bureau_clerk")
    page = upload(clerk, workbook([line(1), line(2, "货架", unit="组")]))
    batch = Batch.objects.get()
    assert page.url == reverse("exchange:batch", args=[batch.pk])
    shown = clerk.get(page.url).content.decode()
    assert "确认入账" in shown
    assert "15,920.00" in shown
    clerk.post(reverse("exchange:confirm", args=[batch.pk]), {"on": ON.isoformat()})
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    result = clerk.get(page.url).content.decode()
    assert "已入账" in result
    assert f"source=batch%3A{batch.pk}" in result or f"source=batch:{batch.pk}" in result
    assert Asset.objects.count() == 2


def test_the_same_file_again_leads_to_its_batch(log_in: LogIn, workbook: Workbook, bring_in: BringIn) -> None:
    path = workbook([line(1)])
    batch = bring_in(path)
    answer = upload(log_in("bureau_clerk"), path)
    assert answer.url == reverse("exchange:batch", args=[batch.pk])


def test_a_file_that_is_no_workbook_is_answered_in_words(log_in: LogIn, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    clerk = log_in("bureau_clerk")
    answer = upload(clerk, path)
    assert answer.status_code == 302
    assert clerk.get(answer.url).status_code == 200
    assert not Batch.objects.filter(state=BatchState.APPLIED).exists()


def test_markup_in_a_cell_is_shown_as_text(log_in: LogIn, workbook: Workbook) -> None:
    clerk = log_in("bureau_clerk")
    upload(clerk, workbook([line(1, "<script>alert(1)</script>", day="2019-02-30")]))
    batch = Batch.objects.get()
    for route in ("exchange:batch", "exchange:issues"):
        page = clerk.get(reverse(route, args=[batch.pk])).content.decode()
        assert "<script>alert(1)" not in page


def test_a_cell_is_put_right_in_its_place(log_in: LogIn, workbook: Workbook) -> None:
    clerk = log_in("bureau_clerk")
    upload(clerk, workbook([line(1, day="2019-02-30")]))
    batch = Batch.objects.get()
    assert batch.error_count == 1
    clerk.post(
        reverse("exchange:correct", args=[batch.pk]),
        {"sheet": "乡镇村级站点", "row": 4, "column": "L", "original": "2019-02-30", "text": "2019-02-28"},
    )
    batch.refresh_from_db()
    assert batch.error_count == 0


def test_a_row_left_out_is_not_entered(log_in: LogIn, workbook: Workbook) -> None:
    clerk = log_in("bureau_clerk")
    upload(clerk, workbook([line(1), line(2, "货架", day="2019-02-30")]))
    batch = Batch.objects.get()
    clerk.post(reverse("exchange:rows", args=[batch.pk]), {"sheet": "乡镇村级站点", "row": 5, "skip": "1"})
    clerk.post(reverse("exchange:confirm", args=[batch.pk]), {"on": ON.isoformat()})
    assert list(Asset.objects.values_list("name", flat=True)) == ["台式电脑"]


def test_columns_put_right_are_read_again(log_in: LogIn, workbook: Workbook) -> None:
    clerk = log_in("bureau_clerk")
    upload(clerk, workbook([line(1, note="二楼")]))
    batch = Batch.objects.get()
    columns = batch.summary["sheets"][0]["columns"]
    chosen = {f"column-{c['index']}": "place" if c["field"] == "note" else c["field"] for c in columns}
    chosen |= {key: "" for key, value in chosen.items() if value == "_number"}
    clerk.post(reverse("exchange:columns", args=[batch.pk, 0]), chosen)
    batch.refresh_from_db()
    assert "place" in {c["field"] for c in batch.summary["sheets"][0]["columns"]}


def test_the_marked_copy_holds_no_formula(log_in: LogIn, workbook: Workbook, tmp_path: Path) -> None:
    import openpyxl

    clerk = log_in("bureau_clerk")
    upload(clerk, workbook([line(1, "=HYPERLINK(1)", day="2019-02-30"), line(2, "@SUM(1)")]))
    answer = clerk.get(reverse("exchange:coloured", args=[Batch.objects.get().pk]))
    path = tmp_path / "copy.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    book = openpyxl.load_workbook(path)
    sheet = book["乡镇村级站点"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["L4"].comment is not None
    assert sheet["L4"].fill.fgColor.rgb == "FFF8CBAD"
    assert sheet["A4"].comment is None
    book.close()


def test_an_office_that_may_only_look_sees_no_upload_box(log_in: LogIn, workbook: Workbook, bring_in: BringIn) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    finance = log_in("audit")
    assert "上传并读取" not in finance.get(reverse("exchange:list")).content.decode()
    assert finance.post(reverse("exchange:confirm", args=[batch.pk]), {"on": "2020-04-15"}).status_code == 403


def test_a_withdrawal_says_what_depends_on_the_batch(
    log_in: LogIn, workbook: Workbook, bring_in: BringIn, actor_of: Callable[[str], Any]
) -> None:
    from mingchan.register.assets import services as assets

    batch = bring_in(workbook([line(1)]))
    card = Asset.objects.get()
    assets.correct(card.pk, {"note": "换了位置"}, card.version, "现场核对", actor=actor_of("bureau_clerk"), on=ON)
    clerk = log_in("bureau_clerk")
    answer = clerk.post(reverse("exchange:withdraw", args=[batch.pk]), {"reason": "来源表有误"})
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    assert f"{card.code} 台式电脑（已更正）" in clerk.get(answer.url).content.decode()


def test_the_list_of_batches_asks_as_much_for_many_as_for_few(log_in: LogIn, actor_of: Callable[[str], Any]) -> None:
    clerk = log_in("bureau_clerk")
    account = actor_of("bureau_clerk").account_id

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert clerk.get(reverse("exchange:list")).status_code == 200
        return len(caught)

    def add(count: int, start: int) -> None:
        Batch.objects.bulk_create(
            Batch(
                county="140932", file_name=f"{n}.xlsx", sha256=f"{n:064d}", uploader_id=account,
                received_on=ON, received_at=utc_now(), state=BatchState.READY,
            )
            for n in range(start, start + count)
        )  # fmt: skip

    add(2, 0)
    clerk.get(reverse("exchange:list"))
    few = queries()
    add(200, 10)
    assert queries() == few


def test_pages_of_batches_lead_forth_and_back(actor_of: Callable[[str], Any]) -> None:
    from mingchan.interfaces.exchange import queries

    clerk = actor_of("bureau_clerk")
    Batch.objects.bulk_create(
        Batch(
            county="140932", file_name=f"{n}.xlsx", sha256=f"{n:064d}", uploader_id=clerk.account_id,
            received_on=ON, received_at=utc_now(),
        )
        for n in range(120)
    )  # fmt: skip
    first, previous, following = queries.batches_page(clerk)
    assert previous is None
    second, back, _following = queries.batches_page(clerk, after=str(following))
    assert [row["pk"] for row in second] == list(range(first[-1]["pk"] - 1, first[-1]["pk"] - 51, -1))
    again, none_before, _following = queries.batches_page(clerk, before=str(back))
    assert [row["pk"] for row in again] == [row["pk"] for row in first]
    assert none_before is None


def test_progress_is_shown_while_a_batch_runs_and_the_page_renews_when_it_ends(
    log_in: LogIn, workbook: Workbook, bring_in: BringIn
) -> None:
    from mingchan.interfaces.exchange import progress

    batch = bring_in(workbook([line(1)]), preview=True)
    clerk = log_in("bureau_clerk")
    address = reverse("exchange:progress", args=[batch.pk])
    assert clerk.get(address)["HX-Refresh"] == "true"
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.APPLYING)
    reporter = progress.Reporter(batch.pk, 100)
    reporter.report("cards", 40)
    assert "40%" in clerk.get(address).content.decode()
    clerk.post(reverse("exchange:stop", args=[batch.pk]))
    assert reporter.cancelled()
    reporter.close()


def test_a_discarded_batch_goes_from_the_clerks_way(log_in: LogIn, workbook: Workbook, bring_in: BringIn) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    log_in("bureau_clerk").post(reverse("exchange:discard", args=[batch.pk]))
    assert Batch.objects.get(pk=batch.pk).state == BatchState.DISCARDED
