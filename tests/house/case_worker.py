"""The process of test_a_killed_case: a matter goes through every step, and before each one a child is killed at it."""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

STEPS = (
    ("finance_review", "finance", "AGREE"),
    ("poverty_review", "poverty", "AGREE"),
    ("audit_review", "audit", "AGREE"),
    ("bureau_review", "bureau_reviewer", "AGREE"),
    ("county", "county_government", "AGREE"),
    ("notice", "", ""),
    ("execution", "", ""),
    ("filing", "bureau_head", "DONE"),
    ("result_notice", "", ""),
)
"""The way of a disposal; steps that its drawing doesn't have are passed over."""
MOMENTS = ("opinion", "run", "records")


def _die(*_arguments: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(moment: str) -> None:
    """Have this process die in the middle of the next step."""
    from mingchan.foundation.procedures.services import deciding, running

    if moment == "opinion":
        deciding.engine.complete = _die  # type: ignore[assignment]
    elif moment == "run":
        running.follow = _die  # type: ignore[assignment]
    else:
        real, calls = running.evidence.record, []

        def second_is_deadly(*arguments: Any, **named: Any) -> Any:
            calls.append(moment)
            if len(calls) == 2:
                _die()
            return real(*arguments, **named)

        running.evidence.record = second_is_deadly  # type: ignore[assignment]


def _state(case_id: int) -> Any:
    """The case as it stands in the database, read anew."""
    from mingchan.foundation.procedures import engine
    from mingchan.foundation.procedures.models import Case, Message, Opinion, Task

    case = Case.objects.get(pk=case_id)
    tasks = list(Task.objects.filter(case=case).order_by("id").values_list("node", "token", "status"))
    tokens = [one.token for one in engine.resume(case.run).waiting]
    return {
        "case": (case.version, case.status, case.run_digest, case.path),
        "tasks": tasks,
        "opinions": Opinion.objects.filter(case=case).count(),
        "messages": Message.objects.count(),
        "resumes": sorted(tokens) == sorted(token for _node, token, status in tasks if status == "WAITING"),
    }


def _killed(step: Callable[[], None], moment: str) -> int:
    """Take a step in a child that dies at the moment; gives the signal that ended it."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        _arm(moment)
        step()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def walk() -> None:
    """Take a matter to its end; prints for each step and moment whether the killed child left anything behind."""
    from django.core.management import call_command

    from mingchan.foundation.procedures import services
    from mingchan.foundation.procedures.models import Case, Task
    from mingchan.foundation.procedures.tests import factories as make

    call_command("migrate", verbosity=0)
    make.open_gate()
    staff = make.staff()
    by_role = {actor.grants[0].role: actor for actor in staff.values()}
    paper = services.PaperDraft("appraisal", "评估.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    facts = {"kind": "SALE", "sum_fen": 100}
    case = services.start("disposal", title="处置", facts=facts, papers=[paper], actor=staff["clerk"], on=make.DAY)
    told = []
    for node, role, answer in STEPS:
        task = Task.objects.filter(case=case, node=node, status="WAITING").first()
        if task is None:
            continue

        def step(task: Any = task, role: str = role, answer: str = answer) -> None:
            if task.waits:
                facts = {"notice_outcome": "PASSED"}
                services.signal(case.pk, task.waits, facts=facts, actor=staff["clerk"], on=make.DAY)
                return
            now = Case.objects.get(pk=case.pk)
            services.decide(
                task.pk, answer=answer, document_no="1号", version=now.version, actor=by_role[role], on=make.DAY
            )

        before = _state(case.pk)
        for moment in MOMENTS:
            ended = _killed(step, moment)
            told.append([node, moment, ended, _state(case.pk) == before, before["resumes"]])
        step()
    print(json.dumps({"told": told, "end": Case.objects.get(pk=case.pk).status, "intact": make.is_intact()}))


if __name__ == "__main__":
    django.setup()
    {"walk": walk}[sys.argv[1]]()
