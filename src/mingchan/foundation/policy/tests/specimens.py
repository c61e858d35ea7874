"""Filled specimens of every form, with long names, large amounts and uncommon characters, as papers have them."""

from datetime import date
from typing import Any

from mingchan.kernel import papers
from mingchan.kernel.money import format_yuan

DAY = date(2020, 4, 20)


COUNTY = "偏关县"


BUREAU = "偏关县工业和信息化局"


CHECK = "https://mingchan.example/check/7f3a9c1e5b2d4806"


THINGS = (
    ("冷藏库制冷机组（含安装调试）", "比泽尔 4NES-14Y-40P", "套", 1, 18_650_000, "新关镇电商物流分拣中心一号库"),
    ("台式电脑", "联想启天 M720", "台", 12, 6_000_000, "偏关县电子商务公共服务中心二楼培训室"),
    ("农产品质量安全追溯二维码标签打印机", "TSC TTP-244 Pro", "台", 3, 567_150, "窑头乡电子商务服务站"),
    ("货架", "2000*600*2000mm", "组", 20, 1_700_000, "老营镇村级快递共配点"),
    ("LED 显示屏", "P2.5-3840x1920-HUB75E-REFRESH3840HZ", "平方米", 8, 4_800_000, "县电商公共服务中心大厅"),
    ("电动三轮配送车", "", "辆", 2, 1_360_005, "天峰坪镇"),
)


SYSTEMS = ("公共服务体系", "物流配送体系", "质量安全追溯体系")


CLASSES = ("通用设备", "专用设备", "家具、用具、装具及动植物")


def assets(count: int) -> list[dict[str, Any]]:
    """So many rows of a list, sorted by system and class."""
    rows = []
    for index in range(count):
        name, model, unit, quantity, cost, place = THINGS[index % len(THINGS)]
        rows.append(
            {
                "system": SYSTEMS[index * 3 // count],
                "class": CLASSES[index * 9 // count % 3],
                "code": f"140932-2020-{index + 1:06d}",
                "name": name,
                "model": model,
                "unit": unit,
                "quantity_milli": quantity * 1000,
                "cost_fen": cost + index,
                "acquired": "2019年7月" if index % 3 else "2019年11月12日",
                "place": place,
                "condition": "在用" if index % 7 else "闲置",
                "found": "相符" if index % 5 else "缺少配件",
                "share": "全部" if index % 4 else "3/5",
                "operator": "偏关县电子商务服务有限公司" if index % 2 else "",
                "keeper": "董改花" if index % 3 else "贾堃",
                "note": "" if index % 6 else "外壳有划痕，遥控器一只遗失",
            }
        )
    return rows


def total(rows: list[dict[str, Any]]) -> int:
    return sum(row["cost_fen"] for row in rows)


def certificate(count: int = 8) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "number": "偏电商确字〔2020〕1号",
        "holder": BUREAU,
        "holder_code": "11140932MB1234567X",
        "rights": [
            {"kind": "所有权", "share": "全部", "since_on": DAY},
            {"kind": "收益权", "share": "3/5", "since_on": DAY},
            {"kind": "收益权", "share": "2/5", "since_on": DAY, "party": "偏关县新关镇西关村股份经济合作社"},
        ],
        "assets": rows,
        "total_fen": total(rows),
        "basis": [
            "《偏关县电子商务进农村综合示范项目资产管理实施方案》（偏电商组办字〔2020〕1号）",
            "县电商工作领导小组办公室 2020年4月13日 确权审核意见（示例）",
        ],
        "issuer": "偏关县电子商务进农村工作领导小组办公室",
        "issued_on": DAY,
        "qr": papers.qr(CHECK),
        "check_url": CHECK,
        "note": "本证不得涂改；资产转移、处置后应办理变更。",
        "mark": "示例",
    }


def handover(count: int = 8) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "number": "偏电商移字〔2020〕3号",
        "from_party": "偏关县电子商务服务有限公司",
        "to_party": BUREAU,
        "supervisor": "偏关县财政局",
        "reason": "示范项目验收完成，按方案移交归属部门",
        "basis": "偏电商组办字〔2020〕1号 三（三）",
        "handed_on": DAY,
        "assets": rows,
        "total_fen": total(rows),
    }


def handover_custody(count: int = 3) -> dict[str, Any]:
    return handover(count) | {
        "title": "管护交接清单",
        "from_label": "原管护责任人",
        "to_label": "新管护责任人",
        "supervisor_label": "管护主体",
        "from_party": "贾堃",
        "to_party": "董改花",
        "signers": [
            {"role": "原管护责任人", "party": "贾堃", "name": "贾堃", "on": DAY},
            {"role": "新管护责任人", "party": "董改花"},
            {"role": "管护主体", "party": BUREAU},
        ],
    }


