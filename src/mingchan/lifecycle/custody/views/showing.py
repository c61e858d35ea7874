"""How custody is written on pages: rows with names and links, tones of terms, the tabs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.custody import queries
from mingchan.lifecycle.custody.choices import TermState
from mingchan.lifecycle.custody.queries import CustodyFilter, Held
from mingchan.register.assets.choices import Tier

TONES = {TermState.RUNNING: "good", TermState.ENDING: "warn", TermState.OVER: "bad", TermState.UNSET: "neutral"}


def tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """The pages of custody."""
    pages = [
        ("overview", _("管护概况")),
        ("ledger", _("管护台账")),
        ("mine", _("我管护的")),
    ]
    return [{"label": label, "url": reverse(f"custody:{name}"), "active": name == active} for name, label in pages]


def ledger_url(**narrowed: Any) -> str:
    """The list of custody, narrowed."""
    query = urlencode(CustodyFilter(**narrowed).parameters())
    return reverse("custody:ledger") + (f"?{query}" if query else "")


def cards_url(**parameters: Any) -> str:
    """The register's list, narrowed."""
    return f"{reverse('assets:list')}?{urlencode(parameters)}"


def paper(document: str) -> str:
    """The address of a paper given as a reference, empty without one."""
    return reverse("evidence:download", args=[Ref.parse(document).id]) if document else ""


def rows(found: Iterable[Held], on: date) -> list[dict[str, Any]]:
    """Rows of custody with the names they refer to."""
    found = list(found)
    names = queries.names_for(found)
    shown = []
    for row in found:
        state = queries.term_state(row.due_on, on)
        shown.append(
            {
                "row": row,
                "url": reverse("assets:card", args=[row.asset]),
                "site": names.sites.get(row.site, "") if row.site is not None else "",
                "division": names.divisions.get(row.division, row.division),
                "person": names.parties.get(row.person, ""),
                "person_url": reverse("custody:keeper", args=[row.person]),
                "organisation": names.parties.get(row.organisation, "") if row.organisation is not None else "",
                "tier": Tier(row.tier).label,
                "state": state,
                "tone": TONES[state],
            }
        )
    return shown


def duties(tiers: Iterable[str]) -> list[dict[str, Any]]:
    """What keepers of the tiers must do, as the policy pack says."""
    known = policy.custody_duties()
    return [
        {
            "tier": Tier(tier).label,
            "sentences": known[tier].sentences,
            "inspect_days": known[tier].inspect_days,
            "term_months": known[tier].term_months,
        }
        for tier in tiers
        if tier in known
    ]
