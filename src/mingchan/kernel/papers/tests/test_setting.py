"""Rules of the engine: values stay values, the same bytes, no missing characters, limits said in words."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pytest
from django.test import override_settings

from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.papers import fonts, rendering
from mingchan.kernel.papers.tests import reading

DAY = date(2020, 2, 15)
PLAIN = """
#let data = json(bytes(sys.inputs.data))
#let fonts = json(bytes(sys.inputs.fonts))
#let day = sys.inputs.on.split("-").map(int)
#set document(date: datetime(year: day.at(0), month: day.at(1), day: day.at(2)))
#set text(font: fonts.body, fallback: false, lang: "zh", cjk-latin-spacing: none)
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "forms" / "plain.typ"
    path.parent.mkdir()
    path.write_text(PLAIN + "#data.text")
    return path


def show(form: Path, source: str, data: dict[str, Any]) -> str:
    form.write_text(PLAIN + source)
    return reading.text(papers.render(form, data, on=DAY))


@pytest.mark.parametrize(
    "text",
    ['#read("/etc/passwd")', "*粗*_斜_", "$x^2$", "\\", "#import \"@preview/a:1\": *", "<标签>@引用", "= 标题",
     "`代码`", "// 注释", "[括号]#{}", '"引号"', "~-?---…"],
)  # fmt: skip
def test_markup_in_values_is_printed_as_it_stands(form: Path, text: str) -> None:
    assert reading.text(papers.render(form, {"text": text}, on=DAY)) == "".join(text.split())


def test_the_same_values_give_the_same_bytes_and_another_day_others(form: Path) -> None:
    first = papers.render(form, {"text": "偏关县"}, on=DAY)
    assert papers.render(form, {"text": "偏关县"}, on=DAY) == first
    assert papers.render(form, {"text": "偏关县"}, on=date(2020, 2, 16)) != first
    assert first.startswith(b"%PDF-1.7")


def test_a_paper_is_made_to_be_kept(form: Path) -> None:
    record = reading.metadata(papers.render(form, {"text": "偏关县"}, on=DAY))
    assert "<pdfaid:part>2</pdfaid:part>" in record
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in record
    assert "2020-02-15" in record


def test_values_are_written_as_papers_write_them(form: Path) -> None:
    shown = show(
        form,
        "#data.cost/#data.cost_words/#data.rows.at(0).quantity/#data.day/#data.nothing/#data.left",
        {"cost_fen": 14_095_0, "rows": [{"quantity_milli": 12_500}], "day": DAY, "nothing": None, "left_fen": None},
    )
    assert shown == "1,409.50/人民币壹仟肆佰零玖元伍角/12.5/2020年2月15日//"


def test_the_wide_yuan_sign_and_unseen_characters_are_made_plain(form: Path) -> None:
    assert reading.text(papers.render(form, {"text": "￥1\u200b2\ufeff\x07 堃\ufe00"}, on=DAY)) == "¥12堃"


def test_a_value_without_a_written_form_is_a_mistake_of_the_caller(form: Path) -> None:
    with pytest.raises(TypeError, match="float"):
        papers.render(form, {"text": 1.5}, on=DAY)


def test_a_character_in_no_font_is_refused_with_its_place(form: Path) -> None:
    with pytest.raises(Refusal) as refused:
        papers.render(form, {"rows": [{"name": "货架"}, {"name": "𠮷田冷库"}]}, on=DAY)
    assert refused.value.field == "rows[2].name"
    assert "“𠮷”（U+20BB7）" in str(refused.value)
    assert "𠮷田冷库" in str(refused.value)


@pytest.mark.parametrize("name", ["贾堃", "赵頔", "王喆", "张犇", "李燚", "刘珺", "孙翀", "陈昇"])
def test_uncommon_characters_of_names_are_there(form: Path, name: str) -> None:
    assert reading.text(papers.render(form, {"text": name}, on=DAY)) == name


