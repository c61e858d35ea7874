"""What the verifier compares of procedures (2.4.2c): versions, cases, tasks, opinions, delegations, days."""

from collections.abc import Iterator
from hashlib import sha256

from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Disagreement, Protected
from mingchan.foundation.procedures.models import (
    Case,
    CasePaper,
    Copy,
    DayException,
    Definition,
    Delegation,
    Opinion,
    Reminder,
    TableVersion,
    Task,
)


def digest(text: str) -> str:
    """The digest of a text as the rows hold it."""
    return sha256(text.encode()).hexdigest()


DEFINITION = Protected("procedure", Definition, label=("name",))
CASE = Protected("case", Case, exclude=("content", "run", "tables"), label=("title",))
"""A case's drawing, tables and run stand in its document by digests, which `faults` compares with the texts."""
TASK = Protected("task", Task, label=("name",))
OPINION = Protected("opinion", Opinion, label=("office_name",))
PAPER = Protected("case_paper", CasePaper, label=("code",))
DELEGATION = Protected("delegation", Delegation, label=("reason",))
DAY = Protected("day", DayException, label=("day",))
TABLE = Protected("decision_table", TableVersion, label=("title",))
REMINDER = Protected("task_reminder", Reminder, label=("kind",))
COPY = Protected("case_copy", Copy, label=("account_name",))

PROTECTED = (DEFINITION, CASE, TASK, OPINION, PAPER, DELEGATION, DAY, TABLE, REMINDER, COPY)


def faults() -> Iterator[Disagreement]:
    """Cases whose drawing or run isn't the one whose digest stands in the log."""
    for case in Case.objects.order_by("pk").iterator(chunk_size=500):
        for field in ("content", "run", "tables"):
            text = getattr(case, field)
            expected, found = getattr(case, f"{field}_digest") or "", "" if text is None else digest(text)
            if expected != found:
                yield Disagreement(f"case:{case.pk}", field, expected, found, _("事项的流程文件被改动"))
