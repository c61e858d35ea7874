"""Certificates (确权证书): the list, one of them, and what each still says, computed from the rights (2.3)."""

from dataclasses import dataclass
from datetime import date

import segno
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries.holding import on_day
from mingchan.register.rights import rules
from mingchan.register.rights.choices import Force
from mingchan.register.rights.models import Certificate
from mingchan.register.rights.queries.batches import visible

PAGE = 50


@dataclass(frozen=True, slots=True)
class Still:
    """What is left of one kind of right on a certificate: the share, how many assets it was, how many it still is."""

    kind: str
    share: str
    count: int
    still: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate still says on a day: in force, partly, or superseded; by kind, and the assets' cost in fen.

    An asset is among the `assets` that still stand while at least one of the certificate's rights over it holds.
    """

    force: Force
    kinds: tuple[Still, ...]
    assets: int
    cost_fen: int


def number_of(certificate: Certificate) -> str:
    """The certificate's number as papers write it; the first character of the county's name stands before it."""
    return rules.certificate_number(policy.county_name()[:1], certificate.year, certificate.number)


def share_text(numerator: int, denominator: int) -> str:
    """A share in words: 全部, 1/3."""
    return str(_("全部")) if numerator == denominator else f"{numerator}/{denominator}"


def kinds_of(certificate: Certificate) -> list[tuple[str, str]]:
    """The kinds of right of a certificate, each with its share in words."""
    found = []
    for part in certificate.kinds.split("；"):
        kind, _space, share = part.partition(" ")
        numerator, _slash, denominator = share.partition("/")
        found.append((kind, share_text(int(numerator), int(denominator))))
    return found


def standing(certificate: Certificate, day: date) -> Standing:
    """What the certificate still says on a day, from the rights that its batch gave and that still hold.

    Two statements, grouped, found through the holder's index.
    """
    given = Right.objects.filter(
        on_day(day), party_id=certificate.party_id, source=str(Ref("confirmation", certificate.confirmation_id))
    )
    held = dict(given.order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = tuple(
        Still(kind, share, certificate.count, held.get(kind, 0)) for kind, share in kinds_of(certificate)
    )  # fmt: skip
    left, most = sum(one.still for one in kinds), sum(one.count for one in kinds)
    force = Force.IN_FORCE if left == most else Force.PARTLY if left else Force.SUPERSEDED
    if force == Force.IN_FORCE:
        return Standing(force, kinds, certificate.count, certificate.cost_fen)
    cards = Asset.objects.filter(pk__in=given.values("asset_id")).aggregate(n=Count("pk"), c=Sum("cost_fen"))
    return Standing(force, kinds, int(cards["n"] or 0), int(cards["c"] or 0))


def certificate(certificate_id: int, actor: Actor) -> Certificate:
    """One certificate. Raises NotFound out of the actor's reach, as if there were none."""
    found = (
        Certificate.objects.filter(pk=certificate_id, confirmation__in=visible(actor))
        .select_related("confirmation__approver__office", "party")
        .first()
    )
    if found is None:
        raise NotFound(_("没有这张确权证书"))
    return found


def certificates(
    actor: Actor, *, words: str = "", after: int | None = None, limit: int = PAGE
) -> tuple[list[Certificate], int | None]:
    """Certificates, newest first, found by holder or number, and the key after which the next page goes on."""
    rows = Certificate.objects.filter(confirmation__in=visible(actor)).select_related("confirmation", "party")
    if words:
        found = Q(holder__icontains=words)
        digits = "".join(char for char in words if char.isdecimal())
        if digits and len(digits) < 9:
            found |= Q(number=int(digits))
        rows = rows.filter(found)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    page = list(rows.order_by("-id")[: limit + 1])
    return page[:limit], (page[limit - 1].pk if len(page) > limit else None)


def of_batch(batch_id: int) -> list[Certificate]:
    """The certificates that a batch issued, by number."""
    return list(Certificate.objects.filter(confirmation_id=batch_id).select_related("party").order_by("number"))


def genuine(token: str, year: int, number: int, county: str) -> Certificate | None:
    """The certificate of a number and its token, None when either is wrong: both must be known."""
    rows = Certificate.objects.filter(token=token, year=year, number=number, county=county)
    return rows.select_related("confirmation", "party").first()


def kind_labels() -> dict[str, str]:
    """Names of the kinds of right."""
    return {value: str(label) for value, label in RightKind.choices}


def qr_squares(address: str) -> tuple[int, str]:
    """The QR code of an address as (side in squares, path of an SVG): one path of unit squares, for a page to draw."""
    code = segno.make(address, error="m")
    rows = [list(row) for row in code.matrix]
    drawn = [f"M{x + 1} {y + 1}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return len(rows) + 2, "".join(drawn)
