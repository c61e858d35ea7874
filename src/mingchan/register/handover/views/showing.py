"""How a list is put before people (显示): its steps, what is next and by whom, what would move, its words."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.ui.filters import number
from mingchan.register.assets.choices import RightKind, SixClass
from mingchan.register.handover import permissions, queries, rules
from mingchan.register.handover.choices import HandoverKind, Resolution, Result, Shown, Side, State
from mingchan.register.handover.models import Handover, Signature
from mingchan.register.handover.queries import Item
from mingchan.register.handover.services import signing

TONES = {"DRAFT": "neutral", "CHECKING": "info", "SIGNING": "warn", "EXECUTED": "good", "CANCELLED": "bad"}
FOUND_TONES = {"MATCHES": "good", "DIFFERS": "warn", "NOT_FOUND": "bad"}
VILLAGE_BOOKS = (PartyKind.VILLAGE_COMMITTEE, PartyKind.COLLECTIVE)


def condition_text(word: str) -> str:
    """A state of use in the reader's language."""
    known = policy.conditions().get(word)
    return known.label_en if known is not None and policy.english() else word


def condition_choices() -> list[tuple[str, str]]:
    """The states of use of the policy pack, as a select box offers them."""
    return [(word, condition_text(word)) for word in policy.conditions()]


def rights_text(handover: Handover) -> str:
    """The kinds of rights that pass, in words."""
    return "、".join(str(RightKind(kind).label) for kind in handover.rights.split(","))


def step_names(signatures: list[Signature]) -> list[str]:
    """The steps of a list; the sides in the order in which they signed."""
    standing = [signature for signature in signatures if signature.voided_on is None]
    first = Side(standing[0].side) if standing else Side.FROM
    second = Side.TO if first == Side.FROM else Side.FROM
    return [
        _("拟定清单"),
        _("现场清点"),
        _("%(side)s签署") % {"side": first.label},
        _("%(side)s签署") % {"side": second.label},
        _("办结"),
    ]


def step_now(handover: Handover, progress: rules.Progress) -> int:
    """The step a list is at, counted from 0; beyond the last when it is finished."""
    if handover.state == State.CHECKING:
        return 1 if rules.before_signing(progress) else 2
    return {"DRAFT": 0, "SIGNING": 3, "EXECUTED": 5}.get(handover.state, 0)


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done next, by whom, and where; `url` is empty when the reader can't do it."""

    text: str
    who: str
    url: str = ""
    label: str = ""
    icon: str = "arrow-right"


