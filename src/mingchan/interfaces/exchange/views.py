"""Pages of the import (导入向导): upload, preview, correct, confirm, follow, withdraw."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.interfaces.exchange import annotated, forms, permissions, progress, queries, services, tasks
from mingchan.interfaces.exchange.choices import BatchState, Purpose, SheetKind
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import surveying
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import today
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page

RUNNING = (BatchState.RECEIVED, BatchState.READING, BatchState.QUEUED, BatchState.APPLYING)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _door(request: HttpRequest) -> str:
    """By which door the reader came in: that of surveys, or the empty word."""
    match = request.resolver_match
    return queries.SURVEYS if match is not None and str(match.url_name).startswith(queries.SURVEYS) else ""


def _to(request: HttpRequest, name: str, *args: int) -> HttpResponse:
    """To another page of the import, by the same door."""
    return redirect(f"exchange:{_door(request)}{name}", *args)


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page whose links lead through the reader's own door."""
    door = _door(request)

    def at(name: str, *args: Any) -> str:
        return reverse(f"exchange:{door}{name}", args=args)

    return render(request, template, {**context, "at": at, "door": door})


def _purpose(request: HttpRequest) -> str:
    """What a workbook handed in at this door is for; at the other door its headings say so."""
    return Purpose.SURVEY.value if _door(request) else ""


def _found(request: HttpRequest, batch_id: int) -> Batch:
    """The batch, as far as it stands behind the reader's door."""
    return queries.batch(batch_id, request.actor, _door(request))


def _read_again(request: HttpRequest, batch_id: int) -> None:
    tasks.read_batch.enqueue(batch_id, request.user.pk, today().isoformat())


@page("exchange.view")
def batches(request: HttpRequest) -> HttpResponse:
    """The list of batches, newest first, with the upload box for those who may import."""
    shown, previous, following = queries.batches_page(
        request.actor, request.GET.get("after"), request.GET.get("before"), _door(request)
    )
    context = {
        "batches": shown,
        "previous": previous,
        "following": following,
        "may_import": permissions.may_import(request.actor, _purpose(request)),
    }
    return _shown(request, "exchange/list.html", context)


@page("exchange.import", methods=("POST",))
def upload(request: HttpRequest) -> HttpResponse:
    """Receive a workbook and start reading it."""
    form = forms.UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, form.errors["file"][0])
        return _to(request, "list")
    file = form.cleaned_data["file"]
    try:
        batch = services.receive(file, name=file.name, actor=request.actor, on=today(), purpose=_purpose(request))
    except services.AlreadyApplied as refusal:
        messages.error(request, str(refusal))
        if _door(request) and refusal.purpose != Purpose.SURVEY:
            return _to(request, "list")
        return _to(request, "batch", refusal.batch_id)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
        return _to(request, "list")
    if batch.state in (BatchState.RECEIVED, BatchState.REFUSED):
        _read_again(request, batch.pk)
    return _to(request, "batch", batch.pk)


@page("exchange.view")
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch as it stands: being read, previewed, being written, or done with its result."""
    found = _found(request, batch_id)
    context: dict[str, Any] = {
        "batch": found,
        "state_label": queries.state_label(found.state, found.purpose),
        "running": found.state in RUNNING,
        "progress": progress.read(found.pk),
        "may_import": permissions.may_import(request.actor, found.purpose),
        "may_withdraw": permissions.may_withdraw(request.actor, found),
        "sheets": [],
        "parties": [],
        "samples": [],
        "differences": [],
        "issue_groups": [],
        "scope": [],
    }
    if found.state in (BatchState.READY, BatchState.APPLIED, BatchState.WITHDRAWN, BatchState.DISCARDED):
        context["sheets"] = queries.sheets_of(found, _door(request))
        context["parties"] = queries.new_parties(found)
        context["samples"] = queries.sample_rows(found)
    if found.state == BatchState.READY:
        context["issue_groups"] = queries.issue_groups(found, _door(request))
        context["scope"] = queries.out_of_scope(found)
        context["differences"] = queries.difference_counts(found)
        context["form"] = forms.ConfirmForm(initial={"on": today().isoformat()})
        if found.purpose == Purpose.SURVEY:
            context |= _survey_context(request, found)
        context["other_purpose"] = _other_purpose(request, found)
    if found.state in (BatchState.APPLIED, BatchState.WITHDRAWN):
        context["result"] = queries.result_of(found)
        context["withdraw_form"] = forms.ReasonForm()
    return _shown(request, "exchange/batch.html", context)


def _survey_context(request: HttpRequest, found: Batch) -> dict[str, Any]:
    """The form beside a survey sheet, filled with what the sheet itself says."""
    terms = surveying.proposed(found, request.actor)
    form = forms.SurveyForm.filled(terms, choices=queries.survey_choices(request.actor), on=today())
    return {"form": form, "parties": []}


def _other_purpose(request: HttpRequest, found: Batch) -> Purpose | None:
    """As what else the workbook could be imported, None when there is no choice."""
    if _door(request) or found.predecessor_id is not None:
        return None
    other = Purpose.REGISTER if found.purpose == Purpose.SURVEY else Purpose.SURVEY
    lists = {sheet["kind"] for sheet in found.summary.get("sheets", ())} & {SheetKind.REGISTER, SheetKind.SURVEY}
    return other if lists and permissions.may_import(request.actor, other) else None


@page("exchange.view")
def progress_fragment(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The progress of a running batch; when it has ended, the page is asked to load anew."""
    found = _found(request, batch_id)
    if found.state not in RUNNING:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    context = {
        "batch": found,
        "progress": progress.read(found.pk),
        "may_import": permissions.may_import(request.actor, found.purpose),
    }
    return _shown(request, "exchange/_progress.html", context)


