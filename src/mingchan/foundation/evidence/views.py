"""Pages of the trace (留痕页面): the log, one record with its proof, the verifier, attachments."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries, services, storing, tasks
from mingchan.foundation.evidence.choices import RunState
from mingchan.foundation.evidence.forms import LogFilter
from mingchan.foundation.evidence.reports import Report
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import links
from mingchan.kernel.errors import NotFound
from mingchan.kernel.events import kind_of
from mingchan.kernel.period import today
from mingchan.kernel.ui.page import page

NO_SCRIPT = "default-src 'none'; sandbox"


class _Blank(dict):
    """Placeholders of a sentence shown as a word for the kind itself."""

    def __missing__(self, _key: str) -> str:
        return "…"


def _act_label(code: str) -> str:
    kind = kind_of(code)
    return str(kind.sentence) % _Blank() if kind else code


@page("log.view")
def log(request: HttpRequest) -> HttpResponse:
    """The log within the reader's divisions, by act, object, person and day."""
    wanted = LogFilter(request.GET).wanted()
    people = queries.people_present(request.actor)
    found = queries.recent(request.actor, **wanted)
    filters = [name for name in wanted if name not in ("after", "before")]
    return render(
        request,
        "evidence/log.html",
        {
            "found": found,
            "acts": [(code, _act_label(code)) for code in queries.acts_present()],
            "people": people,
            "filters": len(filters),
            "checkpoint_text": queries.latest_checkpoint(),
        },
    )


@page("log.view")
def record(request: HttpRequest, seq: int) -> HttpResponse:
    """One record: its sentence, the row it left, the exact bytes, the proof that it is in the log."""
    view = queries.record(_bounded(seq), request.actor)
    known, known_roles = policy.clauses(), policy.roles()
    roles = str(view.document.get("role", "")).split(",")
    return render(
        request,
        "evidence/record.html",
        {
            "view": view,
            "entry": view.entry,
            "link": links.resolve(view.entry.obj),
            "clauses": [known[clause] for clause in view.document.get("clause", ()) if clause in known],
            "roles": "、".join(known_roles[role].text if role in known_roles else role for role in roles if role),
            "body": view.body.decode("utf-8", "replace"),
        },
    )


@page("log.verify", methods=("GET", "POST"))
def verify(request: HttpRequest) -> HttpResponse:
    """The verifier's runs; POST starts one in the background."""
    if request.method == "POST":
        on = today()
        run_asked, fresh = services.start_verification(actor=request.actor, on=on)
        if fresh:
            actor = request.actor
            tasks.verify_log.enqueue(run_asked.pk, actor.account_id, actor.name, actor.county, on.isoformat())
        return redirect("evidence:run", run_asked.pk)
    return render(
        request,
        "evidence/verify.html",
        {"runs": queries.runs(request.actor), "checkpoint_text": queries.latest_checkpoint()},
    )


@page("log.verify")
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: its progress while it goes on, then its report."""
    found = queries.run(_bounded(run_id), request.actor)
    going = found.state in (RunState.WAITING, RunState.RUNNING)
    context = {"run": found, "going": going, "report": Report.from_dict(found.report) if found.report else None}
    if request.htmx and going:
        return render(request, "evidence/_progress.html", context)
    response = render(request, "evidence/run.html", context)
    if request.htmx:
        response.headers["HX-Refresh"] = "true"
    return response


def _bounded(number: int) -> int:
    if number >= 2**63:
        raise NotFound(_("没有这个编号。"))
    return number


@page("paper.view")
def download(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """The content of an attachment, always as a file to keep, never as a page."""
    attachment, path = services.read_file(_bounded(attachment_id), actor=request.actor, on=today())
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type
    )
    return _inert(response)


@page("paper.view")
def thumbnail(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A small picture of an attached image."""
    attachment = queries.attachment_for(_bounded(attachment_id), request.actor)
    if attachment.media_type not in storing.IMAGES:
        raise NotFound(_("这个附件不是图片。"))
    try:
        content = storing.thumbnail(attachment.sha256, attachment.media_type)
    except OSError as error:
        raise NotFound(_("附件的内容不见了。")) from error
    return _inert(HttpResponse(content, content_type=storing.JPEG))


def _inert(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = NO_SCRIPT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
