"""Lists of supervision: findings, what is checked, how it goes over time, goals, places."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel import period
from mingchan.kernel.ui.page import page
from mingchan.oversight.supervision import pack, permissions, queries, rules, services
from mingchan.oversight.supervision.choices import MANUAL, STANDING, Cause, Family, Severity, State
from mingchan.oversight.supervision.queries import COUNT_CAP, FindingFilter

TONES = {
    State.OPEN: "bad",
    State.REPORTED: "warn",
    State.GONE: "info",
    State.WAIVED: "neutral",
    State.CLOSED: "good",
}
GRADES = {Severity.HIGH: "bad", Severity.MEDIUM: "warn", Severity.WARNING: "info"}
MOST_EXPORTED = 50_000


def tabs(here: str, actor: Any) -> list[dict[str, Any]]:
    """The pages of supervision beside each other."""
    found = (
        ("supervision:list", _("问题")),
        ("supervision:overview", _("态势")),
        ("supervision:goals", _("六个目标")),
        ("supervision:places", _("排名")),
        ("supervision:samples", _("抽查")),
        ("supervision:checks", _("检查项")),
    )
    return [{"label": label, "url": reverse(name), "active": name == here} for name, label in found]


def titles() -> dict[str, Any]:
    """Titles of the checks by code."""
    return {one.code: one.title for one in queries.checks()}


def towns(actor: Any) -> list[tuple[str, str]]:
    """Townships inside the actor's reach."""
    rows = [row for scope in actor.scopes(permissions.VIEW) for row in directory.divisions_under(scope)]
    return [(row.code[:9], row.name) for row in rows if row.level == "TOWN"]


@page("finding.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Findings the reader may see, newest first, with the sentence that says why each stands (1.2a)."""
    wanted = FindingFilter.read(request.GET.dict())
    rows, following = queries.rows(wanted, request.actor, request.on, after=request.GET.get("after", ""))
    count = queries.count(wanted, request.actor, request.on)
    last = queries.last_run(request.actor.county)
    context = {
        "tabs": tabs("supervision:list", request.actor),
        "rows": rows,
        "why": {row.id: queries.explain(row) for row in rows},
        "over": {row.id: rules.days_over(row.state, row.due_on, request.on) for row in rows},
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "counts": queries.counts(request.actor, request.on),
        "titles": titles(),
        "checks": [(one.code, one.title) for one in queries.checks()],
        "states": [
            ("standing", _("未销号")), ("overdue", _("逾期")), ("joint", _("联合监管")), *State.choices,
        ],
        "state_names": dict(State.choices),
        "families": Family.choices,
        "family_names": dict(Family.choices),
        "severities": Severity.choices,
        "severity_names": dict(Severity.choices),
        "ages": [(str(days), _("%(days)s 天以上") % {"days": days}) for days in rules.AGES],
        "offices": queries.offices(request.actor),
        "towns": towns(request.actor),
        "tones": TONES,
        "grades": GRADES,
        "last": last,
        "ran_at": period.format_moment(last.ran_at) if last else "",
        "may_run": request.actor.may(permissions.RUN, request.actor.county),
        "query": request.GET.urlencode(),
        "places": directory.division_names({row.division_code for row in rows if len(row.division_code) == 12}),
    }  # fmt: skip
    return render(request, "supervision/list.html", context)


@page("finding.view")
def export(request: HttpRequest) -> HttpResponse:
    """The list as a table for a spreadsheet, with the same filter."""
    wanted = FindingFilter.read(request.GET.dict())
    names, states, families, grades = titles(), dict(State.choices), dict(Family.choices), dict(Severity.choices)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [_("编号"), _("检查项"), _("类别"), _("程度"), _("对象"), _("说明"), _("责任单位"), _("责任人"), _("状态"),
         _("发现日期"), _("整改期限"), _("销号日期"), _("次数")]
    )  # fmt: skip
    for index, row in enumerate(queries.every(wanted, request.actor, request.on)):
        if index >= MOST_EXPORTED:
            break
        writer.writerow(
            [row.id, names[row.check_code], families[row.family], grades[row.severity], _safe(row.title),
             _safe(queries.explain(row).text), _safe(row.office_name), _safe(row.person_name), states[row.state],
             row.found_on.isoformat(), row.due_on.isoformat(), row.closed_on.isoformat() if row.closed_on else "",
             row.times]
        )  # fmt: skip
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="findings.csv"'
    return answer


