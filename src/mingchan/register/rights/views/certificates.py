"""Certificates (确权证书): the list, one of them with what it still says, its paper."""

import io
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.ui.page import page
from mingchan.register.rights import services
from mingchan.register.rights.choices import Act, Force
from mingchan.register.rights.models import Certificate
from mingchan.register.rights.queries import certificates as queries
from mingchan.register.rights.queries import listing
from mingchan.register.rights.queries.batches import steps
from mingchan.register.rights.views.framing import FORCES, key_in, tabs

LISTED = 2000
"""So many assets are listed on a certificate; of more it gives the sums by system and class."""


def check_address(certificate: Certificate, request: HttpRequest) -> str:
    """The address that the certificate's QR code leads to."""
    found = reverse("rights:answer", args=[certificate.year, certificate.number, certificate.token])
    return request.build_absolute_uri(found)


@page("asset.view")
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates, newest first, each with what it still says today."""
    words = request.GET.get("q", "").strip()[:60]
    found, following = queries.certificates(request.actor, words=words, after=key_in(request))
    names = queries.kind_labels()
    rows = []
    for one in found:
        standing = queries.standing(one, request.on)
        kinds = "、".join(f"{names[kind]}" for kind, _share in queries.kinds_of(one))
        rows.append((one, queries.number_of(one), kinds, standing, FORCES[standing.force]))
    context = {"tabs": tabs("certificates"), "rows": rows, "following": following, "filters": 1 if words else 0}
    return render(request, "rights/certificates.html", context)


@page("asset.view")
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate, what it still says, and its QR code."""
    found = queries.certificate(certificate_id, request.actor)
    standing = queries.standing(found, request.on)
    context = {
        "certificate": found,
        "number": queries.number_of(found),
        "standing": standing,
        "tone": FORCES[standing.force],
        "labels": queries.kind_labels(),
        "check_url": check_address(found, request),
        "qr": queries.qr_squares(check_address(found, request)),
        "token": " ".join(found.token[at : at + 4] for at in range(0, len(found.token), 4)),
    }
    return render(request, "rights/certificate.html", context)


@page("asset.view")
def paper(request: HttpRequest, certificate_id: int) -> FileResponse:
    """The certificate as a PDF to be printed and sealed: what it said when it was issued, and what became of it."""
    found = queries.certificate(certificate_id, request.actor)
    with translation.override("zh-hans"):
        number = queries.number_of(found)
        pdf = papers.render(policy.form("certificate"), _data(found, number, request), on=found.issued_on)
        services.record_printing(found, actor=request.actor, on=request.on)
        name = _("资产确权证书-%(number)s") % {"number": number}
    return FileResponse(io.BytesIO(pdf), filename=f"{name}.pdf", content_type="application/pdf")


def _data(found: Certificate, number: str, request: HttpRequest) -> dict[str, Any]:
    """What the form of the certificate asks for."""
    standing = queries.standing(found, request.on)
    names = queries.kind_labels()
    address = check_address(found, request)
    rows = listing.rows_of(found) if found.count <= LISTED else listing.sums_of(found)
    mark = str(standing.force.label) if standing.force != Force.IN_FORCE else _("示例") if found.is_sample else ""
    return {
        "county": policy.county_name(),
        "number": number,
        "holder": found.holder,
        "holder_code": found.party.uscc,
        "rights": [
            {"kind": names[kind], "share": share, "since_on": found.issued_on}
            for kind, share in queries.kinds_of(found)
        ],
        "count": found.count,
        "assets": rows,
        "total_fen": sum(row["cost_fen"] for row in rows),
        "basis": [found.confirmation.basis, _approved(found)],
        "issuer": found.confirmation.approver.office.name if found.confirmation.approver else "",
        "issued_on": found.issued_on,
        "qr": papers.qr(address),
        "check_url": address,
        "note": _("校验码 %(token)s；内容摘要 %(digest)s。本证不得涂改，权利变动后以查验结果为准。")
        % {"token": found.token, "digest": found.digest[:16]},
        "mark": mark,
    }


def _approved(found: Certificate) -> str:
    """Who proposed, checked and approved it, as the paper names them."""
    when: dict[str, tuple[str, date]] = {
        step.act: (step.account.name, step.on) for step in steps(found.confirmation_id)
    }
    who = "、".join(
        f"{Act(act).label} {when[act][0]}" for act in (Act.PROPOSED, Act.CHECKED, Act.APPROVED) if act in when
    )
    return _("确权批次“%(title)s”（%(who)s）") % {"title": found.confirmation.title, "who": who}
