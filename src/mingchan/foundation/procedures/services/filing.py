"""The file of a case (卷宗): its papers, and the digest that every opinion is bound to."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import BinaryIO, NamedTuple

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.procedures import events, wording
from mingchan.foundation.procedures.choices import PaperKind, TaskStatus
from mingchan.foundation.procedures.models import Case, CasePaper, Task
from mingchan.foundation.procedures.queries import definitions, documents, standing
from mingchan.foundation.procedures.services import running
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref


class PaperDraft(NamedTuple):
    """A paper to be put into a file: what it is, the file's name and its content."""

    code: str
    name: str
    content: BinaryIO | bytes


_KINDS = {
    PaperKind.CONTRACT: AttachmentKind.CONTRACT,
    PaperKind.APPROVAL: AttachmentKind.APPROVAL,
    PaperKind.MINUTES: AttachmentKind.APPROVAL,
}


def add(case: Case, papers: Iterable[PaperDraft], *, is_judged: bool, actor: Actor, on: date) -> None:
    """Keep papers in the case's file. Raises Refusal for an unknown kind or a file that can't be kept, NotAllowed
    without `paper.attach` over the case's division."""
    for draft in papers:
        if draft.code not in PaperKind.values:
            raise Refusal(_("请选择材料的种类"), clauses=("2.4.2c",), field="papers")
        kind = PaperKind(draft.code)
        attachment = evidence.attach(
            draft.content,
            name=draft.name,
            owner=Ref("case", case.pk),
            division=case.division_code,
            kind=_KINDS.get(kind, AttachmentKind.OTHER),
            actor=actor,
            on=on,
        )
        paper = CasePaper(
            case=case,
            code=kind,
            attachment=attachment,
            is_judged=is_judged,
            round=case.round,
            added_by=actor.name,
            added_on=on,
        )
        paper.save(force_insert=True)
        running.record(
            events.PAPER_ADDED,
            documents.PAPER,
            paper,
            before=None,
            division=case.division_code,
            actor=actor,
            on=on,
            facts={"title": case.title, "paper": f"{paper.get_code_display()} {attachment.name}"},
        )


def digest_of(case: Case) -> str:
    """The digest of what is judged: title, text, facts as they were brought in, interested parties, subject, papers."""
    papers = CasePaper.objects.filter(case=case, is_judged=True).order_by("id")
    parts = {
        "title": case.title,
        "text": case.text,
        "facts": orjson.loads(case.facts),
        "interested": orjson.loads(case.interested),
        "subject": case.subject,
        "subject_digest": case.subject_digest,
        "papers": list(papers.values_list("code", "attachment__sha256")),
    }
    return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


@transaction.atomic
def add_paper(case_id: int, draft: PaperDraft, *, actor: Actor, on: date) -> Case:
    """Put a paper that a waiting step asks for into the file (minutes, an appraisal), by whoever may decide the step.

    It doesn't belong to what is judged; the drafter's own papers go in with `start` and `amend`. Raises NotAllowed for
    others, Refusal when no waiting step asks for such a paper. Serves 2.4.2c.
    """
    case = running.locked(case_id, actor)
    running.is_running(case)
    nodes = definitions.drawing_of(case.content).nodes
    waiting = Task.objects.filter(case=case, status=TaskStatus.WAITING, waits="")
    asking = [task for task in waiting if draft.code in nodes[task.node].papers]
    if not asking:
        raise Refusal(_("当前环节不需要这种材料"), clauses=("2.4.2c",), field="code")
    verdicts = [standing.may_decide(task, case, actor, on) for task in asking]
    if all(verdict.fault is not None for verdict in verdicts) and case.drafter_id != actor.account_id:
        raise NotAllowed(wording.FAULTS[verdicts[0].fault], clauses=("2.4.2c",))  # type: ignore[index]
    add(case, [draft], is_judged=False, actor=actor, on=on)
    return case
