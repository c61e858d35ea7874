"""Whose an asset is and who watches over it (产权、管护): 1.2a, 2.3, 2.6.1b, 3.3."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Division
from mingchan.lifecycle.custody.models import Departure
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, known, of_cards, standing, text
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.register.assets.models import Right
from mingchan.register.handover.models import Handover, Line
from mingchan.register.rights.models import Confirmation

OFFICES = (PartyKind.OFFICE.value, PartyKind.TOWN_GOVERNMENT.value)
VILLAGES = (PartyKind.VILLAGE_COMMITTEE.value, PartyKind.COLLECTIVE.value)


def _unowned(scope: Scope) -> Iterator[Hit]:
    """Cards without an owner past the plan's day; for those registered later, past the days allowed."""
    deadline: date = scope.bounds["deadline"]
    late = Q(registered_on__lt=scope.before("days"))
    if scope.on <= deadline:
        late = Q(pk__in=[])
    return of_cards(
        scope,
        lambda cards, _key: cards.filter(late, owner__isnull=True),
        figures={"registered_on": "registered_on"},
    )


def _unearned(scope: Scope) -> Iterator[Hit]:
    """Cards of the kind that earns whose income belongs to nobody."""
    return of_cards(
        scope,
        lambda cards, _key: cards.filter(
            income_holder__isnull=True, asset_type="INDUSTRY", registered_on__lt=scope.before("days")
        ),
        figures={"registered_on": "registered_on"},
    )


def _two_owners(scope: Scope) -> Iterator[Hit]:
    """Cards that an office and a village own at once."""

    def where(cards: "QuerySet[Any]", key: str) -> "QuerySet[Any]":
        owners = Right.objects.filter(standing(scope.on), asset_id=OuterRef(key), kind="OWNERSHIP")
        office = owners.filter(party__kind__in=OFFICES).order_by("valid_from")
        village = owners.filter(party__kind__in=VILLAGES).order_by("valid_from")
        both: QuerySet[Any] = cards.filter(Exists(office), Exists(village)).annotate(
            office=Subquery(office.values("party__name")[:1]), village=Subquery(village.values("party__name")[:1])
        )
        return both

    return of_cards(scope, where, since="state_since", figures={"office": "office", "village": "village"})


def _by_correction(scope: Scope) -> Iterator[Hit]:
    """Cards whose owner changed by a correction of the card, with no handover and no confirmation."""
    rows = (
        Right.objects.filter(standing(scope.on), kind="OWNERSHIP", asset__county=scope.county, asset__status="ACTIVE")
        .filter(source__startswith="asset:", valid_from__gt=F("asset__registered_on"))
        .exclude(asset__source=F("source"))
        .filter(
            Exists(
                Right.objects.filter(asset_id=OuterRef("asset_id"), kind="OWNERSHIP", valid_to=OuterRef("valid_from"))
            )
        )
        .order_by("asset_id")
    )
    for asset, code, name, division, since, party in scope.of_asset(rows, "asset").values_list(
        "asset_id", "asset__code", "asset__name", "asset__division_code", "valid_from", "party__name"
    ):
        yield Hit(asset, f"{code} {name}", division, since, {"owner": party, "since_on": text(since)}, asset)


def _unkept(scope: Scope) -> Iterator[Hit]:
    """Cards nobody watches over: a finding the same day (2.6.1b)."""
    return of_cards(
        scope,
        lambda cards, _key: cards.filter(keeper__isnull=True),
        since="state_since",
        figures={"since_on": "state_since"},
    )


def _left(scope: Scope) -> Iterator[Hit]:
    """Cards whose keeper has left and hasn't come back."""
    gone = Departure.objects.filter(
        Q(returned_on__isnull=True) | Q(returned_on__gt=scope.on),
        person_id=OuterRef("keeper_id"),
        left_on__lte=scope.on,
    ).order_by("left_on")
    return of_cards(
        scope,
        lambda cards, _key: cards.filter(Exists(gone)).annotate(gone_on=Subquery(gone.values("left_on")[:1])),
        since="gone_on",
        figures={"keeper": "keeper__name", "left_on": "gone_on"},
    )


