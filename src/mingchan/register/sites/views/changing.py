"""Opening, correcting, running and merging sites (建档、更正、状态、责任人、合并)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.register.assets.models import Site
from mingchan.register.assets.queries.cards import suggestions
from mingchan.register.sites import permissions, queries, rules, services
from mingchan.register.sites.choices import State
from mingchan.register.sites.forms import (
    CorrectForm,
    FilesForm,
    HolderForm,
    MergeForm,
    OpenForm,
    RequirementForm,
    StateForm,
    coordinates_text,
)
from mingchan.register.sites.models import Profile
from mingchan.register.sites.views import words

MOST_FILES = 1000


def _tell(form: Any, refusal: Refusal) -> int:
    """Put a refusal at its field, or above the form; gives the status of the answer."""
    if isinstance(refusal, NotAllowed | NotFound):
        raise refusal
    field = {"latitude_micro": "coordinates"}.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
    return refusal.status


def _answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[], Any],
    done: str,
    context: dict[str, Any],
    site_id: int,
    tab: str = "",
) -> HttpResponse:
    """Show a form, or carry it out and go to the site."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act()
            except Refusal as refusal:
                status = _tell(form, refusal)
            else:
                messages.success(request, done)
                return redirect(words.site_url(site_id, tab))
    context = {"names": (), "wide": (), "fields": None, "lead": "", "warn": "", **context, "form": form}
    return render(request, "sites/form.html", context, status=status)


def _crumbs(site: Site, last: str) -> list[tuple[str, str]]:
    return [(_("站点"), reverse("sites:list")), (site.name, words.site_url(site.pk)), (last, "")]


def _managed(request: HttpRequest, site_id: int) -> tuple[Site, Profile | None]:
    """The site and its file, for somebody who may keep it. Raises NotFound, NotAllowed."""
    site = queries.site(site_id, request.actor)
    permissions.require(request.actor, permissions.MANAGE, [site.division_code])
    return site, queries.profile(site_id)


def _version(file: Profile | None) -> int:
    return file.version if file is not None else 0


