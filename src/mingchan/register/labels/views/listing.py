"""Lists (标签清单): labels, batches, and assets that have none yet (2.6.1b)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries as assets
from mingchan.register.assets.queries import choosing
from mingchan.register.labels import permissions, queries, rules, services
from mingchan.register.labels.choices import Cause, Purpose, State
from mingchan.register.labels.forms import DrawForm
from mingchan.register.labels.queries import COUNT_CAP, LabelFilter
from mingchan.register.labels.views.words import TONES


@page("asset.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Every label, newest first: unclaimed, on which asset, void (2.6.1b, 3.4.1)."""
    wanted = LabelFilter.read(request.GET.dict())
    rows, following = queries.rows(wanted, request.actor, after=request.GET.get("after", ""))
    count = queries.count(wanted, request.actor)
    context = {
        "rows": rows,
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "counts": queries.counts(request.actor),
        "states": [*State.choices, ("GONE", _("所贴资产已退出"))],
        "state_names": dict(State.choices),
        "causes": dict(Cause.choices),
        "tones": TONES,
        "shown": rules.shown,
        "may_print": request.actor.may(permissions.PRINT),
    }
    return render(request, "labels/list.html", context)


@page("asset.view")
def missing(request: HttpRequest) -> HttpResponse:
    """Assets without a label, by number: chosen ones, or all that the filter finds, can be printed for (2.6.1b)."""
    wanted, bad = assets.from_params(
        {**request.GET.dict(), "division": ",".join(filter(None, request.GET.getlist("division")))}
    )
    rows, following = queries.missing(wanted, request.actor, after=request.GET.get("after", ""))
    count = queries.missing_count(wanted, request.actor)
    context = {
        "rows": rows,
        "names": assets.names_of(rows),
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "filter": wanted,
        "bad": bad,
        "divisions": choosing.tree(request.actor),
        "may_print": request.actor.may(permissions.PRINT),
        "all_url": f"{reverse('labels:print')}?{wanted.query()}&all=1",
    }
    return render(request, "labels/missing.html", context)


@page("label.print", methods=("GET", "POST"))
def batches(request: HttpRequest) -> HttpResponse:
    """What was printed, and making more labels ahead."""
    form = DrawForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            made = services.draw(**form.cleaned_data, actor=request.actor, on=request.on)
            messages.success(request, _("已编制 %(count)s 张标签，请选择标签纸打印") % {"count": made.count})
            return redirect("labels:print_batch", made.pk)
        status = 422
    rows, following = queries.batches(request.actor.county, after=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "following": following,
        "form": form,
        "purposes": dict(Purpose.choices),
        "spans": {row.id: _span(request.actor.county, row.first, row.made) for row in rows},
    }
    return render(request, "labels/batches.html", context, status=status)


def _span(county: str, first: int, count: int) -> tuple[str, str]:
    return rules.shown(rules.code_of(county, first)), rules.shown(rules.code_of(county, first + count - 1))
