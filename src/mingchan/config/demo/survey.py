"""A sample survey (示例调查): a workbook made of the sample county's own cards with invented differences (3.2).

It is brought in by the third party's account as a user would, then the bureau settles a part of its differences.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.choices import Purpose
from mingchan.kernel import money
from mingchan.kernel.errors import NotFound
from mingchan.register.assets.models import Asset
from mingchan.register.survey import services as surveys
from mingchan.register.survey.drafts import NewCardTerms
from mingchan.register.survey.models import Difference, Survey

TAKEN_ON, SETTLED_ON = date(2020, 4, 16), date(2020, 4, 17)
"""After the register was made; the plan's second stage ends with the surveyed scope."""
TITLE = "电商示范项目资产调查摸底（示例）"
FILE = "电商示范项目资产调查表（示例）.xlsx"
TOWNS = 2
"""The survey covers the two townships with the fewest cards, so that every page stays easy to read."""
HEADS = (
    "序号", "资产编号", "资产名称", "规格型号", "序列号", "计量单位", "账面数量", "实盘数量", "核实价值（元）",
    "站点名称", "所在乡镇", "所在村", "存放地点", "管护人", "使用状况", "盘点结果", "调查人", "调查日期",
)  # fmt: skip
FOUND_MORE = (
    ("电子价签打印机", "ZD421", "台", 1, "1860.00", "站内二楼"),
    ("移动货架", "四层", "组", 2, "960.00", "站内库房"),
    ("农产品展示柜", "1.2米", "个", 1, "2350.00", "站内一楼"),
)


def load() -> Iterator[str]:
    """Bring the survey in once, and settle a part of it; gives a line for what was done."""
    if not directory.has_samples(settings.COUNTY) or Survey.objects.filter(title=TITLE).exists():
        return
    cards = _cards()
    if not cards:
        return
    third_party = Account.objects.get(username="third_party")
    actor = directory.actor_for(third_party, TAKEN_ON, source="command")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        _write(path, cards)
        batch = exchange.import_file(
            path, actor=actor, on=TAKEN_ON, is_sample=True, purpose=Purpose.SURVEY, surveyor=third_party.office_id,
            title=TITLE,
        )  # fmt: skip
    if "survey" not in batch.result:
        raise NotFound(f"{FILE}: {batch.get_state_display()} {batch.refusal} ({batch.error_count} errors)")
    survey = Survey.objects.get(pk=batch.result["survey"])
    decided = _settle_some(survey)
    yield f"Surveyed {survey.row_count:,} things, {batch.result['differences']:,} differences, {decided:,} decided."


def _cards() -> list[Asset]:
    """The cards of the townships with the fewest, by number."""
    by_town: dict[str, list[Asset]] = {}
    cards = Asset.objects.filter(county=settings.COUNTY, status="ACTIVE", is_sample=True).order_by("code")
    for card in cards.select_related("site", "keeper"):
        by_town.setdefault(card.division_code[:9], []).append(card)
    towns = sorted((town for town in by_town if not town.endswith("000")), key=lambda town: (len(by_town[town]), town))
    return [card for town in towns[:TOWNS] for card in by_town[town]]


def _line(card: Asset, names: dict[str, str], at: int) -> list[Any]:
    """One line of the sheet: the card as it stands, with an invented difference now and then."""
    quantity, cost, model, place, keeper, condition, result = (
        card.quantity_milli, card.cost_fen, card.model, card.place, card.keeper.name if card.keeper else "",
        card.condition, "相符",
    )  # fmt: skip
    code, name = card.code, card.name
    if at % 17 == 3:
        cost, result = cost + cost // 10, "价值不符"
    elif at % 17 == 6:
        quantity, result = quantity + 1000, "盘盈"
    elif at % 17 == 9:
        place, result = f"{place or '站内'}（已迁至村委会院内）", "地点变动"
    elif at % 17 == 12:
        condition, result = "损坏", "待维修"
    elif at % 17 == 14:
        quantity, result = 0, "未找到"
    elif at % 17 == 16:
        keeper, result = "刘建军", "管护人变动"
    if at % 5 == 1:
        code = ""
    if at % 13 == 2:
        name = f"{name}（旧）"
    village = names.get(card.division_code, "") if not card.division_code.endswith("000") else ""
    return [
        at + 1, code, name, model, card.serial_no, card.unit, card.quantity_milli // 1000, quantity // 1000,
        money.format_yuan(cost), card.site.name if card.site else "", names[card.division_code[:9] + "000"], village,
        place, keeper, condition, result, "张敏（示例）", f"2020.4.{8 + at % 7}",
    ]  # fmt: skip


def _write(path: Path, cards: Sequence[Asset]) -> None:
    codes = {card.division_code for card in cards} | {card.division_code[:9] + "000" for card in cards}
    names = directory.division_names(codes)
    kept = [card for at, card in enumerate(cards) if at % 23 != 11]  # the surveyor missed a few
    lines = [_line(card, names, at) for at, card in enumerate(kept)]
    for more, (name, model, unit, quantity, cost, place) in enumerate(FOUND_MORE):
        card = cards[more * 7 % len(cards)]
        lines.append(
            [
                len(lines) + 1, "", name, model, "", unit, "", quantity, cost, card.site.name if card.site else "",
                names[card.division_code[:9] + "000"],
                names.get(card.division_code, "") if not card.division_code.endswith("000") else "", place,
                "", "在用", "账外", "张敏（示例）", "2020.4.15",
            ]
        )  # fmt: skip
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet("调查盘点表")
    sheet.write_string(0, 0, TITLE)
    sheet.write_string(1, 0, "调查机构：第三方机构（示例）　　委托单位：财政局　　单位：元")
    for row, values in enumerate([list(HEADS), *lines], start=2):
        for column, value in enumerate(values):
            if value != "":
                sheet.write(row, column, value)
    sheet.write_string(len(lines) + 4, 0, "调查人：张敏（示例）　　复核人：王强（示例）")
    book.close()


def _settle_some(survey: Survey) -> int:
    """What the bureau has decided so far: one of each kind, and everything about states of use."""
    actor = directory.actor_for(Account.objects.get(username="bureau_clerk"), SETTLED_ON, source="command")
    done = 0
    for kind, decision, reason, most in (
        ("VALUE", "CORRECT", "核对采购发票，运费未计入原值，按发票更正", 1),
        ("CONDITION", "CORRECT", "现场查看，照片附后", 50),
        ("QUANTITY", "KEEP", "多出的一台为借用设备，已归还", 1),
        ("ONLY_REGISTER", "PENDING", "站点负责人外出，约定五月复查", 1),
        ("ONLY_SURVEY", "REGISTER", "查到支付凭证，为本项目购置", 1),
    ):
        found = Difference.objects.filter(survey=survey, kind=kind, decision="").order_by("id")[:most]
        chosen = {one.pk: one.version for one in found}
        if chosen:
            terms = NewCardTerms(funding="central", system="PUBLIC_SERVICE", tier="VILLAGE")
            surveys.decide(survey.pk, chosen, decision, reason, actor=actor, on=SETTLED_ON, terms=terms)
            done += len(chosen)
    return done
