"""Every form of the pack prints its specimen: what must stand on the paper stands there, on the pages it should."""

import re
from datetime import date
from typing import Any

import pytest

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.policy.tests import specimens, specimens_of_lifecycle
from mingchan.kernel import papers
from mingchan.kernel.money import capital_words, format_yuan
from mingchan.kernel.papers.fonts import faces
from mingchan.kernel.papers.tests import reading

FORMS = sorted(path.stem for path in (policy.PACKS / "pianguan_2020" / "forms").glob("[!_]*.typ"))
SPECIMENS = {
    name: getattr(module, name)
    for module in (specimens, specimens_of_lifecycle)
    for name in FORMS
    if hasattr(module, name)
}


def printed(name: str, data: dict[str, Any]) -> list[str]:
    return reading.pages(papers.render(policy.form(name), data, on=specimens.DAY))


def test_every_form_has_a_specimen() -> None:
    assert sorted(SPECIMENS) == FORMS


@pytest.mark.parametrize("name", FORMS)
def test_a_specimen_prints_with_all_its_texts_and_numbered_pages(name: str) -> None:
    data = SPECIMENS[name]()
    pages = printed(name, data)
    whole = "".join(pages)
    rows = data.get("assets") or data.get("cards", ())
    for row in rows:
        assert row["code"] in whole
        assert row["name"].replace(" ", "") in whole
        assert format_yuan(row["cost_fen"]) in whole
    if "total_fen" in data:
        assert format_yuan(data["total_fen"]) in whole
        assert capital_words(data["total_fen"]) in whole
    if "number" in data:
        assert all(data["number"] in page for page in pages)
    assert "偏关县" in pages[0]
    if name not in ("asset_card", "labels"):
        for index, page in enumerate(pages, start=1):
            assert f"第{index}页共{len(pages)}页" in page


@pytest.mark.parametrize("name", FORMS)
def test_a_specimen_gives_the_same_bytes_twice(name: str) -> None:
    data = SPECIMENS[name]()
    assert papers.render(policy.form(name), data, on=specimens.DAY) == papers.render(
        policy.form(name), data, on=specimens.DAY
    )


@pytest.mark.parametrize("name", ["certificate", "handover", "holder_ledger", "custody"])
def test_long_lists_repeat_their_head_and_lose_no_row(name: str) -> None:
    data = SPECIMENS[name](60)
    pages = printed(name, data)
    assert len(pages) > 2
    with_rows = [page for page in pages if "140932-2020-" in page]
    assert all("资产编号" in page and "资产名称" in page for page in with_rows)
    found = re.findall(r"140932-2020-(\d{6})", "".join(pages))
    assert sorted(found) == [f"{number:06d}" for number in range(1, 61)]


@pytest.mark.parametrize("name", ["certificate", "handover", "holder_ledger", "custody"])
def test_figures_that_do_not_add_up_are_never_printed(name: str) -> None:
    data = SPECIMENS[name]()
    with pytest.raises(papers.FormError, match="sum of the rows"):
        papers.render(policy.form(name), data | {"total_fen": data["total_fen"] + 1}, on=specimens.DAY)


def test_a_notice_shows_every_cell_where_to_object_and_the_point_of_the_log() -> None:
    data = specimens.notice(40)
    pages = printed("notice", data)
    whole = "".join(pages)
    assert len(pages) > 1
    for row in data["rows"]:
        assert all(cell.replace(" ", "") in whole for cell in row)
    for text in (*data["paragraphs"], data["contact"], data["corrects"], data["reason"], data["digest"]):
        assert text in whole
    for text in ("2020年4月21日至2020年4月27日", "48,212·7F3A-91C0-5B2D-4806"):
        assert text in whole
    assert "资产编号资产名称数量" in pages[1], "the table's head is repeated"
    plain = "".join(printed("notice", {**data, "columns": [], "rows": [], "corrects": ""}))
    assert "资产编号" not in plain
    assert "更正" not in plain


def test_a_certificate_of_few_assets_is_one_page_with_its_seal_and_code() -> None:
    for count in (1, 8, 11):
        (page,) = printed("certificate", specimens.certificate(count))
        assert specimens.CHECK in page
        assert "加盖公章有效" in page
        assert f"对下列{count}项资产享有所有权、收益权" in page
        assert "附表" not in page


def test_a_certificate_of_many_assets_keeps_seal_and_total_on_its_first_page() -> None:
    first, *annex = printed("certificate", specimens.certificate(40))
    assert "附表所列40项资产" in first
    assert "加盖公章有效" in first
    assert "140932-2020-000001" not in first
    assert "附表资产明细" in annex[0]


def test_the_rights_of_others_on_a_certificate_are_not_said_to_be_the_holders() -> None:
    data = specimens.certificate(2)
    data["rights"] = [{"kind": "所有权", "share": "全部"}, {"kind": "经营权", "share": "全部", "party": "某公司"}]
    (page,) = printed("certificate", data)
    assert "资产享有所有权，准予登记" in page
    assert "某公司" in page


def test_total_and_signatures_of_a_handover_stand_on_one_page() -> None:
    for count in range(6, 16):
        pages = printed("handover", specimens.handover(count))
        signed = [page for page in pages if "监交方（盖章）" in page]
        assert len(signed) == 1
        assert "大写：人民币" in signed[0]


