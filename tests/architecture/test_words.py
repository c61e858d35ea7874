"""Every fact the system records can be read as a sentence and names sentences of the plan that exist."""

import ast
import importlib
import re

import pytest
from django.utils import translation

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import events
from tests.architecture import source

CJK = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
README_CLAUSE = re.compile(r"(?<![\d.])([1-4]\.\d(?:\.\d)?[a-e]?)(?![\d.])")


def _kinds() -> list[events.EventKind]:
    for context in source.contexts():
        if f"{context}.events" in source.modules():
            importlib.import_module(f"{context}.events")
    return [kind for kind in events.all_kinds() if not kind.code.startswith("test.")]


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.code)
def test_an_event_reads_as_a_sentence_in_both_languages(kind: events.EventKind) -> None:
    with translation.override("zh-hans"):
        chinese = str(kind.sentence)
    with translation.override("en"):
        english = str(kind.sentence)
    assert CJK.search(chinese)
    assert english
    assert not CJK.search(english), f"no English sentence for {kind.code}: {chinese}"
    assert sorted(PLACEHOLDER.findall(chinese)) == sorted(PLACEHOLDER.findall(english))


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.code)
def test_an_event_is_named_after_its_context(kind: events.EventKind) -> None:
    context, noun, verb = kind.code.split(".")
    assert context in {name.rsplit(".", 1)[-1] for name in source.contexts()} | {"exchange", "web"}
    assert noun
    assert verb


def test_every_clause_an_event_names_stands_in_the_plan() -> None:
    known = set(policy.clauses())
    wrong = {kind.code: sorted(set(kind.clauses) - known) for kind in _kinds() if set(kind.clauses) - known}
    assert not wrong


def test_every_clause_a_refusal_names_stands_in_the_plan() -> None:
    known, wrong = set(policy.clauses()), []
    for module in source.modules():
        for call in ast.walk(source.tree(module)):
            if not isinstance(call, ast.Call):
                continue
            for keyword in call.keywords:
                if keyword.arg == "clauses" and isinstance(keyword.value, ast.Tuple | ast.List):
                    named = [item.value for item in keyword.value.elts if isinstance(item, ast.Constant)]
                    wrong += [f"{module}:{call.lineno} {name}" for name in named if name not in known]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("context", source.contexts())
def test_every_context_introduces_itself(context: str) -> None:
    readme = source.PACKAGE.joinpath(*context.split(".")[1:]) / "README.md"
    assert readme.exists(), f"{context} has no README.md"
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 120, "one page, please"


def test_the_clauses_in_the_introductions_stand_in_the_plan() -> None:
    known, wrong = set(policy.clauses()), []
    for context in source.contexts():
        readme = source.PACKAGE.joinpath(*context.split(".")[1:]) / "README.md"
        if readme.exists():
            for line in readme.read_text(encoding="utf-8").splitlines():
                if re.search(r"\bclauses?\b|条款", line, re.IGNORECASE):
                    wrong += [f"{context}: {name}" for name in README_CLAUSE.findall(line) if name not in known]
    assert not wrong, "\n".join(wrong)
