"""Pure rules of project money: documents compared, lines understood, drafts judged, findings drawn (2.1.1, 3.1)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mingchan.kernel.money import LARGEST_FEN
from mingchan.register.funding.choices import OWN_STAGES, StageKind, StageState
from mingchan.register.funding.drafts import AppropriationDraft, Finding, FundUseDraft, StageDraft

_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "【": "〔", "】": "〕", "［": "〔", "］": "〕"})
_FULL_DIGITS = {ord("０") + n: str(n) for n in range(10)}

_TOWN_WORDS = ("乡镇", "镇村", "乡村", "村级", "站点", "服务站", "镇级", "乡级")
_COUNTY_WORDS = ("县级", "县域", "县乡", "三级")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a draft can't be taken: `code` names the rule, `index` the draft from 0, `field` the draft's field."""

    code: str
    index: int
    field: str


def normal_document(text: str) -> str:
    """A document number (文号) as it is compared and kept: no blanks, half-width digits, 〔 〕 around the year."""
    return "".join(text.split()).translate(_FULL_DIGITS).translate(_BRACKETS)


def level_of(funding: str) -> str:
    """Level of a source code of the policy pack: central → CENTRAL; OTHER for a source without a level."""
    return {"central": "CENTRAL", "province": "PROVINCE", "city": "CITY", "county": "COUNTY"}.get(funding, "OTHER")


def part_of_register(line: str) -> tuple[str, str]:
    """System and tiers of the register that a project line (子项目) builds, from its name.

    Blank system when the name speaks of no system; blank tiers when it speaks of no tier.
    """
    if "追溯" in line:
        system = "TRACEABILITY"
    elif "物流" in line or "配送" in line:
        system = "LOGISTICS"
    elif any(word in line for word in ("公共服务", "服务中心", "服务体系", "站点", "服务站", "网点")):
        system = "PUBLIC_SERVICE"
    else:
        return "", ""
    has_towns = any(word in line for word in _TOWN_WORDS)
    has_county = any(word in line for word in _COUNTY_WORDS)
    if has_towns and not has_county:
        return system, "TOWN,VILLAGE"
    if has_county and not has_towns:
        return system, "COUNTY"
    return system, ""


def faults_of_appropriations(
    drafts: Sequence[AppropriationDraft], sources: Mapping[str, bool], on: date
) -> list[Fault]:
    """What keeps appropriations out. `sources` maps source codes to whether the plan's scope holds them (2.1.1)."""
    faults: list[Fault] = []
    for index, draft in enumerate(drafts):
        faults += _scope_faults(index, draft.funding, draft.scope_reason, sources)
        if not 0 <= draft.amount_fen <= LARGEST_FEN:
            faults.append(Fault("amount_out_of_range", index, "amount_fen"))
        if draft.issued_on is not None and draft.issued_on > on:
            faults.append(Fault("date_in_future", index, "issued_on"))
    return faults


def faults_of_fund_uses(drafts: Sequence[FundUseDraft], sources: Mapping[str, bool], on: date) -> list[Fault]:
    """What keeps payments out: amounts that don't add up, dates to come, an out-of-scope source without a reason."""
    faults: list[Fault] = []
    for index, draft in enumerate(drafts):
        faults += _scope_faults(index, draft.funding, draft.scope_reason, sources)
        if not draft.line.strip():
            faults.append(Fault("line_missing", index, "line"))
        if not draft.item.strip():
            faults.append(Fault("item_missing", index, "item"))
        amounts = (draft.paid_fen, draft.asset_fen, draft.expense_fen)
        if min(amounts) < 0 or max(amounts) > LARGEST_FEN:
            faults.append(Fault("amount_out_of_range", index, "paid_fen"))
        if draft.paid_fen != draft.asset_fen + draft.expense_fen:
            faults.append(Fault("paid_is_not_assets_and_expense", index, "paid_fen"))
        if draft.paid_on is not None and draft.paid_on > on:
            faults.append(Fault("date_in_future", index, "paid_on"))
    return faults


def _scope_faults(index: int, funding: str, reason: str, sources: Mapping[str, bool]) -> Iterable[Fault]:
    if funding not in sources:
        yield Fault("funding_unknown", index, "funding")
    elif not sources[funding] and not reason.strip():
        yield Fault("funding_out_of_scope", index, "funding")


