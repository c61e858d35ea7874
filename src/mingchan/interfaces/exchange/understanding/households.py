"""A workbook of households understood (受益户名册): heads found, rows gathered into households, faults by place.

One row is a person (with 与户主关系) or a household. What is wrong is told by sheet, row and column and never repeats a
number of a person. Plain values in, drafts out; the county's places are asked through `place`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.lifecycle.distribution.choices import Category
from mingchan.lifecycle.distribution.drafts import HouseholdDraft, Issue, MemberDraft

HEAD_ROWS = 15
HEADINGS: dict[str, tuple[str, ...]] = {
    "town": ("乡镇", "所在乡镇", "乡（镇）", "乡镇名称"),
    "village": ("村", "行政村", "所在村", "村名", "行政村名称"),
    "number": ("户号", "户编号", "户编码", "家庭编号", "户序号"),
    "name": ("姓名", "户主姓名", "户主", "成员姓名"),
    "relation": ("与户主关系", "关系", "家庭关系"),
    "identity": ("身份证号", "身份证号码", "证件号码", "公民身份号码", "身份证"),
    "phone": ("联系电话", "电话", "手机号", "手机号码", "联系方式"),
    "category": ("户类型", "类别", "户属性", "贫困户属性", "户类别", "监测类型"),
    "people": ("家庭人口", "人口", "人口数", "家庭人口数"),
    "account": ("银行账号", "银行卡号", "账号", "一卡通账号", "社保卡银行账号"),
    "bank": ("开户行", "开户银行", "开户网点"),
    "since": ("纳入日期", "识别时间", "识别日期", "纳入时间"),
}
NEEDED = ("name", "identity")
CATEGORIES = {
    **{str(category.label): category.value for category in Category},
    "建档立卡贫困户": Category.POOR.value,
    "建档立卡户": Category.POOR.value,
    "已脱贫户": Category.LIFTED.value,
    "稳定脱贫户": Category.LIFTED.value,
    "监测户": Category.UNSTABLE.value,
    "脱贫监测户": Category.UNSTABLE.value,
    "边缘户": Category.BORDERLINE.value,
    "低保": Category.ALLOWANCE.value,
    "五保户": Category.SUPPORTED.value,
    "一般户": Category.GENERAL.value,
}
SHORTENED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
LABELS: dict[str, str | Promise] = {
    "village": _("村"),
    "number": _("户号"),
    "name": _("姓名"),
    "identity": _("身份证号"),
    "category": _("户类型"),
    "people": _("家庭人口"),
    "account": _("银行账号"),
    "since": _("纳入日期"),
}


class Sheet(NamedTuple):
    """A sheet's cells as they stand, from row 1 on."""

    name: str
    rows: Sequence[Sequence[Any]]


class Understood(NamedTuple):
    """What a workbook says, and what is wrong with it."""

    drafts: list[HouseholdDraft]
    issues: list[Issue]


def understand(sheets: Sequence[Sheet], place: Callable[[str, str], str | None]) -> Understood:
    """Households of all sheets that look like a register. `place(town, village)` gives a division's code or None."""
    drafts: list[HouseholdDraft] = []
    issues: list[Issue] = []
    found = False
    for sheet in sheets:
        head = _head(sheet)
        if head is not None:
            found = True
            reader = _Reader(sheet, *head, place)
            drafts += reader.households()
            issues += reader.issues
    if not found and sheets:
        issues.append(Issue(sheets[0].name, 1, str(_("表头")), str(_("没有找到含“姓名”和“身份证号”的表头"))))
    return Understood(drafts, issues)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).strip()


def _plain(heading: str) -> str:
    return re.sub(r"[\s*＊:：]", "", heading)


