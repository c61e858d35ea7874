"""Sentences about what a contract lacks (合同要件): the page and the refusals say the same."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from mingchan.lifecycle.operation.choices import Part
from mingchan.lifecycle.operation.rules import Lack


def why(word: str) -> str:
    """One lack in the user's words."""
    words = {
        "no_mode": _("未填写经营方式"),
        "unknown_mode": _("经营方式不在本县规定的范围内"),
        "no_assets": _("未列入任何资产"),
        "no_term": _("未填写起止日期"),
        "backwards": _("届满日早于起始日"),
        "over_the_law": _("期限超过法定最长二十年"),
        "over_the_county": _("期限超过本县规定的最长年限"),
        "no_income": _("未约定固定收益、分成或其他收益分配办法"),
        "half_a_share": _("分成依据和分成比例应同时填写"),
        "more_than_all": _("分成比例不能超过百分之百"),
        "negative": _("金额、月数和天数不能为负"),
        "steps_out_of_order": _("递增应按月份先后填写，自第 2 个月起，最多 20 档"),
        "no_measures": _("未填写风险防控措施"),
        "no_plan": _("该风险等级须填写应急预案"),
    }
    return words[word]


def of_parts(lacks: Iterable[Lack]) -> str:
    """What is missing, by part: 期限：未填写起止日期；风险防控：…"""
    return "；".join(f"{Part(lack.part).label}：{why(lack.why)}" for lack in lacks)