def asset_card(count: int = 2) -> dict[str, Any]:
    cards = []
    for row in assets(count):
        cards.append(
            {
                **row,
                "status": "在册",
                "class": "A02052300 制冷空调设备",
                "six_class": "通用设备",
                "asset_type": "产业发展（资产收益）类",
                "system": "物流配送体系",
                "tier": "县级",
                "division": "忻州市偏关县新关镇",
                "site": "偏关县电商物流分拣中心",
                "unit_price_fen": None,
                "year": "2018",
                "project": "2018年国家级电子商务进农村综合示范项目仓储物流体系建设",
                "acquire_way": "购置",
                "in_service": "2019年8月1日",
                "registered": "2020年3月10日",
                "life": "120 个月",
                "residual": "0%",
                "brand": "比泽尔",
                "serial_no": "SN-2019-07-000183-A",
                "manufacturer": "比泽尔制冷技术（中国）有限公司",
                "supplier": "忻州市某某制冷设备有限公司（示例）",
                "owner": BUREAU,
                "user": "偏关县电子商务公共服务中心",
                "operator": "偏关县电子商务服务有限公司",
                "income_holder": "偏关县新关镇西关村股份经济合作社",
                "rights": [
                    {"kind": "所有权", "party": BUREAU, "share": "全部", "since_on": DAY, "basis": "确权证书 1号"},
                    {
                        "kind": "经营权",
                        "party": "偏关县电子商务服务有限公司",
                        "share": "全部",
                        "since_on": date(2019, 8, 1),
                        "until_on": DAY,
                        "basis": "承接运营合同（示例）",
                    },
                ],
                "funding": [
                    {"source": "中央财政资金", "amount_fen": 15_000_000, "document": "晋财建〔2018〕183号"},
                    {"source": "县级财政资金", "amount_fen": 3_650_000, "document": ""},
                ],
                "qr": papers.qr(CHECK),
                "check_url": CHECK,
            }
        )
    return {"county": COUNTY, "printed_on": DAY, "cards": cards}


def holder_ledger(count: int = 20) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "holder": BUREAU,
        "right": "所有权",
        "as_of_on": DAY,
        "assets": rows,
        "total_fen": total(rows),
        "maker": "贾堃",
    }


def monthly_report(count: int = 9) -> dict[str, Any]:
    """The monthly report of a county with so many townships."""
    towns = [
        {"name": f"示例第{number}乡（镇）", "cards": 100 + number, "cost_fen": 12_345_678 * number}
        for number in range(1, count + 1)
    ]
    goals = [f"第{number}个目标：9{number}.5 分，各项都已达到。" for number in range(1, 7)]
    return {
        "county": "偏关县",
        "name": "偏关县",
        "month": "2026年11月",
        "until_on": date(2026, 11, 25),
        "parts": [
            {"title": "资产总量", "lines": ["在册资产 1,123 项，原值 5,264,609.40 元。"]},
            {"title": "六个目标", "lines": goals},
            {"title": "闲置与盘活", "lines": ["没有闲置资产。"]},
        ],
        "towns": towns,
        "total_fen": sum(row["cost_fen"] for row in towns),
        "total_cards": sum(row["cards"] for row in towns),
    }


def custody(count: int = 6) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "number": "偏电商管字〔2020〕12号",
        "keeper": "董改花",
        "keeper_phone": "138****5678",
        "keeper_id": "140932********1234",
        "organisation": BUREAU,
        "supervisor": "新关镇人民政府",
        "since_on": DAY,
        "due_on": date(2021, 4, 19),
        "duties": [
            "妥善保管所列资产，做到账、卡、物相符，每月巡查一次并在系统中登记。",
            "发现损坏、丢失、闲置的，三日内报告管护主体，不得隐瞒；因保管不善造成损失的，依法依规承担赔偿责任。",
            "未经批准，不得转让、出租、出借、抵押或者改变用途。",
            "任期届满或者岗位变动时，会同管护主体清点并办理管护交接手续。",
        ],
        "assets": rows,
        "total_fen": total(rows),
    }


