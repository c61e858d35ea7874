"""What pages say of a disposal in words (说法): tones, warnings, the road, what is next and by whom."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.choices import TaskStatus
from mingchan.foundation.procedures.models import Task
from mingchan.kernel import links
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.disposal import permissions, queries
from mingchan.lifecycle.disposal.choices import DONE, OVER, State
from mingchan.lifecycle.disposal.models import Disposal

TONES = {
    "DRAFT": "neutral", "REVIEW": "info", "NOTICE": "info", "MAY_PROCEED": "warn", "EXECUTED": "good",
    "FILED": "good", "REJECTED": "bad", "WITHDRAWN": "neutral",
}  # fmt: skip
STEPS = (State.DRAFT, State.REVIEW, State.NOTICE, State.MAY_PROCEED, State.EXECUTED, State.FILED)


class Next(NamedTuple):
    """What is to be done next, by whom, and where."""

    text: str
    who: str
    label: str = ""
    url: str = ""
    icon: str = "arrow-right"


def step_names() -> list[str]:
    """The steps of the plan in their order (3.4.3a)."""
    return [_("拟定方案"), _("联审、县政府批复"), _("公示"), _("实施处置"), _("备案、结果公布"), _("办结")]


def step_now(found: Disposal) -> int:
    """The step that a disposal is at; all are behind it when it is filed."""
    if found.state == State.FILED:
        return len(STEPS)
    return STEPS.index(State(found.state)) if found.state in STEPS else 0


def next_step(found: Disposal, request: HttpRequest) -> Next | None:
    """What keeps a disposal from going on, None when it is over."""
    actor = request.actor  # type: ignore[attr-defined]
    if found.state == State.DRAFT:
        return Next(_("核对资产和材料后提交联审"), found.drafted_by)
    if found.state == State.MAY_PROCEED:
        url = reverse("disposal:execute", args=[found.pk]) if permissions.may(actor, permissions.EXECUTE, found) else ""
        return Next(
            _("审批和公示已结束，可以实施处置"), _("申报单位经办人"), _("登记处置结果") if url else "", url, "check"
        )
    if found.state in OVER or found.state == State.FILED or found.case_id is None:
        return None
    waiting = Task.objects.filter(case=found.case_id, status=TaskStatus.WAITING).order_by("id")
    names = [f"{task.name}" + (f"（{task.seat}）" if task.seat else "") for task in waiting]
    url = reverse("procedures:case", args=[found.case_id]) if actor.may("case.view") else ""
    return Next(
        _("正在办理：%(steps)s") % {"steps": "、".join(names)}, _("见审批事项"), _("看审批进程") if url else "", url
    )


def warnings(found: Disposal) -> list[tuple[str, str, str, Sequence[tuple[str, str]]]]:
    """What every reviewer must see, as (tone, title, text, links): what performs well, what looks split, low prices."""
    said: list[tuple[str, str, str, Sequence[tuple[str, str]]]] = []
    if found.performs_well:
        text = _("依据：%(why)s。须处置的理由：%(reason)s") % {"why": found.performance, "reason": found.exception}
        said.append(("bad", _("效益良好的资产，原则上不得处置"), text, ()))
    others = queries.others_of(found) if found.state not in (State.DRAFT, *OVER) else []
    if others:
        tone, title = ("bad", _("疑似拆分处置")) if found.split_suspected else ("warn", _("近期有同类资产处置"))
        text = _("同一单位近期提出的同类资产处置合并计算，共 %(sum)s 元，审批权限按合并金额确定。") % {
            "sum": format_yuan(found.sum_fen)
        }
        named = [
            (
                _("%(number)s　%(amount)s 元")
                % {"number": one.number, "amount": format_yuan(one.cost_fen or one.amount_fen)},
                reverse("disposal:detail", args=[one.pk]),
            )
            for one in others
        ]
        said.append((tone, title, text, named))
    for asked in queries.price_asks(found):
        if asked.approved_on is None:
            text = _("拟成交价 %(price)s 元，受让人 %(buyer)s，理由：%(reason)s") % {
                "price": format_yuan(asked.price_fen), "buyer": asked.buyer, "reason": asked.reason,
            }  # fmt: skip
            said.append(("warn", _("成交价低于评估价值的规定比例，报请再批复"), text, ()))
    return said


def subject(found: Disposal, actor: Actor) -> Mapping[str, Any]:
    """What the page of the case shows of the disposal."""
    items, following = queries.items(found, limit=20)
    return {
        "disposal": found,
        "spec": queries.kind(found.kind),
        "items": items,
        "more": following is not None,
        "needed": queries.papers(found),
        "appraisal": queries.appraisal(found),
        "warnings": warnings(found),
        "may_see": permissions.may(actor, permissions.VIEW, found),
    }


def vouchers(found: Disposal, request: HttpRequest) -> list[Any]:
    """The vouchers of a disposal that the reader may see."""
    from mingchan.foundation.ledger import queries as ledger
    from mingchan.kernel.refs import Ref

    actor = request.actor  # type: ignore[attr-defined]
    if found.state not in DONE or not actor.may("ledger.view"):
        return []
    books = ledger.visible_to(actor)
    return list(ledger.of_source(Ref("disposal", found.pk)).filter(book__in=books).select_related("book"))


def voucher_link(text: str) -> links.Link:
    """A voucher as the entries of money refer to it."""
    return links.resolve(text)
