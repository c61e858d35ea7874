"""Files of the list (导出): exactly what is filtered or chosen, in the order shown, and recorded as an act."""

import io
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import format_day
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.register.assets import events, queries
from mingchan.register.assets.exports import form, table, text, workbook
from mingchan.register.assets.queries import Row
from mingchan.register.assets.views import showing
from mingchan.register.assets.views.listing import Asked, asked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "form": XLSX}
IN_MEMORY = 8 * 1024 * 1024
WIDTHS = (20, 18, 18, 12, 12, 16, 8, 24, 20, 8, 10, 12, 14, 12, 10, 12, 10, 24, 24, 24, 12, 10)


@page("asset.export")
def export(request: HttpRequest) -> FileResponse:
    """The list as a file: `kind` is xlsx, csv or form; `selected` narrows it to the cards chosen on the page."""
    kind = request.GET.get("kind", "xlsx")
    if kind not in KINDS:
        raise Refusal(_("没有这种导出格式"))
    want, chosen = asked(request.GET), bulk.chosen(request.GET)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    funding = _funding()
    if kind == "form":
        count = _form(out, request, want, chosen, funding)
    elif kind == "csv":
        wrapped = io.TextIOWrapper(out, encoding="utf-8", newline="")
        count = text.write(wrapped, table.heads(), _lines(request, want, chosen, funding))
        wrapped.flush()
        wrapped.detach()
    else:
        count = workbook.write(out, _("资产清单"), table.heads(), WIDTHS, _lines(request, want, chosen, funding))
    evidence.record(
        events.EXPORTED,
        Ref("county", request.actor.county),
        actor=request.actor,
        on=request.on,
        facts={"count": count, "filter": _filter_text(want)},
    )
    out.seek(0)
    name = f"{policy.county_name()}{_('资产台账') if kind == 'form' else _('资产清单')}-{request.on:%Y%m%d}"
    suffix = "csv" if kind == "csv" else "xlsx"
    return FileResponse(out, as_attachment=True, filename=f"{name}.{suffix}", content_type=KINDS[kind])


def _funding() -> dict[str, str]:
    return {code: showing.funding_name(code) for code in [*policy.funding_sources(), "MIXED"]}


def _lines(request: HttpRequest, want: Asked, chosen: list[int], funding: dict[str, str]) -> Iterator[Any]:
    chunks = (
        [queries.rows_of(chosen, request.actor)] if chosen else queries.every_row(want.filter, request.actor, want.sort)
    )
    for chunk in chunks:
        yield from table.lines(chunk, queries.names_of(chunk), funding)


def _form(out: IO[bytes], request: HttpRequest, want: Asked, chosen: list[int], funding: dict[str, str]) -> int:
    rows: list[Row] = (
        queries.rows_of(chosen, request.actor)
        if chosen
        else queries.rows_by_site(want.filter, request.actor, form.MOST)
    )
    if len(rows) > form.MOST:
        raise Refusal(_("超过 %(most)s 张卡片的台账无法打印，请先筛选") % {"most": form.MOST}, clauses=("2.2",))
    account = getattr(request, "account", None)
    heading = form.Heading(
        title=_("%(county)s电子商务示范项目资产台账") % {"county": policy.county_name()},
        office=account.office.name if account is not None else "",
        on=request.on,
        filter=_filter_text(want),
    )
    return form.write(out, heading, rows, queries.names_of(rows), funding)


def _filter_text(want: Asked) -> str:
    labels = showing.field_labels()
    words = showing.written(want.filter, showing.names_for_filter(want.filter))
    if want.filter.as_of is not None:
        words["as_of"] = format_day(want.filter.as_of)
    return "；".join(f"{labels[name]} {text}" for name, text in words.items())
