"""What a survey hands in (调查草稿): plain tuples; amounts in fen, quantities in thousandths, names as written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class RowDraft(NamedTuple):
    """One line of a survey sheet: what was found, where, and where it stands in the workbook.

    `quantity_milli` and `cost_fen` are None when the surveyor did not say. `is_missing`: the line says that the thing
    was looked for and not found. `type_stated`: system and tier stand in the sheet and are not only derived.
    """

    name: str
    division_code: str
    sheet: str = ""
    row: int = 0
    code: str = ""
    class_code: str = ""
    model: str = ""
    brand: str = ""
    serial_no: str = ""
    unit: str = ""
    quantity_milli: int | None = None
    cost_fen: int | None = None
    system: str = ""
    tier: str = ""
    type_stated: bool = False
    site: str = ""
    place: str = ""
    keeper: str = ""
    user: str = ""
    condition: str = ""
    result: str = ""
    is_missing: bool = False
    surveyed_on: date | None = None
    surveyed_by: str = ""
    note: str = ""
    originals: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """The survey itself: who made it, for whom, when, and which part of the register it was to cover.

    `scope` are division codes, empty for the whole county; `systems` systems of the plan, empty for all of them.
    `document` is the paper as a reference (`attachment:12`).
    """

    title: str
    surveyor: int
    commissioner: int | None = None
    surveyed_from: date | None = None
    surveyed_to: date | None = None
    scope: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True)
class NewCardTerms:
    """What a survey can't know of a thing that becomes a card: whose it is, whose money paid, what it serves for."""

    owner: int | None = None
    funding: str = ""
    system: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking a survey did: its id, rows, matched rows, open differences."""

    survey_id: int
    rows: int
    matched: int
    differences: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did: how many differences, cards changed, cards registered."""

    differences: int
    corrected: int = 0
    registered: int = 0
