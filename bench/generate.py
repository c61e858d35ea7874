"""A county's register as a workbook: 25 columns of Chinese text in today's villages of the county of the policy pack.

    python bench/generate.py 100000 register.xlsx

The same number of rows and the same seed give the same rows. Every site has one keeper, as in life: about one party
for 25 cards. All people, companies and phone numbers are made up.
"""

import csv
import datetime as dt
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PACK = Path(__file__).resolve().parents[1] / "src/mingchan/foundation/policy/packs/pianguan_2020"
COUNTY = "偏关县"
HEAD = (
    "资产编号", "资产名称", "资产类别", "规格型号", "品牌", "计量单位", "数量", "单价", "原值", "取得日期",
    "启用日期", "项目名称", "项目年度", "资金来源", "所有权单位", "使用单位", "经营主体", "管护责任人", "联系电话",
    "站点名称", "所在乡镇", "行政村", "存放地点", "使用状况", "序列号",
)  # fmt: skip
MONEY, DATES = (7, 8), (9, 10)
KINDS = {
    "笔记本电脑 台式电脑 多功能一体机 触控一体机 网络交换机 投影机": (2000, 9000),
    "监控摄像机 扫码枪 标签打印机 电子秤 路由器 热敏打印机": (180, 2600),
    "货架 展示柜 办公桌 办公椅 文件柜 会议桌 沙发 前台": (120, 4200),
    "冷藏车 厢式货车 电动三轮车 叉车 分拣线 冷库": (8000, 260000),
    "追溯终端 直播设备 摄影灯 空调 热水器 广告牌": (300, 12000),
}
NAMES = [(name, low, high) for names, (low, high) in KINDS.items() for name in names.split()]
BRANDS = (
    "联想",
    "华为",
    "得力",
    "海尔",
    "格力",
    "美的",
    "大华",
    "东风",
    "福田",
    "佳能",
    "中联",
    "长虹",
    "晨光",
    "奔图",
)
UNITS = ("台", "套", "辆", "个", "组", "件", "张", "把")
STATES = ("在用", "在用", "在用", "在用", "在用", "闲置", "闲置", "出租", "损坏", "维修")
FUNDS = ("中央专项资金", "中央专项资金", "中央专项资金", "县级财政资金")
PROJECTS = ("公共服务中心建设", "三级物流配送体系建设", "农产品上行追溯体系建设", "村级服务站建设", "电商培训")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国华"
COMPANIES = [
    f"{place}{trade}有限公司"
    for place in ("关河", "晋西北", "黄河湾", "长城口", "老牛湾", "万家寨")
    for trade in ("电子商务", "物流", "农产品", "供应链", "冷链仓储", "商贸")
]
BEGAN = dt.date(2017, 1, 1)


class Site(NamedTuple):
    """A site, whose things one person keeps."""

    name: str
    town: str
    village: str
    user: str
    keeper: str
    phone: str


def villages() -> list[tuple[str, str]]:
    """Today's towns and villages of the county, from the policy pack."""
    with (PACK / "divisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = max(row["last_vintage"] for row in rows)
    now = [row for row in rows if row["last_vintage"] == last]
    towns = {row["code"]: row["name"] for row in now if row["level"] == "TOWN"}
    return [(towns[row["parent_code"]], row["name"]) for row in now if row["level"] == "VILLAGE"]


def sites(count: int, seed: int = 20200310) -> list[Site]:
    """The sites among which `count` cards are spread: a centre for the county, stations in towns and villages."""
    pick = random.Random(seed)
    places = villages()
    towns = list(dict.fromkeys(town for town, _village in places))
    found = [_site(pick, f"{COUNTY}电子商务公共服务中心", towns[0], "", f"{COUNTY}工业和信息化局")]
    found += [_site(pick, f"{town}电商物流服务站", town, "", f"{town}人民政府") for town in towns]
    wanted = max(len(places), count // 25)
    for number in range(wanted):
        town, village = places[number % len(places)]
        more = "" if number < len(places) else f"{number // len(places) + 1}组"
        name = village.removesuffix("村委会").removesuffix("村民委员会").removesuffix("居委会").removesuffix("社区")
        found.append(_site(pick, f"{name}{more}电商服务站", town, village, f"{name}村民委员会"))
    return found


def _site(pick: random.Random, name: str, town: str, village: str, user: str) -> Site:
    keeper = pick.choice(FAMILY) + pick.choice(GIVEN) + pick.choice(GIVEN)
    return Site(name, town, village, user, keeper, f"1990000{pick.randrange(10_000):04d}")


def rows(count: int, first: int = 1, seed: int = 20200310) -> Iterator[tuple[Any, ...]]:
    """Rows as they stand in the workbook: numbers as numbers, dates as dates, empty cells as empty text."""
    places = sites(count, seed)
    pick = random.Random(seed + first)
    for number in range(first, first + count):
        name, low, high = pick.choice(NAMES)
        site = pick.choice(places)
        brand = pick.choice(BRANDS)
        quantity = 1 + int(pick.random() ** 4 * 20)
        price = low * 100 + int(pick.random() ** 2 * (high - low)) * 100 + pick.choice((0, 0, 0, 50, 99))
        bought = BEGAN + dt.timedelta(days=int(pick.random() * 2000))
        mark = pick.randrange(100_000, 1_000_000)
        yield (
            f"BG{bought.year}{number:08d}", f"{brand}{name}", "", f"{brand[0]}{name[0]}-{mark}", brand,
            UNITS[mark % len(UNITS)], quantity, price / 100, quantity * price / 100, bought,
            bought + dt.timedelta(days=mark % 60), f"{COUNTY}{bought.year}年{PROJECTS[mark % len(PROJECTS)]}",
            bought.year, pick.choice(FUNDS), f"{COUNTY}工业和信息化局", site.user,
            pick.choice(COMPANIES) if mark % 5 < 2 else "", site.keeper, site.phone, site.name,
            site.town, site.village, f"{site.name}{mark % 9 + 1}号房", pick.choice(STATES), f"SN{mark:X}{number:X}",
        )  # fmt: skip


def write(path: Path, count: int, first: int = 1) -> None:
    """Write the workbook as an office program does: shared strings, dates and money with their formats."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("资产明细")
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
    for at, head in enumerate(HEAD):
        sheet.write_string(0, at, head)
    for line, row in enumerate(rows(count, first), 1):
        for at, value in enumerate(row):
            if at in DATES:
                sheet.write_datetime(line, at, value, day)
            elif at in MONEY:
                sheet.write_number(line, at, value, money)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(line, at, value)
            else:
                sheet.write_number(line, at, value)
    book.close()


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