def reminder(count: int = 5) -> dict[str, Any]:
    rows = [
        {
            "number": f"应收2020-{number:06d}",
            "contract": "偏电商经营〔2020〕示例第十二号（县级电子商务公共服务中心整体委托经营）",
            "kind": "租金（承包费）",
            "starts_on": date(2020, 1, 1),
            "last_on": date(2020, 3, 31),
            "due_on": DAY,
            "days": 30 + number,
            "cost_fen": 123_456_789 + number,
        }
        for number in range(count)
    ]
    return {
        "county": COUNTY,
        "number": "催缴2020-0012",
        "operator": "偏关县晋西北电子商务综合服务有限责任公司（示例）",
        "creditor": BUREAU,
        "issued_on": DAY,
        "pay_by_on": date(2020, 5, 10),
        "lines": rows,
        "total_fen": total(rows),
        "issuer": "贾堃",
    }


def contract(count: int = 6) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "number": "偏电商经营〔2020〕3号",
        "edition": 1,
        "subject": "偏关县物流配送中心",
        "lessor": BUREAU,
        "operator": "偏关县电子商务服务有限公司",
        "mode": "委托经营（业务托管）",
        "starts_on": DAY,
        "last_day": date(2023, 4, 19),
        "income": "年固定收益 24,000.00 元，按半年缴付；营业额分成 1.5%，按年结算",
        "deposit_fen": 1_000_000,
        "measures": "受托方按月报送运营数据；资金专户管理。\n重大事项事先报县工信局同意。",
        "emergency_plan": "车辆事故、仓库火灾启动预案，二小时内报告。",
        "operator_duties": "保证县乡村三级配送每日一班。",
        "lessor_duties": "协调场地水电和政策支持。",
        "risk": "高风险",
        "assets": rows,
        "total_fen": total(rows),
        "signed_on": DAY,
        "mark": "",
    }


def notice(count: int = 8) -> dict[str, Any]:
    rows = [
        [row["code"], row["name"], f"{row['quantity_milli'] // 1000} {row['unit']}", format_yuan(row["cost_fen"])]
        for row in assets(count)
    ]
    return {
        "county": COUNTY,
        "number": "偏公示〔2020〕12号",
        "kind": "处置方案公示",
        "title": "关于县级电商示范项目冷藏库制冷机组等一批资产拟转让处置的公示",
        "paragraphs": [
            "经县财政局、县乡村振兴局、县审计局和县工业和信息化局联合评审，县人民政府批复，拟对下列资产作转让处置。",
            "群众对处置方案有不同意见的，可在公示期内提出。",
        ],
        "columns": ["资产编号", "资产名称", "数量", "原值（元）"],
        "rows": rows,
        "first_day": date(2020, 4, 21),
        "last_day": date(2020, 4, 27),
        "days": "7 个自然日",
        "published_on": DAY,
        "contact": "偏关县工业和信息化局。可扫码在网上提出，也可到县工信局、乡镇政府或村委会口头、书面提出",
        "corrects": "偏公示〔2020〕11号",
        "reason": "漏列冷藏库制冷机组一套",
        "checkpoint": "校验点 48,212 · 7F3A-91C0-5B2D-4806",
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "qr": papers.qr(CHECK),
        "check_url": CHECK,
    }


def statement(count: int = 30) -> dict[str, Any]:
    """A trial balance with long names and the largest amounts."""
    rows = [
        {"cells": [f"1601{place:02d}", "家具、用具、装具及动植物", "0.00", "90,071,992,547,409.92", f"{place}"]}
        for place in range(count)
    ]
    kinds = ("text", "wide", "money", "money", "number")
    labels = ("科目编码", "科目名称", "借方", "贷方", "项数")
    return {
        "county": COUNTY,
        "title": "科目余额表",
        "unit": BUREAU,
        "span": "2020年1月至2020年12月",
        "columns": [{"label": label, "kind": kind} for label, kind in zip(labels, kinds, strict=True)],
        "rows": rows,
        "totals": ["合计", "", "0.00", "90,071,992,547,409.92", ""],
        "maker": "贾堃",
    }


def labels(count: int = 30) -> dict[str, Any]:
    return {
        "county": COUNTY,
        "title": "偏关县电商示范项目资产",
        "layout": {
            "page_width": 2100, "page_height": 2970, "columns": 3, "rows": 8, "width": 700, "height": 370, "left": 0,
            "top": 5, "across": 700, "down": 370, "size": 78,
        },
        "first": 3,
        "foot": "公有资产　扫码查询、反映问题",
        "labels": [
            {
                "code": f"BQ 140932 {index + 1:07d} 00",
                "qr": papers.qr(CHECK),
                "name": THINGS[index % len(THINGS)][0],
                "asset": f"140932-2020-{index + 1:06d}",
                "site": THINGS[index % len(THINGS)][5],
            }
            for index in range(count)
        ],
    }  # fmt: skip
