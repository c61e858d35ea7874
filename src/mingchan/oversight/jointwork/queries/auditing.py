"""The auditors' desk (审计工作台): what there was on a day, figure by figure, each with the page behind it; read only.

Everything is asked of dated rows, so a past day is answered as well as this one.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Grant
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.institutions.models import Version
from mingchan.foundation.ledger.models import Voucher
from mingchan.foundation.procedures.models import Case as Matter
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.distribution.models import Payment as Payout
from mingchan.lifecycle.income.models import Receipt
from mingchan.lifecycle.operation.models import Contract
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.disclosure.models import Notice
from mingchan.oversight.jointwork import permissions
from mingchan.oversight.jointwork.models import Case, Opinion, Order, Payment
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, FormerCard
from mingchan.register.rights.models import Confirmation

Text = Promise | str


class Figure(NamedTuple):
    """One figure as of the day: number or money (fen), and the list behind it (empty when none shows that day)."""

    label: Text
    value: int
    kind: str
    url: str


class Group(NamedTuple):
    """Figures of one field."""

    label: Text
    figures: list[Figure]


def _number(label: Text, value: int, url: str = "") -> Figure:
    return Figure(label, value, "number", url)


def _money(label: Text, fen: int | None, url: str = "") -> Figure:
    return Figure(label, fen or 0, "money", url)


def desk(actor: Actor, day: date) -> list[Group]:
    """Everything as of the end of a day. Raises NotAllowed without `jointwork.view` and `log.view` over the county."""
    permissions.require(actor, permissions.VIEW)
    permissions.require(actor, permissions.LOG)
    return [
        Group(_("台账与权利"), list(_register(actor.county, day))),
        Group(_("账务"), list(_books(actor.county, day))),
        Group(_("经营、收益与处置"), list(_life(actor.county, day))),
        Group(_("公开与监督"), list(_watched(actor.county, day))),
        Group(_("授权与留痕"), list(_trace(actor, day))),
    ]


def _register(county: str, day: date) -> Iterator[Figure]:
    address = f"{reverse('assets:list')}?as_of={day.isoformat()}"
    counted = Q(county=county, status=Status.ACTIVE, state_since__lte=day)
    standing = Asset.objects.filter(counted).aggregate(n=Count("pk"), fen=Sum("cost_fen"))
    former = FormerCard.objects.filter(counted, left_on__gt=day).aggregate(n=Count("pk"), fen=Sum("cost_fen"))
    yield _number(_("在册资产"), standing["n"] + former["n"], address)
    yield _money(_("资产原值"), (standing["fen"] or 0) + (former["fen"] or 0), address)
    confirmed = Confirmation.objects.filter(county=county, approved_on__lte=day).count()
    yield _number(_("已批准确权批次"), confirmed, f"{reverse('rights:coverage')}?on={day.isoformat()}")


def _books(county: str, day: date) -> Iterator[Figure]:
    vouchers = Voucher.objects.filter(book__county=county, day__lte=day)
    yield _number(_("凭证"), vouchers.count(), reverse("ledger:vouchers"))
    this_month = vouchers.filter(day__gte=day.replace(day=1)).count()
    yield _number(_("其中当月"), this_month, reverse("ledger:trial_balance"))


def _life(county: str, day: date) -> Iterator[Figure]:
    running = (
        Q(signed_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day)) & Q(starts_on__lte=day, last_day__gte=day)
    )
    contracts = Contract.objects.filter(running, county=county).count()
    yield _number(_("执行中的经营合同"), contracts, reverse("operation:list"))
    receipts = Receipt.objects.filter(Q(returned_on=None) | Q(returned_on__gt=day), county=county, received_on__lte=day)
    yield _money(_("累计到账收益"), receipts.aggregate(fen=Sum("fen"))["fen"], reverse("income:overview"))
    paid = Payout.objects.filter(
        Q(returned_on=None) | Q(returned_on__gt=day), payout__plan__county=county, paid_on__lte=day
    )
    yield _money(_("累计发放到户"), paid.aggregate(fen=Sum("fen"))["fen"], reverse("distribution:overview"))
    disposed = Disposal.objects.filter(county=county, executed_on__lte=day).count()
    yield _number(_("已实施处置"), disposed, reverse("disposal:list"))
    matters = Matter.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), county=county, opened_on__lte=day).count()
    yield _number(_("在办审批事项"), matters, reverse("procedures:all"))


def _watched(county: str, day: date) -> Iterator[Figure]:
    notices = Notice.objects.filter(county=county, published_on__lte=day).count()
    yield _number(_("已发布公示"), notices, reverse("disclosure:list"))
    open_ones = Q(closed_on=None) | Q(closed_on__gt=day)
    complaints = Complaint.objects.filter(open_ones, county=county, received_on__lte=day).count()
    yield _number(_("未办结群众反映"), complaints, reverse("complaints:list"))
    opinions = Opinion.objects.filter(plan__county=county, signed_on__lte=day).count()
    yield _number(_("已签署监测意见"), opinions, reverse("jointwork:plans"))
    cases = Case.objects.filter(open_ones, county=county, opened_on__lte=day).count()
    yield _number(_("在办追责案件"), cases, reverse("jointwork:cases"))
    ordered = Order.objects.filter(case__county=county, ordered_on__lte=day).aggregate(fen=Sum("fen"))["fen"]
    yield _money(_("责令赔偿"), ordered, reverse("jointwork:cases"))
    paid = Payment.objects.filter(order__case__county=county, paid_on__lte=day).aggregate(fen=Sum("fen"))["fen"]
    yield _money(_("已收赔偿款"), paid, reverse("jointwork:cases"))


def _trace(actor: Actor, day: date) -> Iterator[Figure]:
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    grants = Grant.objects.filter(in_force, account__county=actor.county).count()
    yield _number(_("生效的授权"), grants, f"{reverse('jointwork:authority')}?day={day.isoformat()}")
    versions = Version.objects.filter(document__county=actor.county, valid_from__lte=day)
    versions = versions.filter(Q(valid_to=None) | Q(valid_to__gt=day))
    yield _number(_("生效的制度"), versions.count(), reverse("institutions:list"))
    records = evidence.visible_to(actor).filter(on__lte=day).count()
    yield _number(_("留痕记录"), records, f"{reverse('evidence:log')}?day_to={day.isoformat()}")
