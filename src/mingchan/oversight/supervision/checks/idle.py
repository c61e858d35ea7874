"""Assets and stations that lie still (资产搁置): 1.2a, 2.6.2."""

from collections.abc import Iterator
from typing import Any

from django.db.models import DateField, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.operation.models import Contract
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, known, of_cards, standing, text
from mingchan.oversight.supervision.checks.contracts import bound_on
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.register.assets.models import FormerCard, Site
from mingchan.register.sites.choices import State
from mingchan.register.sites.models import Profile, SiteState, Term


def _words(*groups: str) -> list[str]:
    found = [state for state in policy.conditions().values() if state.counts_as in groups]
    return sorted({word for state in found for word in (state.word, *state.synonyms)})


def _idle(scope: Scope) -> Iterator[Hit]:
    """Cards whose state of use is idle, and was so in every state they had within the bound."""
    words = _words("idle")

    def where(cards: "QuerySet[Any]", key: str) -> "QuerySet[Any]":
        busy = FormerCard.objects.filter(asset_id=OuterRef(key), left_on__lte=scope.on).exclude(condition__in=words)
        last = busy.order_by().values("asset_id").annotate(last=Max("left_on")).values("last")
        since = Coalesce(Subquery(last, output_field=DateField()), "registered_on")
        idle: QuerySet[Any] = cards.filter(condition__in=words).annotate(idle_since=since)
        return idle.filter(idle_since__lt=scope.before("days"))

    return of_cards(scope, where, since="idle_since", figures={"condition": "condition", "idle_on": "idle_since"})


def _damaged(scope: Scope) -> Iterator[Hit]:
    """Cards found missing or damaged and left so."""
    words = _words("damaged", "missing")
    return of_cards(
        scope,
        lambda cards, _key: cards.filter(condition__in=words, state_since__lt=scope.before("days")),
        since="state_since",
        figures={"condition": "condition", "since_on": "state_since"},
    )


def _sites(scope: Scope) -> "QuerySet[Profile]":
    return Profile.objects.filter(county=scope.county, site__closed_on__isnull=True).order_by("pk")


def _suspended(scope: Scope) -> Iterator[Hit]:
    """Stations suspended for longer than the bound."""
    rows = SiteState.objects.filter(
        standing(scope.on), profile__in=_sites(scope), state=State.SUSPENDED, valid_from__lt=scope.before("days")
    ).values_list("profile__site_id", "profile__site__name", "profile__site__division_code", "valid_from", "reason")
    for site, name, division, since, reason in rows:
        yield Hit(site, name, division, since, {"since_on": text(since), "reason": reason})


def _shut(scope: Scope) -> Iterator[Hit]:
    """Contracts in force over a station that is suspended or closed."""
    shut = SiteState.objects.filter(standing(scope.on), state__in=(State.SUSPENDED, State.CLOSED))
    rows = (
        Contract.objects.filter(bound_on(scope.on), county=scope.county, site__isnull=False)
        .filter(Exists(shut.filter(profile__site_id=OuterRef("site_id"))))
        .annotate(shut_on=Subquery(shut.filter(profile__site_id=OuterRef("site_id")).values("valid_from")[:1]))
        .order_by("pk")
    )
    for one, number, division, site, since, operator in rows.values_list(
        "pk", "number", "division_code", "site__name", "shut_on", "operator__name"
    ):
        yield Hit(one, number, division, since, {"site": site, "since_on": text(since), "operator": operator})


def _unmanned(scope: Scope) -> Iterator[Hit]:
    """Stations in operation that nobody keeps."""
    kept = Term.objects.filter(standing(scope.on), profile=OuterRef("pk"), duty="KEEPER")
    running = SiteState.objects.filter(standing(scope.on), profile=OuterRef("pk"), state=State.OPERATING)
    rows = (
        _sites(scope)
        .filter(Exists(running))
        .exclude(Exists(kept))
        .annotate(begun=Subquery(running.values("valid_from")[:1]))
    )
    last = dict(
        Term.objects.filter(profile__county=scope.county, duty="KEEPER", valid_to__lte=scope.on)
        .order_by()
        .values_list("profile_id")
        .annotate(last=Max("valid_to"))
    )
    for profile, site, name, division, begun in rows.values_list(
        "pk", "site_id", "site__name", "site__division_code", "begun"
    ):
        since = known(last.get(profile, begun))
        yield Hit(site, name, division, since, {"since_on": text(since)})


def _empty(scope: Scope) -> Iterator[Hit]:
    """Stations that closed while cards still lie there."""
    for cards, _key in scope.cards():
        rows = (
            cards.filter(site__isnull=False)
            .filter(
                Exists(
                    SiteState.objects.filter(standing(scope.on), profile__site_id=OuterRef("site_id"), state="CLOSED")
                )
            )
            .order_by()
            .values_list("site_id")
            .distinct()
        )
        closed = list(rows.values_list("site_id", flat=True))
        names = Site.objects.filter(pk__in=closed).values_list("pk", "name", "division_code")
        since = dict(
            SiteState.objects.filter(standing(scope.on), profile__site_id__in=closed, state="CLOSED").values_list(
                "profile__site_id", "valid_from"
            )
        )
        for site, name, division in names:
            yield Hit(site, name, division, since[site], {"since_on": text(since[site])})


CHECKS = (
    Check(
        "idle_asset", _("资产长期闲置"), Family.IDLE, Severity.HIGH, ("2.6.2", "1.2a"), "asset", _idle,
        _("使用状况为“%(condition)s”，自%(idle_on)s起未见投入使用，超过规定的%(days)s天。"),
        _("盘活使用，或变更使用者；已投入使用的，更正使用状况"), "assets:card", ("assets",), "R01",
    ),
    Check(
        "damaged_asset", _("损坏丢失未处理"), Family.LOSS, Severity.HIGH, ("3.4.1", "1.2a"), "asset", _damaged,
        _("使用状况为“%(condition)s”，自%(since_on)s起超过%(days)s天未维修、未报损。"),
        _("维修后更正使用状况，或提出报损、报废"), "assets:card", ("assets",), "R04",
    ),
    Check(
        "station_suspended", _("站点长期停业"), Family.IDLE, Severity.HIGH, ("2.6.2",), "site", _suspended,
        _("自%(since_on)s起停业（%(reason)s），超过规定的%(days)s天。"),
        _("恢复运营，或委托他人经营、变更使用者"), "sites:site", ("sites",), "R01", by_asset=False,
    ),
    Check(
        "station_shut", _("站点停业而合同仍在履行"), Family.RUNNING, Severity.HIGH, ("2.6.2", "3.4.1"), "contract",
        _shut,
        _("“%(site)s”自%(since_on)s起停业或撤销，%(operator)s的合同仍在履行。"),
        _("核实站点情况，督促恢复经营或依约终止合同"), "operation:contract", ("sites", "operation"), "R02",
        by_asset=False,
    ),
    Check(
        "station_unmanned", _("站点无负责人"), Family.WATCH, Severity.HIGH, ("2.6.2", "2.6.1b"), "site", _unmanned,
        _("站点运营中，自%(since_on)s起没有管护责任人。"),
        _("为站点落实管护责任人"), "sites:site", ("sites",), "R02", by_asset=False,
    ),
    Check(
        "station_empty", _("站点撤销而资产未移走"), Family.IDLE, Severity.HIGH, ("2.6.2", "3.4.1"), "site", _empty,
        _("站点自%(since_on)s起撤销，名下仍有在册资产。"),
        _("将资产移交其他站点，或提出处置"), "sites:site", ("sites", "assets"), "R01", by_asset=False,
    ),
)  # fmt: skip
