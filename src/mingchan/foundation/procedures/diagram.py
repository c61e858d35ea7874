"""Reading a BPMN file (流程图): what it says, whether it may be used, where its shapes stand.

A county's clerk may upload one, so nothing in it is trusted: no entities, a size limit, and only the elements listed
here. Scripts, services, calls, sub-processes, timers and data are refused by name. What the trade adds to BPMN stands
in attributes of the namespace `urn:mingchan:procedure`:

    role      the role whose accounts may do the task; `@drafter` is who began the case
    seat      the body in whose name it is done (财政局 …), for joint reviews
    kind      opinion 审核 | vote 集体研究 | approval 批准 | filing 备案 | revision 修改 | record 登记
    days      term in working days
    papers    codes of papers that must be there, by blanks
    clause    clause ids of the plan that demand the step, by blanks
    waits     on a receiveTask: the word with which another context wakes it (notice …)
    outcome   on an end event: APPROVED or REJECTED
    cc        roles whose accounts get a copy when the step is done or the end is come to, by blanks
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from mingchan.foundation.procedures import expressions

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
OWN = "urn:mingchan:procedure"

LARGEST = 512 * 1024
MOST_NODES = 200

START, END, TASK, WAIT, CHOICE, FORK = (
    "startEvent",
    "endEvent",
    "userTask",
    "receiveTask",
    "exclusiveGateway",
    "parallelGateway",
)
NODES = frozenset({START, END, TASK, WAIT, CHOICE, FORK})
QUIET = frozenset({
    "documentation", "incoming", "outgoing", "extensionElements", "conditionExpression", "textAnnotation",
    "association", "text", "laneSet", "lane", "flowNodeRef", "sequenceFlow",
})  # fmt: skip
KINDS = ("opinion", "vote", "approval", "filing", "revision", "record")
OUTCOMES = ("APPROVED", "REJECTED")
DRAFTER = "@drafter"


class Fault(NamedTuple):
    """Why a file can't be used: a code (see `wording`), the element, and what it is about."""

    code: str
    element: str = ""
    detail: str = ""


