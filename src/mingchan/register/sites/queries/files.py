"""One site and its file (站点档案): what it is, holds and should have, who ran and kept it (2.1.2, 2.6.1b)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries.filtering import visible_to
from mingchan.register.sites import rules
from mingchan.register.sites.models import Profile, Requirement, SiteState, Term
from mingchan.register.sites.permissions import VIEW
from mingchan.register.sites.queries import standards
from mingchan.register.sites.queries.filtering import visible
from mingchan.register.sites.queries.holdings import changes_of, grouped

PROTECTED = (
    Protected(
        "site_profile",
        Profile,
        children=(
            Child(Term, fk="profile", name="terms"),
            Child(SiteState, fk="profile", name="states"),
            Child(Requirement, fk="profile", name="requirements"),
        ),
        label=("address",),
    ),
)
"""What the verifier compares with the log."""
MOST_CARDS = 2000


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who keeps cards at a site: the party (None for nobody), how many cards and their cost in fen."""

    party_id: int | None
    name: str
    cards: int
    cost_fen: int


def site(site_id: int, actor: Actor, right: str = VIEW) -> Site:
    """A site the actor may see by the right. Raises NotFound otherwise, as if there were none."""
    found = visible(actor, right).filter(pk=site_id).select_related("merged_into").first()
    if found is None:
        raise NotFound(_("没有这个站点"))
    return found


def profile(site_id: int) -> Profile | None:
    """A site's file with its present holders, None when it has none yet."""
    return Profile.objects.filter(pk=site_id).select_related("operator", "keeper", "organisation").first()


def profiles(site_ids: Iterable[int]) -> QuerySet[Profile]:
    """The files of sites."""
    return Profile.objects.filter(pk__in=list(site_ids))


def terms(site_id: int) -> list[Term]:
    """Who ran and kept a site, newest first."""
    found = Term.objects.filter(profile=site_id).select_related("party", "organisation")
    return list(found.order_by("duty", "-valid_from", "-id"))


def states(site_id: int) -> list[SiteState]:
    """The states of a site, newest first."""
    return list(SiteState.objects.filter(profile=site_id).order_by("-valid_from", "-id"))


def requirements(site_id: int) -> list[Requirement]:
    """The site's own changes of what it should have that hold today."""
    return list(Requirement.objects.filter(profile=site_id, valid_to__isnull=True).order_by("id"))


def photographs(site_id: int) -> list[Attachment]:
    """Photographs of a site, newest first."""
    found = evidence.attachments_of(Ref("site", site_id))
    return sorted((row for row in found if row.kind == AttachmentKind.PHOTO), key=lambda row: -row.pk)


def comparison(site: Site, actor: Actor) -> tuple[list[rules.Compared], list[rules.Group]]:
    """What the site should have beside what the register says is there, and what is there beyond the list (2.2)."""
    kind = standards.effective(site.kind, site.name, site.tier)
    should = rules.wanted(standards.items(kind), changes_of([site.pk]).get(site.pk, ()))
    groups = [rules.Group(row[1], row[2], row[3], int(row[4])) for row in grouped(actor, [site.pk])]
    return rules.compare(should, sorted(groups))


def cards_of_item(site: Site, code: str, actor: Actor) -> list[int]:
    """Ids of the cards at a site that count for an item, or with a blank code for none of them; at most 2,000."""
    kind = standards.effective(site.kind, site.name, site.tier)
    should = [item for item, _changed in rules.wanted(standards.items(kind), changes_of([site.pk]).get(site.pk, ()))]
    cards = Asset.objects.filter(visible_to(actor), site=site, status=Status.ACTIVE).order_by("code")
    found = cards.values_list("pk", "name", "class_code")[:MOST_CARDS]
    return [key for key, name, class_code in found if rules.item_of(name, class_code, should) == code]


def keeping(site_id: int, actor: Actor) -> list[Keeping]:
    """Who keeps the cards at a site, the most cards first (2.6.1b)."""
    cards = Asset.objects.filter(visible_to(actor), site=site_id, status=Status.ACTIVE).order_by()
    rows = list(cards.values_list("keeper_id").annotate(n=Count("pk"), c=Sum("cost_fen")))
    names = dict(Party.objects.filter(pk__in=[key for key, _n, _c in rows if key]).values_list("pk", "name"))
    found = [Keeping(key, names.get(key, ""), n, int(c)) for key, n, c in rows]
    return sorted(found, key=lambda row: (row.party_id is None, -row.cards, row.name))


def active_cards(site_id: int, county: str) -> int:
    """How many cards that count stand at a site, whoever may see them."""
    return Asset.objects.filter(county=county, site=site_id, status=Status.ACTIVE).count()


def agreed_holders(site_ids: Sequence[int], county: str) -> dict[int, tuple[int | None, int | None]]:
    """Operator and keeper that all cards of a site name alike, by site; None where they differ or name nobody."""
    cards = Asset.objects.filter(county=county, site__in=site_ids, status=Status.ACTIVE).order_by()
    rows = list(cards.values_list("site_id", "operator_id", "keeper_id").distinct())
    found: dict[int, tuple[set[int | None], set[int | None]]] = {}
    for site_id, operator, keeper in rows:
        operators, keepers = found.setdefault(site_id, (set(), set()))
        operators.add(operator)
        keepers.add(keeper)
    return {key: (_only(operators), _only(keepers)) for key, (operators, keepers) in found.items()}


def _only(values: set[int | None]) -> int | None:
    return next(iter(values)) if len(values) == 1 else None


def twins(site: Site, actor: Actor) -> list[tuple[int, str]]:
    """Other sites that may be the same: open, in the same town first; for choosing where a duplicate goes."""
    others = visible(actor).filter(closed_on__isnull=True).exclude(pk=site.pk)
    rows = list(others.order_by("name").values_list("pk", "name", "division_code")[:3000])
    town = site.division_code[:9]
    rows.sort(key=lambda row: (not (town and row[2].startswith(town)), row[1]))
    return [(key, name) for key, name, _division in rows]