def findings_of_fund_uses(
    drafts: Sequence[FundUseDraft],
    received: Mapping[tuple[str, str], int],
    spent: Mapping[tuple[str, str], int],
) -> list[Finding]:
    """What is doubtful about payments. `received` and `spent` are sums in fen by source code and document before them.

    A payment beyond what its document brought is a finding at the first payment that passes the limit, never a refusal.
    """
    findings: list[Finding] = []
    running = dict(spent)
    passed: set[tuple[str, str]] = set()
    for index, draft in enumerate(drafts):
        key = (draft.funding, normal_document(draft.document))
        running[key] = running.get(key, 0) + draft.paid_fen
        place = (index, draft.sheet, draft.row, *key)
        if key not in received:
            findings.append(Finding("NO_APPROPRIATION", *place, draft.paid_fen))
        elif running[key] > received[key] and key not in passed:
            passed.add(key)
            findings.append(Finding("OVERSPENT", *place, running[key], received[key]))
        if draft.scope_reason.strip():
            findings.append(Finding("OUT_OF_SCOPE", *place, draft.paid_fen))
        if not draft.payee.strip() and draft.payee_id is None:
            findings.append(Finding("NO_PAYEE", *place, draft.paid_fen))
        if draft.paid_on is None:
            findings.append(Finding("NO_DATE", *place, draft.paid_fen))
    return findings


def findings_of_appropriations(
    drafts: Sequence[AppropriationDraft], present: Iterable[tuple[str, str, int]]
) -> list[Finding]:
    """What is doubtful about appropriations: one there already (source, document, amount), an out-of-scope source."""
    seen = set(present)
    findings: list[Finding] = []
    for index, draft in enumerate(drafts):
        document = normal_document(draft.document)
        key = (draft.funding, document, draft.amount_fen)
        place = (index, draft.sheet, draft.row, draft.funding, document)
        if document and key in seen:
            findings.append(Finding("REPEATED", *place, draft.amount_fen))
        seen.add(key)
        if draft.scope_reason.strip():
            findings.append(Finding("OUT_OF_SCOPE", *place, draft.amount_fen))
    return findings


def entry_day(paid_on: date | None, precision: str, on: date) -> date:
    """The day a payment is booked under: its own, the month's or year's last when coarser, never after `on`."""
    if paid_on is None:
        return on
    if precision == "M":
        paid_on = date(paid_on.year, paid_on.month, monthrange(paid_on.year, paid_on.month)[1])
    elif precision == "Y":
        paid_on = date(paid_on.year, 12, 31)
    return min(paid_on, on)


def faults_of_stage(draft: StageDraft, on: date) -> list[Fault]:
    """What keeps a stage out: a kind nobody knows, no day, a day to come (2.6.1a)."""
    faults = []
    if draft.kind not in StageKind.values:
        faults.append(Fault("stage_unknown", 0, "kind"))
    if draft.happened_on is None:
        faults.append(Fault("stage_without_day", 0, "happened_on"))
    elif draft.happened_on > on:
        faults.append(Fault("date_in_future", 0, "happened_on"))
    return faults


def stage_states(entered: Mapping[str, bool]) -> dict[str, str]:
    """How each of the ten stages stands. `entered` says for each stage with a day whether it has a paper.

    A stage without a day is missing when a later one was reached, and else lies ahead. Clause 2.6.1a.
    """
    kinds = list(StageKind.values)
    last = max((kinds.index(kind) for kind in entered), default=-1)
    states = {}
    for place, kind in enumerate(kinds):
        if kind in entered:
            states[kind] = (StageState.DONE if entered[kind] else StageState.NO_PAPER).value
        else:
            states[kind] = (StageState.MISSING if place < last else StageState.AHEAD).value
    return states


def stages_out_of_order(days: Mapping[str, date]) -> list[str]:
    """Stages dated before one that comes earlier in the procedure; a warning, for papers do come late."""
    found, latest = [], None
    for kind in OWN_STAGES:
        day = days.get(kind)
        if day is None:
            continue
        if latest is not None and day < latest:
            found.append(kind)
        else:
            latest = day
    return found
