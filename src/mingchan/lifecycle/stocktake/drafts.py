"""What people fill in about a stocktake (草稿): the plan, a decision, an event from the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple


class PlanDraft(NamedTuple):
    """The head of a plan (盘点方案). `scope` is a filter of the register as parameters of an address.

    `precision_bp` is the most that a sample may leave unknown, in hundredths of a percent of the value (抽样误差上限),
    `confidence_percent` how sure that is; both count for samples only. `seed` empty: one is given.
    """

    title: str
    kind: str
    base_on: date
    starts_on: date
    due_on: date
    scope: str = ""
    is_blind: bool = False
    photo_for: tuple[str, ...] = ()
    needs_signature: bool = True
    needs_position: bool = False
    asks_case: bool = False
    precision_bp: int = 0
    confidence_percent: int = 95
    seed: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class SettleDraft:
    """A decision on a difference. `data` holds what the decision needs: a cost in fen, a class, a note of the firm."""

    decision: str
    reason: str
    appraised_fen: int = 0
    appraiser: str = ""
    report_no: str = ""
    class_code: str = ""
    owner: int | None = None
    is_this_year: bool = False
    quantity_milli: int | None = None
    cost_fen: int | None = None
    condition: str = ""
    label: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