class BadDiagram(ValueError):
    """A file that can't be used, with every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{fault.code} {fault.element} {fault.detail}".strip() for fault in faults))
        self.faults = tuple(faults)


class Box(NamedTuple):
    """Where a shape stands, in the file's own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Node:
    """A step of a procedure."""

    id: str
    type: str
    name: str
    role: str = ""
    seat: str = ""
    kind: str = ""
    days: int = 0
    papers: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    waits: str = ""
    outcome: str = ""
    cc: tuple[str, ...] = ()
    default: str = ""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A way from one step to another, with its condition and the corners of its line."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    corners: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """A procedure as its file says it."""

    process: str
    name: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...] = field(default=())

    def leaving(self, node: str) -> list[Flow]:
        """Ways out of a step."""
        return [flow for flow in self.flows if flow.source == node]

    def tasks(self) -> list[Node]:
        """Steps that somebody must do, in the order of the file."""
        return [node for node in self.nodes.values() if node.type == TASK]


def read(content: bytes) -> Diagram:
    """The diagram of a file. Raises BadDiagram with what is wrong, whoever may have made the file."""
    root = _parsed(content)
    faults: list[Fault] = []
    processes = root.findall(f"{{{BPMN}}}process")
    if root.tag != f"{{{BPMN}}}definitions" or len(processes) != 1:
        raise BadDiagram([Fault("one_process")])
    for child in root:
        if child is processes[0] or not isinstance(child.tag, str) or etree.QName(child).namespace != BPMN:
            continue
        if etree.QName(child).localname not in ("collaboration", "category"):
            faults.append(Fault("forbidden_element", detail=etree.QName(child).localname))
    boxes, corners = _layout(root)
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    for element in processes[0].iter():
        if not isinstance(element.tag, str) or element is processes[0]:
            continue
        name = etree.QName(element)
        if name.namespace != BPMN:
            if not _is_inside_extension(element):
                faults.append(Fault("forbidden_element", element.get("id", ""), name.localname))
        elif name.localname in NODES:
            node = _node(element, boxes, faults)
            if node.id in nodes:
                faults.append(Fault("id_twice", node.id))
            nodes[node.id] = node
        elif name.localname == "sequenceFlow":
            flows.append(_flow(element, corners))
        elif name.localname not in QUIET:
            faults.append(Fault("forbidden_element", element.get("id", ""), name.localname))
    found = Diagram(processes[0].get("id", ""), processes[0].get("name", ""), nodes, tuple(flows))
    faults += _shape_faults(found)
    if faults:
        raise BadDiagram(faults)
    return found


def _parsed(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise BadDiagram([Fault("too_large")])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDiagram([Fault("no_xml", detail=str(error)[:80])]) from error
    if root.getroottree().docinfo.doctype:
        raise BadDiagram([Fault("doctype")])
    return root


def _is_inside_extension(element: Any) -> bool:
    return any(parent.tag == f"{{{BPMN}}}extensionElements" for parent in element.iterancestors())


def _own(element: Any, name: str) -> str:
    return str(element.get(f"{{{OWN}}}{name}") or "").strip()


def _node(element: Any, boxes: Mapping[str, Box], faults: list[Fault]) -> Node:
    key, kind = str(element.get("id") or ""), _own(element, "kind")
    type_ = etree.QName(element).localname
    if not key.isidentifier() or key.startswith("_") or not key.isascii():
        faults.append(Fault("bad_id", key))
    days = _own(element, "days")
    if days and not (days.isdecimal() and 0 < int(days) <= 365):
        faults.append(Fault("bad_days", key, days))
        days = ""
    if type_ == TASK and (kind or "opinion") not in KINDS:
        faults.append(Fault("unknown_kind", key, kind))
    return Node(
        id=key,
        type=type_,
        name=str(element.get("name") or "").strip(),
        role=_own(element, "role"),
        seat=_own(element, "seat"),
        kind=(kind or "opinion") if type_ == TASK else "",
        days=int(days or 0),
        papers=tuple(_own(element, "papers").split()),
        clauses=tuple(_own(element, "clause").split()),
        waits=_own(element, "waits"),
        outcome=_own(element, "outcome"),
        cc=tuple(_own(element, "cc").split()),
        default=str(element.get("default") or ""),
        box=boxes.get(key),
    )


def _flow(element: Any, corners: Mapping[str, tuple[tuple[float, float], ...]]) -> Flow:
    condition = element.find(f"{{{BPMN}}}conditionExpression")
    key = str(element.get("id") or "")
    return Flow(
        id=key,
        source=str(element.get("sourceRef") or ""),
        target=str(element.get("targetRef") or ""),
        name=str(element.get("name") or "").strip(),
        condition=str(condition.text or "").strip() if condition is not None else "",
        corners=corners.get(key, ()),
    )


def _layout(root: Any) -> tuple[dict[str, Box], dict[str, tuple[tuple[float, float], ...]]]:
    boxes: dict[str, Box] = {}
    corners: dict[str, tuple[tuple[float, float], ...]] = {}
    try:
        for shape in root.iter(f"{{{DI}}}BPMNShape"):
            bounds = shape.find(f"{{{DC}}}Bounds")
            if bounds is not None:
                boxes[shape.get("bpmnElement", "")] = Box(
                    *(float(bounds.get(n)) for n in ("x", "y", "width", "height"))
                )
        for edge in root.iter(f"{{{DI}}}BPMNEdge"):
            points = edge.findall(f"{{{DD}}}waypoint")
            corners[edge.get("bpmnElement", "")] = tuple((float(p.get("x")), float(p.get("y"))) for p in points)
    except (TypeError, ValueError) as error:
        raise BadDiagram([Fault("bad_layout", detail=str(error)[:60])]) from error
    return boxes, corners


def _shape_faults(found: Diagram) -> list[Fault]:
    """Faults of the whole: what is missing, unreachable, or can't be decided."""
    faults: list[Fault] = []
    nodes = found.nodes
    starts = [node for node in nodes.values() if node.type == START]
    ends = [node for node in nodes.values() if node.type == END]
    if len(nodes) > MOST_NODES:
        faults.append(Fault("too_many_steps", detail=str(len(nodes))))
    if len(starts) != 1:
        faults.append(Fault("one_start", detail=str(len(starts))))
    if not any(node.outcome == "APPROVED" for node in ends):
        faults.append(Fault("no_approval_end"))
    faults += [Fault("bad_outcome", node.id, node.outcome) for node in ends if node.outcome not in OUTCOMES]
    faults += [
        Fault("loose_flow", flow.id) for flow in found.flows if flow.source not in nodes or flow.target not in nodes
    ]
    if faults:
        return faults
    faults += _node_faults(found)
    faults += _way_faults(found, starts[0].id, [node.id for node in ends])
    return faults or soundness_faults(found)


