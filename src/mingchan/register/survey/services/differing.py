"""Differences (差异): what follows from the matches, found anew for rows and cards that nobody decided about (3.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Q

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.database import insert_rows, reserve_ids, streamed
from mingchan.register.assets.queries import names_by_key
from mingchan.register.survey import rules
from mingchan.register.survey.choices import Kind
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow
from mingchan.register.survey.queries import scoping
from mingchan.register.survey.rules import Delta, Facts
from mingchan.register.survey.services import recording

CHUNK = 2000
_FIELDS = recording.names_of(Difference)
_ROW = (
    "name", "model", "serial_no", "quantity_milli", "cost_fen", "division_code", "site", "place", "class_code",
    "system", "tier", "keeper", "user", "condition", "type_stated", "is_missing", "code",
)  # fmt: skip
_CARD = (
    "name", "model", "serial_no", "quantity_milli", "cost_fen", "division_code", "site__name", "place", "class_code",
    "system", "tier", "keeper__name", "user__name", "condition", "code", "version",
)  # fmt: skip
_PAIR = ("row_id", "asset_id", *(f"row__{name}" for name in _ROW), *(f"asset__{name}" for name in _CARD))
_KEY = ("kind", "row_id", "asset_id")
_SAID = ("register_text", "survey_text", "register_number", "survey_number")
Found = dict[str, Any]
_Settled = set[tuple[str, str, int | None]]


class Places:
    """Names of divisions, read when first asked for."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, codes: Iterable[str]) -> None:
        """Read the names of codes not yet known."""
        missing = set(codes) - self._known.keys() - {""}
        if missing:
            self._known.update(names_by_key(set(), set(), missing).divisions)

    def __getitem__(self, code: str) -> str:
        return self._known.get(code, code)


def same_condition(word: str) -> str:
    """The county's own word for a state of use; every state of use that counts as in use is one."""
    for state in policy.conditions().values():
        if word == state.word or word in state.synonyms:
            return "in_use" if state.counts_as == "in_use" else state.word
    return word


def facts_of_row(values: Sequence[Any], where: str) -> Facts:
    """What a row says, from its columns in the order of `_ROW`; a type that is only derived isn't said."""
    (name, model, serial, quantity, cost, division, site, place, class_code, system, tier, keeper, user, condition,
     stated, _missing, _code) = values  # fmt: skip
    if not stated:
        system = tier = ""
    return Facts(name, model, serial, quantity, cost, division, where, site, place, class_code, system, tier, keeper,
                 user, condition)  # fmt: skip


def facts_of_card(values: Sequence[Any], where: str) -> Facts:
    """What a card says, from its columns in the order of `_CARD`."""
    (name, model, serial, quantity, cost, division, site, place, class_code, system, tier, keeper, user, condition,
     _code, _version) = values  # fmt: skip
    return Facts(name, model, serial, quantity, cost, division, where, site or "", place, class_code, system, tier,
                 keeper or "", user or "", condition)  # fmt: skip


def rebuild(survey: Survey, *, rows: Sequence[int] | None = None, cards: Sequence[int] | None = None) -> int:
    """Find anew the open differences of a survey, or of some rows and cards of it; returns how many there are now.

    What is decided stays, and is not found a second time. A difference found again keeps its number, so that links to
    it hold, and counts one version on.
    """
    mine = Difference.objects.filter(survey=survey)
    if rows is not None or cards is not None:
        rows, cards = list(rows or ()), list(cards or ())
        mine = mine.filter(Q(row__in=rows) | Q(asset__in=cards))
    standing = {key[:3]: key[3:] for key in mine.filter(decision="").values_list(*_KEY, "id", "version")}
    mine.filter(decision="").delete()
    decided = mine.exclude(decision="").values_list("kind", "row_id", "asset_id")
    settled: _Settled = {
        (kind, side, number) for kind, *both in decided for side, number in zip("ra", both, strict=True)
    }
    written = 0
    for source in (_of_matches(survey, rows, cards), _of_rows(survey, rows), _of_cards(survey, cards)):
        wanted = (found for found in source if not _is_settled(found, settled))
        while chunk := list(islice(wanted, CHUNK)):
            written += _insert(survey, chunk, standing)
    return written


def changed_since(survey: Survey, differences: Iterable[Difference]) -> list[Difference]:
    """Those differences of matched cards that hold no more as they were found, because the card changed since.

    A change of something else (its owner, its keeper) leaves a difference in value as true as it was.
    """
    asked = list(differences)
    cards = [one.asset_id for one in asked if one.asset_id is not None]
    present = {(found["kind"], found["asset_id"]): found for found in _of_matches(survey, [], cards)}
    return [
        one
        for one in asked
        if any(present.get((one.kind, one.asset_id), {}).get(name) != getattr(one, name) for name in _SAID)
    ]


