"""Habits of the house that a machine can see: short modules, no floats near money, no clock inside, nothing unsafe."""

import ast
import importlib
import inspect
import re

import pytest

from tests.architecture import source

LONGEST = 500
VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "tools"}
REVIEWED_MARKUP = {
    # Templates' own globals and filters: every value goes through Markup.format or is a constant.
    "mingchan.kernel.ui.environment",
    "mingchan.kernel.ui.filters",
    "mingchan.kernel.ui.parts",
}
REVIEWED_FLOATS = {
    # Spreadsheet readers deliver cell values as floats; they become whole fen here, through their decimal text.
    "mingchan.interfaces.exchange.reading",
    "mingchan.interfaces.exchange.understanding",
    # Speed and time left of a progress bar, seconds and shares of a drawing: measures, not amounts.
    "mingchan.interfaces.exchange.progress",
    "mingchan.kernel.ui",
    # Places of shapes and lines of a picture.
    "mingchan.foundation.procedures.diagram",
    "mingchan.foundation.procedures.drawing",
    # A pause in seconds; how alike two rows must be.
    "mingchan.interfaces.exchange.services.applying",
    "mingchan.interfaces.exchange.services.comparing",
    # Margins of a printed page, in inches.
    "mingchan.register.assets.exports.form",
}
REVIEWED_DIVISIONS = {
    # Decimals on both sides: a price finer than a fen, a figure put into words.
    "mingchan.interfaces.exchange.understanding",
    "mingchan.kernel.ui",
}
CLOCKS = {"now", "today", "utc_now", "localdate", "time"}
MONEY_WORD = re.compile(r"fen|milli|amount|cost|price|debit|credit|balance", re.IGNORECASE)
FOREIGN_TRACE = re.compile(
    r"/(?:home|root|Users)/\w+|/work/|pypi\.org/simple|files\.pythonhosted\.org|registry\.npmjs\.org|"
    r"https?://(?:localhost|127\.0\.0\.1)(?::\d+)?/(?:simple|pypi|npm)"
)
BINARY = {".xlsx", ".xls", ".ods", ".png", ".jpg", ".ico", ".woff2", ".mo", ".zip", ".pdf"}


def _under(module: str, reviewed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in reviewed)


@pytest.mark.parametrize("module", source.modules())
def test_a_module_is_short_enough_to_read(module: str) -> None:
    lines = len(source.modules()[module].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{module} has {lines} lines"


def test_no_module_has_a_vague_name() -> None:
    assert not [module for module in source.modules() if module.rsplit(".", 1)[-1] in VAGUE]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module
        for module in source.modules()
        if source.modules()[module].stat().st_size and not ast.get_docstring(source.tree(module))
    ]
    assert not silent, "\n".join(silent)


def test_no_float_comes_near_an_amount() -> None:
    wrong = []
    for module in source.modules():
        if _under(module, REVIEWED_FLOATS) or not (source.context_of(module) or module.startswith("mingchan.kernel")):
            continue
        for node in ast.walk(source.tree(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round"):
                wrong.append(f"{module}:{node.lineno} {node.func.id}()")
            elif isinstance(node, ast.Constant) and isinstance(node.value, float):
                wrong.append(f"{module}:{node.lineno} {node.value}")
    assert not wrong, "\n".join(wrong)


def test_no_amount_is_divided_into_a_float() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module in source.modules()
        for node in ast.walk(source.tree(module))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        and MONEY_WORD.search(ast.unparse(node)) and not _under(module, REVIEWED_DIVISIONS)
    ]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def _services(context: str) -> list[tuple[str, inspect.Signature]]:
    """The functions a context offers as its services."""
    if f"{context}.services" not in source.modules():
        return []
    module = importlib.import_module(f"{context}.services")
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    names = getattr(module, "__all__", [name for name in own if not name.startswith("_")])
    return [
        (name, inspect.signature(getattr(module, name))) for name in names if inspect.isfunction(getattr(module, name))
    ]


@pytest.mark.parametrize("context", source.contexts())
def test_a_service_is_told_who_acts_and_when(context: str) -> None:
    """`actor` and `on` are named and have no default: nobody acts by accident, and no clock hides inside."""
    wrong = [
        f"{context}.services.{name}: {parameter.name}"
        for name, signature in _services(context)
        for parameter in signature.parameters.values()
        if parameter.name in ("actor", "on")
        and (parameter.kind is not inspect.Parameter.KEYWORD_ONLY or parameter.default is not inspect.Parameter.empty)
    ]
    assert not wrong, "\n".join(wrong)


def test_services_and_rules_know_no_request() -> None:
    wrong = []
    for module in source.modules():
        if source.is_kind(module, "services", "rules", "postings", "permissions", "queries", "models"):
            for node in ast.walk(source.tree(module)):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                wrong += [f"{module} → {name}" for name in names if name.startswith("django.http")]
    assert not wrong, "\n".join(wrong)


def test_rules_have_no_clock() -> None:
    wrong = [
        f"{module}:{call.lineno}"
        for module in source.modules()
        if source.is_kind(module, "rules", "postings", "drafts", "choices", "permissions", "queries")
        for call in source.calls(module, *CLOCKS)
    ]
    assert not wrong, "\n".join(wrong)


def test_markup_is_made_in_reviewed_places_only() -> None:
    wrong = [
        f"{module}:{call.lineno}"
        for module in source.modules()
        if not _under(module, REVIEWED_MARKUP)
        for call in source.calls(module, "mark_safe", "Markup", "SafeString", "format_html_join")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\|\s*safe\b|autoescape\s+false", id="no unescaped value"),
        pytest.param(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", id="no script in the page"),
        pytest.param(r"<style\b|\sstyle\s*=", id="no style in the page"),
        pytest.param(r"<[^>]*\son[a-z]+\s*=\s*[\"']", id="no handler in the page"),
        pytest.param(r"(?:src|href)\s*=\s*[\"']https?://", id="nothing from another site"),
    ],
)
def test_templates_keep_the_content_policy(pattern: str) -> None:
    wrong = []
    for template in source.PACKAGE.rglob("templates/**/*.html"):
        for found in re.finditer(pattern, template.read_text(encoding="utf-8"), re.IGNORECASE):
            wrong.append(f"{template.relative_to(source.PACKAGE)}: {found.group(0)}")
    assert not wrong, "\n".join(wrong)


def test_no_file_names_a_machine_or_a_registry() -> None:
    wrong = []
    for path in source.tracked_files():
        if path.suffix in BINARY or "static/vendor" in path.as_posix() or path.name == "test_code.py":
            continue
        for found in FOREIGN_TRACE.finditer(path.read_text(encoding="utf-8")):
            wrong.append(f"{path.relative_to(source.ROOT)}: {found.group(0)}")
    assert not wrong, "\n".join(wrong)


def test_migrations_have_telling_names() -> None:
    wrong = [path.name for path in source.PACKAGE.rglob("migrations/0*.py") if "_auto_" in path.name]
    assert not wrong, ", ".join(wrong)
