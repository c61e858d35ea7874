"""What the log keeps of findings (受保护的行), and what the verifier finds wrong in them by itself."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Child, Disagreement, Protected
from mingchan.oversight.supervision.choices import State
from mingchan.oversight.supervision.models import Finding, Period, Sample, SampleLine, Step

FINDING = Protected(
    "finding",
    Finding,
    children=(Child(Period, "finding", "periods"), Child(Step, "finding", "steps")),
    label=("title",),
)
SAMPLE = Protected("supervision_sample", Sample, children=(Child(SampleLine, "sample", "lines"),), label=("title",))
PROTECTED: tuple[Protected, ...] = (FINDING, SAMPLE)
"""What the verifier compares with the log."""


def documents_of(found: Sequence[Finding]) -> dict[int, dict[str, Any]]:
    """The documents of many findings by key, their periods and steps read in two statements."""
    keys = [one.pk for one in found]
    names = protection.document_names(Finding)
    children: dict[int, dict[str, list[dict[str, Any]]]] = {key: {"periods": [], "steps": []} for key in keys}
    for child in FINDING.children:
        wanted = protection.child_names(child)
        for start in range(0, len(keys), 500):
            part = child.model._default_manager.filter(finding__in=keys[start : start + 500]).order_by("id")
            for key, *values in part.values_list("finding_id", *wanted):
                children[key][child.name].append(dict(zip(wanted, values, strict=True)))
    return {
        one.pk: protection.document(FINDING, {**{name: getattr(one, name) for name in names}, **children[one.pk]})
        for one in found
    }


def faults() -> Iterator[Disagreement]:
    """Findings that stand without an open period, or are closed with one."""
    still = Period.objects.filter(finding=OuterRef("pk"), closed_on__isnull=True)
    wrong = Finding.objects.exclude(state=State.CLOSED).exclude(Exists(still)) | Finding.objects.filter(
        Exists(still), state=State.CLOSED
    )
    for key, title, state in wrong.order_by("pk").values_list("pk", "title", "state"):
        yield Disagreement(
            f"finding:{key}", "state", "period", state, _("问题“%(title)s”的状态与期间不符") % {"title": title}
        )
