"""Issuing certificates (颁发证书): one for each holder of an approved batch, numbered without gaps (2.3)."""

import base64
import secrets
from datetime import date

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.rights import events, rules
from mingchan.register.rights.models import Certificate, CertificateSeries, Confirmation, Proposed
from mingchan.register.rights.queries.batches import proposed
from mingchan.register.rights.queries.certificates import number_of
from mingchan.register.rights.queries.documents import CERTIFICATE, certificate_content

TOKEN_BYTES = 10
"""Eighty bits of chance, sixteen letters and digits: nobody guesses another certificate's address."""


def issue(confirmation: Confirmation, *, actor: Actor, on: date) -> list[Certificate]:
    """One certificate for each holder of the batch, in the order in which they were proposed."""
    held: dict[int, list[Proposed]] = {}
    for one in proposed(confirmation.pk):
        held.setdefault(one.party_id, []).append(one)
    CertificateSeries.objects.bulk_create(
        [CertificateSeries(county=confirmation.county, year=on.year)], ignore_conflicts=True
    )
    series = CertificateSeries.objects.select_for_update().get(county=confirmation.county, year=on.year)
    issued: list[Certificate] = []
    for party_id, rights in held.items():
        series.last += 1
        certificate = Certificate(
            county=confirmation.county, year=on.year, number=series.last, token=_token(), confirmation=confirmation,
            party_id=party_id, holder=rights[0].party.name, issued_on=on, is_sample=confirmation.is_sample,
            kinds="；".join(f"{one.kind} {one.numerator}/{one.denominator}" for one in rights),
            count=confirmation.count, quantity_milli=confirmation.quantity_milli, cost_fen=confirmation.cost_fen,
        )  # fmt: skip
        certificate.digest = rules.digest(certificate_content(certificate, confirmation.digest))
        certificate.save(force_insert=True)
        issued.append(certificate)
        evidence.record(
            events.ISSUED,
            Ref("certificate", certificate.pk),
            actor=actor,
            on=on,
            after=protection.document(CERTIFICATE, certificate),
            division=confirmation.division_code,
            facts={"number": number_of(certificate), "name": _("确权证书")},
        )
    series.save(force_update=True)
    return issued


def _token() -> str:
    return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()
