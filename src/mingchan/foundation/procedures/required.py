"""What the plan demands of a drawing (必经环节): the steps are there, can't be gone round, and stand in their order.

The pack's `required_steps.yaml` says which. A joining gateway is reached only when all its ways in are, so a review in
one of several parallel branches can't be gone round by the others. A step whose no must count is tried: with that one
answer, and yes everywhere else, the drawing must not come to its agreeing end (2.4.2b, 2.4.2c, 3.4.3a).
"""

from collections.abc import Mapping, Sequence

from mingchan.foundation.procedures import diagram, engine
from mingchan.foundation.procedures.choices import ANSWERS, Answer, Kind
from mingchan.foundation.procedures.diagram import Diagram, Fault, Node
from mingchan.foundation.procedures.pack import Required

LONGEST_WALK = 120


def faults(found: Diagram, content: bytes, required: Sequence[Required]) -> list[Fault]:
    """Why a sound drawing doesn't do what the plan demands; each fault names the clause."""
    nodes = {step.key: _matching(found, step) for step in required}
    told = [Fault("step_left_out", detail=_words(step)) for step in required if not nodes[step.key]]
    ends = {key for key, node in found.nodes.items() if node.outcome == "APPROVED"}
    for step in required:
        here = nodes[step.key]
        if not here:
            continue
        reached = _reached(found, here)
        if reached & ends:
            told.append(Fault("step_avoidable", detail=_words(step)))
        for later in step.before:
            if reached & nodes[later]:
                told.append(Fault("step_too_late", detail=_words(step)))
        if step.dissent and not reached & ends:
            told += _dissent(found, content, step, here)
    return told


def _words(step: Required) -> str:
    return f"{step.label}（{step.clause}）"


def _matching(found: Diagram, step: Required) -> set[str]:
    return {key for key, node in found.nodes.items() if _is(node, step)}


def _is(node: Node, step: Required) -> bool:
    if step.waits:
        return node.waits == step.waits
    return node.role == step.role and (not step.kind or node.kind == step.kind) and node.kind != Kind.RECORD


def _reached(found: Diagram, without: set[str]) -> set[str]:
    """What tokens can reach when nobody passes through `without`, whatever the conditions say."""
    inward: dict[str, list[str]] = {key: [] for key in found.nodes}
    for flow in found.flows:
        inward[flow.target].append(flow.source)
    reached = {key for key, node in found.nodes.items() if node.type == diagram.START}
    grown = True
    while grown:
        grown = False
        for key, node in found.nodes.items():
            if key in reached or key in without or not inward[key]:
                continue
            came = [source in reached for source in inward[key]]
            if all(came) if node.type == diagram.FORK else any(came):
                reached.add(key)
                grown = True
    return reached


def _dissent(found: Diagram, content: bytes, step: Required, here: set[str]) -> list[Fault]:
    """Faults of the steps whose no is passed over."""
    return [
        Fault("dissent_passes", found.nodes[key].name, step.clause)
        for key in sorted(here)
        if Answer.REJECT in ANSWERS.get(Kind(found.nodes[key].kind), ()) and _agrees_despite(found, content, key)
    ]


def _agrees_despite(found: Diagram, content: bytes, dissenting: str) -> bool:
    """Whether a run comes to its agreeing end although this step said no; decision tables and facts are left open."""
    facts: dict[str, object] = {}
    try:
        run = engine.begin(content, facts, _undecided)
        for _step in range(LONGEST_WALK):
            if run.end:
                return found.nodes[run.end].outcome == "APPROVED" and dissenting in run.passed
            token = run.waiting[0]
            facts[token.node] = "REJECT" if token.node == dissenting else _yes(found.nodes[token.node])
            run = engine.complete(run.text, token.token, facts, _undecided)
    except engine.Broken:
        return False
    return False


def _undecided(_code: str, _facts: Mapping[str, object]) -> str:
    return ""


def _yes(node: Node) -> str:
    if not node.kind:
        return "DONE"
    answers = ANSWERS[Kind(node.kind)]
    return Answer.AGREE.value if Answer.AGREE in answers else Answer.DONE.value
