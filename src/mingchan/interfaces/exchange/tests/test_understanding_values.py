"""Amounts, quantities, dates and sources as counties write them: read exactly, or refused with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.interfaces.exchange.understanding.amounts import (
    MOST,
    parse_money,
    parse_percent,
    parse_quantity,
    parse_whole,
    plain_fen,
)
from mingchan.interfaces.exchange.understanding.dates import parse_date, parse_year
from mingchan.interfaces.exchange.understanding.sources import (
    IN_SCOPE,
    source_of,
    system_of,
    tier_of,
    town_and_village,
)
from mingchan.interfaces.exchange.understanding.text import (
    DITTO,
    has_total,
    parse_code,
    parse_person,
    parse_text,
    plain_codes,
    plain_texts,
)

YUAN, WAN = 100, 1_000_000
TODAY = "2026-06-30"


def code_of(parsed: tuple[Any, Any]) -> str:
    value, flag = parsed
    assert value is None
    assert flag.severity == "error"
    return str(flag.code)


@pytest.mark.parametrize(
    ("raw", "factor", "fen"),
    [
        (168000.0, YUAN, 16_800_000),
        (19.99, YUAN, 1999),
        (0.1 + 0.2, YUAN, 30),
        (1e13, YUAN, 10**15),
        (0.0598, WAN, 59_800),
        (11.28, WAN, 11_280_000),
        (163.1172, WAN, 163_117_200),
        (0.000001, WAN, 1),
        (0.0, YUAN, 0),
        ("１６８０００．００", YUAN, 16_800_000),
        ("￥125600", YUAN, 12_560_000),
        ("¥6399", YUAN, 639_900),
        ("10,900.00", YUAN, 1_090_000),
        ("4，800.00", YUAN, 480_000),
        (" 420.00 元", YUAN, 42_000),
        ("58800元", YUAN, 5_880_000),
        ("0.48万", YUAN, 480_000),
        ("12万元", YUAN, 12_000_000),
        ("12万", WAN, 12_000_000),
        ("70", WAN, 70_000_000),
        ("'4800", YUAN, 480_000),
        ("人民币4800元整", YUAN, 480_000),
        ("4800.5", YUAN, 480_050),
        ("-0", YUAN, 0),
    ],
)
def test_an_amount_is_read_to_the_fen(raw: Any, factor: int, fen: int) -> None:
    assert parse_money(raw, factor)[0] == fen


@pytest.mark.parametrize(
    "raw",
    [
        "NaN",
        "Infinity",
        "1e5",
        "1E5",
        "1_000",
        "٣",
        "1.234,56",
        "1,23",
        "1 000",
        "(100)",
        "壹佰元整",
        "约4800",
        "4800/台",
        "4800-5000",
        "4800左右",
        "0x10",
        "4800.",
        ".5",
        "+-1",
        "1,2345",
        "½",
        "²",
        float("nan"),
        float("inf"),
        True,
        dt.date(2019, 1, 1),
        "=1+1",
        "<b>1</b>",
        "12元5角",
        "１.２３４，５６",
    ],
)
def test_what_could_mean_something_else_is_no_amount(raw: Any) -> None:
    assert code_of(parse_money(raw, YUAN)) == "not_a_number"


@pytest.mark.parametrize(
    ("raw", "factor", "code"),
    [
        ("-100", YUAN, "amount_negative"),
        (-0.5, YUAN, "amount_negative"),
        ("－100", YUAN, "amount_negative"),
        (1e15, YUAN, "amount_too_large"),
        ("99999999999999999999", YUAN, "amount_too_large"),
        ("12元", WAN, "unit_differs"),
        ("#REF!", YUAN, "cell_error"),
        ("#N/A", YUAN, "cell_error"),
        (1e300, WAN, "amount_too_large"),
    ],
)
def test_an_impossible_amount_names_its_cause(raw: Any, factor: int, code: str) -> None:
    assert code_of(parse_money(raw, factor)) == code


@pytest.mark.parametrize(("raw", "factor"), [(0.005, YUAN), ("0.005", YUAN), (33.333333, YUAN), ("0.0000005", WAN)])
def test_parts_of_a_fen_are_an_error_and_never_rounded_silently(raw: Any, factor: int) -> None:
    flag = parse_money(raw, factor)[1]
    assert flag is not None
    assert (flag.severity, flag.code) == ("error", "below_fen")


@pytest.mark.parametrize("raw", ["", "无", "—", "/", "-", "暂无"])
def test_a_blank_amount_is_no_amount(raw: str) -> None:
    assert parse_money(raw, YUAN)[0] is None


@pytest.mark.parametrize("raw", ["〃", "″", "同上", "同前", "上同", '"', " 〃 "])
def test_a_ditto_mark_is_told_from_a_value(raw: str) -> None:
    assert parse_money(raw, YUAN) == (None, DITTO)
    assert parse_date(raw, TODAY) == (None, DITTO)
    assert parse_text(raw) == (None, DITTO)
    assert parse_quantity(raw) == (None, DITTO)


@given(st.integers(0, MOST // 100))
def test_every_fen_survives_a_cell_as_number_and_as_text(fen: int) -> None:
    text = f"{Decimal(fen) / 100:.2f}"
    assert parse_money(text, YUAN)[0] == fen
    assert parse_money(f"{Decimal(fen) / 100:,.2f}", YUAN)[0] == fen
    assert parse_money("￥" + text.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}), YUAN)[0] == fen


@given(st.integers(0, 10**15 - 1))
def test_a_float_of_up_to_fifteen_digits_gives_its_exact_fen(fen: int) -> None:
    assert parse_money(fen / 100, YUAN)[0] == fen
    assert parse_money(float(f"{Decimal(fen) / WAN}"), WAN)[0] == fen


@given(st.text(max_size=12))
def test_no_text_makes_the_amount_parser_fail(text: str) -> None:
    value, flag = parse_money(text, YUAN)
    assert value is None or 0 <= value <= MOST
    assert value is not None or flag is not None or text == ""


@given(st.text(alphabet="0123456789.,-+eE_ 元万￥〃/()", max_size=10))
def test_an_amount_taken_from_text_is_what_its_plain_digits_say(text: str) -> None:
    value, flag = parse_money(text, YUAN)
    if value is None or (flag is not None and flag.severity == "error"):
        return
    digits = text.strip().removeprefix("￥").strip().removesuffix("元").removesuffix("万").strip().replace(",", "")
    assert value == Decimal(digits) * (1_000_000 if "万" in text else 100)


@pytest.mark.parametrize(
    ("raw", "milli", "unit"),
    [
        (1.0, 1000, None),
        (2.5, 2500, None),
        ("２", 2000, None),
        ("2台", 2000, "台"),
        ("1套(4件)", 1000, "套"),
        ("1套（4件）", 1000, "套"),
        ("1,200", 1_200_000, None),
        ("12.5 米", 12_500, "米"),
    ],
)
def test_a_quantity_and_its_unit_are_split(raw: Any, milli: int, unit: str | None) -> None:
    value, flag = parse_quantity(raw)
    assert value == milli
    assert (flag.params["unit"] if flag is not None and flag.params else None) == unit


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (0.0, "quantity_not_positive"),
        (-1.0, "quantity_not_positive"),
        ("-2", "quantity_not_positive"),
        (0.0001, "quantity_too_fine"),
        ("两台", "not_a_number"),
        ("1e2", "not_a_number"),
        ("1-2", "not_a_number"),
        (True, "not_a_number"),
        ("2台3套", "not_a_number"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused(raw: Any, code: str) -> None:
    assert code_of(parse_quantity(raw)) == code


@pytest.mark.parametrize(
    ("raw", "iso", "precision"),
    [
        (dt.date(2019, 5, 31), "2019-05-31", "D"),
        (dt.datetime(2019, 5, 31, 8, 30), "2019-05-31", "D"),
        ("2019-06-18", "2019-06-18", "D"),
        ("2019/7/10", "2019-07-10", "D"),
        ("2019.6.18", "2019-06-18", "D"),
        ("2019年9月23日", "2019-09-23", "D"),
        ("20190204", "2019-02-04", "D"),
        (20190204.0, "2019-02-04", "D"),
        ("2019-06-18 00:00:00", "2019-06-18", "D"),
        ("2019-06-18T00:00:00", "2019-06-18", "D"),
        ("２０１９年６月１８日", "2019-06-18", "D"),
        (43634.0, "2019-06-18", "D"),
        ("43634", "2019-06-18", "D"),
        (43634.5, "2019-06-18", "D"),
        ("2018.12", "2018-12-01", "M"),
        ("2019年6月", "2019-06-01", "M"),
        ("2019年6月份", "2019-06-01", "M"),
        ("2019-06", "2019-06-01", "M"),
        ("201906", "2019-06-01", "M"),
        (201906.0, "2019-06-01", "M"),
        (2019.6, "2019-06-01", "M"),
        (2019.12, "2019-12-01", "M"),
        ("2019.1", "2019-01-01", "M"),
        ("2019.10", "2019-10-01", "M"),
        ("二〇一九年六月", "2019-06-01", "M"),
        ("二〇一九年十二月三十一日", "2019-12-31", "D"),
        ("二○一九年", "2019-01-01", "Y"),
        ("2019", "2019-01-01", "Y"),
        (2019.0, "2019-01-01", "Y"),
        ("2019年", "2019-01-01", "Y"),
        ("2019年度", "2019-01-01", "Y"),
        ("2026-06-30", "2026-06-30", "D"),
    ],
)
def test_a_date_is_read_with_the_precision_it_was_given(raw: Any, iso: str, precision: str) -> None:
    assert parse_date(raw, TODAY)[0] == (iso, precision)


def test_a_month_typed_as_a_number_may_have_lost_its_nought() -> None:
    value, flag = parse_date(2019.1, TODAY)
    assert value == ("2019-01-01", "M")
    assert flag is not None
    assert (flag.severity, flag.code) == ("warning", "month_ambiguous")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2020.2.30", "date_impossible"),
        ("20190230", "date_impossible"),
        (20191301.0, "date_impossible"),
        ("2019-13", "date_impossible"),
        ("0000-01-01", "date_impossible"),
        ("2019年13月", "date_impossible"),
        ("2026-07-01", "date_future"),
        (dt.date(2030, 1, 1), "date_future"),
        ("2026年7月", "date_future"),
        ("19.6.18", "date_unclear"),
        ("去年", "date_unclear"),
        ("2019年上半年", "date_unclear"),
        (1.5, "date_unclear"),
        (2019.123, "date_unclear"),
        ("18/06/2019", "date_unclear"),
        (True, "date_unclear"),
        (float("nan"), "date_unclear"),
        ("#VALUE!", "cell_error"),
        (2019.13, "date_impossible"),
        ("二〇一九年十三月", "date_impossible"),
    ],
)
def test_a_date_that_cannot_be_is_refused(raw: Any, code: str) -> None:
    assert code_of(parse_date(raw, TODAY)) == code


@given(st.dates(dt.date(1940, 1, 1), dt.date(2026, 6, 30)))
def test_every_day_is_the_same_in_each_form(day: dt.date) -> None:
    serial = float((day - dt.date(1899, 12, 30)).days)
    forms = [
        day,
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        day.strftime("%Y%m%d"),
        float(day.strftime("%Y%m%d")),
        serial,
    ]
    assert {parse_date(form, TODAY)[0] for form in forms} == {(day.isoformat(), "D")}


@given(st.text(max_size=14) | st.floats())
def test_nothing_makes_the_date_parser_fail(raw: Any) -> None:
    value, flag = parse_date(raw, TODAY)
    if value is not None:
        assert dt.date.fromisoformat(value[0]) <= dt.date(2026, 6, 30)
        assert value[1] in "DMY"
    else:
        assert flag is not None or raw == ""


@pytest.mark.parametrize(
    ("raw", "year"), [(2018.0, 2018), ("2018年度", 2018), ("２０１８", 2018), (dt.date(2018, 3, 1), 2018)]
)
def test_a_project_year_is_four_digits(raw: Any, year: int) -> None:
    assert parse_year(raw)[0] == year


def test_lives_and_rates_are_whole_numbers_in_their_unit() -> None:
    assert parse_whole(72.0)[0] == 72
    assert parse_whole("6", 12)[0] == 72
    assert parse_whole("6年")[0] == 72
    assert parse_whole("72个月", 12)[0] == 72
    assert code_of(parse_whole(7.5)) == "not_a_whole_number"
    assert [parse_percent(raw)[0] for raw in (5.0, "5%", 0.05, "0.05", "５％", 0.0)] == [5, 5, 5, 5, 5, 0]
    assert code_of(parse_percent("101%")) == "percent_out_of_range"


@pytest.mark.parametrize(
    ("raw", "text", "keeps"),
    [
        ("台式电脑", "台式电脑", False),
        (" 在用 ", "在用", True),
        ("偏关\u3000县", "偏关 县", True),
        ("a\x00b", "ab", True),
        ("合\u200b同", "合同", True),
        ("\u202e同合", "同合", True),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", False),
        ("<script>", "<script>", False),
        (12345.0, "12345", False),
        ("无", None, True),
        ("", None, False),
        ("张𠮷祥", "张𠮷祥", False),
        ("第一行\n第二行", "第一行 第二行", True),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_seen_and_otherwise_kept(raw: Any, text: str | None, keeps: bool) -> None:
    value, flag = parse_text(raw)
    assert value == text
    assert (flag is not None and flag.keep) is keeps


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (1.40932e17, "digits_lost"),
        ("1.40932E+17", "digits_lost"),
        ("#REF!", "cell_error"),
        ("长" * 201, "text_too_long"),
        ("坏\ud800字", "text_unreadable"),
        (float("nan"), "not_text"),
    ],
)
def test_text_that_lost_something_is_an_error(raw: Any, code: str) -> None:
    assert code_of(parse_text(raw)) == code


@given(
    st.lists(st.text(max_size=6) | st.sampled_from(["台式电脑", "同上", "无", "#REF!", "1.4E+17", "a "]), min_size=1)
)
def test_a_batch_is_taken_whole_only_when_each_cell_would_stay_as_it_is(cells: list[str]) -> None:
    for taken, parse in ((plain_texts(tuple(cells), 5), parse_text), (plain_codes(tuple(cells), 5), parse_code)):
        if taken is not None:
            assert [parse(cell, 5) for cell in cells] == [(cell, None) for cell in taken]


@given(st.lists(st.floats() | st.integers(0, 10**9).map(lambda fen: fen / 100), min_size=1))
def test_a_batch_of_amounts_is_taken_whole_only_when_each_is_exact(cells: list[float]) -> None:
    taken = plain_fen(tuple(cells))
    if taken is not None:
        assert [parse_money(cell, YUAN) for cell in cells] == [(fen, None) for fen in taken]


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_a_batch_of_exact_amounts_is_taken_whole(fen: list[int]) -> None:
    assert plain_fen(tuple(one / 100 for one in fen)) == fen


def test_a_batch_of_plain_names_is_taken_whole_but_not_with_a_total_among_them() -> None:
    assert plain_texts(("台式电脑", "货架"), 10) == ["台式电脑", "货架"]
    assert not has_total(("台式计算机", "货架"))
    assert all(has_total(("货架", word)) for word in ("合   计", "村级小计", "审核人：王", "总\u3000计"))


def test_codes_are_folded_and_names_joined() -> None:
    assert parse_code("ＳＮ１２ 3")[0] == "SN123"
    assert parse_person("张 三")[0] == "张三"
    assert parse_person("张\u3000三")[0] == "张三"
    assert parse_person("Li Lei")[0] == "Li Lei"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("中央专项", "central"),
        ("中央服务业专项", "central"),
        ("中央服务业发展专项资金", "central"),
        ("中央专项资金", "central"),
        ("县级整合资金", "county"),
        ("县统筹整合财政资金", "county"),
        ("统筹整合县财政资金", "county"),
        ("县级财政资金", "county"),
        ("统筹整合资金", "county"),
        ("省级配套资金", "province"),
        ("市级配套", "city"),
        ("社会帮扶资金", "social"),
        ("企业自筹", "enterprise"),
        ("银行贷款", "loan"),
        ("某某钱", ""),
    ],
)
def test_a_funding_source_is_known_by_its_words(text: str, code: str) -> None:
    assert source_of(text) == code
    assert (code in IN_SCOPE) is (code in ("central", "county"))


def test_systems_and_tiers_are_read_from_names() -> None:
    assert system_of("一、县乡村三级电子商务公共服务体系") == "PUBLIC_SERVICE"
    assert system_of("县乡村三级物流配送体系") == "LOGISTICS"
    assert system_of("农产品质量安全追溯体系") == "TRACEABILITY"
    assert system_of("资产台账") == ""
    assert tier_of("偏关县物流配送中心", "新关镇", "", "") == "COUNTY"
    assert tier_of("万家寨镇农村电子商务服务站", "万家寨镇", "", "") == "TOWN"
    assert tier_of("偏关县楼沟乡电子商务服务站", "楼沟乡", "", "") == "TOWN"
    assert tier_of("兴曹村电子商务服务站", "楼沟乡", "", "") == "VILLAGE"
    assert tier_of("", "楼沟乡", "兴曹村", "") == "VILLAGE"
    assert tier_of("", "", "", "县级公共服务中心") == "COUNTY"
    assert town_and_village("新关镇南关村") == ("新关镇", "南关村")
    assert town_and_village("新关镇全镇") == ("新关镇", "")
