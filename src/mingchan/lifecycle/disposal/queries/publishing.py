"""What of a disposal is made public (公开内容): first its plan, then its result (2.6.3, 3.4.3a)."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.money import format_quantity, format_yuan
from mingchan.kernel.period import format_day
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal.choices import DONE, State
from mingchan.lifecycle.disposal.models import Disposal, Item
from mingchan.lifecycle.disposal.queries import standing
from mingchan.lifecycle.disposal.queries.ways import kind

MOST_ROWS = 200
"""So many assets stand in a notice one by one; of more it says how many there are."""


def publication(case: Case) -> Publication | None:
    """The notice of a case's disposal: the plan while it isn't carried out, else the result; None for a case that is
    about no disposal, which its own words tell."""
    found = standing.by_case(case.pk)
    if found is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        return _result(found) if State(found.state) in DONE else _plan(found)


def title(found: Disposal) -> str:
    """What a disposal is about, in the words of an official paper."""
    spec = kind(found.kind)
    if found.kind == "MONETARY":
        return _("关于%(kind)s %(amount)s 元的方案") % {"kind": spec.label, "amount": format_yuan(found.amount_fen)}
    first = Item.objects.filter(disposal=found).order_by("line_no").values_list("name", flat=True).first() or ""
    words = first if found.count <= 1 else _("%(name)s等 %(count)s 项资产") % {"name": first, "count": found.count}
    return _("关于%(kind)s%(things)s的方案") % {"kind": spec.label, "things": words}


def _plan(found: Disposal) -> Publication:
    spec = kind(found.kind)
    said = [
        _("申报单位：%(office)s；方案编号：%(number)s；处置方式：%(kind)s。")
        % {"office": found.office.name, "number": found.number, "kind": spec.label},
        _("处置原因：%(reason)s") % {"reason": found.reason},
    ]
    if found.exception:
        said.append(_("效益良好仍须处置的理由：%(reason)s") % {"reason": found.exception})
    if found.proceeds_use:
        said.append(_("处置收入上缴财政，用途：%(use)s") % {"use": found.proceeds_use})
    value = standing.appraisal(found)
    if value is not None:
        said.append(
            _("评估机构：%(firm)s；评估报告：%(report)s；评估基准日：%(day)s；评估价值：%(value)s 元。")
            % {
                "firm": value.firm, "report": value.report_no, "day": format_day(value.base_on),
                "value": format_yuan(value.value_fen),
            }
        )  # fmt: skip
    asked = next(iter(standing.price_asks(found)), None)
    if asked is not None:
        said.append(
            _("拟以 %(price)s 元成交，低于评估价值的 %(percent)s%%，理由：%(reason)s")
            % {
                "price": format_yuan(asked.price_fen), "percent": policy.figure("disposal.price_percent"),
                "reason": asked.reason,
            }
        )  # fmt: skip
    if found.recipient_id is not None or found.recipient_name:
        name = found.recipient.name if found.recipient is not None else found.recipient_name
        said.append(_("接收单位：%(name)s") % {"name": name})
    if found.finding:
        said.append(_("技术鉴定意见：%(finding)s") % {"finding": found.finding})
    return Publication(
        kind="DISPOSAL_PLAN",
        title=_("%(title)s公示") % {"title": title(found)},
        paragraphs=said,
        division_code=found.division_code,
        subject=Ref("disposal", found.pk),
        columns=(_("资产编号"), _("资产名称"), _("数量"), _("原值（元）")),
        rows=_rows(found),
        clauses=("3.4.3a", "2.6.3", "3.4.3b"),
    )


def _result(found: Disposal) -> Publication:
    spec = kind(found.kind)
    done = standing.result(found)
    money = standing.purse(found)
    said = [
        _("%(office)s申报的处置方案 %(number)s 已于 %(day)s 实施，处置方式：%(kind)s。")
        % {
            "office": found.office.name, "number": found.number, "kind": spec.label,
            "day": format_day(found.executed_on),
        }
    ]  # fmt: skip
    if done is not None and spec.outside:
        said.append(_("成交价：%(price)s 元。") % {"price": format_yuan(done.price_fen)})
    elif done is not None and done.price_fen:
        said.append(_("处置收入：%(price)s 元。") % {"price": format_yuan(done.price_fen)})
    if money.remitted:
        said.append(_("已上缴财政：%(amount)s 元。") % {"amount": format_yuan(money.remitted)})
    elif spec.brings_money:
        said.append(_("处置收入按规定上缴财政，统筹安排使用。"))
    return Publication(
        kind="DISPOSAL_RESULT",
        title=_("%(title)s处置结果公告") % {"title": title(found)},
        paragraphs=said,
        division_code=found.division_code,
        subject=Ref("disposal", found.pk),
        columns=(_("资产编号"), _("资产名称"), _("数量"), _("原值（元）")),
        rows=_rows(found),
        clauses=("2.6.3",),
    )


def _rows(found: Disposal) -> list[tuple[str, ...]]:
    shown = Item.objects.filter(disposal=found).order_by("line_no")[:MOST_ROWS]
    rows: list[tuple[str, ...]] = [
        (item.code, item.name, f"{format_quantity(item.quantity_milli)}{item.unit}", format_yuan(item.cost_fen))
        for item in shown
    ]
    if found.count > MOST_ROWS:
        rows.append(("", _("共 %(count)s 项") % {"count": found.count}, "", format_yuan(found.cost_fen)))
    return rows
