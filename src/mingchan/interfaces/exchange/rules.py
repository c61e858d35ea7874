"""Pure rules of the import: what kind of party a name is, and which way two readings of a row differ."""

from collections.abc import Mapping, Sequence
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


def row_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes rows of two versions the same thing: the number if given, else sheet, site, name and model."""
    if row.get("asset_code"):
        return ("code", row["asset_code"])
    return ("row", row.get("sheet"), row.get("site"), row["name"], row.get("model"))


def field_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Fields in which two readings of a row differ, in the order of COMPARED, with both values."""
    return [
        {"field": field, "old": old.get(field), "new": new.get(field)}
        for field in COMPARED
        if (old.get(field) or None) != (new.get(field) or None)
    ]


def pair_rows(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[Mapping[str, Any], Mapping[str, Any]]], list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Pair the rows of two versions by key, in order within a key: (pairs, only in old, only in new).

    Within one key equal rows are paired first, so that one changed row among many like ones is found.
    """
    waiting: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in old:
        waiting.setdefault(row_key(row), []).append(row)
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    unmatched: list[Mapping[str, Any]] = []
    for row in new:
        candidates = waiting.get(row_key(row), [])
        equal = next((c for c in candidates if not field_differences(c, row)), None)
        if equal is not None:
            candidates.remove(equal)
            pairs.append((equal, row))
        else:
            unmatched.append(row)
    added: list[Mapping[str, Any]] = []
    for row in unmatched:
        candidates = waiting.get(row_key(row), [])
        if candidates:
            pairs.append((candidates.pop(0), row))
        else:
            added.append(row)
    gone = [row for rows in waiting.values() for row in rows]
    return pairs, gone, added
