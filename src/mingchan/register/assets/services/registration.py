"""Registering cards (登记): a stream of drafts becomes cards, rights, books and records in one transaction (2.2)."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events, postings, rules
from mingchan.register.assets.choices import MIXED, Status
from mingchan.register.assets.drafts import CardDraft, OriginDraft, Registered
from mingchan.register.assets.models import Asset, CodeSeries, FundingShare, Origin, OriginSheet
from mingchan.register.assets.services import rights, search, serials
from mingchan.register.assets.services.books import book_of
from mingchan.register.assets.services.rows import CARD, HOLDERS, ORIGIN, SHARE

_NOTHING: list[dict[str, Any]] = []
_CARD_FIELDS = tuple(field.name for field in Asset._meta.concrete_fields)
_KINDS = tuple(HOLDERS.values())
_SORTED = tuple(sorted(CARD))
_IN_ORDER = itemgetter(*map(CARD.index, _SORTED))
_SEARCHED = itemgetter(*(CardDraft._fields.index(name) for name in ("owner", "user", "operator", "keeper")))
_NULLABLE = tuple(field.attname for field in Asset._meta.concrete_fields if field.null)


def register(
    batches: Iterable[Sequence[CardDraft]],
    *,
    source: Ref,
    summary: str,
    actor: Actor,
    on: date,
    on_progress: Callable[[int], None] | None = None,
    is_sample: bool = False,
) -> Registered:
    """Take cards up into the register, as one act: cards, rights, funding, origins, search, vouchers, records.

    The drafts have been checked (`rules.may_be_registered`); the database checks once more. Streams: memory holds one
    batch and the lines of the vouchers. Cards without an owner are in no book, which the register's state shows.
    Raises NotAllowed outside the divisions the actor registers for, Refusal for a number that is taken. Serves 2.2.
    """
    run = _Run(source=source, actor=actor, on=on, is_sample=is_sample)
    writing: Sequence[CardDraft] = ()
    try:
        with transaction.atomic():
            for writing in batches:
                if writing:
                    run.take(writing, summary)
                    if on_progress is not None:
                        on_progress(run.count)
            run.series.save()
            voucher_ids = run.post(summary)
    except IntegrityError as error:
        serials.refuse_taken(error, (draft.serial_no for draft in writing), actor.county)
        raise
    return Registered(
        first_id=run.first_id,
        last_id=run.last_id,
        count=run.count,
        quantity_milli=run.quantity_milli,
        cost_fen=run.cost_fen,
        voucher_ids=voucher_ids,
        first_seq=run.first_seq,
    )


def register_one(draft: CardDraft, *, source: Ref, actor: Actor, on: date) -> int:
    """Take one card up by hand, checked here. Returns its id. Raises Refusal with the first fault and its field."""
    from mingchan.foundation.policy import queries as policy

    faults = rules.may_be_registered(draft, on, frozenset(policy.countable_units()))
    faults += rules.class_is_known(draft.class_code, policy.asset_codes())
    if faults:
        raise Refusal(faults[0].fault.label, clauses=("2.2",), field=faults[0].field)
    serials.are_free([draft.serial_no], actor.county)
    return register([[draft]], source=source, summary=draft.name, actor=actor, on=on).first_id


class _Series:
    """Numbers of cards: county, year and a serial without gaps. Locks each year's row when first asked for it."""

    def __init__(self, county: str) -> None:
        self.county = county
        self.rows: dict[int, CodeSeries] = {}

    def _row(self, year: int) -> CodeSeries:
        found = self.rows.get(year)
        if found is None:
            CodeSeries.objects.bulk_create([CodeSeries(county=self.county, year=year)], ignore_conflicts=True)
            found = CodeSeries.objects.select_for_update().get(county=self.county, year=year)
            self.rows[year] = found
        return found

    def give(self, year: int) -> str:
        row = self._row(year)
        row.last += 1
        return f"{self.county}-{year}-{row.last:06d}"

    def respect(self, code: str) -> None:
        """Go on after a number of this form that a paper brought along."""
        county, _dash, rest = code.partition("-")
        year, _dash, serial = rest.partition("-")
        if county == self.county and len(year) == 4 and year.isdecimal() and serial.isdecimal() and len(serial) < 10:
            row = self._row(int(year))
            row.last = max(row.last, int(serial))

    def save(self) -> None:
        for row in self.rows.values():
            row.save(force_update=True)


