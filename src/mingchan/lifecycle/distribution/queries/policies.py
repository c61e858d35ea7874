"""Reading policies (分配办法查询): versions by division, and the one in force on a day."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.policy.queries import figure
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.distribution import permissions, rules
from mingchan.lifecycle.distribution.choices import PolicyStatus
from mingchan.lifecycle.distribution.models import Policy, PolicyShare, PolicyWeight


def visible_to(actor: Actor) -> QuerySet[Policy]:
    """Policies of the actor's divisions, and those of the wider divisions they lie in."""
    inside = Q(pk__in=())
    for scope in actor.scopes(permissions.VIEW):
        inside |= Q(division_code__startswith=scope)
        inside |= Q(division_code__in=sorted({scope[:6].ljust(12, "0"), scope[:9].ljust(12, "0")}))
    return Policy.objects.filter(inside, county=actor.county)


def listed(actor: Actor) -> list[Policy]:
    """Every policy, newest edition of a division first."""
    return list(visible_to(actor).order_by("division_code", "-edition"))


def file_until(policy: Policy) -> date | None:
    """The last day on which a draft should be filed with county finance; None for one that isn't a draft (2.5b)."""
    return rules.file_until(policy.made_on, figure("distribution.file_days")) if _is_draft(policy) else None


def is_late(policy: Policy, on: date) -> bool:
    """Whether a draft should have been filed by now."""
    until = file_until(policy)
    return until is not None and until < on


def _is_draft(policy: Policy) -> bool:
    return policy.status == PolicyStatus.DRAFT


def unfiled(actor: Actor, on: date) -> tuple[int, int, date | None]:
    """Drafts the actor sees that still have time, those that are late, and the last day of the next: one statement."""
    drafts = visible_to(actor).filter(status=PolicyStatus.DRAFT).values_list("made_on", flat=True)
    days = figure("distribution.file_days")
    ends = [rules.file_until(made, days) for made in drafts]
    open_ones = [end for end in ends if end >= on]
    return len(open_ones), len(ends) - len(open_ones), min(open_ones, default=None)


def policy(actor: Actor, policy_id: int) -> Policy:
    """One policy. Raises NotFound out of the actor's sight."""
    found = visible_to(actor).filter(pk=policy_id).first()
    if found is None:
        raise NotFound(_("没有这个分配办法"))
    return found


def in_force(county: str, division: str, day: date) -> Policy | None:
    """The filed policy that holds for a division on a day: its own, else its town's, else the county's."""
    scope = rules.scope_of(division)
    codes = [code.ljust(12, "0") for code in dict.fromkeys((scope, scope[:9], scope[:6])) if len(code) in (6, 9, 12)]
    rows = Policy.objects.filter(
        county=county, division_code__in=codes, status=PolicyStatus.FILED, starts_on__lte=day
    ).order_by("-starts_on", "-edition")
    found: dict[str, Policy] = {}
    for row in rows:
        found.setdefault(row.division_code, row)
    return next((found[code] for code in codes if code in found), None)


def bounds(policy: Policy) -> dict[str, tuple[int, int]]:
    """Least and most ten-thousandths by use."""
    rows = PolicyShare.objects.filter(policy=policy).order_by("id")
    return {use: (least, most) for use, least, most in rows.values_list("use", "least", "most")}


def weights(policy: Policy) -> dict[str, int]:
    """Weights by category, for shares by need."""
    return dict(PolicyWeight.objects.filter(policy=policy).values_list("category", "weight"))
