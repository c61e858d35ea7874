"""Survey sheets: recognised, read right however untidy, taken once, and changing nothing of the register."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from mingchan.interfaces.exchange import services
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.tests.conftest import ON, line
from mingchan.interfaces.exchange.tests.workbooks import table
from mingchan.interfaces.exchange.understanding.catalogue import SURVEY_FIELDS
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.register.assets.models import Asset
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow

SITE, BOTH = "兴曹村电子商务服务站", "楼沟乡兴曹村"
UPPER = [
    "序号", "资产编号", "资产信息", "", "", "数量", "", "核实价值", "站点名称", "所在镇和村", "实际存放地点",
    "现管护人", "现场状况", "盘点结果", "调查人", "调查日期",
]  # fmt: skip
UNTIDY: list[list[Any]] = [
    ["偏关县电商示范项目资产摸底调查表"],
    ["调查机构：某某评估公司（示例）　　　　金额单位：万元"],
    UPPER,
    ["", "", "名称", "规格型号", "单位", "账面数量", "实盘数量", "", "", "", "", "", "", "", "", ""],
    ["一、公共服务体系"],
    [1, "A-1", "台 式 电 脑", "启天M415", "台", 2, "2台", 0.796, SITE, BOTH, "一楼", "袁爱珍", "在用", "相符", "张敏",
     "2020.4.8"],
    [2, "", "货架", "", "组", 1, 1, "0.1", "", "〃", "库房", "同上", "在用", "", "〃", "2020年4月8日"],
    [3, "A-3", "电子秤", "", "台", 1, 0, "", SITE, BOTH, "", "", "", "未找到", "张敏", "2020-04-09"],
    ["", "", "小计", "", "", 4, 3, 0.896, "", "", "", "", "", "", "", ""],
    ["调查人：张敏　　复核：王强"],
]  # fmt: skip


def workbook(path: Path, lines: list[list[Any]], name: str = "盘点") -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet(name)
    for row, values in enumerate(lines):
        for column, value in enumerate(values):
            if value != "":
                sheet.write(row, column, value)
    if lines is UNTIDY:
        sheet.merge_range(2, 2, 2, 4, "资产信息")
        sheet.merge_range(2, 5, 2, 6, "数量")
        for column in (0, 1, *range(7, 16)):
            sheet.merge_range(2, column, 3, column, UPPER[column])
    book.close()
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return workbook(tmp_path / "摸底调查表.xlsx", UNTIDY)


def office(county: Any, role: str) -> int:
    from mingchan.foundation.directory.models import Account

    return int(Account.objects.get(username=county.username(role)).office_id)


def test_an_untidy_survey_sheet_is_read_right(sheet: Path) -> None:
    from mingchan.interfaces.exchange.understanding.intake import read_workbook
    from mingchan.interfaces.exchange.understanding.options import ReadingOptions

    result = read_workbook(sheet, options=ReadingOptions(today="2020-06-30"))
    rows = [dict(zip(SURVEY_FIELDS, row, strict=True)) for row in result.rows["盘点"]]
    assert result.summary.sheets[0].kind == "survey"
    assert not result.summary.errors, result.issues
    assert [(row["row"], row["name"], row["quantity_milli"], row["cost_fen"]) for row in rows] == [
        (6, "台 式 电 脑", 2000, 796000), (7, "货架", 1000, 100000), (8, "电子秤", 0, None)]  # fmt: skip
    assert [(row["town"], row["village"], row["site"]) for row in rows] == [
        ("楼沟乡", "兴曹村", "兴曹村电子商务服务站")] * 3  # fmt: skip
    assert [row["surveyed_on"] for row in rows] == ["2020-04-08", "2020-04-08", "2020-04-09"]
    assert [(row["keeper"], row["result"], row["system"]) for row in rows] == [
        ("袁爱珍", "相符", "PUBLIC_SERVICE"), ("袁爱珍", None, "PUBLIC_SERVICE"), (None, "未找到", "PUBLIC_SERVICE"),
    ]  # fmt: skip
    assert result.summary.sheets[0].stated_agree


@pytest.mark.parametrize(
    ("heads", "title", "kind"),
    [
        (["资产名称", "数量", "金额"], "资产明细表 单位：元", "register"),
        (["资产名称", "账面数量", "金额"], "资产明细表 单位：元", "register"),
        (["资产名称", "账面数量", "实盘数量"], "资产明细表", "survey"),
        (["资产名称", "数量", "盘点结果"], "明细", "survey"),
        (["资产名称", "数量", "金额"], "资产盘点表 单位：元", "survey"),
    ],
)
def test_a_survey_is_told_from_a_register_by_its_headings(
    tmp_path: Path, heads: list[str], title: str, kind: str
) -> None:
    result = table(tmp_path, ["货架", 1, 1], head=heads, above=[[title]])
    assert result.summary.sheets[0].kind == kind


def test_either_may_be_read_as_the_other(tmp_path: Path) -> None:
    above = [["资产明细表 单位：元"]]
    assert (
        table(tmp_path, ["货架", 1, 1], head=["资产名称", "数量", "金额"], above=above, purpose="survey")
        .summary.sheets[0]
        .kind
        == "survey"
    )
    read = table(tmp_path, ["货架", 1, 1], head=["资产名称", "数量", "盘点结果"], above=above, purpose="register")
    assert read.summary.sheets[0].kind == "register"


@pytest.mark.django_db
def test_a_survey_is_taken_and_the_register_stays(
    sheet: Path, bring_in: Callable[..., Batch], workbook: Callable[..., Path], sample_county: Any, actor_of: Any
) -> None:
    bring_in(workbook([line(1), line(2, "货柜", quantity=1, price=5, cost=5)]))
    before = list(Asset.objects.order_by("id").values())
    third_party = actor_of("third_party")
    surveyor = office(sample_county, "third_party")
    given = {"actor": third_party, "on": ON, "purpose": "SURVEY"}
    assert services.import_file(sheet, **given).state == "READY"
    batch = services.import_file(sheet, surveyor=surveyor, **given)
    assert (batch.state, batch.result["rows"], batch.result["matched"]) == ("APPLIED", 3, 1)
    survey = Survey.objects.get(pk=batch.result["survey"])
    assert (survey.title, survey.surveyor_id, survey.document) == (
        "偏关县电商示范项目资产摸底调查表", surveyor, f"attachment:{batch.file_id}")  # fmt: skip
    assert (survey.surveyed_from, survey.surveyed_to) == (date(2020, 4, 8), date(2020, 4, 9))
    assert (survey.systems, survey.commissioner is not None) == ("PUBLIC_SERVICE", True)
    assert SurveyRow.objects.get(name="电子秤").is_missing
    assert Match.objects.get(row__name="台 式 电 脑").asset.name == "台式电脑"
    assert list(Asset.objects.order_by("id").values()) == before
    kinds = set(Difference.objects.values_list("kind", flat=True))
    assert kinds == {"ONLY_SURVEY", "ONLY_REGISTER", "PLACE"}
    with pytest.raises(services.AlreadyApplied) as again:
        services.import_file(sheet, surveyor=surveyor, **given)
    assert again.value.batch_id == batch.pk


@pytest.mark.django_db
def test_the_third_party_has_its_own_door_and_no_other(
    sheet: Path, bring_in: Callable[..., Batch], workbook: Callable[..., Path], log_in: Any, actor_of: Any
) -> None:
    register = bring_in(workbook([line(1)]), preview=True)
    client = log_in("third_party")
    assert client.get("/exchange/").status_code == 403
    assert client.get(f"/exchange/surveys/{register.pk}/").status_code == 404
    answer = client.post(
        "/exchange/surveys/upload/", {"file": SimpleUploadedFile("摸底调查表.xlsx", sheet.read_bytes())}
    )
    batch = Batch.objects.get(purpose="SURVEY")
    assert answer["Location"] == f"/exchange/surveys/{batch.pk}/"
    services.read(batch.pk, actor=actor_of("third_party"), on=ON)
    page = client.get(answer["Location"]).content.decode()
    assert "这是一份调查表" in page
    assert "收下并与台账比对" in page
    assert "/exchange/surveys/" in page
    with pytest.raises(NotAllowed):
        services.receive(io.BytesIO(b"x"), name="a.xlsx", actor=actor_of("third_party"), on=ON)
    with pytest.raises(NotAllowed):
        services.set_purpose(batch.pk, "REGISTER", actor=actor_of("third_party"), on=ON)
    with pytest.raises(NotFound):
        services.read(0, actor=actor_of("third_party"), on=ON)


@pytest.mark.django_db
def test_the_clerk_may_read_it_as_the_other(sheet: Path, bring_in: Callable[..., Batch], actor_of: Any) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(sheet)
    assert (batch.purpose, batch.state) == ("SURVEY", "READY")
    with pytest.raises(Refusal, match="调查表"):
        services.confirm(batch.pk, actor=clerk, on=ON)
    services.set_purpose(batch.pk, "REGISTER", actor=clerk, on=ON)
    again = services.read(batch.pk, actor=clerk, on=ON)
    assert [found["kind"] for found in again.summary["sheets"]] == ["register"]
    with pytest.raises(Refusal, match="用途"):
        services.set_purpose(batch.pk, "OTHER", actor=clerk, on=ON)
