"""Reading households (受益户查询): lists cut to the actor's villages, one household, a workbook held against them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.distribution import permissions, rules
from mingchan.lifecycle.distribution.choices import Category
from mingchan.lifecycle.distribution.drafts import HouseholdDraft
from mingchan.lifecycle.distribution.models import Household, Member, Payment, Roster, Share, Standing

PAGE = 50
EXPORT_MOST = 50_000
_CHUNK = 1000


@dataclass(slots=True)
class Compared:
    """A workbook held against the register: places of drafts that are new, changed (with the household), the same;
    households of its villages it doesn't name; numbers of drafts with a person of another household, or of a number
    that another household has; the last day anything of those villages began."""

    added: list[int] = field(default_factory=list)
    changed: dict[int, int] = field(default_factory=dict)
    same: dict[int, int] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    latest: date | None = None


def compare(drafts: Sequence[HouseholdDraft], marks: Sequence[str], county: str) -> Compared:
    """Hold drafts against the register; `marks` are the digests of their members one after the other.

    A household is known by a person of it. A handful of statements for however many drafts.
    """
    found = Compared()
    villages = sorted({draft.division_code for draft in drafts})
    inside = Household.objects.filter(county=county, division_code__in=one_of(villages))
    households = {one.pk: one for one in inside}
    known: dict[str, list[tuple[int, bool]]] = {}
    members = Member.objects.filter(county=county, id_mark__in=one_of(marks))
    for mark, key, left_on in members.order_by("id").values_list("id_mark", "household_id", "left_on"):
        known.setdefault(mark, []).append((key, left_on is None))
    outside = {key for rows in known.values() for key, _present in rows} - set(households)
    households |= {one.pk: one for one in Household.objects.filter(pk__in=one_of(outside, "bigint"))}
    keys = one_of(households, "bigint")
    standings = dict(
        Standing.objects.filter(household__in=keys, ended_on__isnull=True).values_list("household_id", "category")
    )
    present: dict[int, dict[str, tuple[str, str, bool]]] = {}
    for key, mark, name, relation, is_head in Member.objects.filter(
        household__in=keys, left_on__isnull=True
    ).values_list("household_id", "id_mark", "name", "relation", "is_head"):
        present.setdefault(key, {})[mark] = (name, relation, is_head)
    by_number = {(one.division_code, one.number): one.pk for one in households.values()}
    matched: set[int] = set()
    at = 0
    for index, draft in enumerate(drafts):
        own = marks[at : at + len(draft.members)]
        at += len(draft.members)
        its = _household_of(own, known)
        holder = by_number.get((draft.division_code, draft.number))
        if holder is not None and holder != its:
            found.taken.append(draft.number)
        if its is None:
            found.added.append(index)
            continue
        others = any(is_present and other != its for mark in own for other, is_present in known.get(mark, ()))
        if its in matched or others:
            found.elsewhere.append(draft.number)
        matched.add(its)
        if _is_same(draft, own, households[its], standings.get(its, ""), present.get(its, {})):
            found.same[index] = its
        else:
            found.changed[index] = its
    found.missing = [
        one.pk
        for one in households.values()
        if one.pk not in matched and one.left_on is None and one.division_code in set(villages)
    ]
    found.latest = Standing.objects.filter(household__in=inside.values("pk")).aggregate(last=Max("starts_on"))["last"]
    return found


def _household_of(marks: Sequence[str], known: Mapping[str, Sequence[tuple[int, bool]]]) -> int | None:
    """The household that a person of the draft is in now, the head asked first; else one somebody was in."""
    for wanted in (True, False):
        for mark in marks:
            for key, is_present in known.get(mark, ()):
                if is_present or not wanted:
                    return key
    return None


def _is_same(
    draft: HouseholdDraft,
    marks: Sequence[str],
    household: Household,
    category: str,
    present: Mapping[str, tuple[str, str, bool]],
) -> bool:
    told = {
        mark: (one.name.strip(), one.relation[:20], place == 0)
        for place, (mark, one) in enumerate(zip(marks, draft.members, strict=True))
    }
    account = rules.plain_number(draft.account)
    mark = crypto.lookup_digest(account, context="household.account").hex() if account else ""
    plain = (draft.division_code, draft.number, draft.people, draft.bank.strip()[:80], draft.category)
    kept = (household.division_code, household.number, household.people, household.bank, category)
    return (
        plain == kept
        and told == present
        and household.left_on is None
        and household.account_mark == mark
        and household.phone_mask == crypto.mask_phone(draft.phone)
        and _phone_is(household, rules.plain_number(draft.phone))
    )


def _phone_is(household: Household, phone: str) -> bool:
    if household.phone_cipher is None:
        return not phone
    try:
        return crypto.decrypt(bytes(household.phone_cipher), context="household.phone") == phone
    except crypto.Undecipherable:
        return False


# ---- Lists --------------------------------------------------------------------------------------------------------


class HouseholdRow(NamedTuple):
    """A household as lists show it."""

    id: int
    division: str
    number: str
    head: str
    people: int
    category: str | None
    phone: str
    account: str
    bank: str
    joined_on: date
    left_on: date | None
    is_sample: bool


_ROW = (
    "id", "division_code", "number", "head", "people", "now", "phone_mask", "account_mask", "bank", "joined_on",
    "left_on", "is_sample",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """Which households: by words (name, initials or number), division prefix, category, whether they left."""

    words: str = ""
    division: str = ""
    category: str = ""
    left: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "HouseholdFilter":
        """The filter of a query string; what can't be read doesn't narrow."""
        division, category = given.get("division", ""), given.get("category", "")
        return cls(
            words=given.get("q", "").strip()[:40],
            division=division if division.isascii() and division.isdecimal() and len(division) <= 12 else "",
            category=category if category in Category.values else "",
            left=given.get("left") == "1",
        )


def visible_to(actor: Actor) -> QuerySet[Household]:
    """Households of the villages over which the actor may see them."""
    inside = Q(pk__in=())
    for scope in actor.scopes(permissions.VIEW_HOUSEHOLDS):
        inside |= Q(division_code__startswith=scope)
    return Household.objects.filter(inside, county=actor.county)


def narrowed(actor: Actor, asked: HouseholdFilter) -> QuerySet[Household]:
    """The actor's households that a filter asks for, with their category of today as `now`."""
    current = Standing.objects.filter(household=OuterRef("pk"), ended_on__isnull=True)
    rows = visible_to(actor).annotate(now=Subquery(current.values("category")[:1]))
    rows = rows.filter(left_on__isnull=not asked.left)
    if asked.division:
        whole = len(asked.division) == 12
        rows = rows.filter(division_code__startswith=rules.scope_of(asked.division) if whole else asked.division)
    if asked.category:
        rows = rows.filter(Exists(current.filter(category=asked.category)))
    if asked.words:
        lower = asked.words.lower()
        rows = rows.filter(Q(head__startswith=asked.words) | Q(initials__startswith=lower) | Q(number=asked.words))
    return rows


