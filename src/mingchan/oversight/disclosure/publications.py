"""What a case makes public (公开内容的来源): contexts say it in the wiring, disclosure only asks.

A procedure for which nobody spoke is published by its case's title and text.
"""

from collections.abc import Callable

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure.choices import NoticeKind

Build = Callable[[Case], Publication | None]
_builders: dict[str, Build] = {}
_USUAL = {
    "disposal": NoticeKind.DISPOSAL_PLAN,
    "operator_change": NoticeKind.OPERATOR_CHANGE,
    "mode_change": NoticeKind.MODE_CHANGE,
}


def register(procedure_code: str, build: Build) -> None:
    """Say what the cases of a procedure make public. The last word counts."""
    _builders[procedure_code] = build


def of(case: Case) -> Publication:
    """What a case makes public: what its context says, else its own title and text."""
    build = _builders.get(case.code)
    found = build(case) if build is not None else None
    if found is not None:
        return found
    kind = _USUAL.get(case.code, NoticeKind.GENERAL)
    paragraphs = [line.strip() for line in case.text.splitlines() if line.strip()] or [case.title]
    return Publication(
        kind=kind.value,
        title=case.title,
        paragraphs=paragraphs,
        division_code=case.division_code,
        subject=Ref("case", case.pk),
        clauses=("2.4.2c",) if kind != NoticeKind.DISPOSAL_PLAN else ("3.4.3a",),
    )
