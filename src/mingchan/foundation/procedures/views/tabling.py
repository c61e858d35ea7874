"""Pages of decision tables (决策表): each in words with its check and clauses, and a new version from a day (4.2)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import decisions, forms, permissions, queries, services
from mingchan.foundation.procedures.decisions import HIGHEST, LOWEST, Column, Table
from mingchan.foundation.procedures.views.lists import tabs
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.filters import money
from mingchan.kernel.ui.page import page


def _figure(column: Column, value: int) -> str:
    """An amount as people read it: in yuan where the column's name says that it is fen."""
    return money(value, "yuan") + _("元") if column.name.endswith("_fen") else f"{value:,}"


def _written(column: Column, test: Any) -> str:
    """A test in words."""
    if test is None:
        return _("不限")
    if isinstance(test, tuple):
        low, high = test
        if low == LOWEST:
            return _("低于 %(high)s") % {"high": _figure(column, high)}
        if high == HIGHEST:
            return _("%(low)s 及以上") % {"low": _figure(column, low)}
        return _("%(low)s 至不足 %(high)s") % {"low": _figure(column, low), "high": _figure(column, high)}
    return "、".join(column.written(value) for value in column.values if value in test)


def in_words(table: Table) -> list[tuple[list[str], str]]:
    """The rows of a table in words: a cell for each column, and the result."""
    return [
        (
            [_written(column, test) for column, test in zip(table.columns, row.tests, strict=True)],
            table.results.get(row.then, row.then),
        )
        for row in table.rows
    ]


@page(permissions.VIEW)
def tables(request: HttpRequest) -> HttpResponse:
    """Every decision table in force, with its clauses and the drawings that ask it."""
    asked: dict[str, list[queries.Procedure]] = {}
    for procedure in queries.procedures(request.actor.county, request.on):
        for code in queries.asked_by(procedure.drawing):
            asked.setdefault(code, []).append(procedure)
    found = [
        {"table": one, "cells": decisions.cells(one.table), "asked": asked.get(code, [])}
        for code, one in queries.tables(request.actor.county, request.on).items()
    ]
    context = {
        "tabs": tabs(request, "tables"),
        "found": found,
        "may_define": request.actor.may(permissions.DEFINE),
    }
    return render(request, "procedures/tables.html", context)


def _context(request: HttpRequest, code: str, form: Any = None) -> dict[str, Any]:
    number = request.GET.get("version", "")
    asked = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else None
    shown = queries.table(code, request.actor.county, request.on, asked)
    may_define = request.actor.may(permissions.DEFINE)
    initial = {"content": shown.content, "valid_from": request.on}
    return {
        "shown": shown,
        "rows": in_words(shown.table),
        "cells": decisions.cells(shown.table),
        "versions": queries.versions_of_table(code, request.actor.county),
        "form": form or (forms.TableForm(initial=initial) if may_define else None),
        "may_define": may_define,
        "today": request.on,
    }


@page(permissions.VIEW)
def table(request: HttpRequest, code: str) -> HttpResponse:
    """One decision table in words, its check, its versions, and for those who may, a new one."""
    return render(request, "procedures/table.html", _context(request, code))


@page(permissions.DEFINE, methods=("GET", "POST"))
def new_table(request: HttpRequest) -> HttpResponse:
    """A decision table that the county didn't have."""
    form = forms.TableForm(request.POST or None, request.FILES or None, initial={"valid_from": request.on})
    if request.method == "POST" and _put(request, form, ""):
        return redirect("procedures:tables")
    return render(request, "procedures/new_table.html", {"form": form}, status=400 if form.errors else 200)


@page(permissions.DEFINE, methods=("POST",))
def add_table(request: HttpRequest, code: str) -> HttpResponse:
    """Check a new version of a decision table and put it in force from a day."""
    form = forms.TableForm(request.POST, request.FILES)
    if _put(request, form, code):
        return redirect("procedures:table", code)
    return render(request, "procedures/table.html", _context(request, code, form), status=400)


def _put(request: HttpRequest, form: forms.TableForm, code: str) -> bool:
    if not form.is_valid():
        return False
    try:
        row = services.add_table(
            form.text(),
            code=code,
            valid_from=form.cleaned_data["valid_from"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            on=request.on,
        )
    except Refusal as refusal:
        forms.tell(form, refusal)
        return False
    messages.success(request, _("决策表“%(name)s”第 %(number)s 版已保存。") % {"name": row.title, "number": row.number})
    return True
