"""What the papers of disposal, stocktakes, distribution and repairs are printed with in tests."""

from datetime import date
from typing import Any

from mingchan.foundation.policy.tests.specimens import BUREAU, COUNTY, DAY, THINGS, assets, total


def disposal_application(count: int = 6) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "number": "偏处置〔2020〕0003号",
        "office": BUREAU,
        "kind": "报废",
        "applied_on": DAY,
        "reason": "设备已超过使用年限，主板损坏且无备件，经鉴定不能修复，继续存放占用站点场地并存在安全隐患。",
        "use": "残值收入上缴财政，统筹用于站点设备更新",
        "finding": "偏关县计算机技术服务站（示例）2020年4月18日：主板烧毁，无修复价值，建议报废。",
        "papers": "资产处置方案、单位集体研究会议纪要、资产权属或购置凭证、技术鉴定意见",
        "assets": rows,
        "total_fen": total(rows),
        "opinions": [
            {"seat": "县财政局", "answer": "同意", "text": "", "name": "高丽萍", "on": DAY},
            {
                "seat": "县乡村振兴局",
                "answer": "同意，附意见",
                "text": "残值收入须用于带贫设施。",
                "name": "刘春生",
                "on": DAY,
            },
            {"seat": "县审计局"},
            {"seat": "县人民政府"},
        ],
        "digest": "3b6d" * 16,
    }


def disposal_filing(count: int = 3) -> dict[str, Any]:
    rows = assets(count)
    return {
        "county": COUNTY,
        "number": "偏处置〔2020〕0002号",
        "office": BUREAU,
        "kind": "拍卖",
        "executed_on": DAY,
        "approval": "偏政函〔2020〕31号，2020年4月2日",
        "notice": "2020年4月3日至4月10日公示，无异议",
        "appraisal": "晋西北资产评估有限公司（示例），晋西北评报字〔2020〕7号，23,800.00 元",
        "other_party": "山西关河商贸有限公司（示例）",
        "auction": "忻州诚信拍卖有限公司（示例），偏关县公共资源交易中心，竞买 3 人，成交确认书 2020-017",
        "money": [
            {"label": "成交价", "amount": "25,600.00"},
            {"label": "处置费用", "amount": "1,280.00"},
            {"label": "应缴财政", "amount": "24,320.00"},
            {"label": "已缴财政", "amount": "24,320.00"},
        ],
        "assets": rows,
        "total_fen": total(rows),
        "filing_no": "偏财资备〔2020〕4号",
        "maker": "贾堃",
    }


def count_sheet(count: int = 40) -> dict[str, Any]:
    return {
        "county": COUNTY,
        "number": "偏盘点〔2021〕001号",
        "title": "2020年度电商示范项目资产清查",
        "place": "偏关县电子商务公共服务中心",
        "base_on": date(2020, 12, 31),
        "keeper": "董改花、贾堃",
        "rows": [
            {**row, "booked": str(row["quantity_milli"] // 1000), "found": "", "note": ""} for row in assets(count)
        ],
        "mark": "示例",
    }


def stocktake_report(count: int = 12) -> dict[str, Any]:
    return {
        "county": COUNTY,
        "number": "偏盘点〔2021〕001号",
        "title": "2020年度电商示范项目资产清查",
        "kind": "年度清查",
        "basis": "偏工信发〔2021〕2号",
        "base_on": date(2020, 12, 31),
        "ended_on": date(2021, 3, 20),
        "summary": ["应盘 1,204 项，实际盘点 1,200 项，盘点率 99.66%。", "账实相符 1,188 项，相符率 98.67%。"],
        "conclusion": "账实基本相符，短缺资产已提请报损。",
        "figures": [{"label": "应盘项数", "value": "1,204"}, {"label": "账实相符率", "value": "98.67%"}],
        "differences": [
            {
                **row, "kind": "地点不符", "booked": "12", "found": "11", "decision": "更正地点",
                "reason": "站点合并时搬到新址，当时没有更正台账",
            }
            for row in assets(count)
        ],
        "counters": "董改花（窑头乡人民政府）、贾堃（新关镇人民政府）",
        "checkers": "高丽萍（偏关县工业和信息化局）",
        "observers": "刘审（偏关县审计局）",
        "signed": "现场签字 12 处：董改花、贾堃",
        "digest": "7f3a9c1e5b2d4806" * 4,
        "mark": "示例",
    }  # fmt: skip


def distribution_plan(count: int = 14) -> dict[str, Any]:
    uses = [
        ("受益户分配", "70%", 2_590_350),
        ("扶贫资产维护", "20%", 740_100),
        ("激发内生动力和能力提升", "10%", 370_050),
    ]
    each, more = divmod(2_590_350, count)
    return {
        "county": COUNTY,
        "number": "偏分配〔2020〕3号",
        "title": "2020年上半年全县电子商务进农村综合示范项目资产收益分配",
        "holder": BUREAU,
        "division": COUNTY,
        "period_start": date(2020, 1, 1),
        "last_day": date(2020, 6, 30),
        "policy": "偏关县电商资产收益分配办法",
        "method": "按困难程度",
        "filing": "偏财备〔2020〕31号",
        "uses": [{"use": use, "share": share, "cost_fen": fen} for use, share, fen in uses],
        "shares": [
            {
                "village": "高家上石会村",
                "number": f"{place + 1:03d}",
                "head": "贾*花",
                "category": "脱贫不稳定户",
                "weight": "4",
                "cost_fen": each + (place < more),
                "note": "户主大病住院，村民代表会议同意增加" if place == 3 else "",
            }
            for place in range(count)
        ],
        "total_fen": sum(fen for _use, _share, fen in uses),
        "households_words": f"受益户 {count} 户，共 25,903.50 元",
        "mark": "示例",
    }


def payout(count: int = 20) -> dict[str, Any]:
    return {
        "county": COUNTY,
        "number": "偏分配〔2020〕3号-1",
        "title": "2020年上半年全县电子商务进农村综合示范项目资产收益分配",
        "holder": BUREAU,
        "method": "现金签领",
        "is_cash": True,
        "made_on": DAY,
        "filing": "偏财备〔2020〕31号",
        "payments": [
            {
                "village": "高家上石会村",
                "number": f"{place + 1:03d}",
                "head": "贾改花",
                "account": "**** 0012",
                "cost_fen": 48_661 + place,
            }
            for place in range(count)
        ],
        "total_fen": sum(48_661 + place for place in range(count)),
    }


def repair_order() -> dict[str, Any]:
    return {
        "county": COUNTY,
        "number": "偏维修〔2020〕12号",
        "state": "已验收",
        "asset": f"140932-2020-000001 {THINGS[0][0]}",
        "model": THINGS[0][1],
        "place": THINGS[0][5],
        "what": "制冷机组不启动，库温升至 12℃，压缩机有异响。",
        "severity": "不能使用",
        "origin": "老营镇村级快递共配点-3",
        "reporter": "董改花",
        "reported_on": DAY,
        "down_on": DAY,
        "supplier": "偏关县鑫源制冷设备维修部",
        "worker": "刘师傅",
        "due_on": DAY,
        "estimate_fen": 1_200_000,
        "warranty": "否",
        "work": "更换压缩机一台、干燥过滤器两只，检漏充氟，试运行 24 小时。",
        "repaired_on": DAY,
        "total_fen": 1_186_050,
        "nature": "改建、扩建、大型维修改造",
        "treatment": "计入资产原值",
        "invoice": "04567231",
        "result": "运行正常，库温稳定在 2℃，同意验收。",
        "accepter": "贾云",
        "closed_on": DAY,
        "mark": "示例",
    }