def _terms(scope: Scope, first: date | None, last: date) -> Iterator[Hit]:
    kept = Q(kind="CUSTODY", due_on__isnull=False, due_on__lte=last)
    if first is not None:
        kept &= Q(due_on__gte=first)

    def where(cards: "QuerySet[Any]", key: str) -> "QuerySet[Any]":
        rights = Right.objects.filter(kept, standing(scope.on), asset_id=OuterRef(key)).order_by("due_on")
        ending: QuerySet[Any] = cards.filter(Exists(rights)).annotate(ends=Subquery(rights.values("due_on")[:1]))
        return ending

    return of_cards(scope, where, since="ends", figures={"keeper": "keeper__name", "due_on": "ends"})


def _term_over(scope: Scope) -> Iterator[Hit]:
    """Cards whose keeper's term is over."""
    return _terms(scope, None, scope.on - timedelta(days=1))


def _term_ends(scope: Scope) -> Iterator[Hit]:
    """Cards whose keeper's term ends within the warning."""
    return _terms(scope, scope.on, scope.ahead("days"))


def _gone_divisions(scope: Scope) -> Iterator[Hit]:
    """Cards that lie in a village or town that no longer is, or under a code nobody knows."""

    def where(cards: "QuerySet[Any]", _key: str) -> "QuerySet[Any]":
        gone = Division.objects.filter(code=OuterRef("division_code"))
        placed: QuerySet[Any] = cards.exclude(division_code="").annotate(
            into=Subquery(gone.values("successor_code")[:1]), place_name=Subquery(gone.values("name")[:1])
        )
        return placed.exclude(Exists(gone.filter(Q(is_current=True) | Q(last_vintage__gt=scope.on))))

    return of_cards(
        scope,
        where,
        since="state_since",
        figures={"place_code": "division_code", "place": "place_name", "into": "into"},
    )


def _merging(scope: Scope) -> Iterator[Hit]:
    """Cards in a village that has been merged, whose holder of the income hasn't been settled by a decision since."""

    def where(cards: "QuerySet[Any]", key: str) -> "QuerySet[Any]":
        gone = Division.objects.filter(code=OuterRef("owner__division_code"), is_current=False).exclude(
            successor_code=""
        )
        merged: QuerySet[Any] = (
            cards.filter(owner__kind__in=VILLAGES)
            .filter(Exists(gone))
            .annotate(into=Subquery(gone.values("successor_code")[:1]))
        )
        return merged

    return of_cards(scope, where, since="state_since", figures={"owner": "owner__name", "into": "into"})


def _handovers(scope: Scope) -> Iterator[Hit]:
    """Handover lists whose things were counted and that wait for signatures beyond the days allowed."""
    rows = Handover.objects.filter(
        Q(executed_on__isnull=True) | Q(executed_on__gt=scope.on),
        Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=scope.on),
        county=scope.county,
        checking_on__lt=scope.before("days"),
    ).order_by("pk")
    if scope.asset is not None:
        rows = rows.filter(Exists(Line.objects.filter(handover=OuterRef("pk"), asset=scope.asset)))
    for one, number, division, since, giver, taker in rows.values_list(
        "pk", "number", "division_code", "checking_on", "from_party__name", "to_party__name"
    ):
        yield Hit(one, number, division, known(since), {"since_on": text(since), "giver": giver, "taker": taker})


def _confirmations(scope: Scope) -> Iterator[Hit]:
    """Confirmations of rights proposed and not decided beyond the days allowed."""
    rows = Confirmation.objects.filter(
        county=scope.county, state__in=("PROPOSED", "CHECKED", "RETURNED"), drafted_on__lt=scope.before("days")
    ).order_by("pk")
    for one, title, division, since, count in rows.values_list("pk", "title", "division_code", "drafted_on", "count"):
        yield Hit(one, title, division, since, {"since_on": text(since), "count": count})


