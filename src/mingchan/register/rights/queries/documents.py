"""What the verifier compares of confirmations: batches, holders, steps, certificates; batches' own digests (2.3)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.evidence.protection import Child, Disagreement, Protected
from mingchan.kernel.database import streamed
from mingchan.register.rights import rules
from mingchan.register.rights.choices import OPEN, State
from mingchan.register.rights.models import Certificate, Confirmation, Member, Proposed, Step

CONFIRMATION = Protected(
    "confirmation",
    Confirmation,
    children=(
        Child(Proposed, fk="confirmation", name="holders", exclude=("id",)),
        Child(Step, fk="confirmation", name="steps", exclude=("id",)),
    ),
    label=("title",),
)
CERTIFICATE = Protected("certificate", Certificate, label=("holder",))
PROTECTED = (CONFIRMATION, CERTIFICATE)


def digest_of(confirmation: Confirmation) -> str:
    """The digest of a batch's content: title, basis, paper, holders and each asset as it was when proposed.

    The paper counts by its own digest, so that another file under the same number is another content. Two statements
    and one pass over the assets, however many.
    """
    holders = Proposed.objects.filter(confirmation_id=confirmation.pk).order_by("id")
    rows = Member.objects.filter(confirmation_id=confirmation.pk).order_by("asset_id")
    columns = ("asset_id", "version", "quantity_milli", "cost_fen")
    with streamed(rows.values_list(*columns), 20_000) as assets:
        of_assets = rules.digest_of_rows(assets)
    return rules.digest(
        {
            "title": confirmation.title,
            "basis": confirmation.basis,
            "paper": paper_digest(confirmation.document),
            "holders": [
                [one.kind, one.party_id, one.numerator, one.denominator, one.organisation_id, _day(one.due_on)]
                for one in holders
            ],
            "assets": of_assets,
        }
    )


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def paper_digest(document: str) -> str:
    """The digest of a paper given as a reference; blank without one."""
    _kind, _colon, number = document.partition(":")
    if not number.isdecimal():
        return ""
    return Attachment.objects.filter(pk=int(number)).values_list("sha256", flat=True).first() or ""


def certificate_content(certificate: Certificate, batch_digest: str) -> dict[str, Any]:
    """All that a certificate says, whose digest it bears."""
    return {
        "county": certificate.county,
        "year": certificate.year,
        "number": certificate.number,
        "holder": certificate.holder,
        "party": certificate.party_id,
        "kinds": certificate.kinds,
        "count": certificate.count,
        "quantity": certificate.quantity_milli,
        "cost": certificate.cost_fen,
        "on": certificate.issued_on.isoformat(),
        "batch": batch_digest,
    }


def faults() -> Iterator[Disagreement]:
    """Batches whose assets, holders or paper are no longer what was proposed, and certificates that say something else.

    The assets of a batch stand in no document of the log: the batch vouches for them by its digest.
    """
    fixed = Confirmation.objects.exclude(state__in=(*OPEN, State.WITHDRAWN)).order_by("id")
    for confirmation in fixed.iterator(chunk_size=200):
        found = digest_of(confirmation)
        if found != confirmation.digest:
            words = _("确权批次“%(name)s”的内容与提出时不同") % {"name": confirmation.title}
            yield Disagreement(f"confirmation:{confirmation.pk}", "digest", confirmation.digest, found, words)
    for certificate in Certificate.objects.select_related("confirmation").order_by("id").iterator(chunk_size=200):
        found = rules.digest(certificate_content(certificate, certificate.confirmation.digest))
        if found != certificate.digest:
            words = _("确权证书所载内容与颁发时不同")
            yield Disagreement(f"certificate:{certificate.pk}", "digest", certificate.digest, found, words)
