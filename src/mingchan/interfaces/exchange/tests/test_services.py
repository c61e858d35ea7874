"""The life of a batch: refused twice, corrected, confirmed, stopped, killed, withdrawn, and handed in changed (2.2)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.interfaces.exchange import events, progress, services
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch, RememberedMapping
from mingchan.interfaces.exchange.services import applying, reading, receiving
from mingchan.interfaces.exchange.tests.conftest import BUREAU, ON, line
from mingchan.kernel import period
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.register.assets.models import Asset

BringIn = Callable[..., Batch]
Workbook = Callable[..., Path]
ActorOf = Callable[[str], Any]


def counts() -> tuple[int, int, int]:
    """Cards that count, vouchers, and lines: what an import changes."""
    return Asset.objects.filter(status="ACTIVE").count(), Voucher.objects.count(), Line.objects.count()


def test_a_file_in_the_register_is_refused_with_its_batch(bring_in: BringIn, workbook: Workbook) -> None:
    path = workbook([line(1)])
    first = bring_in(path)
    with pytest.raises(services.AlreadyApplied) as refused:
        bring_in(path)
    assert refused.value.batch_id == first.pk


def test_a_file_not_yet_applied_opens_its_standing_batch(bring_in: BringIn, workbook: Workbook) -> None:
    path = workbook([line(1)])
    assert bring_in(path, preview=True).pk == bring_in(path, preview=True).pk


def test_what_is_no_workbook_is_refused_in_words(bring_in: BringIn, tmp_path: Path) -> None:
    path = tmp_path / "合同.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refusal, match="不是可导入的工作簿"):
        bring_in(path)
    assert not Batch.objects.exists()


def test_an_auditor_may_not_import(actor_of: ActorOf, workbook: Workbook) -> None:
    with pytest.raises(NotAllowed):
        services.import_file(workbook([line(1)]), actor=actor_of("audit"), on=ON)


def test_a_batch_of_another_county_does_not_exist(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    Batch.objects.filter(pk=batch.pk).update(county="140931")
    with pytest.raises(NotFound):
        services.confirm(batch.pk, actor=actor_of("bureau_clerk"), on=ON)


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ({"name": ""}, "name_missing", "E"),
        ({"day": "2019-02-30"}, "date_impossible", "L"),
        ({"day": f"{period.today().year + 1}-01-01"}, "date_future", "L"),
        ({"quantity": -2, "cost": -7960}, "quantity_not_positive", "H"),
        ({"quantity": 1.5, "cost": 5970}, "quantity_not_whole", "H"),
        ({"cost": 7961}, "price_times_quantity", "J"),
        ({"town": "桃花镇", "village": "桃花村"}, "division_unknown", "D"),
        ({"price": 1e14, "quantity": 2, "cost": 2e14}, "amount_too_large", "I"),
        ({"funding": "企业自筹"}, "funding_out_of_scope", "K"),
    ],
)
def test_each_fault_is_an_error_at_its_cell(
    bring_in: BringIn, workbook: Workbook, fields: dict[str, Any], code: str, column: str
) -> None:
    name = fields.pop("name", "台式电脑")
    before = counts()
    batch = bring_in(workbook([line(1), line(2, name, **fields)]))
    assert batch.state == BatchState.READY
    found = {(issue.code, issue.row, issue.column) for issue in batch.issues.filter(severity="error")}
    assert (code, 5, column) in found
    assert counts() == before


def test_a_batch_with_errors_can_not_be_confirmed(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1, day="2019-02-30")]))
    with pytest.raises(Refusal, match="1 处错误"):
        services.confirm(batch.pk, actor=actor_of("bureau_clerk"), on=ON)


def test_a_corrected_cell_lets_the_batch_through_and_the_file_stays(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1, day="2019-02-30")]))
    services.correct_cell(batch.pk, "乡镇村级站点", 4, "L", "2019-02-28", original="2019-02-30", actor=clerk, on=ON)
    batch = services.read(batch.pk, actor=clerk, on=ON)
    assert batch.error_count == 0
    services.confirm(batch.pk, actor=clerk, on=ON)
    batch = services.apply(batch.pk, actor=clerk, on=ON)
    assert batch.state == BatchState.APPLIED
    assert Asset.objects.get(source=f"batch:{batch.pk}").acquired_on.isoformat() == "2019-02-28"
    assert Record.objects.filter(act="exchange.cell.corrected", obj=f"batch:{batch.pk}").count() == 1


def test_a_source_outside_the_scope_is_admitted_with_a_reason(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1, funding="企业自筹")]))
    with pytest.raises(Refusal):
        services.admit(batch.pk, "企业自筹", "", actor=clerk, on=ON)
    services.admit(batch.pk, "企业自筹", "企业捐配，经局务会同意入册", actor=clerk, on=ON)
    batch = services.read(batch.pk, actor=clerk, on=ON)
    assert batch.error_count == 0


def test_a_row_left_out_stays_out_until_it_is_taken_in_again(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1), line(2)]), preview=True)
    sheet = batch.summary["sheets"][0]
    last = sheet["header_rows"][1] + 2
    for skip, rows in ((True, 1), (False, 2)):
        services.skip_row(batch.pk, sheet["name"], last, skip=skip, actor=clerk, on=ON)
        assert services.read(batch.pk, actor=clerk, on=ON).row_count == rows
    acts = [record.act for record in Record.objects.order_by("seq")]
    assert [act for act in acts if act in (events.SKIPPED.code, events.TAKEN.code)] == [
        events.SKIPPED.code,
        events.TAKEN.code,
    ]


def test_sheets_left_out_are_recorded_by_name(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    batch = services.exclude_sheets(batch.pk, ["乡镇村级站点", "没有的表"], actor=clerk, on=ON)
    assert batch.excluded == ["乡镇村级站点"]
    assert services.read(batch.pk, actor=clerk, on=ON).row_count == 0
    assert Record.objects.filter(act=events.CHOSEN.code).count() == 1
    with pytest.raises(NotAllowed):
        services.exclude_sheets(batch.pk, [], actor=actor_of("audit"), on=ON)


def test_a_mapping_put_right_is_remembered_for_the_shape(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    columns = {str(c["index"]): c["field"] for c in batch.summary["sheets"][0]["columns"]}
    note = next(index for index, field in columns.items() if field == "note")
    services.set_mapping(batch.pk, "乡镇村级站点", {**columns, note: "place"}, actor=clerk, on=ON)
    assert RememberedMapping.objects.count() == 1
    later = bring_in(workbook([line(1, note="二楼东侧")], name="另一份.xlsx"))
    assert Asset.objects.get(source=f"batch:{later.pk}").place == "二楼东侧"


def test_one_field_can_not_stand_in_two_columns(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    with pytest.raises(Refusal):
        services.set_mapping(
            batch.pk, "乡镇村级站点", {"0": "name", "1": "name"}, actor=actor_of("bureau_clerk"), on=ON
        )


def test_a_batch_stopped_before_its_commit_writes_nothing(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    before = counts()
    services.confirm(batch.pk, actor=clerk, on=ON)
    monkeypatch.setattr(progress.Reporter, "cancelled", lambda _self: True)
    batch = services.apply(batch.pk, actor=clerk, on=ON)
    assert batch.state == BatchState.READY
    assert counts() == before


def test_a_batch_still_waiting_goes_back_at_once(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    services.confirm(batch.pk, actor=clerk, on=ON)
    services.ask_to_stop(batch.pk, actor=clerk, on=ON)
    assert Batch.objects.get(pk=batch.pk).state == BatchState.READY


def test_a_fault_half_way_leaves_neither_card_nor_voucher_nor_record(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1), line(2, "货架")]), preview=True)
    services.confirm(batch.pk, actor=clerk, on=ON)
    before, records = counts(), Record.objects.count()

    def fail(*_args: Any, **_options: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(applying._Entry, "_write_money", fail)
    with pytest.raises(RuntimeError):
        services.apply(batch.pk, actor=clerk, on=ON)
    assert counts() == before
    assert Record.objects.count() == records
    assert Batch.objects.get(pk=batch.pk).state == BatchState.READY


def test_a_killed_batch_is_started_again(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.APPLYING, applied_on=ON)
    assert services.restart(batch.pk, actor=clerk, on=ON).state == BatchState.QUEUED
    assert services.apply(batch.pk, actor=clerk, on=ON).state == BatchState.APPLIED


def test_a_batch_that_lives_is_not_started_twice(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.APPLYING, applied_on=ON)
    reporter = progress.Reporter(batch.pk, 1)
    with pytest.raises(Refusal, match="仍在处理"):
        services.restart(batch.pk, actor=actor_of("bureau_clerk"), on=ON)
    reporter.close()


def test_a_reading_overtaken_by_a_later_one_is_thrown_away(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    understand = reading._understood

    def overtaken(found: Batch, *rest: Any) -> Any:
        result = understand(found, *rest)
        Batch.objects.filter(pk=batch.pk).update(reading=99, row_count=77)
        return result

    monkeypatch.setattr(reading, "_understood", overtaken)
    services.read(batch.pk, actor=clerk, on=ON)
    assert Batch.objects.get(pk=batch.pk).row_count == 77


def test_a_withdrawn_batch_leaves_the_books_at_nought_and_its_history_standing(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1), line(2, "货架", unit="组")]))
    with pytest.raises(Refusal):
        services.withdraw(batch.pk, "", actor=clerk, on=ON)
    batch = services.withdraw(batch.pk, "来源表有误，重新填报", actor=clerk, on=ON)
    assert batch.state == BatchState.WITHDRAWN
    assert not Asset.objects.filter(source=f"batch:{batch.pk}", status="ACTIVE").exists()
    assert Asset.objects.filter(source=f"batch:{batch.pk}").count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(debit_fen), SUM(credit_fen) FROM ledger_line")
        assert cursor.fetchone() == (0, 0)


def test_a_withdrawn_workbook_may_be_handed_in_again(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    path = workbook([line(1)])
    services.withdraw(bring_in(path).pk, "重新导入一次", actor=actor_of("bureau_clerk"), on=ON)
    assert bring_in(path).state == BatchState.APPLIED


def test_the_same_rows_in_another_form_are_warned_of(bring_in: BringIn, workbook: Workbook, tmp_path: Path) -> None:
    register = [line(1), line(2, "货架", unit="组"), line(3, "电子秤")]
    bring_in(workbook(register))
    path = tmp_path / "另一种表.csv"
    rows = [["名称", "数量", "计量单位", "总价", "资金渠道", "所属乡镇", "行政村"]]
    rows += [[r[4], str(r[7]), str(r[6]), str(r[9]), "中央专项", "楼沟乡", "兴曹村"] for r in register]
    path.write_text("资产明细表\n" + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    batch = bring_in(path, preview=True)
    assert batch.issues.filter(code="looks_registered").exists()


def test_a_serial_number_that_came_in_after_the_preview_is_refused(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, tmp_path: Path
) -> None:
    clerk = actor_of("bureau_clerk")
    head = "资产名称,数量,计量单位,金额,资金来源,所在乡镇,序列号\n"
    paths = [tmp_path / "甲.csv", tmp_path / "乙.csv"]
    for number, path in enumerate(paths):
        path.write_text(
            f"资产明细表\n{head}冷柜{number},1,台,{3980 + number},中央专项,楼沟乡,SN-77\n", encoding="utf-8"
        )
    waiting = bring_in(paths[1], preview=True)
    assert bring_in(paths[0]).state == BatchState.APPLIED
    services.confirm(waiting.pk, actor=clerk, on=ON)
    with pytest.raises(Refusal, match="SN-77"):
        services.apply(waiting.pk, actor=clerk, on=ON)
    assert Asset.objects.filter(serial_no="SN-77").count() == 1
    assert "SN-77" in Batch.objects.get(pk=waiting.pk).refusal


def test_an_entry_is_not_dated_ahead(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    ahead = period.today() + timedelta(days=1)
    with pytest.raises(Refusal, match="不能晚于今天"):
        services.confirm(batch.pk, actor=actor_of("bureau_clerk"), on=ahead)


def test_a_mapping_without_name_or_amount_is_refused_and_not_remembered(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    with pytest.raises(Refusal, match="资产名称"):
        services.set_mapping(batch.pk, "乡镇村级站点", {"0": "", "4": ""}, actor=actor_of("bureau_clerk"), on=ON)
    assert not RememberedMapping.objects.exists()


def test_a_remembered_mapping_can_be_forgotten(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    columns = {str(c["index"]): c["field"] for c in batch.summary["sheets"][0]["columns"]}
    services.set_mapping(batch.pk, "乡镇村级站点", columns, actor=clerk, on=ON)
    services.forget_mapping(batch.pk, "乡镇村级站点", actor=clerk, on=ON)
    assert not RememberedMapping.objects.exists()


def test_a_cell_of_no_sheet_and_a_heading_are_not_corrected(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    for sheet, row in (("无", 5), ("乡镇村级站点", 3)):
        with pytest.raises(Refusal):
            services.correct_cell(batch.pk, sheet, row, "L", "2019-01-01", actor=actor_of("bureau_clerk"), on=ON)


def test_a_discarded_batch_leaves_its_record(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    services.discard(batch.pk, actor=actor_of("bureau_clerk"), on=ON)
    assert Batch.objects.get(pk=batch.pk).state == BatchState.DISCARDED
    assert Record.objects.filter(act="exchange.batch.discarded", obj=f"batch:{batch.pk}").exists()


def test_a_digest_is_of_the_whole_file(workbook: Workbook) -> None:
    path = workbook([line(1)])
    with path.open("rb") as content:
        assert receiving.digest_of(content) == receiving.digest_of(content)
        assert content.tell() == 0


def test_the_offices_of_a_sheet_are_matched_not_made_again(bring_in: BringIn, workbook: Workbook) -> None:
    batch = bring_in(workbook([line(1)]))
    card = Asset.objects.select_related("owner").get(source=f"batch:{batch.pk}")
    assert card.owner.name == BUREAU
    assert card.owner.is_confirmed