@page("exchange.view")
def issues(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Everything wrong or doubtful in a workbook, by sheet, row and column, with a box to put each cell right."""
    found = _found(request, batch_id)
    filters = {name: request.GET.get(name, "") for name in ("severity", "sheet", "code")}
    shown, following = queries.issues_page(found, filters, request.GET.get("after"))
    context = {
        "batch": found,
        "issues": shown,
        "following": following,
        "filters": filters,
        "choices": queries.issue_choices(found),
        "skipped": [(sheet, row) for sheet, numbers in found.skipped.items() for row in numbers],
        "may_correct": permissions.may_import(request.actor, found.purpose) and found.state == BatchState.READY,
    }
    return _shown(request, "exchange/issues.html", context)


@page("exchange.import", methods=("POST",))
def correct(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Put one cell right and read the workbook again."""
    _found(request, batch_id)
    form = forms.CorrectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有保存：请检查填写的内容。"))
        return _to(request, "issues", batch_id)
    data = form.cleaned_data
    services.correct_cell(
        batch_id,
        data["sheet"],
        data["row"],
        data["column"],
        data["text"],
        original=data["original"],
        actor=request.actor,
        on=today(),
    )
    _read_again(request, batch_id)
    messages.success(
        request,
        _("已更正 %(sheet)s 第%(row)s行%(column)s列，正在重新读取。")
        % {key: data[key] for key in ("sheet", "row", "column")},
    )
    return _to(request, "issues", batch_id)


@page("exchange.import", methods=("POST",))
def rows(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Leave one row out of the import, or take it in again."""
    _found(request, batch_id)
    form = forms.RowForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有保存：请检查填写的内容。"))
        return _to(request, "issues", batch_id)
    data = form.cleaned_data
    services.skip_row(batch_id, data["sheet"], data["row"], skip=data["skip"], actor=request.actor, on=today())
    _read_again(request, batch_id)
    return _to(request, "issues", batch_id)


@page("exchange.import", methods=("GET", "POST"))
def columns(request: HttpRequest, batch_id: int, sheet: int) -> HttpResponse:
    """How the columns of one sheet were understood, and the place to say it better."""
    found = _found(request, batch_id)
    view = queries.columns_of(found, sheet)
    if request.method == "POST":
        if request.POST.get("forget"):
            services.forget_mapping(found.pk, view["name"], actor=request.actor, on=today())
            _read_again(request, found.pk)
            return _to(request, "batch", found.pk)
        mapping = {
            str(column["index"]): request.POST.get(f"column-{column['index']}", "") for column in view["columns"]
        }
        try:
            services.set_mapping(found.pk, view["name"], mapping, actor=request.actor, on=today())
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            messages.error(request, str(refusal))
            return _to(request, "columns", batch_id, sheet)
        _read_again(request, found.pk)
        messages.success(request, _("已保存列对应关系，今后同样表样的工作簿将自动采用。"))
        return _to(request, "batch", found.pk)
    return _shown(request, "exchange/columns.html", {"batch": found, "sheet": view, "number": sheet})


@page("exchange.import", methods=("POST",))
def sheets(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Leave sheets out of the import, or take them in again."""
    found = _found(request, batch_id)
    kept = set(request.POST.getlist("sheet"))
    left_out = [
        sheet["name"]
        for sheet in queries.sheets_of(found, _door(request))
        if sheet["importable"] and sheet["name"] not in kept
    ]
    services.exclude_sheets(found.pk, left_out, actor=request.actor, on=today())
    _read_again(request, found.pk)
    return _to(request, "batch", found.pk)


@page("exchange.import", methods=("POST",))
def admit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Admit a source from outside the plan's scope, with a reason."""
    _found(request, batch_id)
    form = forms.AdmitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明准入理由，不少于4个字。"))
        return _to(request, "batch", batch_id)
    services.admit(
        batch_id, form.cleaned_data["funding_text"], form.cleaned_data["reason"], actor=request.actor, on=today()
    )
    _read_again(request, batch_id)
    return _to(request, "batch", batch_id)


@page("exchange.view")
def coloured(request: HttpRequest, batch_id: int) -> StreamingHttpResponse:
    """The workbook back, with doubtful cells coloured and commented."""
    found = _found(request, batch_id)
    file = annotated.build(found)
    answer = StreamingHttpResponse(file, content_type=XLSX)
    name = quote(f"{found.file_name.rsplit('.', 1)[0]}（标注问题）.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@page("exchange.view", methods=("GET", "POST"))
def differences(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What a workbook handed in again would add, change or leave out, field by field, and which of it to apply."""
    found = _found(request, batch_id)
    if request.method == "POST":
        every = request.POST.get("all", "")
        if every:
            services.choose_kinds(found.pk, [every], actor=request.actor, on=today())
            return redirect(f"{reverse('exchange:differences', args=[batch_id])}?kind={every}")
        chosen = bulk.chosen(request.POST)
        shown = [int(value) for value in request.POST.getlist("shown") if value.isdecimal()]
        services.choose_differences(found.pk, chosen, shown, actor=request.actor, on=today())
        messages.success(request, _("已保存选择。"))
        return redirect(f"{reverse('exchange:differences', args=[batch_id])}?kind={request.POST.get('kind', '')}")
    if found.predecessor_id is None:
        return _to(request, "batch", batch_id)
    kind = request.GET.get("kind", "")
    rows, following = queries.differences_page(found, kind, request.GET.get("after"))
    context = {
        "batch": found,
        "rows": rows,
        "following": following,
        "kind": kind,
        "counts": queries.difference_counts(found),
        "may_choose": permissions.may_import(request.actor, found.purpose) and found.state == BatchState.READY,
    }
    return _shown(request, "exchange/differences.html", context)


@page("exchange.import", methods=("POST",))
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Confirm a previewed batch; the worker writes it."""
    _found(request, batch_id)
    form = forms.ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["on"][0])
        return _to(request, "batch", batch_id)
    on: date = form.cleaned_data["on"]
    try:
        confirmed = services.confirm(batch_id, actor=request.actor, on=on)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
        return _to(request, "batch", batch_id)
    tasks.apply_batch.enqueue(confirmed.pk, request.user.pk, on.isoformat())
    return _to(request, "batch", batch_id)


@page("survey.import", methods=("POST",))
def confirm_survey(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Confirm a previewed survey sheet; the worker takes it and compares it with the register."""
    found = _found(request, batch_id)
    form = forms.SurveyForm(request.POST, choices=queries.survey_choices(request.actor))
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return _to(request, "batch", batch_id)
    on: date = form.cleaned_data["on"]
    try:
        confirmed = services.confirm_survey(found.pk, form.terms(), actor=request.actor, on=on)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
        return _to(request, "batch", batch_id)
    tasks.apply_batch.enqueue(confirmed.pk, request.user.pk, on.isoformat())
    return _to(request, "batch", batch_id)


@page("exchange.import", methods=("POST",))
def purpose(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Import a list of assets as the other of the two: to be registered, or as a survey."""
    found = _found(request, batch_id)
    services.set_purpose(found.pk, request.POST.get("purpose", ""), actor=request.actor, on=today())
    _read_again(request, found.pk)
    return _to(request, "batch", batch_id)


@page("exchange.import", methods=("POST",))
def stop(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Stop a batch before it is committed."""
    _found(request, batch_id)
    services.ask_to_stop(batch_id, actor=request.actor, on=today())
    messages.info(request, _("已请求取消。提交之前都可以取消，取消后账簿和台账不变。"))
    return _to(request, "batch", batch_id)


@page("exchange.import", methods=("POST",))
def restart(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Start a batch again whose process was killed."""
    _found(request, batch_id)
    found = services.restart(batch_id, actor=request.actor, on=today())
    if found.state == BatchState.QUEUED:
        tasks.apply_batch.enqueue(found.pk, request.user.pk, (found.applied_on or today()).isoformat())
    else:
        _read_again(request, found.pk)
    return _to(request, "batch", batch_id)


@page("exchange.import", methods=("POST",))
def discard(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Throw a batch away that has changed nothing."""
    _found(request, batch_id)
    services.discard(batch_id, actor=request.actor, on=today())
    messages.success(request, _("批次已作废，台账没有变化。"))
    return _to(request, "list")


@page("exchange.withdraw", methods=("POST",))
def withdraw(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Withdraw an applied batch by reversing entries."""
    _found(request, batch_id)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明撤回理由，不少于4个字。"))
        return _to(request, "batch", batch_id)
    try:
        services.withdraw(batch_id, form.cleaned_data["reason"], actor=request.actor, on=today())
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
        return _to(request, "batch", batch_id)
    messages.success(request, _("已撤回：以红字凭证冲回，卡片标为已撤回，原始记录保留。"))
    return _to(request, "batch", batch_id)
