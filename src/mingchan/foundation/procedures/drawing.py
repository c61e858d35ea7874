"""A procedure as a picture (流程图): where each step stands and each line runs, and how far a case has come.

The file's own coordinates are used when every step and line has them; otherwise the steps are set out from left to
right in the order in which they can be reached. Numbers only: the page draws them as SVG.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from mingchan.foundation.procedures import diagram
from mingchan.foundation.procedures.diagram import CHOICE, END, FORK, START, Box, Diagram, Flow

SIZES = {START: (36, 36), END: (36, 36), CHOICE: (46, 46), FORK: (46, 46)}
TASK_SIZE = (136, 60)
COLUMN, LINE, MARGIN = 184, 104, 28
ROUND_THE_BOTTOM = 26
"""How far below the lowest step a line that goes back runs."""
LETTERS = 8
"""So many Chinese characters stand on one line of a step."""


class Shape(NamedTuple):
    """A step to be drawn: its box, its name cut into lines, and its state (passed, waiting, ahead, end)."""

    id: str
    type: str
    kind: str
    box: Box
    lines: tuple[str, ...]
    note: str
    state: str

    @property
    def middle(self) -> tuple[float, float]:
        return self.box.x + self.box.width / 2, self.box.y + self.box.height / 2


class Line(NamedTuple):
    """A way to be drawn: its corners as an SVG path, its name and where that stands, and whether it was taken."""

    id: str
    path: str
    name: str
    at: tuple[float, float]
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture with its size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...] = field(default=())


def picture(
    found: Diagram, *, passed: Sequence[str] = (), waiting: Collection[str] = (), notes: Mapping[str, str] | None = None
) -> Picture:
    """The picture of a drawing, with the way a case has taken. `notes` are words under steps (who, when)."""
    boxes = {key: node.box for key, node in found.nodes.items() if node.box is not None}
    if len(boxes) < len(found.nodes) or any(len(flow.corners) < 2 for flow in found.flows):
        boxes = layout(found)
        corners = {flow.id: _route(found, flow, boxes) for flow in found.flows}
    else:
        corners = {flow.id: list(flow.corners) for flow in found.flows}
    left = min([box.x for box in boxes.values()] + [x for way in corners.values() for x, _y in way]) - MARGIN
    top = min([box.y for box in boxes.values()] + [y for way in corners.values() for _x, y in way]) - MARGIN
    boxes = {key: Box(box.x - left, box.y - top, box.width, box.height) for key, box in boxes.items()}
    ways = {key: [(x - left, y - top) for x, y in way] for key, way in corners.items()}
    steps = set(pairwise(passed))
    been = set(passed)
    shapes = tuple(
        Shape(
            key, node.type, node.kind, boxes[key], _cut(node.name, node.type), (notes or {}).get(key, ""),
            _state(key, been, waiting),
        )
        for key, node in found.nodes.items()
    )  # fmt: skip
    lines = tuple(
        Line(flow.id, _path(ways[flow.id]), flow.name, _label(ways[flow.id]), _taken(flow, been, waiting, steps))
        for flow in found.flows
    )
    width = max([box.x + box.width for box in boxes.values()] + [x for way in ways.values() for x, _y in way]) + MARGIN
    height = max([box.y + box.height for box in boxes.values()] + [y for way in ways.values() for _x, y in way])
    return Picture(width, height + MARGIN + 14, shapes, lines)


def _state(key: str, been: Collection[str], waiting: Collection[str]) -> str:
    if key in waiting:
        return "waiting"
    return "passed" if key in been else "ahead"


def _taken(flow: Flow, been: Collection[str], waiting: Collection[str], steps: Collection[tuple[str, str]]) -> bool:
    """Whether a way was gone: both ends were reached, and where several lead out of a choice, this one after it."""
    return (
        flow.source in been
        and (flow.target in been or flow.target in waiting)
        and ((flow.source, flow.target) in steps or flow.target in waiting or not flow.condition)
    )


def _cut(name: str, type_: str) -> tuple[str, ...]:
    """A name in lines that fit into the box; beside small signs it stays whole."""
    if type_ in SIZES or len(name) <= LETTERS:
        return (name,)
    half = (len(name) + 1) // 2 if len(name) <= 2 * LETTERS else LETTERS
    rest = name[half:]
    return (name[:half], rest if len(rest) <= LETTERS else f"{rest[: LETTERS - 1]}…")


def layout(found: Diagram) -> dict[str, Box]:
    """Places for every step: a column for each rank, the steps of a rank one below another around the middle.

    A step that only leads back stands below the one it leads to, a rejecting end above the line, at its far side.
    """
    ranks = _ranks(found)
    below, above = _leading_back(found), _rejecting(found)
    columns: dict[int, list[str]] = {}
    for key in found.nodes:
        if key not in below and key not in above:
            columns.setdefault(ranks[key], []).append(key)
    places: dict[str, tuple[int, float]] = {}
    rows: dict[str, float] = {}
    for rank in sorted(columns):
        keys = sorted(columns[rank], key=lambda key: _pull(found, key, rows))
        start = _pull(found, keys[0], rows) if len(keys) == 1 else -(len(keys) - 1) / 2
        for index, key in enumerate(keys):
            rows[key] = start + index
            places[key] = rank, rows[key]
    lowest, highest = max(rows.values(), default=0.0), min(rows.values(), default=0.0)
    for depth, key in enumerate(sorted(below)):
        places[key] = ranks[found.leaving(key)[0].target], lowest + 1 + depth
    for depth, key in enumerate(sorted(above)):
        sources = [ranks[flow.source] for flow in found.flows if flow.target == key]
        places[key] = max(sources, default=0) + 1, highest - 1 - depth
    boxes = {}
    for key, node in found.nodes.items():
        width, height = SIZES.get(node.type, TASK_SIZE)
        column, row = places[key]
        boxes[key] = Box(column * COLUMN - width / 2, row * LINE - height / 2, width, height)
    return boxes


def _leading_back(found: Diagram) -> set[str]:
    """Tasks whose every way goes back (the drafter's revision)."""
    start = next(key for key, node in found.nodes.items() if node.type == START)
    back = _backward(found, start)
    return {
        key
        for key, node in found.nodes.items()
        if node.type == diagram.TASK and all(flow.id in back for flow in found.leaving(key))
    }


def _rejecting(found: Diagram) -> set[str]:
    return {key for key, node in found.nodes.items() if node.type == END and node.outcome == "REJECTED"}


def _pull(found: Diagram, key: str, rows: Mapping[str, float]) -> float:
    """The middle of the rows that lead to a step, 0 for the first."""
    before = [rows[flow.source] for flow in found.flows if flow.target == key and flow.source in rows]
    return sum(before) / len(before) if before else 0.0


def _ranks(found: Diagram) -> dict[str, int]:
    """How far from the start each step is on the longest way that doesn't go back."""
    start = next(key for key, node in found.nodes.items() if node.type == START)
    back = _backward(found, start)
    order: list[str] = []
    seen: set[str] = set()

    def visit(key: str) -> None:
        seen.add(key)
        for flow in found.leaving(key):
            if flow.id not in back and flow.target not in seen:
                visit(flow.target)
        order.append(key)

    visit(start)
    ranks = dict.fromkeys(found.nodes, 0)
    for key in reversed(order):
        for flow in found.leaving(key):
            if flow.id not in back:
                ranks[flow.target] = max(ranks[flow.target], ranks[key] + 1)
    return ranks


def _backward(found: Diagram, start: str) -> set[str]:
    """Ways that lead back to a step they came from."""
    back: set[str] = set()
    done: set[str] = set()
    above: set[str] = set()

    def visit(key: str) -> None:
        above.add(key)
        for flow in found.leaving(key):
            if flow.target in above:
                back.add(flow.id)
            elif flow.target not in done:
                visit(flow.target)
        above.discard(key)
        done.add(key)

    visit(start)
    return back


def _route(found: Diagram, flow: Flow, boxes: Mapping[str, Box]) -> list[tuple[float, float]]:
    """Corners of a line: straight on, one bend between rows; to and from what stands below and above by one corner."""
    source, target = boxes[flow.source], boxes[flow.target]
    out = (source.x + source.width, source.y + source.height / 2)
    into = (target.x, target.y + target.height / 2)
    middle, goal = source.x + source.width / 2, target.x + target.width / 2
    if flow.target in _leading_back(found) and middle > goal:
        return [(middle, source.y + source.height), (middle, into[1]), (target.x + target.width, into[1])]
    if flow.target in _rejecting(found):
        return [(middle, source.y), (middle, into[1]), into]
    if flow.source in _leading_back(found) and abs(middle - goal) < 1:
        return [(middle, source.y), (goal, target.y + target.height)]
    if target.x <= source.x:
        bottom = max(box.y + box.height for box in boxes.values()) + ROUND_THE_BOTTOM
        return [(middle, source.y + source.height), (middle, bottom), (goal, bottom), (goal, target.y + target.height)]
    far = goal - middle > COLUMN * 1.5
    between = [box for key, box in boxes.items() if key not in (flow.source, flow.target) and _in_way(box, out, into)]
    if far and between:
        top = min(box.y for box in between) - ROUND_THE_BOTTOM
        return [(middle, source.y), (middle, top), (goal, top), (goal, target.y)]
    if abs(out[1] - into[1]) < 1:
        return [out, into]
    bend = into[0] - 24 if source.height < TASK_SIZE[1] else out[0] + 24
    return [out, (bend, out[1]), (bend, into[1]), into]


def _in_way(box: Box, out: tuple[float, float], into: tuple[float, float]) -> bool:
    low, high = sorted((out[1], into[1]))
    return out[0] < box.x + box.width and box.x < into[0] and box.y <= high and box.y + box.height >= low


def _path(way: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in way)


def _label(way: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a way's name stands: beside a line that goes up or down, above one that goes on."""
    (x, y), (x2, y2) = way[0], way[1]
    if abs(x2 - x) < 1:
        return x + 6, y + (14 if y2 > y else -6)
    return x + 8, y - 6


def with_layout(content: bytes) -> bytes:
    """The file with places for all its steps and lines, so that any BPMN editor shows it as the page does."""
    found = diagram.read(content)
    root = etree.fromstring(content)
    for old in root.findall(f"{{{diagram.DI}}}BPMNDiagram"):
        root.remove(old)
    drawn = picture(found)
    spaces = {"bpmndi": diagram.DI, "dc": diagram.DC, "di": diagram.DD}
    board = etree.SubElement(root, f"{{{diagram.DI}}}BPMNDiagram", id="picture", nsmap=spaces)
    plane = etree.SubElement(board, f"{{{diagram.DI}}}BPMNPlane", id="plane", bpmnElement=found.process)
    for shape in drawn.shapes:
        element = etree.SubElement(plane, f"{{{diagram.DI}}}BPMNShape", id=f"{shape.id}_shape", bpmnElement=shape.id)
        sides = {name: f"{value:.0f}" for name, value in shape.box._asdict().items()}
        etree.SubElement(element, f"{{{diagram.DC}}}Bounds", **sides)
    for line in drawn.lines:
        edge = etree.SubElement(plane, f"{{{diagram.DI}}}BPMNEdge", id=f"{line.id}_edge", bpmnElement=line.id)
        for x, y in _points(line.path):
            etree.SubElement(edge, f"{{{diagram.DD}}}waypoint", x=x, y=y)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _points(path: str) -> Iterable[tuple[str, str]]:
    for point in path[1:].split("L"):
        x, _blank, y = point.partition(" ")
        yield x, y
