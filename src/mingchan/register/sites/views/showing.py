"""The page of a site (站点档案): what it is, who answers for it, what is there and should be, what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence import services as evidence_services
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import sections
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Problem
from mingchan.register.assets.models import Site
from mingchan.register.sites import permissions, queries
from mingchan.register.sites.choices import Duty, Standing
from mingchan.register.sites.forms import RequirementForm, coordinates_text
from mingchan.register.sites.models import Profile
from mingchan.register.sites.views import words

TABS = ("overview", "assets", "standard", "history")
PAGE = 50


@page("asset.view")
def site(request: HttpRequest, site_id: int) -> HttpResponse:
    """One site, by tabs (2.1.2, 2.2, 2.6.1b)."""
    actor = request.actor
    found = queries.site(site_id, actor)
    file = queries.profile(site_id)
    tab = request.GET.get("tab", "overview")
    tab = tab if tab in TABS else "overview"
    compared, other = queries.comparison(found, actor)
    missing = [row for row in compared if row.standing == Standing.MISSING]
    division = found.division_code or actor.county
    is_open = found.closed_on is None
    manage = actor.may(permissions.MANAGE, division) and found.merged_into_id is None
    context: dict[str, Any] = {
        "site": found,
        "file": file,
        "version": file.version if file is not None else 0,
        "tab": tab,
        "tabs": _tabs(found, tab, len(missing)),
        "kind": queries.standards.kind_text(queries.standards.effective(found.kind, found.name, found.tier)),
        "kind_is_said": found.kind in queries.standards.kinds(),
        "state": words.state_text(file.state if file is not None else ""),
        "tone": words.TONES[file.state if file is not None else ""],
        "place": assets.names_by_key(set(), set(), {found.division_code} - {""}).divisions.get(found.division_code, ""),
        "totals": assets.totals(queries.card_filter(found.pk), actor, request.on),
        "unkept": assets.count(queries.card_filter(found.pk, problem=Problem.NO_KEEPER.value), actor),
        "missing": missing,
        "compared": compared,
        "other": other,
        "cards_url": words.cards_url,
        "site_url": words.site_url,
        "item_text": queries.standards.text,
        "may": {
            "manage": manage,
            "move": is_open and actor.may(permissions.MOVE),
            "split": is_open and actor.may(permissions.SPLIT),
            "attach": actor.may(permissions.ATTACH, division),
            "see_papers": actor.may("paper.view", division),
            "see_parties": actor.may("directory.view"),
        },
    }
    context.update(_PARTS[tab](found, file, request))
    context["sections"] = sections.build("site", tab, found, request)
    return render(request, "sites/site.html", context)


def _tabs(site: Site, chosen: str, missing: int) -> list[dict[str, Any]]:
    names = {"overview": _("概况"), "assets": _("资产"), "standard": _("应有配置"), "history": _("沿革")}
    return [
        {"label": names[tab], "url": words.site_url(site.pk, tab), "active": tab == chosen}
        | ({"count": missing} if tab == "standard" and missing else {})
        for tab in TABS
    ]


def _overview(site: Site, file: Profile | None, request: HttpRequest) -> dict[str, Any]:
    actor = request.actor
    seen = actor.may("paper.view", site.division_code or actor.county)
    return {
        "photographs": queries.photographs(site.pk) if seen else [],
        "coordinates": coordinates_text(file),
        "map_url": _map_url(file),
        "keeping": queries.keeping(site.pk, actor),
    }


def _map_url(file: Profile | None) -> str:
    """A `geo:` address, which phones open with the map of their owner."""
    return f"geo:{coordinates_text(file).replace(' ', '')}" if coordinates_text(file) else ""


def _assets(site: Site, file: Profile | None, request: HttpRequest) -> dict[str, Any]:
    """Cards at the site, a page at a time; with `item` exactly those that count for an item, with `item=` for none."""
    actor: Actor = request.actor
    item = request.GET.get("item")
    if item is not None:
        ids = queries.cards_of_item(site, item[:40], actor)
        rows, after, before = assets.rows_of(ids, actor), None, None
        label = next(
            (
                queries.standards.text(spec)
                for spec in queries.standards.items(queries.standards.effective(site.kind, site.name, site.tier))
                if spec.code == item
            ),
            item or _("清单以外的资产"),
        )
    else:
        label = ""
        place = assets.Place.parse(request.GET.get("after", "")), assets.Place.parse(request.GET.get("before", ""))
        found = assets.rows(queries.card_filter(site.pk), actor, after=place[0], before=place[1], limit=PAGE)
        rows, after, before = found.rows, found.next, found.previous
    names = assets.names_of(rows)
    return {"rows": rows, "following": after, "previous": before, "names": names, "item_label": label}


def _standard(site: Site, file: Profile | None, request: HttpRequest) -> dict[str, Any]:
    kind = queries.standards.effective(site.kind, site.name, site.tier)
    items = [(spec.code, queries.standards.text(spec)) for spec in queries.standards.items(kind)]
    own = queries.requirements(site.pk)
    known = dict(items)
    choices = [*items, *((row.item, row.item) for row in own if row.item not in known)]
    form = RequirementForm(initial={"version": file.version if file is not None else 0}, items=choices)
    return {"own": [(known.get(row.item, row.item), row) for row in own], "form": form, "standing": Standing}


def _history(site: Site, file: Profile | None, request: HttpRequest) -> dict[str, Any]:
    entries = []
    if request.actor.may("log.view"):
        found = [*evidence.history(Ref("site", site.pk)), *evidence.history(Ref("site_profile", site.pk))]
        entries = [
            Moment(
                day(entry.on), entry.sentence, entry.reason, entry.actor, reverse("evidence:record", args=[entry.seq])
            )
            for entry in sorted(found, key=lambda entry: -entry.seq)
        ]  # fmt: skip
    terms = queries.terms(site.pk)
    return {
        "states": [
            (words.state_text(row.state), words.TONES[row.state], row) for row in queries.states(site.pk)
        ],
        "duties": [(str(duty.label), [term for term in terms if term.duty == duty]) for duty in Duty],
        "entries": entries,
    }  # fmt: skip


_PARTS = {"overview": _overview, "assets": _assets, "standard": _standard, "history": _history}


@page("paper.attach", methods=("POST",))
def attach(request: HttpRequest, site_id: int) -> HttpResponse:
    """Keep photographs of a site, taken with the phone's camera or chosen."""
    found = queries.site(site_id, request.actor, permissions.ATTACH)
    files = [*request.FILES.getlist("photographs"), *request.FILES.getlist("camera")]
    kept = 0
    for file in files[:20]:
        try:
            evidence_services.attach(
                file.file,
                name=file.name or "",
                owner=Ref("site", found.pk),
                division=found.division_code,
                kind=AttachmentKind.PHOTO,
                actor=request.actor,
                on=request.on,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, f"{file.name}：{refusal}")
        else:
            kept += 1
    if kept:
        messages.success(request, _("已保存 %(count)s 张照片") % {"count": kept})
    elif not files:
        messages.error(request, _("请选择照片"))
    return redirect("sites:site", site_id)