def _head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The place of the head and the column of each field; None for a sheet that is no register."""
    known = {word: field for field, words in HEADINGS.items() for word in words}
    for place, row in enumerate(sheet.rows[:HEAD_ROWS]):
        columns: dict[str, int] = {}
        for column, value in enumerate(row):
            field = known.get(_plain(_text(value)))
            if field is not None:
                columns.setdefault(field, column)
        if all(field in columns for field in NEEDED):
            return place, columns
    return None


class _Reader:
    """One sheet: what was last written goes on where towns, villages and numbers are left blank."""

    def __init__(
        self, sheet: Sheet, head: int, columns: dict[str, int], place: Callable[[str, str], str | None]
    ) -> None:
        self.sheet, self.head, self.columns, self.place = sheet, head, columns, place
        self.issues: list[Issue] = []
        self.last = {"town": "", "village": ""}

    def _say(self, row: int, field: str, words: str | Promise) -> None:
        self.issues.append(Issue(self.sheet.name, row, str(LABELS[field]), str(words)))

    def _cell(self, row: Sequence[Any], field: str) -> str:
        column = self.columns.get(field)
        return _text(row[column]) if column is not None and column < len(row) else ""

    def households(self) -> list[HouseholdDraft]:
        """Its households, each with its people in order, the head first."""
        gathered: list[tuple[int, Sequence[Any], list[MemberDraft]]] = []
        numbers: dict[tuple[str, str], int] = {}
        for number, row in self._rows():
            member = self._member(number, row)
            if member is None:
                continue
            key = (self._cell(row, "village"), self._cell(row, "number"))
            is_head = member.relation in ("户主", "本人", "") or "relation" not in self.columns
            if key[1] and key in numbers:
                members = gathered[numbers[key]][2]
                members.insert(0, member) if is_head and members[0].relation != "户主" else members.append(member)
            elif is_head or key[1] or not gathered:
                if key[1]:
                    numbers[key] = len(gathered)
                gathered.append((number, row, [member]))
            else:
                gathered[-1][2].append(member)
        return [
            self._household(number, row, members, place) for place, (number, row, members) in enumerate(gathered, 1)
        ]

    def _rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        for place, row in enumerate(self.sheet.rows[self.head + 1 :], start=self.head + 2):
            name, identity = self._cell(row, "name"), self._cell(row, "identity")
            if not name and not identity:
                continue
            if not identity and _plain(name) in ("合计", "总计", "小计"):
                continue
            filled = list(row)
            for field in self.last:
                column = self.columns.get(field)
                if column is not None and column < len(filled):
                    written = _text(filled[column])
                    filled[column] = self.last[field] = (
                        written if written not in ("", "同上", "〃") else self.last[field]
                    )
            yield place, filled

    def _member(self, number: int, row: Sequence[Any]) -> MemberDraft | None:
        column = self.columns["identity"]
        value = row[column] if column < len(row) else ""
        if isinstance(value, int | float) or SHORTENED.fullmatch(_text(value)):
            self._say(number, "identity", _("按数字保存，末几位已丢失：请把这一列设为文本后重新填写"))
            return None
        return MemberDraft(self._cell(row, "name"), _text(value), self._cell(row, "relation"), number)

    def _household(self, number: int, row: Sequence[Any], members: list[MemberDraft], place: int) -> HouseholdDraft:
        town, village = self._cell(row, "town"), self._cell(row, "village")
        code = self.place(town, village) if village else None
        if code is None:
            self._say(number, "village", _("没有这个村，或没有写明：请按区划名称填写乡镇和村"))
        category = CATEGORIES.get(_plain(self._cell(row, "category")))
        if category is None:
            self._say(number, "category", _("不是常用的户类型：贫困户、脱贫户、脱贫不稳定户、边缘易致贫户、低保户等"))
        people = self._cell(row, "people").removesuffix("人")
        if people and not (people.isdecimal() and 0 < int(people[:4]) < 100):
            self._say(number, "people", _("家庭人口应是人数"))
            people = ""
        account = self.columns.get("account")
        written = row[account] if account is not None and account < len(row) else ""
        if isinstance(written, float) or SHORTENED.fullmatch(_text(written)):
            self._say(number, "account", _("按数字保存，末几位已丢失：请把这一列设为文本后重新填写"))
        return HouseholdDraft(
            division_code=code or "",
            number=self._cell(row, "number") or f"{place:03d}",
            category=category or "",
            members=tuple(members),
            people=max(int(people or 0), len(members)) if not people else int(people),
            phone=self._cell(row, "phone"),
            account=_text(written),
            bank=self._cell(row, "bank"),
            since=self._since(number, row),
            sheet=self.sheet.name,
            row=number,
        )

    def _since(self, number: int, row: Sequence[Any]) -> date | None:
        text = self._cell(row, "since")[:10].replace("/", "-").replace(".", "-")
        if not text:
            return None
        text = re.sub(r"^(\d{4})年(\d{1,2})月(\d{1,2})日?$", r"\1-\2-\3", text)
        parts = text.split("-")
        try:
            return date(*(int(part) for part in parts)) if len(parts) == 3 else date(int(parts[0]), int(parts[1]), 1)
        except (ValueError, IndexError):
            self._say(number, "since", _("看不懂的日期：请按“2019-06-18”填写"))
            return None
