"""A report of the public made a finding (立为问题), from its page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page
from mingchan.oversight.complaints import queries as complaints
from mingchan.oversight.supervision import forms, services
from mingchan.register.assets.models import Asset


@page("finding.review", methods=("POST",))
def from_complaint(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Make the report a finding; the report goes on and is answered by itself."""
    complaint = complaints.complaint(complaint_id, request.actor)
    form = forms.RaiseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明问题。"))
        return redirect("complaints:detail", complaint_id)
    asset = None
    if complaint.asset_code:
        asset = (
            Asset.objects.filter(county=complaint.county, code=complaint.asset_code)
            .values_list("pk", flat=True)
            .first()
        )
    try:
        made = services.raise_by_hand(
            "complaint",
            subject=f"complaint:{complaint.pk}",
            title=f"{complaint.number} {complaint.get_kind_display()}",
            text=form.cleaned_data["text"],
            division=complaint.division_code or complaint.handled_in,
            severity=form.cleaned_data["severity"],
            asset=asset,
            actor=request.actor,
            on=request.on,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("complaints:detail", complaint_id)
    messages.success(request, _("已立为问题，由责任单位整改。"))
    return redirect("supervision:finding", made.pk)
