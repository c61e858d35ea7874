"""What the policy pack says of each way of disposal (处置方式): papers, appraisal, steps, vouchers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.choices import PaperKind
from mingchan.lifecycle.disposal.choices import DisposalKind, Loss
from mingchan.lifecycle.disposal.postings import Part

FILE = "disposal_kinds.yaml"
_MONEY = frozenset({"none", "DUE_TO_TREASURY", "PENDING_PROCEEDS"})
_AMOUNTS = frozenset({"cost", "net", "depreciated", "amount", "loss", "gain"})


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """A paper that a kind asks for: its code, its words, and the kind of paper it is to a case."""

    code: str
    label: str
    label_en: str
    case_code: str

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if policy.english() else self.label


@dataclass(frozen=True, slots=True)
class KindSpec:
    """A way of disposal as the county has it. `write_off` and `close` are templates of vouchers."""

    code: str
    label: str
    label_en: str
    papers: tuple[PaperSpec, ...]
    needs_appraisal: bool
    needs_finding: bool
    outside: bool
    steps: tuple[str, ...]
    money: str
    write_off: tuple[Part, ...]
    close: tuple[Part, ...]
    losses: Mapping[str, tuple[Part, ...]]

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if policy.english() else self.label

    @property
    def brings_money(self) -> bool:
        """Whether something may come in that the treasury gets."""
        return self.money != "none"


def _template(rows: Sequence[Mapping[str, str]]) -> tuple[Part, ...]:
    found = []
    for row in rows:
        if row["of"] not in _AMOUNTS or ("debit" in row) == ("credit" in row):
            raise ValueError(f"{FILE}: {dict(row)}")
        found.append(Part("debit" in row, row.get("debit") or row["credit"], row["of"]))
    return tuple(found)


@cache
def papers() -> Mapping[str, PaperSpec]:
    """Every paper that some kind asks for, by code. Raises ValueError for one that is no paper of a case."""
    found = {}
    for code, row in policy.document(FILE)["papers"].items():
        if row["case"] not in PaperKind.values:
            raise ValueError(f"{FILE}: paper {code}")
        found[code] = PaperSpec(code, row["label"], row["label_en"], row["case"])
    return MappingProxyType(found)


@cache
def kinds() -> Mapping[str, KindSpec]:
    """The ways of disposal by code. Raises ValueError, naming the kind, for a file that can't be used."""
    found: dict[str, KindSpec] = {}
    for code, row in policy.document(FILE)["kinds"].items():
        if code not in DisposalKind.values or row["money"] not in _MONEY:
            raise ValueError(f"{FILE}: {code}")
        found[code] = _kind(code, row)
    if set(found) != set(DisposalKind.values):
        raise ValueError(f"{FILE}: {sorted(set(DisposalKind.values) - set(found))}")
    return MappingProxyType(found)


def _kind(code: str, row: Mapping[str, Any]) -> KindSpec:
    losses = {name: _template(loss["write_off"]) for name, loss in row.get("losses", {}).items()}
    if set(losses) - set(Loss.values):
        raise ValueError(f"{FILE}: {code}")
    return KindSpec(
        code=code,
        label=row["label"],
        label_en=row["label_en"],
        papers=tuple(papers()[name] for name in row["papers"]),
        needs_appraisal=bool(row.get("appraisal")),
        needs_finding=bool(row.get("technical")),
        outside=bool(row.get("outside")),
        steps=tuple(row["steps"]),
        money=row["money"],
        write_off=_template(row.get("write_off", ())),
        close=_template(row.get("close", ())),
        losses=MappingProxyType(losses),
    )


def kind(code: str) -> KindSpec:
    """One way of disposal."""
    return kinds()[code]