class _Booked:
    """What one owner's book is to be told, kept as plain numbers until it is: a hundred thousand cards fit a few MB."""

    def __init__(self) -> None:
        self.ids, self.costs = array("q"), array("q")
        self.classes: list[str] = []

    def add(self, asset_id: int, six_class: str, cost_fen: int) -> None:
        """One more card."""
        self.ids.append(asset_id)
        self.costs.append(cost_fen)
        self.classes.append(six_class)

    def lines(self) -> list[LineDraft]:
        """The lines of them all."""
        cards = zip(self.ids, self.classes, self.costs, strict=True)
        return [line for card in cards for line in postings.acquisition(*card)]


class _Run:
    """One registration under way: what is counted and kept between batches."""

    def __init__(self, *, source: Ref, actor: Actor, on: date, is_sample: bool) -> None:
        self.source, self.actor, self.on, self.is_sample = source, actor, on, is_sample
        self.first_id = self.last_id = self.count = self.quantity_milli = self.cost_fen = 0
        self.first_seq = -1
        self.today, self.source_text = on.isoformat(), str(source)
        self.series = _Series(actor.county)
        self.names = search.Names(actor.county)
        self.booked: dict[int, _Booked] = {}
        self.divisions: set[str] = set()
        self.sheets: dict[str, int] = {}
        self.classes: dict[str, str] = {}

    def take(self, batch: Sequence[CardDraft], summary: str) -> None:
        """Write one batch."""
        self._allow({draft.division_code for draft in batch})
        for draft in batch:
            if draft.code:
                self.series.respect(draft.code)
        first = reserve_ids(Asset, len(batch))
        self.first_id = self.first_id or first
        self.last_id = first + len(batch) - 1
        self.names.learn(
            {draft.site for draft in batch},
            {party for draft in batch for party in _SEARCHED(draft)},
        )
        cards: list[tuple[Any, ...]] = []
        documents: list[tuple[str, str, dict[str, Any]]] = []
        shares: list[tuple[Any, ...]] = []
        origins: list[tuple[Any, ...]] = []
        tokens: list[tuple[int, str]] = []
        for asset_id, draft in enumerate(batch, start=first):
            card, right, share = self._card(asset_id, draft)
            cards.append(card)
            document = dict(zip(_SORTED, _IN_ORDER(card), strict=True))
            for name in _NULLABLE:
                if document[name] is None:
                    del document[name]
            document["rights"] = right
            document["funding_shares"] = [dict(zip(SHARE, part, strict=True)) for part in share]
            document["origin"] = document["former"] = _NOTHING
            if draft.origin is not None:
                origin = self._origin(draft.origin)
                origins.append((asset_id, *origin))
                document["origin"] = [dict(zip(ORIGIN, origin, strict=True))]
                if origin[1] is None:
                    del document["origin"][0]["row"]
            documents.append((f"asset:{asset_id}", draft.division_code, document))
            shares += [(asset_id, *part) for part in share]
            tokens.append((asset_id, self._tokens(card)))
        insert_rows(Asset, _CARD_FIELDS, cards)
        rights.open_stated(first, self.last_id, self.on)
        if shares:
            insert_rows(FundingShare, ("asset", *SHARE), shares)
        if origins:
            insert_rows(Origin, ("asset", "sheet", "row", "originals"), origins)
        search.write(tokens)
        seq, _many = evidence.record_many(
            events.REGISTERED, documents, actor=self.actor, on=self.on, facts={"summary": summary}
        )
        if self.first_seq < 0:
            self.first_seq = seq
        self.count += len(batch)

    def _allow(self, divisions: set[str]) -> None:
        for code in divisions - self.divisions:
            if not self.actor.may("asset.register", code or self.actor.county):
                raise NotAllowed(_("不能在所辖区划之外登记资产"), clauses=("2.2",))
        self.divisions |= divisions

    def _card(
        self, asset_id: int, draft: CardDraft
    ) -> tuple[tuple[Any, ...], list[dict[str, Any]], list[tuple[str, int, str]]]:
        (
            name, system, tier, division, quantity, cost, unit, price, code, class_code, six_class, asset_type, site,
            place, model, brand, acquired, precision, service, year, project, funding, condition, owner, user, operator,
            income, keeper, serial, manufacturer, supplier, life, residual, way, note, parts, _origin,
        ) = draft  # fmt: skip
        if not six_class:
            six_class = self.classes.get(class_code) or self.classes.setdefault(class_code, rules.six_class(class_code))
        if not year and acquired is not None:
            year = acquired.year
        if not code:
            code = self.series.give(year or self.on.year)
        if not funding and parts:
            funding = parts[0].source if len({part.source for part in parts}) == 1 else MIXED
        share = [tuple(part) for part in parts] if len(parts) > 1 or (parts and parts[0].document) else []
        today, source = self.today, self.source_text
        since = today if acquired is None else acquired.isoformat()
        card = (
            asset_id, self.actor.county, code, name, class_code, six_class, asset_type, system, tier, site, division,
            place, model, brand, unit, quantity, price, cost, None if acquired is None else since, precision,
            None if service is None else service.isoformat(), year, project, funding, condition, owner, user, operator,
            income, keeper, serial, manufacturer, supplier, life, residual, way, note, Status.ACTIVE.value, None,
            source, today, today, self.is_sample, 1,
        )  # fmt: skip
        right = [
            {
                "basis": "", "document": "", "kind": kind, "party_id": party, "share_denominator": 1,
                "share_numerator": 1, "source": source, "valid_from": since,
            }
            for kind, party in zip(_KINDS, (owner, user, operator, income, keeper), strict=True)
            if party is not None
        ]  # fmt: skip
        self.quantity_milli += quantity
        self.cost_fen += cost
        if owner is not None and cost:
            booked = self.booked.get(owner)
            if booked is None:
                booked = self.booked[owner] = _Booked()
            booked.add(asset_id, six_class, cost)
        return card, right, share  # type: ignore[return-value]

    def _origin(self, origin: OriginDraft) -> tuple[int, int | None, str]:
        originals = orjson.dumps(origin.originals).decode() if origin.originals else "{}"
        return self._sheet(origin), origin.row, originals

    def _sheet(self, origin: OriginDraft) -> int:
        """Id of the sheet a draft was read from; its columns are kept once, as the first draft of it names them."""
        found = self.sheets.get(origin.sheet)
        if found is None:
            columns = orjson.dumps(dict(origin.columns or {})).decode()
            sheet = {"batch": self.source_text, "name": origin.sheet, "columns": columns}
            found = OriginSheet.objects.create(**sheet).pk
            self.sheets[origin.sheet] = found
            evidence.record(
                events.SHEET_READ,
                Ref("sheet", found),
                actor=self.actor,
                on=self.on,
                after={"id": found, **sheet},
                facts={"name": origin.sheet},
            )
        return found

    def _tokens(self, card: tuple[Any, ...]) -> str:
        return search.tokens_of(
            self.names, card[2], card[3], card[9], card[10], card[11], card[12], card[30],
            (card[29], card[25], card[26], card[27]),
        )  # fmt: skip

    def _division(self, owner: Party) -> str:
        """Where the voucher of an owner belongs: the owner's division, or for a registrar of less the cards' own."""
        if self.actor.may("asset.register", owner.division_code or self.actor.county):
            return owner.division_code
        for digits in (12, 9):
            places = {code[:digits] for code in self.divisions}
            division = min(places).ljust(12, "0")
            if len(places) == 1 and self.actor.may("asset.register", division):
                return division
        return min(self.divisions)

    def post(self, summary: str) -> tuple[int, ...]:
        """One acquisition voucher in the book of each owner."""
        owners = Party.objects.in_bulk(list(self.booked))
        done: list[int] = []
        for owner_id in sorted(owners):
            owner = owners[owner_id]
            book = book_of(owner, actor=self.actor, on=self.on)
            draft = VoucherDraft(
                book_id=book,
                day=self.on,
                summary=_("登记入账：%(summary)s") % {"summary": summary},
                lines=self.booked[owner_id].lines(),
                source=self.source,
                key=f"{self.source}:acquisition:{owner_id}:{self.first_id}",
                division=self._division(owner),
            )
            done.append(ledger.post(draft, actor=self.actor, on=self.on).pk)
        return tuple(done)