def next_step(handover: Handover, progress: rules.Progress, request: HttpRequest) -> Next | None:
    """The next step of a list, None when nothing is left to do."""
    actor = request.actor  # type: ignore[attr-defined]
    may = {
        right: permissions.may(actor, right, handover)
        for right in (permissions.DRAFT, permissions.CHECK, permissions.SIGN)
    }
    sides = f"{handover.from_office.name}、{handover.to_office.name}"
    if handover.state == State.DRAFT:
        url = reverse("handover:pick", args=[handover.pk]) if may[permissions.DRAFT] and not progress.items else ""
        text = (
            _("清单已有 %(count)s 项。核对无误后送现场清点")
            if progress.items
            else _("清单上还没有资产，先加入要移交的资产")
        )
        return Next(text % {"count": number(progress.items)}, handover.drafted_by, url, _("加入资产"), "plus")
    if handover.state == State.CHECKING:
        check = reverse("handover:check", args=[handover.pk])
        if progress.unticked:
            text = _("还有 %(count)s 项没有清点") % {"count": number(progress.unticked)}
            url = f"{check}?show={Shown.UNTICKED}" if may[permissions.CHECK] else ""
            return Next(text, sides, url, _("现场清点"), "check")
        if progress.unresolved:
            text = _("有 %(count)s 项差异没有处理：移出清单，或按现状接收") % {"count": number(progress.unresolved)}
            url = f"{check}?show={Shown.DIFFERENT}" if may[permissions.CHECK] else ""
            return Next(text, sides, url, _("处理差异"), "alert-triangle")
        if progress.changed:
            text = _("有 %(count)s 张卡片在列入清单后有改动，须按最新卡片更新并重新清点") % {
                "count": number(progress.changed)
            }
            return Next(text, handover.drafted_by)
        if not progress.items:
            return Next(_("清单上没有要移交的资产，可加入资产或撤销清单"), handover.drafted_by)
        url = reverse("handover:sign", args=[handover.pk]) if may[permissions.SIGN] else ""
        return Next(_("已全部清点，双方可以签署"), sides, url, _("去签署"), "pencil")
    if handover.state == State.SIGNING:
        signed = next(one.side for one in queries.signatures(handover) if one.voided_on is None)
        office = handover.to_office if signed == Side.FROM else handover.from_office
        url = reverse("handover:sign", args=[handover.pk]) if may[permissions.SIGN] else ""
        return Next(_("一方已签署。对方签署后立即移交"), office.name, url, _("去签署"), "pencil")
    return None


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A voucher that the second signature will post: the book, and its lines as (account, debit, credit) in fen."""

    book: str
    title: str
    lines: tuple[tuple[str, int, int], ...]
    total_fen: int


def entries(handover: Handover) -> list[BookEntry]:
    """The vouchers to come, class by class; none when the owner stays the same."""
    if handover.kind != HandoverKind.OWNERSHIP:
        return []
    classes = [(six_class, cost) for six_class, _count, cost in queries.sums_by_class(handover) if cost]
    total = sum(cost for _six_class, cost in classes)
    if not total:
        return []
    found = []
    for party, title, gives in (
        (handover.from_party, _("无偿调出资产"), True),
        (handover.to_party, _("无偿调入资产"), False),
    ):
        costs = [
            (f"{_account(party, six_class)} {SixClass(six_class).label}", *((0, cost) if gives else (cost, 0)))
            for six_class, cost in classes
        ]
        other = (f"{_account(party, '')} {_counter(party)}", *((total, 0) if gives else (0, total)))
        found.append(BookEntry(party.name, title, (other, *costs) if gives else (*costs, other), total))
    return found


def _system(party: Party) -> str:
    return "VILLAGE" if party.kind in VILLAGE_BOOKS else "GOVERNMENT"


def _account(party: Party, six_class: str) -> str:
    roles = policy.account_roles(_system(party))
    if not six_class:
        return roles["TRANSFERRED_IN"]
    return roles["INTANGIBLE_COST" if six_class == SixClass.INTANGIBLE else f"ASSET_COST.{six_class}"]


def _counter(party: Party) -> str:
    code = _account(party, "")
    return next((account.name for account in policy.chart_of_accounts(_system(party)) if account.code == code), "")


def tabs(handover: Handover, progress: rules.Progress, which: str, base: str) -> list[dict[str, Any]]:
    """The choice of items: all, unticked, as listed, different, left out."""
    counts = {
        Shown.ALL: progress.items + progress.left_out,
        Shown.UNTICKED: progress.unticked,
        Shown.MATCHES: progress.matches,
        Shown.DIFFERENT: progress.different,
        Shown.LEFT_OUT: progress.left_out,
    }
    return [
        {"label": choice.label, "url": f"{base}?show={choice}", "active": which == choice, "count": counts[choice]}
        for choice in Shown
        if handover.state != State.DRAFT or choice == Shown.ALL
    ]


def which(request: HttpRequest, usual: str = Shown.ALL) -> str:
    """Which items the address asks for."""
    asked = request.GET.get("show", usual)
    return asked if asked in Shown.values else usual


def after(request: HttpRequest) -> int:
    """The number of the item after which the page begins."""
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def found_text(item: Item) -> str:
    """What was found of an item, in one word."""
    if item.resolution == Resolution.LEFT_OUT:
        return str(Resolution.LEFT_OUT.label)
    return str(Result(item.result).label) if item.result else _("未清点")


def signer(handover: Handover, side: Side, request: HttpRequest) -> dict[str, Any]:
    """Whether the reader may sign for a side, and the words why not."""
    account = request.account  # type: ignore[attr-defined]
    fault = signing.fault_of(handover, side, account) if account is not None else None
    division = handover.from_division if side == Side.FROM else handover.to_division
    may = fault is None and request.actor.may(permissions.SIGN, division)  # type: ignore[attr-defined]
    party = handover.from_party if side == Side.FROM else handover.to_party
    office = handover.from_office if side == Side.FROM else handover.to_office
    return {
        "side": side.value,
        "label": side.label,
        "party": party.name,
        "office": office.name,
        "may": may,
        "why": "" if may else (fault.label if fault is not None else _("没有为这一方签署的权限")),
    }
