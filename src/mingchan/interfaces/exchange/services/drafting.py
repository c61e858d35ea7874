"""From understood rows to drafts of cards and payments: names become divisions, parties and sites, once each.

A frame of a few thousand rows at a time, so that memory stays flat; every look-up is a dictionary hit after the first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
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
MONEY_AT = {name: index for index, name in enumerate(catalogue.APPROPRIATION_FIELDS)}
DEFAULT_SYSTEM = "OTHER"


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
        return fallback


class Drafter:
    """Turns frames of understood rows into drafts, making parties and sites that are not there yet."""

    def __init__(self, *, county: str, paper_day: date, source: str, actor: Actor, on: date, is_sample: bool) -> None:
        self.places = Places(county, paper_day)
        self.source, self.actor, self.on, self.is_sample = source, actor, on, is_sample
        self._parties: dict[PartyDraft, int] = {}
        self._sites: dict[SiteDraft, int] = {}
        self._party_of: dict[tuple[str, ...], PartyDraft] = {}
        self._days: dict[str, date] = {}
        self._classes: dict[str, tuple[str, int | None]] = {}

    # Parties and sites -------------------------------------------------------------------------------------------

    def party(self, field: str, name: str, site: str, division: str, phone: str) -> PartyDraft:
        """The draft of the party a name means in a column, a site and a place."""
        key = (field, name, site, division, phone)
        draft = self._party_of.get(key)
        if draft is None:
            kind = rules.party_kind(name, field, site)
            where = self.places.of_party(kind, name, division)
            draft = self._party_of[key] = PartyDraft(kind, name, where, phone if field == "keeper" else "")
        return draft

    def _ensure_parties(self, wanted: Iterable[PartyDraft]) -> None:
        missing = {draft for draft in wanted if draft not in self._parties}
        if missing:
            self._parties.update(
                directory.ensure_parties(sorted(missing), actor=self.actor, on=self.on, source=self.source)
            )

    def office(self, name: str) -> int:
        """The id of a county office by name, made when it is not there yet."""
        draft = PartyDraft("OFFICE", name, self.places.county_code, "")
        self._ensure_parties([draft])
        return self._parties[draft]

    def _ensure_sites(self, wanted: Iterable[SiteDraft]) -> None:
        missing = {draft for draft in wanted if draft not in self._sites}
        if missing:
            self._sites.update(assets.ensure_sites(sorted(missing), actor=self.actor, on=self.on))

    # Cards -------------------------------------------------------------------------------------------------------

    def cards(
        self, sheet: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], admitted: Mapping[str, str]
    ) -> list[CardDraft]:
        """Drafts of cards for the rows of one register sheet. `columns` maps fields to column letters."""
        places = [self.places.code(row[AT["town"]], row[AT["village"]]) or self.places.county_code for row in rows]
        parties: list[list[PartyDraft | None]] = []
        sites: list[SiteDraft | None] = []
        for row, division in zip(rows, places, strict=True):
            site, phone = row[AT["site"]] or "", row[AT["phone"]] or ""
            parties.append([self.party(f, row[AT[f]], site, division, phone) if row[AT[f]] else None for f in HOLDERS])
            sites.append(
                SiteDraft(site, division, row[AT["system"]] or DEFAULT_SYSTEM, row[AT["tier"]]) if site else None
            )
        self._ensure_parties({draft for found in parties for draft in found if draft is not None})
        self._ensure_sites({draft for draft in sites if draft is not None})
        return [
            self._card(sheet, columns, row, division, holders, site, admitted)
            for row, division, holders, site in zip(rows, places, parties, sites, strict=True)
        ]

    def _card(
        self,
        sheet: str,
        columns: Mapping[str, str],
        row: Sequence[Any],
        division: str,
        holders: Sequence[PartyDraft | None],
        site: SiteDraft | None,
        admitted: Mapping[str, str],
    ) -> CardDraft:
        owner, user, operator, income, keeper = (
            self._parties[draft] if draft is not None else None for draft in holders
        )
        class_code, life = self._class(row[AT["class_code"]] or "", row[AT["name"]])
        funding, cost = row[AT["funding"]] or "other", row[AT["cost_fen"]]
        split = row[AT["funding_split"]]
        shares = (
            tuple(FundingPart(source, fen) for source, fen in split.items())
            if split
            else (FundingPart(funding, cost, admitted.get(row[AT["funding_text"]] or "", "")),)
        )
        return CardDraft(
            name=row[AT["name"]],
            system=row[AT["system"]] or DEFAULT_SYSTEM,
            tier=row[AT["tier"]] or "COUNTY",
            division_code=division,
            quantity_milli=row[AT["quantity_milli"]],
            cost_fen=cost,
            unit=row[AT["unit"]] or "",
            unit_price_fen=row[AT["unit_price_fen"]],
            code=row[AT["asset_code"]] or "",
            class_code=class_code,
            site=self._sites[site] if site is not None else None,
            place=row[AT["place"]] or "",
            model=row[AT["model"]] or "",
            brand=row[AT["brand"]] or "",
            acquired_on=self._day(row[AT["acquired_on"]]),
            acquired_precision=row[AT["acquired_precision"]] or "D",
            in_service_on=self._day(row[AT["in_service_on"]]),
            year=row[AT["year"]] or 0,
            project=row[AT["project"]] or "",
            condition=row[AT["condition"]] or "",
            owner=owner,
            user=user,
            operator=operator,
            income_holder=income,
            keeper=keeper,
            serial_no=row[AT["serial_no"]] or "",
            supplier=row[AT["supplier"]] or "",
            life_months=row[AT["life_months"]] or life,
            residual_percent=row[AT["residual_percent"]],
            note=row[AT["note"]] or "",
            funding_shares=shares,
            origin=OriginDraft(sheet, row[AT["row"]], row[AT["originals"]] or None, columns),
        )

    def _class(self, code: str, name: str) -> tuple[str, int | None]:
        key = code or name
        found = self._classes.get(key)
        if found is None:
            if code:
                found = (code, policy.life_of(code))
            else:
                proposal = policy.propose_class(name)
                found = (proposal.code, proposal.life_months) if proposal else ("", None)
            self._classes[key] = found
        return found

    def _day(self, text: str | None) -> date | None:
        if not text:
            return None
        day = self._days.get(text)
        if day is None:
            day = self._days[text] = date.fromisoformat(text)
        return day

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
        self._ensure_parties(payees.values())
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
                payee_id=self._parties[payees[row[USE_AT["payee"]]]] if row[USE_AT["payee"]] else None,
                paid_on=self._day(row[USE_AT["paid_on"]]),
                paid_precision=row[USE_AT["paid_precision"]] or "D",
                division_code=county,
                sheet=sheet,
                row=row[USE_AT["row"]],
                originals=row[USE_AT["originals"]] or None,
                scope_reason=admitted.get(row[USE_AT["funding_text"]] or "", ""),
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