def _node_faults(found: Diagram) -> list[Fault]:
    faults: list[Fault] = []
    tasks = {node.id for node in found.nodes.values() if node.type in (TASK, WAIT)}
    for node in found.nodes.values():
        out = found.leaving(node.id)
        if node.type in (TASK, WAIT) and not node.name:
            faults.append(Fault("no_name", node.id))
        if node.type == TASK and not node.role:
            faults.append(Fault("no_role", node.id))
        if node.type == WAIT and not node.waits:
            faults.append(Fault("no_waits", node.id))
        if node.type == END and out:
            faults.append(Fault("end_goes_on", node.id))
        if node.type != END and not out:
            faults.append(Fault("dead_end", node.id))
        if node.type in (START, TASK, WAIT) and len(out) > 1:
            faults.append(Fault("split_without_gateway", node.id))
        if node.type == CHOICE and len(out) > 1:
            faults += _choice_faults(node, out)
        elif any(flow.condition for flow in out):
            faults.append(Fault("condition_outside_choice", node.id))
    for flow in found.flows:
        if flow.condition:
            try:
                expressions.names_in(flow.condition)
            except expressions.Unreadable as error:
                faults.append(Fault("bad_condition", flow.id, error.part))
    if not tasks:
        faults.append(Fault("nothing_to_do"))
    return faults


def _choice_faults(node: Node, out: Sequence[Flow]) -> list[Fault]:
    """A choice needs a condition on every way but the default one, so that exactly one is always open."""
    open_ways = [flow for flow in out if not flow.condition]
    if [flow.id for flow in open_ways] == [node.default]:
        return []
    return [Fault("choice_without_default", node.id)]


def _way_faults(found: Diagram, start: str, ends: Sequence[str]) -> list[Fault]:
    """Steps that are never reached, from which no end is, and ways round that nobody has to act on."""
    ahead: dict[str, set[str]] = {key: {flow.target for flow in found.leaving(key)} for key in found.nodes}
    behind: dict[str, set[str]] = {key: set() for key in found.nodes}
    for key, targets in ahead.items():
        for target in targets:
            behind[target].add(key)
    reached, ending = _closure([start], ahead), _closure(ends, behind)
    faults = [Fault("never_reached", key) for key in found.nodes if key not in reached]
    faults += [Fault("never_ends", key) for key in found.nodes if key not in ending]
    automatic = {key for key, node in found.nodes.items() if node.type in (CHOICE, FORK)}
    for key in automatic:
        inside = _closure([t for t in ahead[key] if t in automatic], {k: ahead[k] & automatic for k in found.nodes})
        if key in inside:
            faults.append(Fault("turns_by_itself", key))
    return faults


def _closure(first: Sequence[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen, waiting = set(first), list(first)
    while waiting:
        for target in ways[waiting.pop()] - seen:
            seen.add(target)
            waiting.append(target)
    return seen


MOST_STATES = 20_000


def soundness_faults(found: Diagram) -> list[Fault]:
    """Walk every way that tokens can take, whatever the conditions say: none may be stuck, doubled or left behind.

    A file whose ways are too many to walk is refused as well, for nobody could read it either.
    """
    inward: dict[str, list[str]] = {key: [] for key in found.nodes}
    outward: dict[str, list[str]] = {key: [] for key in found.nodes}
    for flow in found.flows:
        outward[flow.source].append(flow.id)
        inward[flow.target].append(flow.id)
    start = next(key for key, node in found.nodes.items() if node.type == START)
    first = frozenset(outward[start])
    seen, waiting = {first}, [first]
    while waiting:
        tokens = waiting.pop()
        following, faults = _steps(found, tokens, inward, outward)
        if faults:
            return faults
        for state in following:
            if state not in seen:
                seen.add(state)
                waiting.append(state)
        if len(seen) > MOST_STATES:
            return [Fault("too_many_ways")]
    return []


def _steps(
    found: Diagram,
    tokens: frozenset[str],
    inward: Mapping[str, list[str]],
    outward: Mapping[str, list[str]],
) -> tuple[list[frozenset[str]], list[Fault]]:
    """The states after each step that may come next; a fault when none may, or a way would hold two tokens."""
    following: list[frozenset[str]] = []
    for key, node in found.nodes.items():
        arrived = [flow for flow in inward[key] if flow in tokens]
        if not arrived:
            continue
        if node.type == END:
            if tokens != {arrived[0]}:
                return [], [Fault("ends_too_early", key)]
            return [], []
        if node.type == FORK:
            if len(arrived) < len(inward[key]):
                continue
            choices = [(frozenset(arrived), frozenset(outward[key]))]
        elif node.type == CHOICE:
            choices = [(frozenset({flow}), frozenset({way})) for flow in arrived for way in outward[key]]
        else:
            choices = [(frozenset({flow}), frozenset(outward[key])) for flow in arrived]
        for taken, given in choices:
            rest = tokens - taken
            if rest & given:
                return [], [Fault("twice_at_once", key)]
            following.append(rest | given)
    if not following:
        stuck = next((flow.target for flow in found.flows if flow.id in tokens), "")
        return [], [Fault("stuck", stuck)]
    return following, []
