"""The plain table (普通表) of the list: its columns, and each row as texts and exact numbers."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from mingchan.register.assets.choices import SixClass, Status, System, Tier
from mingchan.register.assets.queries import Names, Row

Cell = str | Decimal | int | None


def heads() -> list[str]:
    """The headings, in the reader's language."""
    return [
        _("资产编号"), _("资产名称"), _("规格型号"), _("资产分类代码"), _("资产大类"), _("建设体系"), _("层级"),
        _("站点"), _("所在区划"), _("计量单位"), _("数量"), _("单价（元）"), _("原值（元）"), _("取得日期"),
        _("项目年度"),
        _("资金来源"), _("使用状况"), _("所有权人"), _("使用权人"), _("经营权人"), _("管护责任人"), _("卡片状态"),
    ]  # fmt: skip


def written_day(day: date | None, precision: str) -> str:
    """A date as text no finer than it is known: 2019-05-10, 2019-05, 2019."""
    return "" if day is None else day.isoformat()[: {"Y": 4, "M": 7}.get(precision, 10)]


def yuan(fen: int | None) -> Decimal | None:
    """Fen as exact yuan with two decimals."""
    return None if fen is None else Decimal(fen).scaleb(-2)


def quantity(milli: int) -> Decimal | int:
    """Thousandths as a whole number where it is one, else exact."""
    return milli // 1000 if milli % 1000 == 0 else Decimal(milli).scaleb(-3).normalize()


def lines(rows: Iterable[Row], names: Names, funding: dict[str, str]) -> Iterator[list[Cell]]:
    """Rows as cells under the headings. `funding` names the sources of money."""
    systems, tiers, classes, states = (
        {value: str(label) for value, label in choices.choices} for choices in (System, Tier, SixClass, Status)
    )
    sites, parties, divisions = names
    for row in rows:
        yield [
            row.code, row.name, row.model, row.class_code, classes[row.six_class], systems[row.system], tiers[row.tier],
            sites.get(row.site_id, "") if row.site_id else "", divisions.get(row.division_code, row.division_code),
            row.unit,
            quantity(row.quantity_milli), yuan(row.unit_price_fen), yuan(row.cost_fen),
            written_day(row.acquired_on, row.acquired_precision), row.year or None,
            funding.get(row.funding, row.funding),
            row.condition,
            *(parties.get(key, "") if key else "" for key in row[19:23]),
            states[row.status],
        ]  # fmt: skip
