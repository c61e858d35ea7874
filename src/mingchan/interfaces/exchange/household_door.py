"""The door of households (受益户名册之门): a workbook is read in the child process and handed on as drafts (2.5a).

The file holds whole numbers of persons, so it is kept nowhere: it lies in the spool folder while it is read, and its
digest alone stays. What was read goes to `distribution`, which keeps it encrypted until it is confirmed.
"""

import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange import wording
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, ReadingFailed
from mingchan.interfaces.exchange.reading.sandbox import run_in_child
from mingchan.interfaces.exchange.services.drafting import Places
from mingchan.interfaces.exchange.services.receiving import SUFFIXES, digest_of
from mingchan.interfaces.exchange.understanding import households
from mingchan.interfaces.exchange.understanding.households import Sheet
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.distribution import services as distribution
from mingchan.lifecycle.distribution.models import Roster

IMPORT = "household.import"


class RosterForm(forms.Form):
    """A workbook of households and the day of which it tells."""

    file = forms.FileField(label=_("选择工作簿"))
    as_of = forms.DateField(label=_("名册日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def read(path: Path, name: str, county: str, on: date) -> households.Understood:
    """A workbook's households and faults. Raises Refusal for a file that can't be read."""
    rows: dict[str, list[list[Any]]] = {}
    lefts: dict[str, int] = {}
    try:
        for frame in run_in_child("cells", path, {"filename": name}):
            if frame["k"] == "sheet":
                rows[frame["sheet"]], lefts[frame["sheet"]] = [], frame["left"]
            elif frame["k"] == "cells":
                rows[frame["sheet"]] += frame["rows"]
    except (ContainerRefused, ReadingFailed) as refused:
        raise Refusal(wording.refusal(refused.code, refused.params), clauses=("2.5a",), field="file") from None
    places = Places(county, on)
    return households.understand([Sheet(sheet, cells) for sheet, cells in rows.items()], places.code)


def bring(content: Any, name: str, as_of: date, *, is_sample: bool = False, actor: Actor, on: date) -> Roster:
    """Read an uploaded workbook and keep it as a preview. Raises Refusal, NotAllowed as `import_households`."""
    if not name.lower().endswith(SUFFIXES):
        raise Refusal(_("请使用 xlsx、xls、ods 或 csv 文件"), clauses=("2.5a",), field="file")
    digest = digest_of(content)
    folder = Path(settings.MINGCHAN_HOME) / "spool"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, text = tempfile.mkstemp(prefix="roster-", suffix=Path(name).suffix, dir=folder)
    path = Path(text)
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := content.read(1 << 20):
                file.write(chunk)
        found = read(path, name, actor.county, on)
    finally:
        path.unlink(missing_ok=True)
    return distribution.import_households(
        found.drafts,
        found.issues,
        file_name=name,
        sha256=digest,
        as_of=as_of,
        is_sample=is_sample,
        actor=actor,
        on=on,
    )


@page(IMPORT, methods=("GET", "POST"))
def upload(request: Any) -> HttpResponse:
    """Hand in a workbook of households; the preview follows."""
    actor, on = request.actor, request.on
    form = RosterForm(request.POST or None, request.FILES or None, initial={"as_of": on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                roster = bring(file, file.name, form.cleaned_data["as_of"], actor=actor, on=on)
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                return redirect("distribution:roster", roster.pk)
    return render(request, "exchange/households.html", {"form": form}, status=status)