@page("site.manage", methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Open a site by hand."""
    actor = request.actor
    initial = {"since": request.on, "state": State.OPERATING.value, "tier": "VILLAGE"}
    form = OpenForm(request.POST or None, actor=actor, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                opened = services.open_site(form.draft(), actor=actor, on=request.on)
            except Refusal as refusal:
                status = _tell(form, refusal)
            else:
                messages.success(request, _("已建立站点档案"))
                return redirect("sites:site", opened)
    names = ("name", "kind", "system", "tier", "division_code", "address", "opening_hours", "coordinates", "note")
    holders = ("state", "since", "operator", "keeper", "organisation")
    context = {
        "form": form,
        "title": _("新建站点"),
        "lead": _("导入表格时出现的站点会自动登记，只有表中没有的才需要新建"),
        "crumbs": [(_("首页"), "/"), (_("站点"), reverse("sites:list")), (_("新建站点"), "")],
        "fields": [(_("站点"), names), (_("状态与责任人"), holders)],
        "wide": ("note",),
        "names": suggestions(actor),
        "warn": "",
        "submit": _("建立档案"),
        "back": reverse("sites:list"),
    }
    return render(request, "sites/form.html", context, status=status)


@page("site.manage", methods=("GET", "POST"))
def correct(request: HttpRequest, site_id: int) -> HttpResponse:
    """Correct what a site is called, where it is and what is written of it."""
    site, file = _managed(request, site_id)
    initial: dict[str, Any] = {
        name: getattr(site, name) for name in ("name", "kind", "system", "tier", "division_code")
    }
    if file is not None:
        initial |= {name: getattr(file, name) for name in ("address", "opening_hours", "note")}
    initial |= {"coordinates": coordinates_text(file), "version": _version(file)}
    form = CorrectForm(request.POST or None, actor=request.actor, present=site, initial=initial)

    def act() -> None:
        data = form.cleaned_data
        services.correct(
            site_id, form.changes(), form.details(), data["version"], data["reason"], actor=request.actor, on=request.on
        )

    context = {
        "title": _("更正站点"),
        "lead": site.name,
        "crumbs": _crumbs(site, _("更正")),
        "wide": ("note", "reason"),
        "warn": _("更正站点的区划不会改动资产卡片的区划；站点搬迁时请用“调整存放地点”。"),
        "submit": _("保存更正"),
        "back": words.site_url(site_id),
    }
    return _answer(request, form, act, _("已更正"), context, site_id)


@page("site.manage", methods=("GET", "POST"))
def state(request: HttpRequest, site_id: int) -> HttpResponse:
    """Bring a site into another state."""
    site, file = _managed(request, site_id)
    present = file.state if file is not None else ""
    may_be = [(value, label) for value, label in State.choices if rules.may_follow(present, value)]
    form = StateForm(request.POST or None, states=may_be, initial={"version": _version(file), "since": request.on})

    def act() -> None:
        data = form.cleaned_data
        services.change_state(
            site_id, data["state"], data["since"], data["reason"], data["version"], actor=request.actor, on=request.on
        )

    context = {
        "title": _("变更站点状态"),
        "lead": _("%(name)s，现为%(state)s") % {"name": site.name, "state": words.state_text(present)},
        "crumbs": _crumbs(site, _("变更状态")),
        "wide": ("reason",),
        "submit": _("确定"),
        "back": words.site_url(site_id),
    }
    return _answer(request, form, act, _("已变更状态"), context, site_id, "history")


@page("site.manage", methods=("GET", "POST"))
def holder(request: HttpRequest, site_id: int) -> HttpResponse:
    """Say who runs or keeps a site from a day on."""
    site, file = _managed(request, site_id)
    duty = request.GET.get("duty", "KEEPER")
    initial = {"version": _version(file), "since": request.on, "duty": duty if duty in ("OPERATOR", "KEEPER") else ""}
    form = HolderForm(request.POST or None, actor=request.actor, near=site.division_code, initial=initial)

    def act() -> None:
        data = form.cleaned_data
        services.appoint(
            site_id, data["duty"], form.holder(), data["since"], data["basis"], data["version"],
            actor=request.actor, on=request.on,
        )  # fmt: skip

    context = {
        "title": _("确定经营主体或管护责任人"),
        "lead": site.name,
        "crumbs": _crumbs(site, _("确定责任人")),
        "wide": ("basis",),
        "names": suggestions(request.actor),
        "warn": _("前任的任期到所填日期为止，不会抹去；资产卡片上的管护责任人不随之改变。"),
        "submit": _("确定"),
        "back": words.site_url(site_id),
    }
    return _answer(request, form, act, _("已登记"), context, site_id)


@page("site.manage", methods=("POST",))
def standard(request: HttpRequest, site_id: int) -> HttpResponse:
    """Change what a site should have."""
    site, _file = _managed(request, site_id)
    kind = queries.standards.effective(site.kind, site.name, site.tier)
    items = [(spec.code, queries.standards.text(spec)) for spec in queries.standards.items(kind)]
    items += [(row.item, row.item) for row in queries.requirements(site_id) if row.item not in dict(items)]
    form = RequirementForm(request.POST, items=items)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.require(
                site_id, form.wanted(), data["quantity"], data["reason"], data["version"],
                actor=request.actor, on=request.on,
            )  # fmt: skip
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已调整应有配置"))
    else:
        messages.error(request, "；".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(words.site_url(site_id, "standard"))


@page("site.manage", methods=("GET", "POST"))
def merge(request: HttpRequest, site_id: int) -> HttpResponse:
    """Say that a site is another one under a second name."""
    site, file = _managed(request, site_id)
    twins = queries.twins(site, request.actor)
    form = MergeForm(request.POST or None, sites=twins, initial={"version": _version(file)})
    count = queries.active_cards(site_id, request.actor.county)

    def act() -> None:
        data = form.cleaned_data
        services.merge(site_id, data["into"], data["version"], data["reason"], actor=request.actor, on=request.on)

    context = {
        "title": _("合并重复站点"),
        "lead": _("“%(name)s”与另一站点是同一处时，在此合并") % {"name": site.name},
        "crumbs": _crumbs(site, _("合并")),
        "wide": ("reason",),
        "warn": _("%(count)s 张资产卡片将改到并入的站点，本站点撤销并指向它；合并后不能恢复。") % {"count": count},
        "submit": _("合并"),
        "back": words.site_url(site_id),
    }  # fmt: skip
    return _answer(request, form, act, _("已合并"), context, site_id)


def _without_file(ids: Sequence[int], actor: Actor) -> list[queries.SiteRow]:
    """Those of the sites that the actor keeps and that have no file yet, in the given order."""
    seen = set(queries.visible(actor, permissions.MANAGE).filter(pk__in=ids).values_list("pk", flat=True))
    return [row for row in queries.rows_of([key for key in ids if key in seen], actor) if not row.has_file]


def _holders_of(rows: Sequence[queries.SiteRow], county: str) -> dict[int, tuple[str, str]]:
    """Names of the operator and keeper that the cards of each site agree on."""
    agreed = queries.agreed_holders([row.id for row in rows], county)
    names = directory.party_names(key for pair in agreed.values() for key in pair if key is not None)
    return {
        site: (names.get(operator, "") if operator else "", names.get(keeper, "") if keeper else "")
        for site, (operator, keeper) in agreed.items()
    }


@page("site.manage", methods=("GET", "POST"))
def open_files(request: HttpRequest) -> HttpResponse:
    """Open the files of chosen sites, or of all that have none, with proposed kinds and the holders of their cards."""
    actor = request.actor
    params = request.POST if request.method == "POST" else request.GET
    ids = bulk.chosen(params)
    if not ids and request.method == "GET":
        without = queries.sites_of(queries.SiteFilter(doubt="NO_FILE"), actor)
        ids = list(without.order_by("division_code", "pk").values_list("pk", flat=True)[:MOST_FILES])
    rows = _without_file(ids[:MOST_FILES], actor)
    form = FilesForm(request.POST or None, initial={"since": request.on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            kinds = {row.id: request.POST.get(f"kind-{row.id}", "") for row in rows}
            kinds = {key: code for key, code in kinds.items() if code in queries.standards.kinds()}
            try:
                count = services.open_files(
                    [row.id for row in rows], form.cleaned_data["since"], form.cleaned_data["reason"], kinds=kinds,
                    actor=actor, on=request.on,
                )  # fmt: skip
            except Refusal as refusal:
                status = _tell(form, refusal)
            else:
                messages.success(request, _("已为 %(count)s 个站点建档") % {"count": count})
                return redirect("sites:list")
    context = {
        "form": form,
        "rows": rows,
        "kinds": queries.standards.choices(),
        "chosen": request.POST if request.method == "POST" else {},
        "site_url": words.site_url,
        "holders": _holders_of(rows, actor.county),
    }
    return render(request, "sites/open_files.html", context, status=status)
