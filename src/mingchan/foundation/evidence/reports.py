"""What the verifier says (校验报告): findings by object and field, as sentences for the reader and as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence import wording
from mingchan.foundation.evidence.choices import Verdict

MOST_FINDINGS = 1000
"""Findings kept in full; beyond them only the counts go on, so that a wrecked log can't exhaust the memory."""

SENTENCES: dict[str, Any] = {
    "head.missing": gettext_lazy("日志末端不见了，而日志里有记录。"),
    "head.column": gettext_lazy("日志末端的 %(field)s 与记录不符：应为 %(expected)s，现为 %(found)s。"),
    "column.kind": gettext_lazy(
        "第 %(seq)s 条记录（%(obj)s）的 %(field)s 被改动：存的不是应有的类型，现为 %(found)s。"
    ),
    "log.missing": gettext_lazy("缺少第 %(seq)s 条记录（共缺 %(count)s 条）。"),
    "log.tail": gettext_lazy("日志应有 %(expected)s 条，现有 %(found)s 条：末尾被截去。"),
    "log.extra": gettext_lazy("日志应有 %(expected)s 条，现有 %(found)s 条：末尾多出的不是本系统写入。"),
    "log.root": gettext_lazy("日志的树根与末端不符：有记录被改动、调换或重写。"),
    "log.root_sm3": gettext_lazy("日志的 SM3 树根与末端不符：有记录被改动、调换或重写。"),
    "log.tile": gettext_lazy("第 %(seq)s 条起的子树与记录不符：子树表被改动。"),
    "record.body": gettext_lazy("第 %(seq)s 条记录（%(obj)s）的原文被改动：与其指纹不符。"),
    "record.leaf": gettext_lazy("第 %(seq)s 条记录（%(obj)s）的 %(field)s 被改动：与原文不符。"),
    "record.mac": gettext_lazy("第 %(seq)s 条记录（%(obj)s）不是本系统写入，或写入后被改动：校验码不符。"),
    "record.key": gettext_lazy("第 %(seq)s 条记录（%(obj)s）用的密钥 %(found)s 不是本系统的密钥 %(expected)s。"),
    "record.form": gettext_lazy("第 %(seq)s 条记录的原文不合规范形式。"),
    "record.number": gettext_lazy("第 %(seq)s 条记录的原文写的是第 %(found)s 条：记录被调换。"),
    "record.column": gettext_lazy(
        "第 %(seq)s 条记录（%(obj)s）的检索列 %(field)s 被改动：应为 %(expected)s，现为 %(found)s。"
    ),
    "record.time": gettext_lazy("第 %(seq)s 条记录的时间 %(found)s 早于前一条的 %(expected)s。"),
    "record.before": gettext_lazy(
        "%(obj)s 在第 %(seq)s 条记录之前被改动过，不经系统：当时的内容不是日志里上一次的内容。"
    ),
    "detail.missing": gettext_lazy("第 %(seq)s 条记录（%(obj)s）的细节不见了。"),
    "detail.changed": gettext_lazy("第 %(seq)s 条记录（%(obj)s）的细节被改动：与记录的承诺不符。"),
    "detail.erased": gettext_lazy("第 %(seq)s 条记录（%(obj)s）的细节被抹去，却没有抹去的记录。"),
    "detail.extra": gettext_lazy("有 %(count)s 份细节不属于任何记录，第一份是 %(seq)s 号。"),
    "row.changed": gettext_lazy(
        "%(label)s 与日志不符：%(field)s 应为 %(expected)s，现为 %(found)s。"
        "日志最后一次是第 %(seq)s 条（%(at)s，%(actor)s）；改动发生在此后，不经系统。"
    ),
    "row.changed_somewhere": gettext_lazy(
        "%(label)s 与日志不符，细节已抹去，说不出是哪一项。日志最后一次是第 %(seq)s 条（%(at)s，%(actor)s）。"
    ),
    "row.missing": gettext_lazy(
        "%(label)s 被删除，不经系统。日志最后一次是第 %(seq)s 条（%(at)s，%(actor)s），其后没有注销的记录。"
    ),
    "row.added": gettext_lazy("%(label)s 不是由系统登记的：日志里没有它。"),
    "row.revived": gettext_lazy("%(label)s 在第 %(seq)s 条记录里已注销，现在却还在。"),
    "check": gettext_lazy("%(words)s"),
    "check.stopped": gettext_lazy("有一项核对因数据类型不对而不能做完：%(words)s。"),
    "file.missing": gettext_lazy("%(label)s 的文件内容不见了。"),
    "file.changed": gettext_lazy("%(label)s 的文件内容被改动：SHA-256 应为 %(expected)s，现为 %(found)s。"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the log says. `obj` and `field` name it; `expected` and `found` are raw values."""

    code: str
    obj: str = ""
    field: str = ""
    expected: Any = None
    found: Any = None
    seq: int | None = None
    facts: Mapping[str, Any] = dataclass_field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The finding in the reader's language."""
        facts, model = self.facts, str(self.facts.get("model", ""))
        values = {
            "count": facts.get("count", ""),
            "at": wording.moment_text(str(facts.get("at", "—"))),
            "actor": wording.actor_name(str(facts.get("account", "—")), facts),
            "words": facts.get("words", ""),
            "obj": self.obj or "—",
            "label": wording.row_name(model, str(facts.get("label", "")), self.obj),
            "seq": self.seq,
            "field": wording.field_label(model, self.field),
            "expected": wording.value_text(model, self.field, self.expected),
            "found": wording.value_text(model, self.field, self.found),
        }
        return str(SENTENCES[self.code]) % values

    def __str__(self) -> str:
        return self.sentence

    def as_dict(self) -> dict[str, Any]:
        """The finding for JSON."""
        return {
            "code": self.code, "obj": self.obj, "field": self.field, "expected": self.expected, "found": self.found,
            "seq": self.seq, "facts": dict(self.facts), "sentence": self.sentence,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Finding":
        """The finding from its JSON."""
        return cls(
            values["code"], values["obj"], values["field"], values["expected"], values["found"], values["seq"],
            values["facts"],
        )  # fmt: skip


def _said(value: Any) -> Any:
    """A raw value as JSON can hold it: bytes as hex."""
    return bytes(value).hex() if isinstance(value, memoryview | bytes | bytearray) else value


@dataclass(slots=True)
class Report:
    """The verifier's report: what was read, what was found, the end of the log it speaks of."""

    size: int = 0
    sha256: str = ""
    sm3: str = ""
    findings: list[Finding] = dataclass_field(default_factory=list)
    counts: Counter[str] = dataclass_field(default_factory=Counter)
    read: dict[str, int] = dataclass_field(default_factory=dict)
    unchecked: dict[str, int] = dataclass_field(default_factory=dict)
    """Objects the log knows whose kind wasn't among the protected models of this run: nothing is said about them."""
    most: int = MOST_FINDINGS
    """How many findings are kept in full."""

    def add(self, finding: Finding) -> None:
        """Take a finding in; beyond the most that are kept, only count it."""
        self.counts[finding.code] += 1
        if len(self.findings) < self.most:
            self.findings.append(
                replace(
                    finding, obj=str(_said(finding.obj)), expected=_said(finding.expected), found=_said(finding.found),
                    facts={name: _said(value) for name, value in finding.facts.items()},
                )
            )  # fmt: skip

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.counts

    @property
    def verdict(self) -> Verdict:
        """INTACT or TAMPERED."""
        return Verdict.INTACT if self.ok else Verdict.TAMPERED

    @property
    def found(self) -> int:
        """How many findings there are, kept in full or not."""
        return sum(self.counts.values())

    @property
    def checkpoint(self) -> str:
        """Size and the first 64 bits of the root for the eye."""
        return checkpoint_text(self.size, bytes.fromhex(self.sha256)) if self.sha256 else ""

    def lines(self, most: int = MOST_FINDINGS) -> Iterator[str]:
        """The report as lines of text, with so many findings at most and the number of the rest."""
        shown = self.findings[:most]
        yield self.checkpoint
        yield _("已校验：日志 %(records)s 条，受保护的行 %(rows)s 行，附件 %(files)s 个。") % {
            "records": f"{self.read.get('records', 0):,}",
            "rows": f"{self.read.get('rows', 0):,}",
            "files": f"{self.read.get('files', 0):,}",
        }
        for number, finding in enumerate(shown, 1):
            yield f"[{number}] {finding.sentence}"
        for kind, count in sorted(self.unchecked.items()):
            yield _("未比对：%(kind)s %(count)s 个（没有指定对应的表）。") % {"kind": kind, "count": f"{count:,}"}
        if self.found > len(shown):
            yield _("另有 %(count)s 处未一一列出。") % {"count": f"{self.found - len(shown):,}"}
        yield _("结论：完好。") if self.ok else _("结论：被篡改（%(count)s 处）。") % {"count": f"{self.found:,}"}

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        return {
            "verdict": self.verdict.value,
            "checkpoint": self.checkpoint,
            "size": self.size,
            "sha256": self.sha256,
            "sm3": self.sm3,
            "read": dict(self.read),
            "unchecked": dict(self.unchecked),
            "counts": dict(self.counts),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Report":
        """The report from its JSON."""
        return cls(
            size=values["size"], sha256=values["sha256"], sm3=values["sm3"], read=dict(values["read"]),
            unchecked=dict(values["unchecked"]),
            counts=Counter(values["counts"]), findings=[Finding.from_dict(item) for item in values["findings"]],
        )  # fmt: skip


def checkpoint_text(size: int, root: bytes) -> str:
    """A checkpoint for the eye: 校验点 48,212 · 7F3A-91C0-22B8-0D4E."""
    digits = root.hex().upper()[:16]
    short = "-".join(digits[at : at + 4] for at in range(0, 16, 4))
    return _("校验点 %(size)s · %(root)s") % {"size": f"{size:,}", "root": short}
