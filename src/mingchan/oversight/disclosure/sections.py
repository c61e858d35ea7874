"""What disclosure adds to lower pages: the notices of a matter on its own page, and what holds it (公示、异议)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.ui.sections import Section
from mingchan.oversight.disclosure import permissions
from mingchan.oversight.disclosure.queries import listing, standing
from mingchan.oversight.disclosure.views import showing


def of_case(case: Case, request: HttpRequest) -> Mapping[str, Any] | None:
    """The notices of a matter with the days they still have and the objections that hold it; None without any."""
    found = []
    for notice in listing.of_case(case.pk):
        bar = showing.period_bar(notice, request.on)  # type: ignore[attr-defined]
        is_running = notice.state == "PUBLISHED"
        held = list(standing.holding(notice).order_by("id")) if is_running else []
        found.append((notice, bar["words"] if bar is not None and is_running else "", held))
    if not found:
        return None
    return {
        "notices": found,
        "tones": showing.TONES,
        "may_see": request.actor.may(permissions.SEE_OBJECTIONS, case.division_code),  # type: ignore[attr-defined]
        "today": request.on,  # type: ignore[attr-defined]
    }


OF_CASE = Section("disclosure", _("公示"), "", 10, permissions.VIEW, "disclosure/_case.html", of_case)