CHECKS = (
    Check(
        "no_owner", _("未确权"), Family.RIGHTS, Severity.HIGH, ("2.3", "3.3"), "asset", _unowned,
        _("%(registered_on)s登记，至今没有所有权人，超过%(days)s天（方案期限%(deadline)s）。"),
        _("按程序确权"), "assets:card", ("assets", "rights"), "R06",
    ),
    Check(
        "no_income_holder", _("收益权悬空"), Family.RIGHTS, Severity.MEDIUM, ("2.3", "2.5a"), "asset", _unearned,
        _("产业发展（资产收益）类资产，%(registered_on)s登记，超过%(days)s天没有收益权人。"),
        _("确权时一并明确收益权人"), "assets:card", ("assets", "rights"), "R06",
    ),
    Check(
        "two_owners", _("权属冲突"), Family.TITLE, Severity.HIGH, ("2.3", "1.2a"), "asset", _two_owners,
        _("%(office)s与%(village)s同时登记为所有权人。"),
        _("核对权属依据，重新确权"), "assets:card", ("assets", "rights"), "R07",
    ),
    Check(
        "owner_without_handover", _("移交手续不全"), Family.TITLE, Severity.MEDIUM, ("3.3", "2.6.1b"), "asset",
        _by_correction, _("所有权人自%(since_on)s起改为%(owner)s，由卡片更正变动，没有双方签字的移交清单。"),
        _("补办移交手续，或更正回原所有权人"), "assets:card", ("assets", "handover"), "R08",
    ),
    Check(
        "handover_stuck", _("移交久拖未签"), Family.WATCH, Severity.MEDIUM, ("3.3",), "handover", _handovers,
        _("%(giver)s向%(taker)s移交，%(since_on)s开始清点，超过%(days)s天未由双方签字。"),
        _("处理清点差异，双方签字，或作废清单"), "handover:detail", ("handover",), "R08",
    ),
    Check(
        "confirmation_stuck", _("确权久拖未批"), Family.TITLE, Severity.MEDIUM, ("2.3", "4.2"), "confirmation",
        _confirmations, _("%(since_on)s拟定，涉及 %(count)s 件资产，超过%(days)s天未批准。"),
        _("审核、批准或退回"), "rights:batch", ("rights",), "R06", by_asset=False,
    ),
    Check(
        "no_keeper", _("无管护责任人"), Family.WATCH, Severity.HIGH, ("2.6.1b", "3.4.1"), "asset", _unkept,
        _("自%(since_on)s起没有管护责任人。"),
        _("落实管护责任人"), "assets:card", ("assets", "custody"), "R09",
    ),
    Check(
        "keeper_left", _("管护责任人已离岗"), Family.WATCH, Severity.HIGH, ("2.6.1b",), "asset", _left,
        _("管护责任人%(keeper)s于%(left_on)s离岗，未办交接。"),
        _("办理交接，落实新的管护责任人"), "assets:card", ("assets", "custody"), "R09",
    ),
    Check(
        "keeper_term_over", _("管护期限已满"), Family.WATCH, Severity.MEDIUM, ("2.6.1b",), "asset", _term_over,
        _("%(keeper)s的管护期限已于%(due_on)s届满。"),
        _("续任或改任管护责任人"), "assets:card", ("assets", "custody"), "R09",
    ),
    Check(
        "keeper_term_ends", _("管护期限将满"), Family.WATCH, Severity.WARNING, ("4.2", "2.6.1b"), "asset", _term_ends,
        _("%(keeper)s的管护期限将于%(due_on)s届满，在%(days)s天预警期内。"),
        _("续任或改任管护责任人"), "assets:card", ("assets", "custody"),
    ),
    Check(
        "division_gone", _("区划失效"), Family.TITLE, Severity.MEDIUM, ("2.6.1b", "3.3"), "asset", _gone_divisions,
        _("所在区划%(place)s（%(place_code)s）已不存在，现属%(into)s。"),
        _("更正所在区划，或移交"), "assets:card", ("assets", "directory"), "R39",
    ),
    Check(
        "owner_merged", _("村已撤并，资产权属待议"), Family.TITLE, Severity.WARNING, ("4.2", "3.3"), "asset", _merging,
        _("所有权人%(owner)s所在村已并入%(into)s，资产不得自动合并，须经成员（代表）会议决定。"),
        _("召开会议，决定归属后确权或移交"), "assets:card", ("assets", "directory"), "R39",
    ),
)  # fmt: skip
