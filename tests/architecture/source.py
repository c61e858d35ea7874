"""What the architecture tests read: the project's modules as syntax trees, its contexts, its tracked files."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "mingchan"
BANDS = ("kernel", "foundation", "register", "lifecycle", "oversight", "interfaces", "config")
"""From the bottom to the top."""
CONTEXT_BANDS = ("foundation", "register", "lifecycle", "oversight", "interfaces")


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by dotted name, without tests and migrations."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "tests" in parts or "migrations" in parts:
            continue
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def contexts() -> list[str]:
    """Dotted names of the contexts: the packages one level inside a band."""
    return sorted(
        f"mingchan.{path.parent.parent.name}.{path.parent.name}"
        for band in CONTEXT_BANDS
        for path in PACKAGE.glob(f"{band}/*/apps.py")
    )


def context_of(module: str) -> str:
    """The context a module belongs to, or an empty text for kernel and config."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) >= 3 and parts[1] in CONTEXT_BANDS else ""


def band_of(module: str) -> str:
    """The band of a module: its second part."""
    return module.split(".")[1]


def is_kind(module: str, *kinds: str) -> bool:
    """Whether the module is one of a context's `services`, `rules` … or lies in a package of that name."""
    parts = module.split(".")
    return bool(context_of(module)) and len(parts) > 3 and parts[3] in kinds


def calls(module: str, *names: str) -> Iterator[ast.Call]:
    """Calls in a module whose function has one of the names, whatever it is called on."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in names:
                yield node


def tracked_files() -> list[Path]:
    """Files that belong to the project: what git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