def test_a_form_reads_no_file_outside_its_folder(form: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    for path in ("/etc/passwd", "../secret.txt"):
        form.write_text(PLAIN + f'#read("{path}")')
        with pytest.raises(papers.FormError):
            papers.render(form, {}, on=DAY)


def test_a_form_may_use_files_of_its_folder(form: Path) -> None:
    (form.parent / "words.txt").write_text("本县")
    assert show(form, '#read("words.txt")', {}) == "本县"


def test_a_form_downloads_nothing(form: Path) -> None:
    form.write_text(PLAIN + '#import "@preview/cetz:0.3.0"')
    with pytest.raises(papers.FormError):
        papers.render(form, {}, on=DAY)


def test_too_many_rows_are_refused_with_what_to_do(form: Path) -> None:
    with pytest.raises(Refusal, match=r"3000 行.*分成几份"):
        papers.render(form, {"rows": [{}] * (papers.MOST_ROWS + 1)}, on=DAY)


def test_a_form_that_never_ends_is_stopped(form: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "SECONDS", 1)
    form.write_text(PLAIN + "#for a in range(1000000) { for b in range(1000000) { } }")
    with pytest.raises(Refusal, match="用时过长"):
        papers.render(form, {}, on=DAY)


def test_a_mistake_in_a_form_is_named(form: Path) -> None:
    form.write_text(PLAIN + "\n#data.absent")
    with pytest.raises(papers.FormError, match="absent"):
        papers.render(form, {}, on=DAY)


def test_a_form_that_takes_all_memory_is_stopped(form: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(rendering.typesetter.__file__).read_text()
    small = form.parent.parent / "small.py"
    small.write_text(source.replace("MEMORY = 4 * 1024**3", "MEMORY = 400 * 1024**2"))
    monkeypatch.setattr(rendering.typesetter, "__file__", str(small))
    form.write_text(PLAIN + "#let much = range(100000000)\n#much.len()")
    with pytest.raises(Refusal, match="内存不足"):
        papers.render(form, {}, on=DAY)


def test_the_setting_process_knows_nothing_of_the_server() -> None:
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print(sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, rendering.typesetter.__file__], capture_output=True, text=True, check=True
    )
    assert "'typst'" in done.stdout
    assert "django" not in done.stdout
    assert "mingchan" not in done.stdout


def test_the_own_fonts_of_a_county_come_first(form: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "own.otf").write_bytes(pylopdf_fonts_zh_cn.sans_path().read_bytes())
    usual = papers.render(form, {"text": "偏关县"}, on=DAY)
    with override_settings(PAPER_FONTS=f"{folder};body=Noto Sans SC"):
        own = papers.render(form, {"text": "偏关县"}, on=DAY)
    assert b"NotoSerifSC" in usual
    assert b"NotoSansSC" in own
    assert b"NotoSerifSC" not in own


@pytest.mark.parametrize("setting", ["/nowhere/at/all", ";body=仿宋_GB2312", ";footer=Noto Sans SC"])
def test_fonts_that_are_not_there_are_named(form: Path, setting: str) -> None:
    with override_settings(PAPER_FONTS=setting), pytest.raises(Refusal, match="字体"):
        papers.render(form, {"text": "偏关县"}, on=DAY)


def test_the_character_map_of_a_font_is_read_whole() -> None:
    held = fonts.characters_of(pylopdf_fonts_zh_cn.serif_path())
    assert len(held) > 30_000
    assert {ord(c) for c in "一龥元角分整¥（）〔〕、。：AZaz09"} <= held
    assert ord("𠮷") not in held
    assert 0xFFFF not in held


def test_a_qr_code_leads_to_its_address() -> None:
    drawn = papers.qr("https://mingchan.example/check/1")
    assert drawn.startswith("<svg")
    assert papers.qr("https://mingchan.example/check/2") != drawn
