"""The six goals of the plan as scores (六个目标, 1.2): each with its parts, their figures and the list behind each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.income.models import Receivable
from mingchan.lifecycle.operation.models import Contract
from mingchan.oversight.supervision import permissions, rules
from mingchan.oversight.supervision.checks.base import Text
from mingchan.oversight.supervision.checks.contracts import bound_on
from mingchan.oversight.supervision.choices import STANDING
from mingchan.oversight.supervision.models import Finding
from mingchan.register.assets.models import Asset


@dataclass(frozen=True, slots=True)
class GoalPart:
    """One part of a goal: what is counted, how many meet it of how many, its weight, the list of those that don't."""

    label: Text
    met: int
    of: int
    weight: int
    url: str

    @property
    def missing(self) -> int:
        """How many don't meet it."""
        return self.of - self.met

    @property
    def bp(self) -> int:
        """The share that meets it in hundredths of a percent."""
        return rules.Part("", self.met, self.of, self.weight).bp


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the six goals, its score in hundredths of a point and the parts it is made of."""

    code: str
    title: Text
    points: int
    parts: tuple[GoalPart, ...]


def _cards(actor: Actor, division: str) -> Q:
    scope = Q(pk__in=[])
    for prefix in actor.scopes(permissions.VIEW):
        scope |= Q(division_code__startswith=prefix)
    own = Q(county=actor.county, status="ACTIVE") & scope
    return own & Q(division_code__startswith=division) if division else own


def goals(actor: Actor, on: date, division: str = "") -> list[Goal]:
    """The six goals over what the actor may see, or over a division of it, in a handful of statements (1.2)."""
    active = Asset.objects.filter(_cards(actor, division)).order_by()
    card = active.aggregate(
        every=Count("pk"),
        classed=Count("pk", filter=~Q(class_code="")),
        dated=Count("pk", filter=Q(acquired_on__isnull=False)),
        placed=Count("pk", filter=Q(site__isnull=False) | ~Q(place="")),
        owned=Count("pk", filter=Q(owner__isnull=False)),
        used=Count("pk", filter=Q(user__isnull=False)),
        kept=Count("pk", filter=Q(keeper__isnull=False)),
        earning=Count("pk", filter=Q(asset_type="INDUSTRY")),
        income=Count("pk", filter=Q(asset_type="INDUSTRY", income_holder__isnull=False)),
    )
    place = Q(division_code__startswith=division) if division else Q()
    seen = Finding.objects.filter(permissions.visible_to(actor), place, state__in=STANDING)
    wrong: Callable[..., int] = lambda *codes: counted(seen, codes)
    due = Receivable.objects.filter(
        place, county=actor.county, cancelled_on__isnull=True, due_on__lte=on, kind__in=("RENT", "SHARE", "OTHER")
    ).aggregate(every=Count("pk"))
    contracts = Contract.objects.filter(bound_on(on), place, county=actor.county).count()
    cards, findings = reverse("assets:list"), reverse("supervision:list")
    under = f"&division={division}" if division else ""
    town = f"&town={division}" if division else ""

    def on_cards(label: Text, met: int, of: int, weight: int, problem: str) -> GoalPart:
        return GoalPart(label, met, of, weight, f"{cards}?problem={problem}{under}")

    def on_findings(label: Text, of: int, weight: int, *codes: str) -> GoalPart:
        bad = min(of, wrong(*codes))
        asked = f"check={codes[0]}" if len(codes) == 1 else f"state=standing&family={FAMILY_OF[codes[0]]}"
        return GoalPart(label, of - bad, of, weight, f"{findings}?{asked}{town}")

    every = card["every"]
    found = [
        ("known", _("底数清晰"), (
            on_cards(_("已归入国家分类"), card["classed"], every, 30, "NO_CLASS"),
            on_cards(_("有取得日期"), card["dated"], every, 20, "NO_DATE"),
            on_cards(_("有站点或存放地点"), card["placed"], every, 20, "NO_PLACE"),
            on_findings(_("无盘亏、损坏丢失"), every, 30, "survey_lost", "damaged_asset"),
        )),
        ("titled", _("产权明晰"), (
            on_cards(_("有所有权人"), card["owned"], every, 50, "NO_OWNER"),
            on_cards(_("有使用权人"), card["used"], every, 20, "NO_USER"),
            on_findings(_("权属无冲突、手续齐全"), every, 30, "two_owners", "owner_without_handover", "division_gone"),
        )),
        ("typed", _("类型科学"), (
            on_cards(_("已归入国家分类"), card["classed"], every, 60, "NO_CLASS"),
            on_findings(_("使用年限符合规定"), every, 40, "life_short"),
        )),
        ("answered", _("责任明确"), (
            on_cards(_("有管护责任人"), card["kept"], every, 60, "NO_KEEPER"),
            on_findings(_("管护人在岗、期限有效"), every, 40, "keeper_left", "keeper_term_over"),
        )),
        ("shared", _("利益联结完善"), (
            on_cards(_("资产收益类有收益权人"), card["income"], card["earning"], 40, "NO_INCOME"),
            on_findings(_("到期收益按时收缴"), due["every"], 60, "rent_overdue"),
        )),
        ("run", _("运行规范"), (
            on_findings(_("资产在用，无长期闲置"), every, 40, "idle_asset"),
            on_findings(_("使用有合同"), every, 30, "used_without_contract"),
            on_findings(_("合同期内且手续齐全"), contracts, 30, "contract_expired", "contract_long", "uninsured"),
        )),
    ]  # fmt: skip
    return [
        Goal(code, title, rules.score([rules.Part("", part.met, part.of, part.weight) for part in parts]), parts)
        for code, title, parts in found
    ]


FAMILY_OF = {"survey_lost": "LOSS", "two_owners": "TITLE", "keeper_left": "WATCH", "contract_expired": "RUNNING"}
"""The family that the list is narrowed to when a part counts more than one check."""


def counted(seen: "object", codes: tuple[str, ...]) -> int:
    """How many things the checks found wrong."""
    return int(seen.filter(check_code__in=codes).order_by().values("subject").distinct().count())  # type: ignore[attr-defined]
