"""Drawings that a county brings itself (流程版本): checked, then in force from a day; running cases keep their own."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import diagram, events, expressions, pack, permissions, required, wording
from mingchan.foundation.procedures.diagram import BadDiagram, Diagram, Fault
from mingchan.foundation.procedures.models import Definition
from mingchan.foundation.procedures.queries import definitions, documents, table_versions
from mingchan.foundation.procedures.services import running
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import Refusal


class BadFile(Refusal):
    """A drawing that can't be put in force. `reasons` are sentences for people, one for each fault."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(_("流程图不能启用：共 %(count)s 处问题") % {"count": len(reasons)}, clauses=("2.4.2c", "4.2"))
        self.reasons = tuple(reasons)


def check(code: str, content: bytes, *, county: str, on: date) -> Diagram:
    """What a file says, when it may stand for the procedure. Raises BadFile with every reason against it.

    Beyond what `diagram.read` asks: roles and clauses are the pack's, decision tables exist in the county on the day,
    every clause that the pack's own drawing serves by a step still has a step, and what the plan demands of the
    procedure is there, in its order, and can't be gone round. Serves 2.4.2c, 3.4.3a, 4.2.
    """
    try:
        found = diagram.read(content)
    except BadDiagram as error:
        raise BadFile([wording.of_fault(*fault) for fault in error.faults]) from error
    demanded = pack.required_steps().get(code, ())
    faults = [*_unknown(found, county, on), *_left_out(code, found), *required.faults(found, content, demanded)]
    if faults:
        raise BadFile([wording.of_fault(*fault) for fault in faults])
    return found


def _unknown(found: Diagram, county: str, on: date) -> list[Fault]:
    faults: list[Fault] = []
    roles, clauses, known = policy.roles(), policy.clauses(), table_versions.tables(county, on)
    for node in found.nodes.values():
        if node.role and node.role != diagram.DRAFTER and node.role not in roles:
            faults.append(Fault("unknown_role", node.id, node.role))
        faults += [Fault("unknown_role", node.id, role) for role in node.cc if role not in roles]
        faults += [Fault("unknown_clause", node.id, clause) for clause in node.clauses if clause not in clauses]
    for flow in found.flows:
        if flow.condition:
            asked = expressions.decisions_in(flow.condition)
            faults += [Fault("unknown_decision", flow.id, name) for name in sorted(asked - known.keys())]
    return faults


def _left_out(code: str, found: Diagram) -> list[Fault]:
    """Clauses that the pack's drawing has a step for and this one hasn't; waits that reactions count on."""
    content = pack.procedure_files().get(code)
    if content is None:
        return [Fault("one_process")]
    original = definitions.drawing_of(content)
    present = {clause for node in found.nodes.values() for clause in node.clauses}
    needed = {clause for node in original.nodes.values() for clause in node.clauses}
    waits = {node.waits for node in original.nodes.values() if node.waits} - {n.waits for n in found.nodes.values()}
    return [Fault("clause_left_out", detail=clause) for clause in sorted(needed - present)] + [
        Fault("wait_left_out", detail=wait) for wait in sorted(waits)
    ]


@transaction.atomic
def add_definition(code: str, content: bytes, *, valid_from: date, reason: str, actor: Actor, on: date) -> Definition:
    """Put a checked drawing in force from a day, today or later; cases that run keep the one they began with.

    Raises BadFile, Refusal without a reason or for a day that has passed, NotAllowed without `procedure.manage`.
    Serves 2.4.2c, 4.2.
    """
    permissions.require(actor, permissions.DEFINE, actor.county)
    definitions.in_force(code, actor.county, on)
    found = check(code, content, county=actor.county, on=valid_from)
    if not reason.strip():
        raise Refusal(_("请填写修改理由"), clauses=("4.2",), field="reason")
    if valid_from < on:
        raise Refusal(_("启用日期不能早于今天"), clauses=("4.2",), field="valid_from")
    text = content.decode("utf-8")
    key = reserve_ids(Definition, 1)
    last = Definition.objects.filter(county=actor.county, code=code).aggregate(last=Max("number"))["last"] or 0
    definition = Definition(
        pk=key,
        county=actor.county,
        code=code,
        number=last + 1,
        name=found.name or code,
        content=text,
        digest=documents.digest(text),
        valid_from=valid_from,
        reason=reason.strip()[:200],
        added_by=actor.name,
        added_on=on,
    )
    definition.save(force_insert=True)
    running.record(
        events.DEFINED,
        documents.DEFINITION,
        definition,
        before=None,
        division=actor.county,
        actor=actor,
        on=on,
        reason=reason,
        facts={"name": definition.name, "number": definition.number},
    )
    return definition
