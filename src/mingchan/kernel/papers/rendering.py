"""Official papers (公文打印): a form of the policy pack and values go in, the bytes of a PDF come out."""

import io
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import segno
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal
from mingchan.kernel.papers import typesetter, writing
from mingchan.kernel.papers.fonts import Faces, faces

MOST_ROWS = 3000
"""Rows of one list in one paper: about 250 pages, three seconds and 700 MB while it is set."""

STANDARD = "a-2b"
SECONDS = 60
AT_ONCE = threading.BoundedSemaphore(2)
"""Papers set at the same time in one server process; others wait their turn."""


class FormError(Exception):
    """A form of the policy pack is wrong, or was given other data than it asks for; the message is typst's."""


def render(form: Path, data: Mapping[str, Any], *, on: date) -> bytes:
    """The paper as PDF/A-2b, the same bytes for the same values on every machine.

    `form` is a typst file (`policy.form("certificate")`), `data` what its first lines ask for, as plain values: fen
    under names ending in `_fen`, thousandths under `_milli`, dates as dates (see `writing`). `on` is the date of the
    document. Values reach the form as data, never as source, so markup in them is printed as it stands; a form reads
    only files of its own folder. Raises Refusal when a character is in none of the fonts (`field` says where), a list
    is longer than MOST_ROWS, or setting takes too long; FormError when the form itself is wrong.
    """
    with translation.override("zh-hans"):
        content = writing.written(data)
    if writing.longest(content) > MOST_ROWS:
        raise Refusal(
            _("一份文件最多打印 %(most)s 行，请按乡镇、站点或部门分成几份打印，或者导出表格") % {"most": MOST_ROWS}
        )
    held = faces()
    _refuse_missing(content, held)
    job = {
        "form": str(form),
        "root": str(form.parent),
        "folders": held.folders,
        "standard": STANDARD,
        "inputs": {
            "data": orjson.dumps(content).decode(),
            "fonts": orjson.dumps(held.families).decode(),
            "on": on.isoformat(),
        },
    }
    with AT_ONCE:
        return _set(orjson.dumps(job))


def _set(job: bytes) -> bytes:
    """Run the setting process. It inherits no environment and no open files."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", typesetter.__file__],
            input=job,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Refusal(_("打印文件用时过长，已停止。请减少行数后再试")) from late
    if done.returncode < 0:
        raise Refusal(_("内存不足，无法生成这份文件。请减少行数后再试"))
    if done.returncode != 0:
        raise FormError(done.stderr.decode(errors="replace"))
    return done.stdout


def _refuse_missing(content: dict[str, Any], held: Faces) -> None:
    """A character without a glyph would print as an empty box on a signed paper; say which one and where instead."""
    used = set().union(*(text for _path, text in writing.texts(content)), "") - {"\n"}
    missing = {char for char in used if ord(char) not in held.characters}
    if not missing:
        return
    path, text, char = next(
        (path, text, char) for path, text in writing.texts(content) for char in text if char in missing
    )
    raise Refusal(
        _(
            "打印字体里没有“%(char)s”（%(code)s）这个字，它出现在“%(text)s”中（%(path)s）。请改用通用写法，或请管理员配置含有该字的字体"
        )
        % {"char": char, "code": f"U+{ord(char):04X}", "text": text[:40], "path": path},
        field=path,
    )


def qr(address: str) -> str:
    """A QR code as SVG text, for the `qr` of a form. Middle error correction: a fold or a stamp still reads."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, svgns=True, border=1)
    return out.getvalue().decode()


def squares(address: str) -> tuple[int, str]:
    """A QR code for a page as (side in squares, path of an SVG): no image and no style of its own."""
    rows = [list(row) for row in segno.make(address, error="m").matrix]
    drawn = [f"M{x + 1} {y + 1}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return len(rows) + 2, "".join(drawn)
