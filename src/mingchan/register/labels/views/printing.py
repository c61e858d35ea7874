"""Labels on paper (打印标签): a batch, or the assets of a choice or a filter, on the paper that is in the printer."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries as assets
from mingchan.register.labels import queries, rules, services
from mingchan.register.labels.drafts import Printed
from mingchan.register.labels.forms import PaperForm
from mingchan.register.labels.models import Batch, Label, Link
from mingchan.register.labels.rules import Layout

_CLAUSES = ("2.6.1b",)


def sheet_of(labels: Sequence[Printed], layout: Layout, first: int, address: Callable[[str], str]) -> dict[str, Any]:
    """What the form 资产标签 asks for. `address` gives the absolute address that a label's QR code leads to."""
    sizes = ("page_width", "page_height", "columns", "rows", "width", "height", "left", "top", "across", "down", "size")
    county = policy.county_name()
    return {
        "county": county,
        "title": f"{county}电商示范项目资产",
        "layout": {name: getattr(layout, name) for name in sizes},
        "first": first,
        "foot": "公有资产　扫码查询、反映问题",
        "labels": [
            {
                "code": rules.shown(one.code),
                "qr": papers.qr(address(one.code)),
                "name": one.name,
                "asset": one.asset_code,
                "site": one.site,
            }
            for one in labels
        ],
    }


def _answer(request: HttpRequest, labels: Sequence[Printed], form: PaperForm, batch: int | None) -> FileResponse:
    layout = queries.layouts()[form.cleaned_data["layout"]]
    with translation.override("zh-hans"):
        data = sheet_of(
            labels,
            layout,
            form.cleaned_data["first"],
            lambda code: request.build_absolute_uri(reverse("labels:open", args=[code])),
        )
    made = papers.render(policy.form("labels"), data, on=request.on)
    services.note_print([one.code for one in labels], actor=request.actor, on=request.on, batch=batch)
    name = f"{policy.county_name()}{_('资产标签')}-{len(labels)}-{request.on:%Y%m%d}.pdf"
    return FileResponse(io.BytesIO(made), filename=name, content_type="application/pdf")


def _sheets(count: int, first: int = 1) -> list[tuple[str, int]]:
    """How many sheets each paper takes."""
    english = policy.english()
    return [
        (one.title_en if english else one.title, rules.sheets(count, one.per_page, min(first, one.per_page)))
        for one in queries.layouts().values()
    ]


@page("label.print", methods=("GET", "POST"))
def print_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The labels of a batch that aren't void, on the chosen paper."""
    batch = Batch.objects.filter(pk=batch_id, county=request.actor.county).first()
    if batch is None:
        raise NotFound(_("没有这批标签"))
    labels = queries.to_print(Label.objects.filter(batch=batch))
    form = PaperForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not labels:
            raise Refusal(_("这一批标签都已作废"), clauses=_CLAUSES)
        if form.is_valid():
            return _answer(request, labels, form, batch.pk)
        status = 422
    context = {
        "batch": batch,
        "form": form,
        "count": len(labels),
        "free": queries.free_in(batch.pk).count(),
        "live": sum(1 for one in labels if one.asset_id is not None),
        "samples": labels[:3],
        "shown": rules.shown,
        "sheets": _sheets(len(labels)),
    }
    return render(request, "labels/batch.html", context, status=status)


@page("label.print", methods=("GET", "POST"))
def print_assets(request: HttpRequest) -> HttpResponse:
    """Labels for chosen assets or all that a filter finds: those without one get one, those with one get it again."""
    params = request.POST if request.method == "POST" else request.GET
    ids, wanted = assets.asked(params, services.MOST + 1)
    cards = queries.on_cards(wanted if wanted is not None else assets.RegisterFilter(), request.actor)
    if wanted is None:
        cards = cards.filter(pk__in=ids)
    only_missing = bool(params.get("only_missing"))
    bare = queries.unlabelled(cards)
    keys = list((bare if only_missing else cards).order_by("pk").values_list("pk", flat=True)[: services.MOST + 1])
    if len(keys) > services.MOST:
        raise Refusal(
            _("一次最多印制 %(most)s 张标签，请按乡镇、站点筛选后分批印制") % {"most": services.MOST}, clauses=_CLAUSES
        )
    form, status, problem = PaperForm(request.POST if request.method == "POST" else None), 200, ""
    if request.method == "POST":
        status = 422
        if not keys:
            problem = _("没有要印制标签的资产")
        elif form.is_valid():
            try:
                services.for_assets(keys, actor=request.actor, on=request.on)
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                problem, status = str(refusal), refusal.status
            else:
                links = Link.objects.filter(asset__in=keys, valid_to__isnull=True)
                return _answer(
                    request, _by_site(queries.to_print(Label.objects.filter(pk__in=links.values("label")))), form, None
                )
    hidden = [("selected", str(key)) for key in ids] if wanted is None else [*wanted.pairs(), ("all", "1")]
    context = {
        "form": form,
        "problem": problem,
        "count": len(keys),
        "bare": bare.count(),
        "only_missing": only_missing,
        "hidden": hidden,
        "sheets": _sheets(len(keys)),
        "list_url": f"{reverse('assets:list')}?{wanted.query()}" if wanted is not None else reverse("assets:list"),
    }
    return render(request, "labels/print.html", context, status=status)


def _by_site(labels: Sequence[Printed]) -> list[Printed]:
    """Labels site by site, so that those of one place come off the sheets together."""
    return sorted(labels, key=lambda one: (one.site, one.asset_code))
