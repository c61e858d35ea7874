"""Workbooks of households: heads in many words, people gathered, numbers the spreadsheet lost told by their place."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingchan.interfaces.exchange.understanding.households import Sheet, understand
from mingchan.kernel import identity
from mingchan.lifecycle.distribution.models import Household, Roster
from mingchan.lifecycle.distribution.services.rosters import content_of

VILLAGE = "140932100201"
HEAD = ["乡镇", "行政村", "户编号", "姓名", "与户主关系", "证件号码", "手机号", "贫困户属性", "家庭人口", "银行卡号"]


def number(serial: int, prefix: str = "142234") -> str:
    body = f"{prefix}19650312{serial:03d}"
    return body + identity.check_character(body)


def place(town: str, village: str) -> str | None:
    return VILLAGE if village == "马梁村" else None


def person(code: str, name: str, relation: str, serial: int, **more: Any) -> list[Any]:
    row = ["新关镇", "马梁村", code, name, relation, number(serial), "13900000001", "脱贫户", "2", "6217930000000001"]
    for column, value in more.items():
        row[int(column[1:])] = value
    return row


def read(*rows: list[Any], head: list[Any] | None = None) -> Any:
    return understand([Sheet("名册", [["某村受益户名册"], head or HEAD, *rows])], place)


def test_people_of_a_number_are_one_household_the_head_first() -> None:
    found = read(person("007", "李四", "配偶", 2), person("007", "张三", "户主", 1), person("008", "王五", "户主", 3))
    assert found.issues == []
    assert [(one.number, [m.name for m in one.members]) for one in found.drafts] == [
        ("007", ["张三", "李四"]), ("008", ["王五"]),
    ]  # fmt: skip
    assert (found.drafts[0].division_code, found.drafts[0].category, found.drafts[0].row) == (VILLAGE, "LIFTED", 3)


def test_without_numbers_a_head_begins_a_household_and_blank_places_go_on() -> None:
    rows = [
        person("", "张三", "户主", 1),
        person("", "李四", "之子", 2, _0="", _1=""),
        person("", "王五", "户主", 3, _1="同上"),
    ]
    found = read(*rows)
    assert found.issues == []
    assert [(one.number, len(one.members), one.division_code) for one in found.drafts] == [
        ("001", 2, VILLAGE), ("002", 1, VILLAGE),
    ]  # fmt: skip


def test_totals_and_empty_rows_are_no_people() -> None:
    found = read(person("1", "张三", "户主", 1), [""] * 10, ["", "", "", "合计", "", "", "", "", "2", ""])
    assert len(found.drafts) == 1


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"_5": 1.42234196503e17}, "身份证号"),
        ({"_5": "1.42234E+17"}, "身份证号"),
        ({"_1": "不存在的村"}, "村"),
        ({"_7": "富户"}, "户类型"),
        ({"_8": "很多"}, "家庭人口"),
        ({"_9": 6.2179300000000010e15 + 0.5}, "银行账号"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(changes: dict[str, Any], column: str) -> None:
    found = read(person("1", "张三", "户主", 1, **changes))
    assert [(issue.sheet, issue.row, issue.column) for issue in found.issues] == [("名册", 3, column)]
    assert not any(number(1) in issue.words for issue in found.issues)


@pytest.mark.parametrize(
    ("text", "day"), [("2014-11-30", date(2014, 11, 30)), ("2014/11/30", date(2014, 11, 30)),
                      ("2014年11月30日", date(2014, 11, 30)), ("2014-11", date(2014, 11, 1)), ("", None)]
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    found = read([*person("1", "张三", "户主", 1), text], head=[*HEAD, "识别时间"])
    assert found.issues == []
    assert found.drafts[0].since == day


def test_a_workbook_without_the_head_says_so() -> None:
    found = understand([Sheet("表", [["资产名称", "数量"], ["电脑", 1]])], place)
    assert found.drafts == []
    assert "姓名" in found.issues[0].words


def workbook(*rows: list[Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        for at, row in enumerate((HEAD, *rows)):
            for column, value in enumerate(row):
                sheet.write_string(at, column, str(value))
    return out.getvalue()


@pytest.mark.django_db
def test_an_uploaded_workbook_becomes_a_preview_and_is_kept_nowhere(log_in: Any) -> None:
    content = workbook(person("007", "张三", "户主", 1), person("007", "李四", "配偶", 2))
    client = log_in("bureau_clerk")
    answer = client.post(
        reverse("exchange:households"), {"file": SimpleUploadedFile("名册.xlsx", content), "as_of": "2020-01-10"}
    )
    roster = Roster.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("distribution:roster", args=[roster.pk])
    drafts, issues = content_of(roster)
    assert issues == []
    assert [one.identity for one in drafts[0].members] == [number(1), number(2)]
    page = client.get(answer["Location"]).content.decode()
    assert "张三" in page
    assert number(1) not in page
    assert not list((Path(settings.MINGCHAN_HOME) / "spool").glob("roster-*"))
    applied = client.post(reverse("distribution:apply", args=[roster.pk]))
    assert applied.status_code == 302
    assert Household.objects.get().head == "张三"


@pytest.mark.django_db
def test_a_file_that_is_no_workbook_is_refused_in_words(log_in: Any) -> None:
    client = log_in("bureau_clerk")
    door = reverse("exchange:households")
    pdf = {"file": SimpleUploadedFile("名册.pdf", b"%PDF-1.4"), "as_of": "2020-01-10"}
    assert client.post(door, pdf).status_code == 409
    assert not Roster.objects.exists()
    letter = {"file": SimpleUploadedFile("名册.csv", b"not a register"), "as_of": "2020-01-10"}
    assert client.post(door, letter).status_code == 302
    roster = Roster.objects.get()
    assert (roster.household_count, roster.issue_count) == (0, 1)
