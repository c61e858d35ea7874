"""What operation gives to desks (工作台): reports to answer, changes to carry out, terms that run out (4.2)."""

from datetime import date

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.lifecycle.operation import permissions, queries
from mingchan.lifecycle.operation.choices import ChangeStatus, Status
from mingchan.lifecycle.operation.queries import ContractFilter, listing, showing
from mingchan.lifecycle.operation.views import showing as words


def of_contracts(actor: Actor, on: date) -> Card | None:
    """The card of contracts, for the offices and for an operator; None for who sees none."""
    if not actor.may(permissions.VIEW):
        return None
    if not actor.scopes(permissions.VIEW):
        return _of_operator(actor, on)
    found = {one.name: one for one in queries.watches(actor, on)}

    def figure(name: str, label: str, tone: str = "neutral", next_on: date | None = None) -> Figure:
        one = found[name]
        return Figure(label, one.contracts, tone=tone, url=words.list_url(one.wanted), next_on=next_on)

    soon = ContractFilter(ahead=desk.SOON_DAYS)
    ending = listing.narrowed(soon, actor, on)
    first = ending.aggregate(first=Min("last_day"))["first"]
    waiting = []
    if actor.may(permissions.DRAFT):
        waiting.append(figure("reported", _("待审核的经营数据申报"), "info"))
    if actor.may(permissions.SIGN):
        approved = showing.changes(actor, state=ChangeStatus.APPROVED)[0]
        url = f"{reverse('operation:changes')}?state={ChangeStatus.APPROVED.value}"
        waiting.append(Figure(_("待执行的经营变更"), len(approved), tone="warn", url=url))
    return Card(
        "contracts",
        _("经营合同"),
        _("签订、履行、到期和风险"),
        "file-text",
        figures=(figure("running", _("履行中")), figure("procedure", _("办理中"))),
        waiting=waiting,
        ending=(
            Figure(_("60 天内到期的合同"), ending.count(), tone="warn", url=words.list_url(soon), next_on=first),
            figure("cover_ends", _("保险即将到期的高风险合同"), "warn"),
        ),
        lapsed=(figure("uninsured", _("高风险未投保"), "bad"), figure("returning", _("资产未归还"), "warn")),
        links=desk.links(actor, ("operation:list", _("合同清单"), permissions.VIEW)),
    )


def _of_operator(actor: Actor, on: date) -> Card:
    """An operator's own: contracts in force, what is to be reported, what is owed next."""
    own = showing.own(actor)
    running = [one for one in own if one.status == Status.RUNNING]
    to_report = sum(len([row for row in queries.reporting(one, on) if row.is_open]) for one in own)
    mine = reverse("operation:mine")
    last = min((one.last_day for one in running if one.last_day is not None), default=None)
    ending = [one for one in running if one.last_day is not None and (one.last_day - on).days <= desk.SOON_DAYS]
    return Card(
        "contracts",
        _("我的合同"),
        _("您签订的经营合同"),
        "file-text",
        figures=(Figure(_("履行中"), len(running), url=mine),),
        waiting=(Figure(_("待申报的经营数据"), to_report, tone="info", url=mine),),
        ending=(Figure(_("60 天内到期的合同"), len(ending), tone="warn", url=mine, next_on=last),),
        links=desk.links(actor, ("operation:mine", _("我的合同"), permissions.VIEW)),
    )