def test_a_list_of_custody_is_the_handover_with_other_words() -> None:
    (page,) = printed("handover", specimens.handover_custody())
    assert "偏关县管护交接清单" in page
    assert "原管护责任人（盖章）：贾堃签字：贾堃日期：2020年4月20日" in page
    assert "移交方" not in page


def test_the_ledger_has_subtotals_by_class_and_system() -> None:
    data = specimens.holder_ledger(18)
    whole = "".join(printed("holder_ledger", data))
    for system in ("公共服务体系", "物流配送体系", "质量安全追溯体系"):
        rows = [row for row in data["assets"] if row["system"] == system]
        assert f"{system}小计{len(rows)}项{format_yuan(specimens.total(rows))}" in whole
        part = [row for row in rows if row["class"] == "专用设备"]
        assert f"专用设备小计{len(part)}项{format_yuan(specimens.total(part))}" in whole
    assert f"合计18项{format_yuan(data['total_fen'])}" in whole


def test_each_card_is_a_paper_of_its_own() -> None:
    pages = printed("asset_card", specimens.asset_card(3))
    assert len(pages) == 3
    assert all("第1页共1页" in page for page in pages)
    assert [re.search(r"140932-2020-\d{6}", page).group() for page in pages] == [  # type: ignore[union-attr]
        f"140932-2020-{number:06d}" for number in (1, 2, 3)
    ]


def test_a_card_with_a_long_history_numbers_its_own_pages() -> None:
    data = specimens.asset_card(2)
    data["cards"][0]["rights"] = data["cards"][0]["rights"] * 30
    pages = printed("asset_card", data)
    assert len(pages) > 2
    assert f"第2页共{len(pages) - 1}页" in pages[1]
    assert "第1页共1页" in pages[-1]


def test_a_note_of_any_length_is_printed_whole() -> None:
    data = specimens.handover(2)
    data["assets"][0]["note"] = "备" * 500
    pages = printed("handover", data)
    assert "".join(pages).count("备") - sum(page.count("备注") for page in pages) >= 500


def test_empty_fields_leave_empty_boxes() -> None:
    data = specimens.custody(1)
    for name in ("keeper_phone", "keeper_id", "supervisor", "due_on"):
        del data[name]
    whole = "".join(printed("custody", data))
    assert "证件号码" not in whole
    assert "2020年4月20日起，至另行交接时止" in whole


def test_a_row_without_an_amount_counts_nothing() -> None:
    data = specimens.handover(3)
    data["assets"][1]["cost_fen"] = None
    data["total_fen"] -= specimens.assets(3)[1]["cost_fen"]
    assert format_yuan(data["total_fen"]) in "".join(printed("handover", data))


def test_words_across_the_page_are_there_when_asked_for() -> None:
    assert "作废" not in "".join(printed("certificate", specimens.certificate(1)))
    assert "作废" in "".join(printed("certificate", specimens.certificate(1) | {"mark": "作废"}))


def test_the_forms_own_words_are_in_the_fonts() -> None:
    held = faces().characters
    for path in policy.form("handover").parent.glob("*.typ"):
        source = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("//"))
        assert {c for c in source if c != "\n" and ord(c) not in held} == set(), path.name


def test_a_form_says_at_its_top_what_it_asks_for() -> None:
    for name in FORMS:
        source = policy.form(name).read_text()
        head = source.partition("#import")[0]
        assert head.startswith("// ")
        asked = set(re.findall(r"\bdata\.([a-z_]+)", source)) - {"at"}
        named = {name.removesuffix("_fen") for name in re.findall(r"[a-z_]+", head)}
        assert {name.removesuffix("_words").removesuffix("_fen") for name in asked} <= named, name


@pytest.mark.parametrize("name", ["", "../roles", "_base", "absent", "forms/handover", "handover.typ"])
def test_only_forms_of_the_pack_are_found(name: str) -> None:
    with pytest.raises(KeyError):
        policy.form(name)


def test_a_date_of_the_document_is_the_day_it_is_asked_for() -> None:
    made = papers.render(policy.form("custody"), specimens.custody(), on=date(2020, 5, 6))
    assert "2020-05-06" in reading.metadata(made)


@pytest.mark.parametrize("name", ["certificate", "handover", "holder_ledger", "custody"])
def test_a_list_without_rows_is_still_a_paper(name: str) -> None:
    assert "0.00" in "".join(printed(name, SPECIMENS[name](0)))


@pytest.mark.parametrize("name", ["certificate", "handover", "holder_ledger", "custody"])
def test_long_codes_and_large_amounts_are_printed_whole(name: str) -> None:
    data = SPECIMENS[name](2)
    for row in data["assets"]:
        row |= {"code": "140932-2020-000001-A-LONG-CODE-000000001", "cost_fen": 98_765_432_101, "model": "W" * 60}
    data["total_fen"] = specimens.total(data["assets"])
    whole = "".join(printed(name, data))
    assert whole.count("140932-2020-000001-A-LONG-CODE-000000001") == 2
    assert whole.count("987,654,321.01") >= 2
    assert whole.count("W") == 120