def _is_settled(found: Found, settled: _Settled) -> bool:
    sides = (("r", found["row_id"]), ("a", found["asset_id"]))
    return any(number is not None and (found["kind"], side, number) in settled for side, number in sides)


def _insert(survey: Survey, chunk: Sequence[Found], standing: Mapping[tuple[Any, ...], tuple[Any, ...]]) -> int:
    first = reserve_ids(Difference, len(chunk))
    plain: Found = {
        "survey_id": survey.pk, "register_text": "", "survey_text": "", "register_number": None, "survey_number": None,
        "gap_fen": 0, "asset_version": 0, "decision": "", "reason": "", "decided_by": "", "decided_on": None,
        "new_asset_id": None, "code": "",
    }  # fmt: skip
    rows = []
    for index, found in enumerate(chunk):
        number, version = standing.get(tuple(found[name] for name in _KEY), (first + index, 0))
        values = {**plain, **found, "id": number, "version": version + 1}
        values["register_text"], values["survey_text"] = values["register_text"][:400], values["survey_text"][:400]
        rows.append(tuple(values[name] for name in _FIELDS))
    return insert_rows(Difference, _FIELDS, rows)


def _chunks(found: Any) -> Iterator[list[Any]]:
    with streamed(found, CHUNK) as stream:
        while chunk := list(islice(stream, CHUNK)):
            yield chunk


def _of_matches(survey: Survey, rows: Sequence[int] | None, cards: Sequence[int] | None) -> Iterator[Found]:
    """Differences of rows that have their card."""
    found = Match.objects.filter(survey=survey)
    if rows is not None and cards is not None:
        found = found.filter(Q(row__in=rows) | Q(asset__in=cards))
    places = Places()
    at = 2 + len(_ROW)
    for chunk in _chunks(found.order_by("id").values_list(*_PAIR)):
        places.learn(values[2 + 5] for values in chunk)
        places.learn(values[at + 5] for values in chunk)
        for values in chunk:
            yield from _of_pair(values[0], values[1], values[2:at], values[at:], places)


def _of_pair(row: int, asset: int, said: Sequence[Any], stands: Sequence[Any], places: Places) -> Iterator[Found]:
    card = facts_of_card(stands, places[stands[5]])
    code, version = stands[-2:]
    common: Found = {
        "row_id": row, "asset_id": asset, "division_code": card.division, "title": card.name, "code": code,
        "asset_version": version,
    }  # fmt: skip
    if said[-2]:
        yield {**common, **_lost(card)}
        return
    for delta in rules.compare(card, facts_of_row(said, places[said[5]]), same_condition):
        yield {**common, **_differing(delta)}


def _differing(delta: Delta) -> Found:
    return {
        "kind": delta.kind,
        "register_text": delta.register[:400],
        "survey_text": delta.survey[:400],
        "register_number": delta.register_number,
        "survey_number": delta.survey_number,
        "gap_fen": rules.gap(delta.kind, register=delta.register_number, survey=delta.survey_number),
    }


def _lost(card: Facts) -> Found:
    kind = Kind.ONLY_REGISTER.value
    return {
        "kind": kind,
        "register_text": " ".join(part for part in (card.where, card.site, card.place) if part),
        "register_number": card.cost,
        "gap_fen": rules.gap(kind, cost=card.cost),
    }


def _of_rows(survey: Survey, rows: Sequence[int] | None) -> Iterator[Found]:
    """Rows without a card: only the survey knows of them."""
    found = SurveyRow.objects.filter(survey=survey, match__isnull=True)
    if rows is not None:
        found = found.filter(pk__in=rows)
    places = Places()
    kind = Kind.ONLY_SURVEY.value
    for chunk in _chunks(found.order_by("id").values_list("id", *_ROW)):
        places.learn(values[6] for values in chunk)
        for number, *values in chunk:
            row = facts_of_row(values, places[values[5]])
            yield {
                "kind": kind, "row_id": number, "asset_id": None, "division_code": row.division, "title": row.name,
                "code": values[-1], "survey_number": row.cost, "gap_fen": rules.gap(kind, cost=row.cost),
                "survey_text": " ".join(part for part in (row.where, row.site, row.place) if part),
            }  # fmt: skip


def _of_cards(survey: Survey, cards: Sequence[int] | None) -> Iterator[Found]:
    """Covered cards that no row stands for: only the register knows of them."""
    taken = Match.objects.filter(survey=survey).values("asset_id")
    found = scoping.scoped_cards(survey).exclude(pk__in=taken)
    if cards is not None:
        found = found.filter(pk__in=cards)
    places = Places()
    for chunk in _chunks(found.order_by("id").values_list("id", *_CARD)):
        places.learn(values[6] for values in chunk)
        for number, *values in chunk:
            card = facts_of_card(values, places[values[5]])
            yield {
                "row_id": None, "asset_id": number, "division_code": card.division, "title": card.name,
                "code": values[-2], "asset_version": values[-1], **_lost(card),
            }  # fmt: skip