def _safe(text: str) -> str:
    """A cell that a spreadsheet won't take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


@page("finding.run", methods=("POST",))
def run(request: HttpRequest) -> HttpResponse:
    """Run every check over the county now."""
    done = services.run(actor=request.actor, on=request.on, cause=Cause.ASKED)
    messages.success(
        request,
        _("检查完成：%(checks)s 项检查，新发现 %(opened)s 个问题，%(gone)s 个问题的事实已消除。")
        % {"checks": done.checks, "opened": done.opened, "gone": done.gone},
    )
    return redirect("supervision:list")


@page("finding.view")
def overview(request: HttpRequest) -> HttpResponse:
    """How findings go: by month, by family, by age, by township (1.2a, 4.2)."""
    actor, on = request.actor, request.on
    here = reverse("supervision:list")
    months = queries.trend(actor, on)
    families = queries.by_family(actor)
    names = dict(Family.choices)
    ages = queries.ages(actor, on)
    labels = [_("%(days)s 天内") % {"days": days} for days in rules.AGES] + [
        _("%(days)s 天以上") % {"days": rules.AGES[-1]}
    ]
    places = [row for row in queries.places(actor, on) if row.high or row.medium or row.warnings]
    context = {
        "tabs": tabs("supervision:overview", actor),
        "counts": queries.counts(actor, on),
        "months": [f"{day.year}-{day.month:02d}" for day, *_rest in months],
        "trend": [
            {"name": _("未销号"), "values": [row[1] for row in months]},
            {"name": _("新发现"), "values": [row[2] for row in months]},
            {"name": _("销号"), "values": [row[3] for row in months]},
        ],
        "family_labels": [str(names[family]) for family, *_rest in families],
        "family_series": [
            {"name": _("严重"), "values": [row[2] for row in families]},
            {"name": _("一般"), "values": [row[1] - row[2] - row[3] for row in families]},
            {"name": _("预警"), "values": [row[3] for row in families]},
        ],
        "family_urls": [f"{here}?state=standing&family={family}" for family, *_rest in families],
        "age_labels": labels,
        "age_series": [{"name": _("未销号"), "values": ages}],
        "place_labels": [row.name for row in places[:12]],
        "place_series": [
            {"name": _("严重"), "values": [row.high for row in places[:12]]},
            {"name": _("一般"), "values": [row.medium for row in places[:12]]},
        ],
        "place_urls": [f"{here}?state=standing&town={row.code[:9]}" for row in places[:12]],
    }
    return render(request, "supervision/overview.html", context)


@page("finding.view")
def goals(request: HttpRequest) -> HttpResponse:
    """The six goals of the plan with their formulas and figures; each part opens the list of what is missing (1.2)."""
    town = request.GET.get("town", "")
    known = towns(request.actor)
    division = town if town in {code for code, _name in known} else ""
    context = {
        "tabs": tabs("supervision:goals", request.actor),
        "goals": queries.goals(request.actor, request.on, division),
        "towns": known,
        "division": division,
    }
    return render(request, "supervision/goals.html", context)


@page("finding.view")
def places(request: HttpRequest) -> HttpResponse:
    """Townships and sites by their findings, and what is proposed for the next year (3.4.2)."""
    context = {
        "tabs": tabs("supervision:places", request.actor),
        "places": queries.places(request.actor, request.on),
        "sites": queries.sites(request.actor, request.on),
        "weights": pack.weights(),
        "below": pack.number("talk_below"),
        "cut": pack.number("cut_percent"),
        "year": request.on.year,
    }
    return render(request, "supervision/places.html", context)


@page("finding.view")
def checks(request: HttpRequest) -> HttpResponse:
    """What is checked, with clauses, bounds and how many findings of each stand (1.2a, 4.2)."""
    standing = queries.counts_by_check(request.actor, request.on)
    found = queries.checks()
    shown = [(one, queries.shown_figures(one.bounds), standing[one.code]) for one in found if one.code not in MANUAL]
    context = {
        "tabs": tabs("supervision:checks", request.actor),
        "checks": shown,
        "grades": GRADES,
        "standing": STANDING,
        "runs": [
            (one, period.format_moment(one.ran_at), Cause(one.cause).label)
            for one in queries.runs(request.actor.county, 15)
        ],
        "total": sum(standing.values()),
    }
    return render(request, "supervision/checks.html", context)
