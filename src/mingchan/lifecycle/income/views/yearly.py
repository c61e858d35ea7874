"""The year: settlement by two bodies, reconciliation with the books, what assets bring."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import links
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.income import forms, permissions, services
from mingchan.lifecycle.income.choices import SettlementState
from mingchan.lifecycle.income.models import Settlement
from mingchan.lifecycle.income.queries import contracts, reconciling, years, yielding
from mingchan.lifecycle.income.views import showing
from mingchan.register.assets.choices import System

TONES = {SettlementState.PREPARED: "info", SettlementState.CONFIRMED: "warn", SettlementState.CLOSED: "good"}
SUMS = years.AMOUNTS
SHOWN = 300


def _county_only(request: HttpRequest) -> None:
    """Raise NotFound for readers of less than the county."""
    if not permissions.sees_county(request.actor):
        raise NotFound(_("没有这个页面。"))


@page(permissions.VIEW)
def settlement_list(request: HttpRequest) -> HttpResponse:
    """Every year with its settlement; late ones stand out (3.4.3b, R17)."""
    _county_only(request)
    actor, on = request.actor, request.on
    context = {
        "tabs": showing.tabs("settlements", actor),
        "rows": [
            {
                "row": row,
                "url": reverse("income:settlement", args=[row.year]),
                "state": row.settlement.get_state_display() if row.settlement else _("未编制"),
                "tone": "bad"
                if row.is_overdue
                else TONES[SettlementState(row.settlement.state)]
                if row.settlement
                else "neutral",
            }
            for row in years.settlements(actor.county, on)
        ],
    }
    return render(request, "income/settlements.html", context)


@page(permissions.VIEW)
def settlement(request: HttpRequest, year: int) -> HttpResponse:
    """A year's settlement with its lines and what may be done next."""
    _county_only(request)
    actor, on = request.actor, request.on
    if not 2000 <= year < on.year:
        raise NotFound(_("没有这一年的收益清算。"))
    found = Settlement.objects.filter(county=actor.county, year=year).first()
    state = found.state if found else ""
    context = {
        "tabs": showing.tabs("settlements", actor),
        "year": year,
        "found": found,
        "tone": TONES[SettlementState(state)] if state else "neutral",
        "due_on": years.deadline(year),
        "is_late": on > years.deadline(year) and state != SettlementState.CLOSED,
        "rows": _lines(found) if found else [],
        "distributable": sum(line.distributable_fen for line in years.kept(found)) if found else 0,
        "differences": _differences(actor.county, year) if state != SettlementState.CLOSED else [],
        "may_prepare": actor.may(permissions.CLEAR, actor.county) and state in ("", SettlementState.PREPARED),
        "may_confirm": actor.may(permissions.CLEAR, actor.county) and state == SettlementState.PREPARED,
        "may_countersign": actor.may(permissions.COUNTERSIGN, actor.county) and state == SettlementState.CONFIRMED,
        "may_send_back": state == SettlementState.CONFIRMED
        and (actor.may(permissions.CLEAR, actor.county) or actor.may(permissions.COUNTERSIGN, actor.county)),
        "note_form": forms.NoteForm(initial={"note": found.note if found else ""}),
        "reason_form": forms.ReasonForm(),
    }
    return render(request, "income/settlement.html", context)


def _lines(found: Settlement) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "contract_url": showing.contract_url(line.contract_id),
            "url": showing.receivables_url(contract=line.contract_id),
        }
        for line in years.settlement_lines(found)
    ]


def _differences(county: str, year: int) -> list[dict[str, Any]]:
    return _named(reconciling.differences(county, years.span(year)[1]))


def _named(rows: list[reconciling.Difference]) -> list[dict[str, Any]]:
    """Differences with a link to what they are about."""
    return [
        {
            "row": row,
            "what": reconciling.WHAT[row.what],
            "link": links.resolve(row.obj) if row.obj else None,
        }
        for row in rows[:SHOWN]
    ]


@page(permissions.CLEAR, methods=("POST",))
def prepare(request: HttpRequest, year: int) -> HttpResponse:
    """Prepare a year's settlement, or prepare it anew."""

    def carry_out(data: dict[str, Any]) -> str:
        services.prepare(year, data["note"], actor=request.actor, on=request.on)
        return _("已编制，请核对后确认")

    return showing.act(request, forms.NoteForm(request.POST), _back(year), carry_out)


@page(permissions.CLEAR, methods=("POST",))
def confirm(request: HttpRequest, year: int) -> HttpResponse:
    """Confirm for the bureau."""

    def carry_out(data: dict[str, Any]) -> str:
        services.confirm(year, data["digest"], actor=request.actor, on=request.on)
        return _("已确认，待财政局会签")

    return showing.act(request, forms.DigestForm(request.POST), _back(year), carry_out)


@page(permissions.COUNTERSIGN, methods=("POST",))
def countersign(request: HttpRequest, year: int) -> HttpResponse:
    """Countersign for finance and close the year."""

    def carry_out(data: dict[str, Any]) -> str:
        services.countersign(year, data["digest"], actor=request.actor, on=request.on)
        return _("已会签，本年清算完成")

    return showing.act(request, forms.DigestForm(request.POST), _back(year), carry_out)


