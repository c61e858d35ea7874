"""Which drawing of a procedure is in force (流程版本): the county's own latest one, else the pack's."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from mingchan.foundation.procedures import diagram, pack
from mingchan.foundation.procedures.models import Definition
from mingchan.kernel.errors import NotFound


class Procedure(NamedTuple):
    """A drawing in force: its code, version (0: the pack's own), text and what it says."""

    code: str
    number: int
    content: str
    drawing: diagram.Diagram

    @property
    def name(self) -> str:
        return self.drawing.name


@lru_cache(maxsize=256)
def _read(content: str) -> diagram.Diagram:
    return diagram.read(content.encode())


def drawing_of(content: str) -> diagram.Diagram:
    """A drawing read once for each text."""
    return _read(content)


def in_force(code: str, county: str, on: date) -> Procedure:
    """The drawing that a case begun on a day would follow. Raises NotFound for a procedure the pack doesn't have."""
    own = (
        Definition.objects.filter(county=county, code=code, valid_from__lte=on)
        .order_by("-valid_from", "-number")
        .values_list("number", "content")
        .first()
    )
    if own is not None:
        return Procedure(code, own[0], own[1], _read(own[1]))
    content = pack.procedure_files().get(code)
    if content is None:
        raise NotFound(_("没有这个审批流程"))
    return Procedure(code, 0, content, _read(content))


def procedure(code: str, county: str, number: int) -> Procedure:
    """One version of a procedure. Raises NotFound when there is none."""
    if number == 0:
        content = pack.procedure_files().get(code)
    else:
        content = (
            Definition.objects.filter(county=county, code=code, number=number).values_list("content", flat=True).first()
        )
    if content is None:
        raise NotFound(_("没有这个审批流程"))
    return Procedure(code, number, content, _read(content))


def procedures(county: str, on: date) -> list[Procedure]:
    """Every procedure's drawing in force, by code."""
    return [in_force(code, county, on) for code in sorted(pack.procedure_files())]


def versions(code: str, county: str) -> list[Definition]:
    """The county's own versions of a procedure, newest first."""
    return list(Definition.objects.filter(county=county, code=code).defer("content").order_by("-number"))
