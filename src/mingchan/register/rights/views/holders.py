"""Holders and their ledgers (归属部门台账): who holds what, and one holder's assets by system and class (3.3)."""

import io
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import format_day
from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import RightKind, SixClass, System
from mingchan.register.rights import services, sheets
from mingchan.register.rights.queries import holders as queries
from mingchan.register.rights.queries.certificates import share_text
from mingchan.register.rights.views.framing import address, day_in, key_in, tabs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024 * 1024


@page("asset.view")
def holders(request: HttpRequest) -> HttpResponse:
    """Parties with what each holds, by kind of right."""
    kind = request.GET.get("kind", "")
    words = request.GET.get("q", "").strip()[:60]
    found, following = queries.holders(request.actor, kind=kind, words=words, after=key_in(request))
    names = directory.division_names(one.party.division_code for one in found)
    context = {
        "tabs": tabs("holders"),
        "rows": [(one, names.get(one.party.division_code, "")) for one in found],
        "following": following,
        "kinds": RightKind.choices,
        "filters": bool(words) + bool(kind),
    }
    return render(request, "rights/holders.html", context)


def _kind(request: HttpRequest, held: dict[str, Any]) -> str:
    """The kind of right asked for, else the first that the party holds."""
    asked = request.GET.get("kind", "")
    if asked in RightKind.values:
        return asked
    return next((kind for kind in RightKind.values if kind in held), RightKind.OWNERSHIP.value)


@page("asset.view")
def ledger(request: HttpRequest, party_id: int) -> HttpResponse:
    """One holder's ledger of one kind of right, today or on a past day."""
    actor = request.actor
    party = queries.holder(party_id, actor)
    held = queries.held_by([party_id], actor).get(party_id, {})
    kind = _kind(request, held)
    day, bad_day = day_in(request)
    asked = queries.filter_of(party_id, kind, day)
    count = assets.count(asked, actor)
    place = assets.Place.parse(request.GET.get("after", ""))
    before = assets.Place.parse(request.GET.get("before", ""))
    found = assets.rows(asked, actor, after=place, before=before, of=count)
    shares = queries.shares_of(party_id, kind, [row.id for row in found.rows], day)
    totals = assets.totals(asked, actor, request.on)
    base = reverse("rights:ledger", args=[party_id])
    on = {"on": day.isoformat()} if day else {}
    context = {
        "party": party,
        "division": directory.division_names([party.division_code]).get(party.division_code, ""),
        "kind": kind,
        "kind_label": RightKind(kind).label,
        "tabs": [
            {
                "label": label,
                "url": f"{base}?{urlencode({'kind': value, **on})}",
                "active": value == kind,
                "count": held[value].count if value in held else 0,
            }
            for value, label in RightKind.choices
        ],
        "day": day,
        "bad_day": bad_day,
        "totals": totals,
        "share_fen": queries.share_fen(party_id, kind, actor, day, totals.cost_fen),
        "groups": _groups(asked, actor),
        "rows": [(row, share_text(*shares.get(row.id, (1, 1)))) for row in found.rows],
        "names": assets.names_of(found.rows),
        "previous": found.previous,
        "following": found.next,
        "count": None if count > assets.COUNT_CAP else count,
        "list_url": f"{reverse('assets:list')}?{asked.query()}",
        "party_url": address("directory:party", party_id) if actor.may("directory.view", party.division_code) else "",
        "export_url": reverse("rights:ledger_export", args=[party_id]) + "?" + urlencode({"kind": kind, **on}),
        "may_export": actor.may("asset.export"),
    }
    return render(request, "rights/ledger.html", context)


def _groups(asked: assets.RegisterFilter, actor: Any) -> list[dict[str, Any]]:
    """The ledger by system and class, each with its list; sums of systems stand below their classes."""
    cells: dict[tuple[str, str], list[int]] = {}
    for figure in assets.figures(asked, actor):
        sums = cells.setdefault((figure.system, figure.six_class), [0, 0, 0])
        for index, value in enumerate((figure.count, figure.quantity_milli, figure.cost_fen)):
            sums[index] += value
    base = reverse("assets:list")
    found: list[dict[str, Any]] = []
    for system in System.values:
        classes = [six_class for six_class in SixClass.values if (system, six_class) in cells]
        for six_class in classes:
            count, quantity, cost = cells[system, six_class]
            found.append(
                {
                    "system": System(system).label, "class": SixClass(six_class).label, "count": count,
                    "quantity_milli": quantity, "cost_fen": cost,
                    "url": f"{base}?{asked.but(system=system, six_class=six_class).query()}",
                }
            )  # fmt: skip
        if len(classes) > 1:
            sums = [sum(cells[system, one][index] for one in classes) for index in range(3)]
            found.append(
                {
                    "system": System(system).label, "class": "", "count": sums[0], "quantity_milli": sums[1],
                    "cost_fen": sums[2], "url": f"{base}?{asked.but(system=system).query()}",
                }
            )  # fmt: skip
    return found