def page(asked: HouseholdFilter, actor: Actor, after: str = "") -> tuple[list[HouseholdRow], str]:
    """A page of households in the order of village and number (keyset), and where the next begins."""
    rows = narrowed(actor, asked).order_by("division_code", "number")
    division, dash, number = after.partition("_")
    if dash and division.isdecimal():
        rows = rows.filter(Q(division_code__gt=division) | Q(division_code=division, number__gt=number))
    found = [HouseholdRow(*row) for row in rows.values_list(*_ROW)[: PAGE + 1]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.division}_{last.number}" if last else ""


def totals(asked: HouseholdFilter, actor: Actor) -> tuple[int, int]:
    """How many households a filter finds, and how many people."""
    found = narrowed(actor, asked).aggregate(count=Count("pk"), people=Sum("people"))
    return found["count"], found["people"] or 0


def by_village(actor: Actor) -> list[tuple[str, int, int]]:
    """Villages with households in the register: code, households, people."""
    rows = visible_to(actor).filter(left_on__isnull=True).values_list("division_code")
    return list(rows.annotate(count=Count("pk"), people=Sum("people")).order_by("division_code"))


def household(actor: Actor, household_id: int) -> Household:
    """One household. Raises NotFound out of the actor's sight."""
    found = visible_to(actor).filter(pk=household_id).first()
    if found is None:
        raise NotFound(_("没有这个受益户"))
    return found


def members(household: Household) -> list[Member]:
    """Its people, those who left last."""
    return list(
        Member.objects.filter(household=household).order_by(F("left_on").desc(nulls_first=True), "-is_head", "id")
    )


def standings(household: Household) -> list[Standing]:
    """What it was and is, newest first."""
    return list(Standing.objects.filter(household=household).order_by("-starts_on", "-id"))


def received_by(household: Household) -> list[dict[str, Any]]:
    """Its shares of plans newest first, each with its payments; shares of former rounds left out."""
    shares = Share.objects.filter(household=household, round=F("plan__round")).select_related("plan").order_by("-id")
    payments: dict[int, list[Payment]] = {}
    for payment in Payment.objects.filter(share__in=shares.values("pk")).select_related("payout").order_by("id"):
        payments.setdefault(payment.share_id, []).append(payment)
    return [{"share": share, "plan": share.plan, "payments": payments.get(share.pk, [])} for share in shares]


def candidates(county: str, division: str, categories: Iterable[str], as_of: date) -> list[rules.Candidate]:
    """Households of a division that may get a share on a day, by their category on that day."""
    on_day = Q(starts_on__lte=as_of) & (Q(ended_on__isnull=True) | Q(ended_on__gt=as_of))
    rows = Standing.objects.filter(
        on_day,
        category__in=list(categories),
        household__county=county,
        household__division_code__startswith=rules.scope_of(division),
    )
    names = ("household_id", "household__division_code", "household__number", "household__people", "category")
    return [rules.Candidate(*row) for row in rows.values_list(*names)]


def rosters(actor: Actor) -> list[Roster]:
    """Workbooks of households, newest first."""
    if not actor.may(permissions.IMPORT):
        return []
    return list(Roster.objects.filter(county=actor.county).defer("content").order_by("-id")[:PAGE])


def roster(actor: Actor, roster_id: int) -> Roster:
    """One workbook. Raises NotFound for whoever may not import."""
    found = Roster.objects.filter(pk=roster_id, county=actor.county).first()
    if found is None or not actor.may(permissions.IMPORT):
        raise NotFound(_("没有这份名册"))
    return found
