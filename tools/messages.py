"""The English catalogue, made and checked with Babel (no gettext programs are needed).

    python tools/messages.py extract      print every marked string with the files that use it
    python tools/messages.py update       bring src/mingchan/locale/en/LC_MESSAGES/django.po up to date
    python tools/messages.py missing      print the untranslated strings as JSON {key: ""}
    python tools/messages.py fill FILE    put the translations of such a JSON file into the catalogue
    python tools/messages.py compile      write django.mo beside the catalogue (done at bootstrap, not committed)
    python tools/messages.py check        exit 1 when a translation is missing or wrong, or Chinese text is unmarked

Chinese is the source language and needs no catalogue. A key is the Chinese string; for a string with a
context it is "context|string", and a plural form is translated as a list of two texts.
"""

from __future__ import annotations

import ast
import fnmatch
import io
import json
import re
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError

ROOT = Path(__file__).resolve().parents[1]
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
QUOTED = re.compile(r"“[^”]*”")  # what the reader is told to type may be Chinese
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdrif]\b|\{\w*\}")
FIXED = datetime(2026, 1, 1, tzinfo=UTC)  # a date in the file would make every update a change

PLAIN: tuple[int, ...] = (1,)
PLURAL: tuple[int, ...] = (1, 2)
KEYWORDS = {
    "_": PLAIN,
    "gettext": PLAIN,
    "_t": PLAIN,  # gettext, in modules where _ is gettext_lazy
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Tree:
    """Where the sources and the catalogue lie; another tree serves the tests."""

    source: Path = ROOT / "src/mingchan"
    data: tuple[str, ...] = ()
    literals: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def catalogue(self) -> Path:
        """The English catalogue."""
        return self.source / "locale/en/LC_MESSAGES/django.po"

    def files(self, *suffixes: str) -> Iterator[tuple[Path, str]]:
        """Source files that speak to people, with their paths below the source: no tests, no migrations."""
        for path in sorted(self.source.rglob("*")):
            name = path.relative_to(self.source).as_posix()
            parts = set(path.relative_to(self.source).parts)
            if path.suffix in suffixes and not parts & {"tests", "testing", "migrations", "vendor", "node_modules"}:
                yield path, name

    def is_data(self, name: str) -> bool:
        """Whether the Chinese of this file is data by messages.toml."""
        return any(fnmatch.fnmatch(name, pattern) for pattern in self.data)


def house() -> Tree:
    """The tree of this repository with its list of data files."""
    settings = tomllib.loads(ROOT.joinpath("tools/messages.toml").read_text(encoding="utf-8"))
    return Tree(data=tuple(settings["data"]), literals=settings["literals"])


def template_environment() -> Environment:
    """Enough of the environment to parse templates; filters and globals aren't needed for that."""
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def extracted(tree: Tree) -> Catalog:
    """A catalogue of every marked string in Python files and templates."""
    found = Catalog(locale="en", charset="utf-8", fuzzy=False)
    options = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for path, name in tree.files(".py", ".html", ".txt", ".xml"):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        with path.open("rb") as stream:
            for _line, message, _comments, context in extract(
                method, stream, KEYWORDS, options=None if method == "python" else options
            ):
                found.add(message, locations=[(name, 0)], context=context)
    return found


def key_of(message: Message) -> str:
    """The key of a message in the JSON of `missing` and `fill`."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}|{text}" if message.context else text


def is_filled(message: Message) -> bool:
    """Whether a message has all its English texts."""
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(texts) and all(texts) and (isinstance(message.id, str) or len(texts) == 2)


def load(tree: Tree) -> Catalog:
    """The catalogue as committed; an empty one when there is none."""
    if not tree.catalogue.exists():
        return Catalog(locale="en", fuzzy=False)
    with tree.catalogue.open("rb") as stream:
        return read_po(stream, locale="en")


def save(tree: Tree, catalogue: Catalog) -> None:
    """Write the catalogue in a stable order, so that a change shows as that change alone."""
    catalogue.header_comment = "# English texts of Mingchan. Keys are the Chinese sources. Made by tools/messages.py."
    catalogue.project, catalogue.version = "mingchan", "1"
    catalogue.creation_date = catalogue.revision_date = FIXED
    catalogue.last_translator = catalogue.language_team = "Mingchan"
    catalogue.msgid_bugs_address = ""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    tree.catalogue.parent.mkdir(parents=True, exist_ok=True)
    tree.catalogue.write_bytes(out.getvalue())


def update(tree: Tree) -> Catalog:
    """Bring the catalogue up to date: new strings empty, vanished ones dropped, the rest kept."""
    kept = {(m.context, m.id): m.string for m in load(tree) if m.id}
    fresh = extracted(tree)
    for message in fresh:
        if message.id and (message.context, message.id) in kept:
            message.string = kept[message.context, message.id]
    save(tree, fresh)
    return fresh


def fill(tree: Tree, texts: dict[str, str | list[str]]) -> list[str]:
    """Put texts into the catalogue; returns the keys that no marked string has."""
    catalogue = update(tree)
    known = {key_of(message): message for message in catalogue if message.id}
    for key, text in texts.items():
        if key in known and text:
            known[key].string = tuple(text) if isinstance(text, list) else text
    save(tree, catalogue)
    return sorted(set(texts) - set(known))


def compile_catalogue(tree: Tree) -> Path:
    """Write django.mo beside the catalogue and return its path."""
    target = tree.catalogue.with_suffix(".mo")
    out = io.BytesIO()
    write_mo(out, load(tree))
    target.write_bytes(out.getvalue())
    return target


def placeholders(text: str) -> set[str]:
    """The names a text expects to be filled in."""
    return {found.group(0) for found in PLACEHOLDER.finditer(text.replace("%%", ""))}


def catalogue_faults(tree: Tree) -> list[str]:
    """Missing, empty, fuzzy, stale and wrongly filled messages."""
    faults = []
    wanted = {(m.context, m.id): m for m in extracted(tree) if m.id}
    present = {(m.context, m.id): m for m in load(tree) if m.id}
    faults += [f"not in the catalogue: {key_of(wanted[key])}" for key in wanted if key not in present]
    faults += [f"no longer used: {key_of(present[key])}" for key in present if key not in wanted]
    for key, message in present.items():
        if key not in wanted:
            continue
        if message.fuzzy:
            faults.append(f"fuzzy: {key_of(message)}")
        if not is_filled(message):
            faults.append(f"no English: {key_of(message)}")
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        expected = set().union(*map(placeholders, sources))
        for text in texts:
            if not placeholders(text) <= expected or (len(texts) == 1 and placeholders(text) != expected):
                faults.append(f"placeholders differ: {key_of(message)} → {text}")
            if HAN.search(QUOTED.sub("", text)):
                faults.append(f"Chinese in the English text: {key_of(message)} → {text}")
    return faults


def _docstrings(module: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(module):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for before, statement in zip([None, *node.body], node.body, strict=False):
            first_or_after_name = before is None or isinstance(before, ast.Assign | ast.AnnAssign)
            if first_or_after_name and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                found.add(id(statement.value))
    return found


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def unmarked_in_python(text: str) -> Iterator[tuple[int, str]]:
    """Chinese string literals outside gettext calls, docstrings and comments: line and text."""
    module = ast.parse(text)
    exempt = _docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node.func) in KEYWORDS:
            exempt.update(id(inner) for argument in node.args for inner in ast.walk(argument))
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in exempt:
            yield from [(node.lineno, node.value.strip())] if HAN.search(node.value) else []


def unmarked_in_template(text: str, environment: Environment) -> Iterator[tuple[int, str]]:
    """Chinese text or literals of a template outside gettext calls: line and text."""
    root = environment.parse(text)
    exempt: set[int] = set()
    for call in root.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS:
            for argument in call.args:
                exempt.add(id(argument))
                exempt.update(id(inner) for inner in argument.find_all(nodes.Node))
    for data in root.find_all(nodes.TemplateData):
        if id(data) not in exempt:
            for offset, line in enumerate(data.data.split("\n")):
                if HAN.search(line):
                    yield data.lineno + offset, line.strip()
    for constant in root.find_all(nodes.Const):
        if id(constant) not in exempt and isinstance(constant.value, str) and HAN.search(constant.value):
            yield constant.lineno, constant.value


def percent_faults(text: str, environment: Environment) -> Iterator[tuple[int, str]]:
    """Marked template strings with a bare % sign: templates fill in every string, so it must be written %%."""
    for call in environment.parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS:
            for argument in call.args:
                if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
                    rest = re.sub(r"%%|%\(\w+\)s", "", argument.value)
                    if "%" in rest:
                        yield argument.lineno, argument.value


def source_faults(tree: Tree) -> list[str]:
    """Chinese text that no reader of English could have translated, and templates that don't parse."""
    faults = []
    environment = template_environment()
    for path, name in tree.files(".py", ".html", ".txt", ".js"):
        if tree.is_data(name):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            known = tree.literals.get(name, ())
            faults += [
                f"{name}:{at}: unmarked: {found}" for at, found in unmarked_in_python(text) if found not in known
            ]
        elif path.suffix == ".js":
            lines = enumerate(text.splitlines(), 1)
            faults += [
                f"{name}:{at}: text belongs in an attribute of the page" for at, line in lines if HAN.search(line)
            ]
        else:
            try:
                faults += [f"{name}:{at}: unmarked: {found}" for at, found in unmarked_in_template(text, environment)]
                faults += [f"{name}:{at}: write %% for %: {found}" for at, found in percent_faults(text, environment)]
            except TemplateSyntaxError as error:
                faults.append(f"{name}:{error.lineno}: {error.message}")
    return faults


def main(arguments: list[str]) -> int:
    """Return 0 when done, 1 when the check finds faults, 2 when called wrongly."""
    tree = house()
    match arguments:
        case ["extract"]:
            for message in extracted(tree):
                if message.id:
                    print(key_of(message), "  #", ", ".join(sorted({name for name, _ in message.locations})))
        case ["update"]:
            catalogue = update(tree)
            print(f"{len(catalogue)} strings, {sum(1 for m in catalogue if m.id and not is_filled(m))} without English")
        case ["missing"]:
            empty = {
                key_of(m): "" if isinstance(m.id, str) else ["", ""] for m in update(tree) if m.id and not is_filled(m)
            }
            print(json.dumps(empty, ensure_ascii=False, indent=1))
        case ["fill", file]:
            unknown = fill(tree, json.loads(Path(file).read_text(encoding="utf-8")))
            print("\n".join(f"no such string: {key}" for key in unknown) or "filled")
        case ["compile"]:
            print(f"written: {compile_catalogue(tree)}")
        case ["check"]:
            faults = source_faults(tree) + catalogue_faults(tree)
            print("\n".join(faults) or "every text is marked and has its English")
            return 1 if faults else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
