"""From understood rows to drafts of cards and payments: names become divisions, parties and sites, once each.

A frame of a few thousand rows at a time, so that memory stays flat; every look-up is a dictionary hit after the first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import repeat
from typing import Any

from mingchan.foundation.directory import queries as directory_queries
from mingchan.foundation.directory import services as directory
from mingchan.foundation.directory.drafts import PartyDraft
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.exchange import rules
from mingchan.interfaces.exchange.understanding import catalogue
from mingchan.kernel.actor import Actor
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft, FundingPart, OriginDraft, SiteDraft
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft

HOLDERS = ("owner", "user", "operator", "income_holder", "keeper")
AT = {name: index for index, name in enumerate(catalogue.REGISTER_FIELDS)}
USE_AT = {name: index for index, name in enumerate(catalogue.FUND_USE_FIELDS)}
SURVEY_AT = {name: index for index, name in enumerate(catalogue.SURVEY_FIELDS)}
MONEY_AT = {name: index for index, name in enumerate(catalogue.APPROPRIATION_FIELDS)}
DEFAULT_SYSTEM = "OTHER"
COMMITTEE_ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会", "社区")


class Places:
    """Divisions of the rows' place names as of the paper's day, remembered (1 look-up per distinct place)."""

    def __init__(self, county: str, on: date) -> None:
        self.county_code = county.ljust(12, "0")
        self._resolver = directory_queries.DivisionResolver(county, on)
        self._known: dict[tuple[str, str], str | None] = {}

    def code(self, town: str, village: str) -> str | None:
        """Division of a town and village as written; the county when neither is given; None when unknown."""
        key = (town, village)
        if key not in self._known:
            if village:
                found = self._resolver.village(town, village)
            elif town:
                found = self._resolver.town(town)
            else:
                found = self.county_code
            self._known[key] = found
        return self._known[key]

    def codes(self, towns: Sequence[str], villages: Sequence[str]) -> list[str | None]:
        """As `code`, for columns of towns and villages."""
        known = self._known
        for town, village in set(zip(towns, villages, strict=True)) - known.keys():
            self.code(town, village)
        return list(map(known.__getitem__, zip(towns, villages, strict=True)))

    def name(self, code: str) -> str:
        """Today's name of a division."""
        return self._resolver.name(code)

    def of_party(self, kind: str, name: str, fallback: str) -> str:
        """Where a party belongs: offices and companies to the county, governments and committees to their own place."""
        if kind in ("OFFICE", "COMPANY", "OTHER"):
            return self.county_code
        bare = name.removesuffix("（示例）")
        if kind == "TOWN_GOVERNMENT":
            town = bare.removesuffix("人民政府").removesuffix("政府")
            return self.code(town, "") or fallback
        if kind == "VILLAGE_COMMITTEE":
            village = bare
            for ending in COMMITTEE_ENDINGS:
                village = village.removesuffix(ending)
            if self.name(fallback).startswith(village):
                return fallback
            return self.code("", bare) or fallback
        return fallback


_Holder = tuple[str, str, str]
"""Name, division, and site or phone: what a name in a column of holders means depends on."""

_draft = partial(tuple.__new__, CardDraft)
_origin = partial(tuple.__new__, OriginDraft)
_part = partial(tuple.__new__, FundingPart)
"""Tuples of the kind made from a row of columns; what the kinds' own `_make` does, without a call for each row."""


def _texts(values: Iterable[str | None]) -> list[str]:
    return [value or "" for value in values]


def _funding(column: Mapping[str, Sequence[Any]], admitted: Mapping[str, str]) -> Iterable[tuple[FundingPart, ...]]:
    papers: Iterable[str] = repeat("")
    if admitted:
        papers = [admitted.get(text or "", "") for text in column["funding_text"]]
    whole = map(_part, zip([word or "other" for word in column["funding"]], column["cost_fen"], papers, strict=False))
    if not any(column["funding_split"]):
        return zip(whole)
    return [
        tuple(FundingPart(source, fen) for source, fen in split.items()) if split else (one,)
        for one, split in zip(whole, column["funding_split"], strict=True)
    ]


class _Classes(dict[tuple[str | None, str], tuple[str, int | None]]):
    """Class code and usual life by the code a row states and its name, each worked out once."""

    def __missing__(self, key: tuple[str | None, str]) -> tuple[str, int | None]:
        code, name = key
        found: tuple[str, int | None]
        if code:
            found = (code, policy.life_of(code))
        else:
            proposal = policy.propose_class(name)
            found = (proposal.code, proposal.life_months) if proposal else ("", None)
        self[key] = found
        return found