@page("asset.export")
def export(request: HttpRequest, party_id: int) -> FileResponse:
    """The ledger as a workbook or a paper: every asset, its share, with sums; recorded as an act."""
    actor = request.actor
    party = queries.holder(party_id, actor)
    kind = _kind(request, {})
    day, _bad = day_in(request)
    form = request.GET.get("form", "xlsx")
    if form not in ("xlsx", "pdf"):
        raise Refusal(_("没有这种导出格式"))
    asked = queries.filter_of(party_id, kind, day)
    count = assets.count(asked, actor, papers.MOST_ROWS)
    if form == "pdf" and count > papers.MOST_ROWS:
        raise Refusal(_("超过 %(most)s 项的台账无法打印，请导出 xlsx") % {"most": papers.MOST_ROWS}, clauses=("3.3",))
    on = day or request.on
    with translation.override("zh-hans"):
        name = f"{party.name}-{RightKind(kind).label}-{_('归属部门台账')}-{on:%Y%m%d}"
        if form == "pdf":
            out: IO[bytes] = io.BytesIO(_paper(party, kind, asked, request, on))
            media = "application/pdf"
        else:
            out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
            heading = _("%(name)s　%(kind)s　截至 %(day)s") % {
                "name": party.name, "kind": RightKind(kind).label, "day": format_day(on),
            }  # fmt: skip
            sheets.write(out, heading, _rows(party_id, kind, asked, request, day))
            media = XLSX
    services.record_export(party, kind, count, actor=actor, on=request.on)
    out.seek(0)
    return FileResponse(out, as_attachment=form == "xlsx", filename=f"{name}.{form}", content_type=media)


def _rows(
    party_id: int, kind: str, asked: assets.RegisterFilter, request: HttpRequest, day: Any
) -> Iterator[dict[str, Any]]:
    """Every asset of the ledger as a row of papers, chunk by chunk."""
    classes = {value: str(label) for value, label in SixClass.choices}
    systems = {value: str(label) for value, label in System.choices}
    for chunk in assets.every_row(asked, request.actor):
        names = assets.names_of(chunk)
        shares = queries.shares_of(party_id, kind, [row.id for row in chunk], day)
        for row in chunk:
            yield {
                "system": systems[row.system],
                "class": classes[row.six_class],
                "code": row.code,
                "name": row.name,
                "model": row.model,
                "unit": row.unit,
                "quantity_milli": row.quantity_milli,
                "cost_fen": row.cost_fen,
                "acquired": format_day(row.acquired_on, row.acquired_precision),
                "place": names.sites.get(row.site_id or 0, "") or names.divisions.get(row.division_code, ""),
                "condition": row.condition,
                "share": share_text(*shares.get(row.id, (1, 1))),
                "operator": names.parties.get(row.operator_id or 0, ""),
                "keeper": names.parties.get(row.keeper_id or 0, ""),
            }


def _paper(party: Party, kind: str, asked: assets.RegisterFilter, request: HttpRequest, on: Any) -> bytes:
    systems = [str(label) for label in System.labels]
    classes = [str(label) for label in SixClass.labels]
    rows = sorted(
        _rows(party.pk, kind, asked, request, asked.as_of),
        key=lambda row: (systems.index(row["system"]), classes.index(row["class"]), row["code"]),
    )
    data = {
        "county": policy.county_name(),
        "holder": party.name,
        "right": str(RightKind(kind).label),
        "as_of_on": on,
        "assets": rows,
        "total_fen": sum(row["cost_fen"] for row in rows),
        "maker": request.actor.name,
        "mark": _("示例") if party.is_sample else "",
    }
    return papers.render(policy.form("holder_ledger"), data, on=on)
