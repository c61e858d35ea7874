"""The catalogue tool finds what a reader of English would miss."""

import gettext
import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[5] / "tools/messages.py"

PYTHON = '''
"""模块说明不算。"""
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

NAME = _("资产")  # 注释不算
"""常量说明不算。"""


def count(n):
    """函数说明不算。"""
    return ngettext("%(n)s 项资产", "%(n)s 项资产（共）", n) % {"n": n}


def other():
    return pgettext("动词", "登记")
'''
TEMPLATE = """{# 注释不算 #}
<p>{{ _("共 %(total)s 元", total=total) }}</p>
{% trans %}再见{% endtrans %}
"""


@pytest.fixture(scope="module")
def messages():
    spec = importlib.util.spec_from_file_location("tools_messages", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(messages, tmp_path):
    tmp_path.joinpath("views.py").write_text(PYTHON, encoding="utf-8")
    tmp_path.joinpath("page.html").write_text(TEMPLATE, encoding="utf-8")
    return messages.Tree(source=tmp_path)


ENGLISH = {
    "资产": "Assets",
    "%(n)s 项资产": ["%(n)s asset", "%(n)s assets"],
    "动词|登记": "register",
    "共 %(total)s 元": "%(total)s yuan in all",
    "再见": "Goodbye",
}


def test_a_full_catalogue_has_no_faults_and_compiles(messages, tree):
    assert messages.fill(tree, ENGLISH) == []
    assert messages.source_faults(tree) + messages.catalogue_faults(tree) == []
    with messages.compile_catalogue(tree).open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    assert catalogue.gettext("资产") == "Assets"
    assert catalogue.ngettext("%(n)s 项资产", "%(n)s 项资产（共）", 2) == "%(n)s assets"
    assert catalogue.pgettext("动词", "登记") == "register"


def test_updating_twice_changes_nothing_and_keeps_the_english(messages, tree):
    messages.fill(tree, ENGLISH)
    before = tree.catalogue.read_bytes()
    messages.update(tree)
    assert tree.catalogue.read_bytes() == before


def test_a_new_string_is_missing_until_updated_and_empty_until_filled(messages, tree):
    messages.fill(tree, ENGLISH)
    tree.source.joinpath("more.py").write_text('from x import gettext as _\nA = _("凭证")\n', encoding="utf-8")
    assert messages.catalogue_faults(tree) == ["not in the catalogue: 凭证"]
    messages.update(tree)
    assert messages.catalogue_faults(tree) == ["no English: 凭证"]


def test_a_string_no_longer_used_is_reported_and_dropped(messages, tree):
    messages.fill(tree, ENGLISH)
    tree.source.joinpath("page.html").write_text("", encoding="utf-8")
    assert sorted(messages.catalogue_faults(tree)) == ["no longer used: 共 %(total)s 元", "no longer used: 再见"]
    messages.update(tree)
    assert messages.catalogue_faults(tree) == []


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("共 %(total)s 元", "%(sum)s yuan", "placeholders differ"),
        ("共 %(total)s 元", "yuan", "placeholders differ"),
        ("%(n)s 项资产", ["%(n)s asset", "%(m)s assets"], "placeholders differ"),
        ("资产", "资产", "Chinese in the English text"),
    ],
)
def test_a_wrong_translation_is_found(messages, tree, key, text, fault):
    messages.fill(tree, {**ENGLISH, key: text})
    assert [line.split(":")[0] for line in messages.catalogue_faults(tree)] == [fault]


def test_a_fuzzy_translation_is_not_accepted(messages, tree):
    messages.fill(tree, ENGLISH)
    text = tree.catalogue.read_text(encoding="utf-8").replace('msgid "资产"', '#, fuzzy\nmsgid "资产"')
    tree.catalogue.write_text(text, encoding="utf-8")
    assert messages.catalogue_faults(tree) == ["fuzzy: 资产"]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.py", 'X = "原值"\n', 1),
        ("a.py", 'def f(n):\n    return f"{n} 项"\n', 2),
        ("a.html", "<p>a</p>\n<p>原值</p>", 2),
        ("a.html", "<p>{{ kit.badge('草稿') }}</p>", 1),
        ("a.js", "alert('错误');", 1),
        ("a.html", '\n{{ _("50% 以上") }}', 2),
        ("a.html", "{% if %}", 1),
    ],
)
def test_unmarked_or_broken_text_is_found_at_its_line(messages, tmp_path, name, text, line):
    tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    (fault,) = messages.source_faults(messages.Tree(source=tmp_path))
    assert fault.startswith(f"{name}:{line}:")


def test_files_listed_as_data_and_tests_are_left_alone(messages, tmp_path):
    tmp_path.joinpath("tests").mkdir()
    tmp_path.joinpath("tests/test_a.py").write_text('X = "原值"\n', encoding="utf-8")
    tmp_path.joinpath("synonyms.py").write_text('X = "原值"\n', encoding="utf-8")
    assert messages.source_faults(messages.Tree(source=tmp_path, data=("syn*.py",))) == []


def test_a_literal_listed_for_a_file_is_data_there_and_nowhere_else(messages, tmp_path):
    for name in ("a.py", "b.py"):
        tmp_path.joinpath(name).write_text('X = "在用"\nY = "闲置"\n', encoding="utf-8")
    tree = messages.Tree(source=tmp_path, literals={"a.py": ["在用"]})
    assert [fault.split(": ")[0] for fault in messages.source_faults(tree)] == ["a.py:2", "b.py:1", "b.py:2"]
