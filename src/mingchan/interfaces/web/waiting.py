"""Cards of desks (工作台) about what waits, runs out or has lapsed in the parts below: figures with lists (4.1)."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.lifecycle.custody import queries as custody
from mingchan.oversight.workplan import queries as workplan
from mingchan.register.handover import queries as handover
from mingchan.register.rights.queries import batches
from mingchan.register.survey.queries import waiting as survey


def matters(actor: Actor, on: date) -> Card | None:
    """Steps that wait for the reader, those due soon and overdue, copies to read, and the reader's own matters."""
    if not actor.may("case.view"):
        return None
    found = procedures.desk_figures(actor, on)
    todo, copies = desk.address("procedures:todo"), desk.address("procedures:copies")
    return Card(
        "matters",
        _("审批事项"),
        _("轮到您办理的环节、抄送给您的事项。"),
        "inbox",
        (Figure(_("我提交的在办事项"), found.mine, url=desk.address("procedures:mine")),),
        desk.links(
            actor,
            ("procedures:todo", _("待办"), "case.view"),
            ("procedures:copies", _("抄送我的"), "case.view"),
            ("procedures:begin", _("提交事项"), "case.start"),
        ),
        waiting=(
            Figure(_("审批待办"), found.todo, url=todo, next_on=found.first_due),
            Figure(_("抄送待阅"), procedures.unread_copies(actor), url=f"{copies}?show=unread"),
        ),
        ending=(Figure(_("审批环节快到期限"), found.soon, url=f"{todo}?term=soon", next_on=found.first_due),),
        lapsed=(
            Figure(_("审批环节逾期"), found.overdue, url=f"{todo}?term=overdue"),
            Figure(_("督办事项"), procedures.escalated_count(actor), url=desk.address("procedures:escalated")),
        ),
    )


def confirmations(actor: Actor, on: date) -> Card | None:
    """Confirmation batches whose next step is the reader's (2.3)."""
    if not any(actor.may(right) for right in ("right.propose", "right.check", "right.approve")):
        return None
    url = f"{desk.address('rights:batches')}?state={batches.WAITING}"
    return Card(
        "confirmations",
        _("确权批次"),
        _("待审核、待批准和退回修改的批次。"),
        "certificate",
        links=desk.links(actor, ("rights:batches", _("确权批次"), "asset.view")),
        waiting=(Figure(_("确权批次"), batches.waiting_for(actor).count(), url=url),),
    )


def handovers(actor: Actor, on: date) -> Card | None:
    """Handover lists to check on the spot or to sign for the reader's office (3.3)."""
    if not (actor.may("handover.check") or actor.may("handover.sign")):
        return None
    wanted = handover.HandoverFilter(state="waiting")
    return Card(
        "handovers",
        _("移交"),
        _("等您清点或签署的移交清单。"),
        "arrows-split",
        links=desk.links(actor, ("handover:list", _("移交清单"), "handover.view")),
        waiting=(
            Figure(_("移交清单"), handover.count(wanted, actor), url=f"{desk.address('handover:list')}?state=waiting"),
        ),
    )


def keepers(actor: Actor, on: date) -> Card | None:
    """Terms of keepers that end within sixty days or have ended (3.4.1)."""
    if not actor.may("asset.view"):
        return None
    kept = custody.keepers(actor, on)
    listed = desk.address("custody:ledger")
    soon = [keeper.first_due for keeper in kept if keeper.ending and keeper.first_due and keeper.first_due >= on]
    return Card(
        "custody",
        _("管护"),
        _("每件资产有主体、有责任人、有任期。"),
        "user",
        links=desk.links(
            actor,
            ("custody:mine", _("我管护的资产"), "asset.view"),
            ("custody:overview", _("管护概况"), "asset.view"),
            ("custody:ledger", _("管护台账"), "asset.view"),
        ),
        ending=(
            Figure(
                _("60 天内管护任期届满的资产"),
                sum(keeper.ending for keeper in kept),
                url=f"{listed}?state=ENDING",
                next_on=min(soon, default=None),
            ),
        ),
        lapsed=(Figure(_("管护任期已满的资产"), sum(keeper.over for keeper in kept), url=f"{listed}?state=OVER"),),
    )


def surveys(actor: Actor, on: date) -> Card | None:
    """Differences of surveys that nobody has decided yet (3.2)."""
    found = survey.open_for(actor)
    if not found:
        return None
    return Card(
        "surveys",
        _("调查摸底"),
        _("调查与台账不一致、尚未处理的差异。"),
        "scale",
        links=desk.links(actor, ("survey:list", _("调查"), "survey.view")),
        waiting=tuple(
            Figure(
                _("调查差异：%(title)s") % {"title": one.title},
                one.differences,
                url=reverse("survey:differences", args=[one.survey]) + "?settled=open",
            )
            for one in found
        ),
    )


def stages(actor: Actor, on: date) -> Card | None:
    """Stages of the plan under way, ending soon and overdue (3.1–3.4)."""
    if not actor.may("workplan.view"):
        return None
    listed = desk.address("workplan:newest")
    found = workplan.stage_figures(actor, on)
    return Card(
        "stages",
        _("工作步骤"),
        _("四个阶段的成果、尚缺和责任单位。"),
        "calendar",
        (Figure(_("进行中的阶段"), found.running, url=listed),) if found.running else (),
        desk.links(actor, ("workplan:newest", _("查看工作步骤"), "workplan.view")),
        ending=(Figure(_("方案阶段即将到期"), found.soon, url=listed, next_on=found.ends_on),),
        lapsed=(Figure(_("方案阶段逾期"), found.overdue, url=listed),),
    )


CARDS = {
    "matters": matters,
    "confirmations": confirmations,
    "handovers": handovers,
    "surveys": surveys,
    "custody": keepers,
    "stages": stages,
}
"""Builders by code, in the order in which a desk tells of them."""
