"""Issues and refusals in the clerk's words: those the reading finds, and those only the county's own data can raise."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.understanding import messages

COUNTY_ISSUES = {
    "division_unknown": (_("“%(value)s”不是本县的乡镇或行政村。"), _("请按区划名称更正；撤并前的旧名可直接使用。")),
    "code_in_register": (_("资产编号“%(value)s”已在台账中。"), _("如是同一资产，请在卡片中更正；否则请改编号。")),
    "looks_registered": (
        _("抽查 %(checked)s 行，有 %(same)s 行与台账中的卡片相同，可能已经登记过。"),
        _("请确认这不是同一批资产的另一份表，以免重复登记。"),
    ),
    "dates_missing": (_("有 %(count)s 行没有取得日期。"), _("如能查到，请补填；不知道日时可写“2019年6月”。")),
    "serial_in_register": (_("序列号“%(value)s”已在台账中。"), _("如是同一资产，请勿重复登记；否则请核对序列号。")),
}


def issue(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    if code in COUNTY_ISSUES:
        sentence, advice = COUNTY_ISSUES[code]
        return str(sentence) % params, str(advice)
    return messages.issue_message(code, params)


def refusal(code: str, params: Mapping[str, Any]) -> str:
    """Why a file can't be read, and what to do about it."""
    return " ".join(messages.refusal_message(code, params))