@page(permissions.VIEW, methods=("POST",))
def send_back(request: HttpRequest, year: int) -> HttpResponse:
    """Send a confirmed settlement back."""

    def carry_out(data: dict[str, Any]) -> str:
        services.send_back(year, data["reason"], actor=request.actor, on=request.on)
        return _("已退回重新编制")

    return showing.act(request, forms.ReasonForm(request.POST), _back(year), carry_out)


def _back(year: int) -> str:
    return reverse("income:settlement", args=[year])


@page(permissions.VIEW)
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Income beside the books on any day, every difference by name; a year's receipts = dues − arrears by contract."""
    _county_only(request)
    actor, on = request.actor, request.on
    form = forms.DayForm(request.GET or None)
    day = min(form.chosen(on), on)
    found = years.by_contract(actor.county, day.year)
    rows: dict[int, list[int]] = {}
    for (contract, _creditor), year in found.items():
        amounts = rows.setdefault(contract, [0] * 5)
        for place, fen in enumerate((*year, year.arrears)):
            amounts[place] += fen
    numbers = contracts.contract_numbers(rows)
    mismatches = reconciling.mismatches(actor.county, on)
    context = {
        "tabs": showing.tabs("reconciliation", actor),
        "form": form,
        "day": day,
        "balances": [
            {"row": row, "what": reconciling.WHAT[row.what]} for row in reconciling.balances(actor.county, day)
        ],
        "differences": _named(reconciling.differences(actor.county, day)),
        "mismatches": [{"row": row, "url": reverse("income:receivable", args=[row.id])} for row in mismatches[:SHOWN]],
        "rows": [
            {"number": numbers.get(contract, ""), "url": showing.receivables_url(contract=contract), "amounts": amounts}
            for contract, amounts in sorted(rows.items(), key=lambda item: numbers.get(item[0], ""))
        ][:SHOWN],
        "count": len(rows),
        "sums": [sum(amounts[place] for amounts in rows.values()) for place in range(5)],
        "day_input": day.isoformat(),
    }
    return render(request, "income/reconciliation.html", context)


def _names(group: str, rows: list[yielding.Yield]) -> dict[Any, str]:
    """What groups are called on pages."""
    if group == "town":
        codes = {row.key: str(row.key or "").ljust(12, "0") for row in rows}
        found = directory.division_names(codes.values())
        return {key: found.get(code, code) for key, code in codes.items()}
    if group == "system":
        return {value: str(label) for value, label in System.choices}
    if group == "mode":
        return modes()
    return {}


def modes() -> dict[Any, str]:
    """Modes of operation by code, where the policy pack names them."""
    named = getattr(policy, "modes", None)
    return {code: str(mode.label) for code, mode in named().items()} if named is not None else {}


@page(permissions.VIEW)
def yields(request: HttpRequest) -> HttpResponse:
    """What assets bring in a year beside what they wear off; losses and idle ones stand out (2.4.1, 2.6.2)."""
    _county_only(request)
    actor, on = request.actor, request.on
    first = years.first_year(actor.county, on)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and first <= int(asked[:6]) <= on.year else on.year
    group = request.GET.get("by", "contract")
    group = group if group in yielding.GROUPS else "contract"
    rows = yielding.by_group(group, actor, year)
    names = _names(group, rows)
    idle = yielding.idle(actor, year)
    towns = directory.division_names(row.town.ljust(12, "0") for row in idle)
    labels = {
        "contract": _("按合同"), "town": _("按乡镇"), "site": _("按站点"), "system": _("按建设体系"),
        "mode": _("按经营方式"),
    }  # fmt: skip
    context = {
        "tabs": showing.tabs("yields", actor),
        "groups": [
            {"label": labels[name], "url": f"{reverse('income:yields')}?by={name}&year={year}", "active": name == group}
            for name in yielding.GROUPS
        ],
        "year": year,
        "group": group,
        "years": [(one, str(one)) for one in range(on.year, first - 1, -1)],
        "rows": [
            {"row": row, "name": names.get(row.key) or row.name or _("未注明"), "url": _of(group, row.key)}
            for row in rows[:SHOWN]
        ],
        "sums": {
            "count": sum(row.count for row in rows),
            "cost": sum(row.cost_fen for row in rows),
            "wear": sum(row.wear_fen for row in rows),
            "income": sum(row.income_fen for row in rows),
            "losses": sum(row.is_loss for row in rows),
        },
        "idle": [
            {
                "row": row,
                "name": towns.get(row.town.ljust(12, "0"), row.town) or _("未注明区划"),
                "url": f"{reverse('assets:list')}?division={row.town}",
            }
            for row in idle
        ],
        "idle_count": sum(row.count for row in idle),
        "idle_cost": sum(row.cost_fen for row in idle),
    }
    return render(request, "income/yields.html", context)


def _of(group: str, key: Any) -> str:
    """Where a group leads: to its contract, its site, or the cards of its town."""
    if group == "contract":
        return showing.contract_url(key) or showing.receivables_url(contract=key)
    if group == "site" and key:
        return reverse("sites:site", args=[key])
    if group == "town" and key:
        return showing.receivables_url(division=key)
    return f"{reverse('assets:list')}?system={key}" if group == "system" and key else ""