class Drafter:
    """Turns frames of understood rows into drafts, making parties and sites that are not there yet."""

    def __init__(self, *, county: str, paper_day: date, source: str, actor: Actor, on: date, is_sample: bool) -> None:
        self.places = Places(county, paper_day)
        self.source, self.actor, self.on, self.is_sample = source, actor, on, is_sample
        self._proposals = directory.Proposals(actor=actor, on=on, source=source)
        self._holders: dict[str, dict[_Holder, int]] = {field: {} for field in HOLDERS}
        self._sites: dict[tuple[str, str], int] = {}
        self._days: dict[str | None, date | None] = {None: None, "": None}
        self._classes = _Classes()

    # Parties and sites -------------------------------------------------------------------------------------------

    def _party(self, field: str, name: str, division: str, beside: str) -> PartyDraft:
        """The party a name means in a column and a place. Beside it stands a keeper's phone, of others the site."""
        if field == "keeper":
            return PartyDraft("PERSON", name, division, beside)
        kind = rules.party_kind(name, field, beside)
        return PartyDraft(kind, name, self.places.of_party(kind, name, division), "")

    def _ensure_parties(self, drafts: Iterable[PartyDraft]) -> dict[PartyDraft, int]:
        return self._proposals.ensure(sorted(set(drafts)))

    def office(self, name: str) -> int:
        """The id of a county office by name, made when it is not there yet."""
        draft = PartyDraft("OFFICE", name, self.places.county_code, "")
        return self._ensure_parties([draft])[draft]

    # Cards -------------------------------------------------------------------------------------------------------

    def cards(
        self, sheet: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], admitted: Mapping[str, str]
    ) -> list[CardDraft]:
        """Drafts of cards for the rows of one register sheet, column by column. `columns` maps fields to letters."""
        column = dict(zip(catalogue.REGISTER_FIELDS, zip(*rows, strict=True), strict=True))
        county = self.places.county_code
        divisions = [code or county for code in self.places.codes(column["town"], column["village"])]
        sites = self._site_ids(column, divisions)
        holders = self._holder_ids(column, divisions)
        classes = list(map(self._classes.__getitem__, zip(column["class_code"], column["name"], strict=True)))
        return list(
            map(
                _draft,
                zip(
                    column["name"],
                    [system or DEFAULT_SYSTEM for system in column["system"]],
                    [tier or "COUNTY" for tier in column["tier"]],
                    divisions,
                    column["quantity_milli"],
                    column["cost_fen"],
                    _texts(column["unit"]),
                    column["unit_price_fen"],
                    _texts(column["asset_code"]),
                    [class_code for class_code, _life in classes],
                    repeat(""),
                    repeat("INDUSTRY"),
                    sites,
                    _texts(column["place"]),
                    _texts(column["model"]),
                    _texts(column["brand"]),
                    self._dates(column["acquired_on"]),
                    [precision or "D" for precision in column["acquired_precision"]],
                    self._dates(column["in_service_on"]),
                    [year or 0 for year in column["year"]],
                    _texts(column["project"]),
                    repeat(""),
                    _texts(column["condition"]),
                    *(holders[field] for field in HOLDERS),
                    _texts(column["serial_no"]),
                    repeat(""),
                    _texts(column["supplier"]),
                    [life or usual for life, (_code, usual) in zip(column["life_months"], classes, strict=True)],
                    column["residual_percent"],
                    repeat(""),
                    _texts(column["note"]),
                    _funding(column, admitted),
                    map(_origin, zip(repeat(sheet), column["row"], column["originals"], repeat(columns), strict=False)),
                ),
            )
        )

    def _site_ids(self, column: Mapping[str, Sequence[Any]], divisions: Sequence[str]) -> list[int | None]:
        known = self._sites
        found = list(map(known.get, zip(column["site"], divisions, strict=True)))
        if None not in found:
            return found
        keys = zip(column["site"], divisions, column["system"], column["tier"], found, strict=True)
        drafts = {
            (site, division): SiteDraft(site, division, system or DEFAULT_SYSTEM, tier)
            for site, division, system, tier, known_id in keys
            if site and known_id is None
        }
        if not drafts:
            return found
        ids = assets.ensure_sites(sorted(drafts.values()), actor=self.actor, on=self.on)
        known.update({key: ids[draft] for key, draft in drafts.items()})
        return list(map(known.get, zip(column["site"], divisions, strict=True)))

    def _holder_ids(self, column: Mapping[str, Sequence[Any]], divisions: Sequence[str]) -> dict[str, list[int | None]]:
        """Ids of the holders, column by column; parties that are not there yet are made, all of a frame at once."""
        sites, phones = _texts(column["site"]), _texts(column["phone"])
        beside = {field: phones if field == "keeper" else sites for field in HOLDERS}
        found = {field: self._known_ids(field, column[field], divisions, texts) for field, texts in beside.items()}
        drafts: dict[tuple[str, _Holder], PartyDraft] = {}
        for field, texts in beside.items():
            if None in found[field]:
                known = self._holders[field]
                named = zip(column[field], divisions, texts, found[field], strict=True)
                for key in {(name, place, text) for name, place, text, party in named if name and party is None}:
                    if key not in known:
                        drafts[field, key] = self._party(field, *key)
        if not drafts:
            return found
        ids = self._ensure_parties(drafts.values())
        for (field, key), draft in drafts.items():
            self._holders[field][key] = ids[draft]
        changed = {field for field, _key in drafts}
        return found | {field: self._known_ids(field, column[field], divisions, beside[field]) for field in changed}

    def _known_ids(
        self, field: str, names: Sequence[str | None], divisions: Sequence[str], texts: Sequence[str]
    ) -> list[int | None]:
        """Ids of a column's holders so far as they are known."""
        if not any(names):
            return [None] * len(names)
        return list(map(self._holders[field].get, zip(names, divisions, texts, strict=True)))

    def _dates(self, texts: Iterable[str | None]) -> list[date | None]:
        days = self._days
        for text in set(texts) - days.keys():
            days[text] = date.fromisoformat(str(text))
        return list(map(days.__getitem__, texts))

    def _day(self, text: str | None) -> date | None:
        return self._dates([text])[0]

    # Money -------------------------------------------------------------------------------------------------------

    def fund_uses(
        self, sheet: str, rows: Sequence[Sequence[Any]], year: int, admitted: Mapping[str, str]
    ) -> list[FundUseDraft]:
        """Drafts of payments for the rows of one fund-use sheet."""
        county = self.places.county_code
        payees = {
            row[USE_AT["payee"]]: PartyDraft(
                rules.party_kind(row[USE_AT["payee"]], "payee", ""), row[USE_AT["payee"]], county, ""
            )
            for row in rows
            if row[USE_AT["payee"]]
        }
        parties = self._ensure_parties(payees.values())
        return [
            FundUseDraft(
                line=row[USE_AT["line"]],
                funding=row[USE_AT["funding"]] or "other",
                document=row[USE_AT["document_no"]] or "",
                item=row[USE_AT["item"]] or "",
                paid_fen=row[USE_AT["paid_fen"]],
                asset_fen=row[USE_AT["asset_fen"]] or 0,
                expense_fen=row[USE_AT["expense_fen"]] or 0,
                year=year,
                payee=row[USE_AT["payee"]] or "",
                payee_id=parties[payees[row[USE_AT["payee"]]]] if row[USE_AT["payee"]] else None,
                paid_on=self._day(row[USE_AT["paid_on"]]),
                paid_precision=row[USE_AT["paid_precision"]] or "D",
                division_code=county,
                sheet=sheet,
                row=row[USE_AT["row"]],
                originals=row[USE_AT["originals"]] or None,
                scope_reason=admitted.get(row[USE_AT["funding_text"]] or "", ""),
                contract_no=row[USE_AT["contract_no"]] or "",
                invoice_no=row[USE_AT["invoice_no"]] or "",
                purpose=row[USE_AT["purpose"]] or "",
            )
            for row in rows
        ]

    def appropriations(
        self, sheet: str, rows: Sequence[Sequence[Any]], admitted: Mapping[str, str]
    ) -> Iterator[AppropriationDraft]:
        """Drafts of money sent down for the rows of one appropriation sheet."""
        for row in rows:
            yield AppropriationDraft(
                funding=row[MONEY_AT["funding"]] or "other",
                document=row[MONEY_AT["document_no"]] or "",
                amount_fen=row[MONEY_AT["amount_fen"]],
                level=row[MONEY_AT["level"]] or "",
                issued_on=self._day(row[MONEY_AT["issued_on"]]),
                issued_precision=row[MONEY_AT["issued_precision"]] or "D",
                division_code=self.places.county_code,
                sheet=sheet,
                row=row[MONEY_AT["row"]],
                originals=row[MONEY_AT["originals"]] or None,
                scope_reason=admitted.get(row[MONEY_AT["funding_text"]] or "", ""),
            )
