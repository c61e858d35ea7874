"""Pure rules of the import: what kind of party a name is, and which way two readings of a row differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

OFFICE_ENDINGS = ("局", "委", "办公室", "办", "中心", "委员会", "政府", "院", "联社", "总社")
COMPANY_ENDINGS = ("公司", "合作社", "厂", "商行", "经营部", "超市", "企业", "集团", "店")
STATION_ENDINGS = ("服务站", "站", "服务点", "服务中心", "配送中心", "追溯中心")

COMPARED = (
    "name", "model", "brand", "unit", "quantity_milli", "unit_price_fen", "cost_fen", "acquired_on",
    "acquired_precision", "year", "funding", "condition", "serial_no", "note", "owner", "user", "operator",
    "income_holder", "keeper", "place",
)  # fmt: skip


def party_kind(name: str, field: str, site: str) -> str:
    """The likely kind of a party named in a sheet. A keeper is a person; so is what is left over."""
    bare = name.removesuffix("（示例）").removesuffix("(示例)")
    if field == "keeper":
        return "PERSON"
    if bare.endswith(COMPANY_ENDINGS):
        return "COMPANY"
    if bare.endswith(("村民委员会", "村委会", "居民委员会", "居委会")):
        return "VILLAGE_COMMITTEE"
    if bare.endswith(("经济合作社", "经济联合社", "集体经济组织")):
        return "COLLECTIVE"
    if bare.endswith(("镇人民政府", "乡人民政府", "镇政府", "乡政府")):
        return "TOWN_GOVERNMENT"
    if bare == site or bare.endswith(STATION_ENDINGS):
        return "STATION"
    if bare.endswith(OFFICE_ENDINGS):
        return "OFFICE"
    return "PERSON" if len(bare) <= 4 or "·" in bare else "OTHER"


MONEY_COLUMNS = ("cost", "unit_price", "funding_central", "funding_province", "funding_city", "funding_county")
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "register": (("name",), MONEY_COLUMNS),
    "fund_use": (("line",), ("paid",)),
    "appropriation": (("funding",), ("amount",)),
    "survey": (("name",),),
}
"""Of each group at least one column must be mapped, or a sheet of the kind means nothing."""


def missing_columns(kind: str, mapped: Iterable[str]) -> list[str]:
    """The first field of each group that no column is mapped to."""
    present = set(mapped)
    return [group[0] for group in NEEDED.get(kind, ()) if not present & set(group)]


def row_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes rows of two versions the same thing: the number if given, else sheet, site, name and model."""
    if row.get("asset_code"):
        return ("code", row["asset_code"])
    return ("row", row.get("sheet"), row.get("site"), row["name"], row.get("model"))


def likeness_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row keeps when it is only renamed: where it stands, how much of it, what it cost and when it came."""
    return tuple(row.get(name) for name in ("sheet", "site", "unit", "quantity_milli", "cost_fen", "acquired_on"))


def field_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Fields in which two readings of a row differ, in the order of COMPARED, with both values.

    A field is left out where one reading could not know it (`inferred`): a year guessed from a file's name is no fact.
    """
    guessed = {*old.get("inferred", ()), *new.get("inferred", ())}
    return [
        {"field": field, "old": old.get(field), "new": new.get(field)}
        for field in COMPARED
        if field not in guessed and (old.get(field) or None) != (new.get(field) or None)
    ]


Row = Mapping[str, Any]


def pair_rows(old: Sequence[Row], new: Sequence[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pair the rows of two versions: (pairs, only in old, only in new).

    Equal rows of one key first, so that one changed row among many like ones is found; then the rest of a key in
    order; last what was only renamed.
    """
    pairs, waiting, rest = _paired(old, new, row_key, lambda before, after: not field_differences(before, after))
    more, waiting, rest = _paired(waiting, rest, row_key, lambda _before, _after: True)
    renamed, waiting, rest = _paired(waiting, rest, likeness_key, lambda _before, _after: True)
    return pairs + more + renamed, waiting, rest


def _paired(
    old: Sequence[Row],
    new: Sequence[Row],
    key: Callable[[Row], tuple[Any, ...]],
    fits: Callable[[Row, Row], bool],
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Rows of one key that fit each other, each once: (pairs, rest of old, rest of new)."""
    waiting: dict[tuple[Any, ...], list[Row]] = {}
    for row in old:
        waiting.setdefault(key(row), []).append(row)
    pairs: list[tuple[Row, Row]] = []
    rest: list[Row] = []
    for row in new:
        candidates = waiting.get(key(row), [])
        at = next((index for index, candidate in enumerate(candidates) if fits(candidate, row)), None)
        if at is None:
            rest.append(row)
        else:
            pairs.append((candidates.pop(at), row))
    return pairs, [row for rows in waiting.values() for row in rows], rest
