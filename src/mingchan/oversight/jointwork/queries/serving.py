"""What serves each clause (条款落实), derived from the program itself and its policy pack, never from a list by hand.

Events name their clauses, refusals name them where they are made, drawings and required steps name them, so do the
figures and duties of the pack. Contexts between here and there (checks, findings) are asked through a source that the
wiring registers.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import mingchan
from mingchan.foundation.policy import queries as policy

ROOT = Path(mingchan.__file__).resolve().parent
LEFT_OUT = ("tests", "migrations")
NAMES = ("clauses", "clause")


class Enforced(NamedTuple):
    """A place in the program that says no on a clause: the context, what it says, and where it stands."""

    context: str
    sentence: str
    place: str


class Step(NamedTuple):
    """A step of a procedure that a clause demands."""

    procedure: str
    label: str
    required: bool


class CheckServing(NamedTuple):
    """A check that watches a clause: its code, what it is called, its page, and how many findings stand open."""

    code: str
    label: str
    url: str
    open: int


Checks = Callable[[str], Mapping[str, Iterable[CheckServing]]]
_sources: list[Checks] = []


def register_checks(source: Checks) -> None:
    """Say, for a county, which checks watch each clause and how many findings of each stand open."""
    if source not in _sources:
        _sources.append(source)


def checks(county: str) -> dict[str, list[CheckServing]]:
    """Checks by clause, from every source."""
    found: dict[str, list[CheckServing]] = {}
    for source in _sources:
        for clause, rows in source(county).items():
            found.setdefault(clause, []).extend(rows)
    return found


def has_checks() -> bool:
    """Whether any context watches at all."""
    return bool(_sources)


# Refusals: read from the sources, once per process.


@dataclass(frozen=True)
class _Module:
    name: str
    path: Path
    tree: ast.Module
    constants: Mapping[str, tuple[str, ...]]
    imported: Mapping[str, str]


def _texts(node: ast.expr | None, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The texts of a literal, a name of one, or several together; nothing of what isn't one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(text for item in node.elts for text in _texts(item, known))
    if isinstance(node, ast.Starred):
        return _texts(node.value, known)
    if isinstance(node, ast.Name):
        return known.get(node.id, ())
    return ()


def _module(path: Path) -> _Module | None:
    text = path.read_text(encoding="utf-8")
    if "clause" not in text.lower():
        return None
    tree = ast.parse(text)
    constants: dict[str, tuple[str, ...]] = {}
    imported: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            constants[node.targets[0].id] = _texts(node.value, constants)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    name = ".".join(("mingchan", *path.relative_to(ROOT).with_suffix("").parts))
    return _Module(name.removesuffix(".__init__"), path, tree, constants, imported)


def _sentence(call: ast.Call) -> str:
    """What a refusal says: the first translated text in its arguments."""
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_t", "gettext"):
            found = _texts(node.args[0] if node.args else None, {})
            if found:
                return re.sub(r"%\(\w+\)s", "…", found[0])
    return ""


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Calls with the name of the function they stand in."""
    for outer in ast.walk(tree):
        if isinstance(outer, ast.FunctionDef):
            for node in ast.walk(outer):
                if isinstance(node, ast.Call):
                    yield outer.name, node


def _sources_of_program() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.py")):
        if not set(path.relative_to(ROOT).parts) & set(LEFT_OUT):
            yield path


@cache
def refusals() -> Mapping[str, tuple[Enforced, ...]]:
    """Places in the program that refuse something on a clause, by clause."""
    modules = {found.name: found for path in _sources_of_program() if (found := _module(path)) is not None}
    found: dict[str, dict[Enforced, None]] = {}
    known = set(policy.clauses())
    for module in modules.values():
        parts = module.name.split(".")
        context = ".".join(parts[1:3])
        for function, call in _calls(module.tree):
            for keyword in call.keywords:
                if keyword.arg not in NAMES:
                    continue
                clauses = _clauses_of(keyword.value, module, modules)
                place = f"{'.'.join(parts[1:])}.{function}"
                for clause in clauses:
                    if clause in known:
                        found.setdefault(clause, {})[Enforced(context, _sentence(call), place)] = None
    return {clause: tuple(rows) for clause, rows in found.items()}


def _clauses_of(node: ast.expr, module: _Module, modules: Mapping[str, _Module]) -> tuple[str, ...]:
    constants = dict(module.constants)
    for name, target in module.imported.items():
        owner, _dot, last = target.rpartition(".")
        if owner in modules and last in modules[owner].constants:
            constants[name] = modules[owner].constants[last]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        other = modules.get(module.imported.get(node.value.id, ""))
        return other.constants.get(node.attr, ()) if other is not None else ()
    return _texts(node, constants)


# Procedures and the rest of the pack.


@cache
def steps() -> Mapping[str, tuple[Step, ...]]:
    """Steps of procedures by the clause that demands them: those no drawing may leave out, and those drawn."""
    found: dict[str, dict[Step, None]] = {}
    english = policy.english()
    for procedure, rows in policy.document("required_steps.yaml").items():
        for row in rows:
            label = row["text_en"] if english else row["text"]
            found.setdefault(str(row["clause"]), {})[Step(procedure, label, True)] = None
    for path in sorted(policy.pack_path("procedures").glob("*.bpmn")):
        for element in ElementTree.parse(path).getroot().iter():  # noqa: S314 - a file of the pack
            named = next((value for name, value in element.attrib.items() if name.endswith("}clause")), "")
            for clause in named.split():
                found.setdefault(clause, {})[Step(path.stem, element.get("name", ""), False)] = None
    return {clause: tuple(rows) for clause, rows in found.items()}


def figures() -> dict[str, list[Any]]:
    """Thresholds of the county by the clause that they carry out."""
    found: dict[str, list[Any]] = {}
    for threshold in policy.thresholds().values():
        found.setdefault(threshold.basis, []).append(threshold)
    return found


def duties() -> dict[str, list[tuple[str, str]]]:
    """Duties of offices by clause, as (role, words)."""
    found: dict[str, list[tuple[str, str]]] = {}
    roles = policy.roles()
    for role, rows in policy.document("duties.yaml").items():
        for row in rows:
            words = row["text_en"] if policy.english() else row["text"]
            for clause in row["clauses"]:
                found.setdefault(str(clause), []).append((roles[role].text if role in roles else role, words))
    return found
