"""The public status of a list (清单核验): whoever holds the paper sees by its QR code how far the list is (3.3, 4.3).

The address holds the first digits of the content's digest as the paper prints them, so counting finds nothing, and a
paper that no longer is the list is answered like one that never was. No party, no person and no thing is named.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingchan.kernel.ui.page import public
from mingchan.register.handover import queries
from mingchan.register.handover.choices import Side
from mingchan.register.handover.queries import printed
from mingchan.register.handover.views import showing


@public()
def status(request: HttpRequest, handover_id: int, digest: str) -> HttpResponse:
    """State, counts and days of signature of the list that a paper is of; 404 for any other address."""
    found = printed.of_paper(settings.COUNTY, handover_id, digest)
    if found is None:
        response = render(request, "handover/status_unknown.html", {}, status=404)
    else:
        sums = queries.sums(found)
        standing = {one.side: one.signed_on for one in queries.signatures(found) if one.voided_on is None}
        context = {
            "handover": found,
            "tone": showing.TONES[found.state],
            "sums": sums,
            "progress": queries.progress(found),
            "signed": [(side.label, standing.get(side.value)) for side in Side],
        }
        response = render(request, "handover/status.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
