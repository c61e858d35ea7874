"""The differences of a survey as the county's form (差异处理表), exactly what is filtered, recorded as an act."""

import tempfile
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import money
from mingchan.kernel.period import format_day
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page
from mingchan.register.assets.models import Asset
from mingchan.register.survey import events, queries, sheets
from mingchan.register.survey.choices import Decision, Kind
from mingchan.register.survey.models import Survey
from mingchan.register.survey.queries import DifferenceFilter, listing
from mingchan.register.survey.views import showing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("survey.view")
def export(request: HttpRequest, survey_id: int) -> FileResponse:
    """The form of differences with what was decided, for the paper file."""
    found = queries.survey(survey_id, request.actor)
    filtered = DifferenceFilter.read(request.GET)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 - the response closes it
    title = _("%(county)s电商示范项目资产调查差异处理表") % {"county": policy.county_name()}
    days = "—".join(format_day(day) for day in (found.surveyed_from, found.surveyed_to) if day)
    about = _("调查：%(title)s　　调查机构：%(surveyor)s　　调查日期：%(days)s　　单位：元") % {
        "title": found.title, "surveyor": found.surveyor.name, "days": days or "—",
    }  # fmt: skip
    count = sheets.write(out, title, about, _lines(request, found, filtered))
    evidence.record(
        events.EXPORTED,
        Ref("survey", found.pk),
        actor=request.actor,
        on=request.on,
        division=found.county.ljust(12, "0"),
        facts={"title": found.title, "count": count},
    )
    out.seek(0)
    name = f"{_('调查差异处理表')}-{found.pk}-{request.on:%Y%m%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def _lines(request: HttpRequest, survey: Survey, filtered: DifferenceFilter) -> Iterator[sheets.Line]:
    kinds, decisions = dict(Kind.choices), dict(Decision.choices)
    for chunk in listing.every_difference(survey, filtered, request.actor):
        made = {row.new_asset_id for row in chunk if row.new_asset_id is not None}
        codes = dict(Asset.objects.filter(pk__in=list(made)).values_list("pk", "code")) if made else {}
        for row in chunk:
            register, said = showing.sides(row, lambda fen: _("%(yuan)s 元") % {"yuan": money.format_yuan(fen)})
            yield (
                row.code, row.title, str(kinds[row.kind]), register, said, row.gap_fen or None,
                f"{row.sheet} {row.row}" if row.sheet else "", str(decisions.get(row.decision, "")), row.reason,
                row.decided_by, row.decided_on, codes.get(row.new_asset_id, "") if row.new_asset_id else "",
            )  # fmt: skip
