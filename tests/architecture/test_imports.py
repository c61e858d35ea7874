"""What the layer contracts cannot say: the public surface of a context, and whose tables one may write."""

import ast

import grimp
import pytest

from tests.architecture import source

PUBLIC = {"services", "queries", "events", "choices", "models", "drafts"}
PUBLIC_TO_ALL = {
    # How evidence guards tables and knows their documents is for every context that keeps protected rows.
    "mingchan.foundation.evidence": {"guards", "protection"},
}
WRITES = {
    "save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create", "update_or_create",
    "raw", "_raw_delete",
}  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("mingchan", cache_dir=None)


def _is_allowed(importer: str, imported: str) -> bool:
    context = source.context_of(imported)
    rest = imported.removeprefix(context).lstrip(".").split(".")
    if "tests" in importer.split("."):
        return rest[:2] == ["tests", "factories"] or rest[0] in PUBLIC | PUBLIC_TO_ALL.get(context, set())
    return rest[0] in PUBLIC | PUBLIC_TO_ALL.get(context, set())


def test_another_context_is_entered_by_its_public_modules_only(graph: grimp.ImportGraph) -> None:
    wrong = []
    for importer in graph.modules:
        here = source.context_of(importer)
        if not here:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            there = source.context_of(imported)
            if there and there != here and not _is_allowed(importer, imported):
                wrong.append(f"{importer} → {imported}")
    assert not wrong, "\n".join(sorted(wrong))


def test_the_kernel_knows_no_context(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} → {imported}"
        for importer in graph.modules
        if importer.startswith("mingchan.kernel")
        for imported in graph.find_modules_directly_imported_by(importer)
        if source.context_of(imported) or imported.startswith("mingchan.config")
    ]
    assert not wrong, "\n".join(sorted(wrong))


def _foreign_models(module: str) -> set[str]:
    """Names in a module that stand for another context's models or its models module."""
    here, found = source.context_of(module), set()
    for node in ast.walk(source.tree(module)):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        there = source.context_of(node.module + ".x")
        if not there or there == here:
            continue
        if node.module.endswith(".models"):
            found |= {alias.asname or alias.name for alias in node.names}
        found |= {alias.asname or alias.name for alias in node.names if alias.name == "models"}
    return found


def _root_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def test_only_a_context_itself_writes_its_tables() -> None:
    wrong = []
    for module in source.modules():
        foreign = _foreign_models(module)
        for call in source.calls(module, *WRITES):
            if isinstance(call.func, ast.Attribute) and _root_name(call.func.value) in foreign:
                wrong.append(f"{module}:{call.lineno}")
    assert not wrong, "\n".join(wrong)
