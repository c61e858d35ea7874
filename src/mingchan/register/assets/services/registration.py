"""Registering cards (登记): a stream of drafts becomes cards, rights, books and records in one transaction (2.2)."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from orjson import dumps

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, insert_short_rows, reserve_ids
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events, postings, rules
from mingchan.register.assets.choices import MIXED, Status
from mingchan.register.assets.drafts import CardDraft, FundingPart, OriginDraft, Registered
from mingchan.register.assets.models import Asset, CodeSeries, FundingShare, Origin, OriginSheet
from mingchan.register.assets.services import documents, rights, search, serials
from mingchan.register.assets.services.books import book_of
from mingchan.register.assets.services.rows import CARD, SHARE

_SEARCHED = ("owner_id", "user_id", "operator_id", "keeper_id")
_GIVEN = {name: name.removesuffix("_id") for name in CARD if name.removesuffix("_id") in CardDraft._fields}
"""Columns of the card that a draft gives, and the draft's field."""


class _Days(dict[date | None, str | None]):
    """Dates as text, each made once."""

    def __missing__(self, day: date) -> str:
        text = self[day] = day.isoformat()
        return text


class _SixClasses(dict[str, str]):
    """The class of the books by the class code, each looked up once."""

    def __missing__(self, code: str) -> str:
        found = self[code] = rules.six_class(code)
        return found


def _shares(parts: Sequence[FundingPart]) -> list[tuple[Any, ...]]:
    """The funding shares that are kept: none for a single source without a paper."""
    return [tuple(part) for part in parts] if len(parts) > 1 or (parts and parts[0].document) else []


def _word_of(parts: Sequence[FundingPart]) -> str:
    if len(parts) == 1:
        return parts[0].source
    return "" if not parts else parts[0].source if len({part.source for part in parts}) == 1 else MIXED


def register(
    batches: Iterable[Sequence[CardDraft]],
    *,
    source: Ref,
    summary: str,
    actor: Actor,
    on: date,
    on_progress: Callable[[int], None] | None = None,
    is_sample: bool = False,
    counter: str = postings.COUNTER,
) -> Registered:
    """Take cards up into the register, as one act: cards, rights, funding, origins, search, vouchers, records.

    The drafts have been checked (`rules.may_be_registered`); the database checks once more. Streams: memory holds one
    batch and the lines of the vouchers. Cards without an owner are in no book, which the register's state shows.
    `counter` is the role of the account against which the cost is booked: the project money that bought it.
    Raises NotAllowed outside the divisions the actor registers for, Refusal for a number that is taken. Serves 2.2.
    """
    run = _Run(source=source, actor=actor, on=on, is_sample=is_sample, counter=counter)
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


def register_one(draft: CardDraft, *, source: Ref, actor: Actor, on: date, counter: str = postings.COUNTER) -> int:
    """Take one card up by hand, checked here. Returns its id. Raises Refusal with the first fault and its field."""
    from mingchan.foundation.policy import queries as policy

    faults = rules.may_be_registered(draft, on, frozenset(policy.countable_units()))
    faults += rules.class_is_known(draft.class_code, policy.asset_codes())
    if faults:
        raise Refusal(faults[0].fault.label, clauses=("2.2",), field=faults[0].field)
    serials.are_free([draft.serial_no], actor.county)
    return register([[draft]], source=source, summary=draft.name, actor=actor, on=on, counter=counter).first_id


class _Series:
    """Numbers of cards: county, year and a serial without gaps. Locks each year's row when first asked for it."""

    def __init__(self, county: str) -> None:
        self.county, self.start = county, f"{county}-"
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

    def lines(self, counter: str = postings.COUNTER) -> list[LineDraft]:
        """The lines of them all."""
        return postings.acquisitions(self.ids, self.classes, self.costs, counter)


class _Run:
    """One registration under way: what is counted and kept between batches."""

    def __init__(self, *, source: Ref, actor: Actor, on: date, is_sample: bool, counter: str) -> None:
        self.counter = counter
        self.source, self.actor, self.on, self.is_sample = source, actor, on, is_sample
        self.first_id = self.last_id = self.count = self.quantity_milli = self.cost_fen = 0
        self.first_seq = -1
        self.today, self.source_text = on.isoformat(), str(source)
        self.series = _Series(actor.county)
        self.names = search.Names(actor.county)
        self.booked: dict[int, _Booked] = {}
        self.divisions: set[str] = set()
        self.sheets: dict[str, int] = {}
        self.classes = _SixClasses()
        self.days = _Days({None: None})

    def take(self, batch: Sequence[CardDraft], summary: str) -> None:
        """Write one batch. Everything is made column by column: a register has more rows than columns."""
        given: Any = CardDraft._make(zip(*batch, strict=True))
        self._allow(set(given.division_code))
        first = reserve_ids(Asset, len(batch))
        self.first_id = self.first_id or first
        self.last_id = first + len(batch) - 1
        ids = range(first, self.last_id + 1)
        columns = self._columns(ids, given)
        shares = {key: share for key, share in zip(ids, map(_shares, given.funding_shares), strict=True) if share}
        origins = [
            (key, *self._origin(origin)) for key, origin in zip(ids, given.origin, strict=True) if origin is not None
        ]
        names = [name for name in CARD if any(columns[name]) or None not in columns[name]]
        stored = columns | {"is_sample": [int(self.is_sample)] * len(ids)}
        insert_rows(Asset, names, zip(*(stored[name] for name in names), strict=True))
        rights.open_stated(first, self.last_id, self.on)
        if shares:
            insert_rows(FundingShare, ("asset", *SHARE), [(key, *part) for key in shares for part in shares[key]])
        if origins:
            insert_short_rows(Origin, ("asset", "sheet", "row", "originals"), origins)
        search.write(zip(ids, self._tokens(columns), strict=True))
        seq, _many = evidence.record_many(
            events.REGISTERED,
            zip(
                map("asset:{}".format, ids),
                given.division_code,
                documents.of_new_cards(columns, shares, origins, source=self.source_text, on=self.today),
                strict=True,
            ),
            actor=self.actor,
            on=self.on,
            facts={"summary": summary},
        )
        if self.first_seq < 0:
            self.first_seq = seq
        self.count += len(batch)
        self.quantity_milli += sum(given.quantity_milli)
        self.cost_fen += sum(given.cost_fen)
        self._book(ids, columns)

    def _allow(self, divisions: set[str]) -> None:
        for code in divisions - self.divisions:
            if not self.actor.may("asset.register", code or self.actor.county):
                raise NotAllowed(_("不能在所辖区划之外登记资产"), clauses=("2.2",))
        self.divisions |= divisions

    def _columns(self, ids: range, given: Any) -> dict[str, Sequence[Any]]:
        """The columns of a batch's cards by name; dates as text. Each field of `given` is a column of drafts."""
        count, days, today = len(ids), self.days, self.on.isoformat()
        acquired: Any = given.acquired_on
        years: Any = given.year
        if 0 in years:
            years = [year or (0 if day is None else day.year) for year, day in zip(years, acquired, strict=True)]
        found: dict[str, Sequence[Any]] = {name: getattr(given, field) for name, field in _GIVEN.items()}
        found |= {
            "id": ids,
            "code": self._codes(given.code, years),
            "six_class": [
                six or self.classes[code] for six, code in zip(given.six_class, given.class_code, strict=True)
            ],
            "acquired_on": list(map(days.__getitem__, acquired)),
            "in_service_on": list(map(days.__getitem__, given.in_service_on)),
            "year": years,
            "funding": [
                word or _word_of(parts) for word, parts in zip(given.funding, given.funding_shares, strict=True)
            ],
        }
        same = {
            "county": self.actor.county, "status": Status.ACTIVE.value, "parent_id": None, "source": self.source_text,
            "registered_on": today, "state_since": today, "is_sample": self.is_sample, "version": 1, "frozen_by": None,
        }  # fmt: skip
        return found | {name: [value] * count for name, value in same.items()}

    def _codes(self, codes: Sequence[str], years: Sequence[int]) -> Sequence[str]:
        """The numbers of a batch: those that came along, and new ones where there is none."""
        for code in codes:
            if code.startswith(self.series.start):
                self.series.respect(code)
        if all(codes):
            return codes
        return [code or self.series.give(year or self.on.year) for code, year in zip(codes, years, strict=True)]

    def _origin(self, origin: OriginDraft) -> tuple[int, int | None, str]:
        originals = dumps(origin.originals).decode() if origin.originals else "{}"
        return self._sheet(origin), origin.row, originals

    def _sheet(self, origin: OriginDraft) -> int:
        """Id of the sheet a draft was read from; its columns are kept once, as the first draft of it names them."""
        found = self.sheets.get(origin.sheet)
        if found is None:
            columns = dumps(dict(origin.columns or {})).decode()
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

    def _tokens(self, columns: Mapping[str, Sequence[Any]]) -> list[str]:
        parties = [columns[name] for name in _SEARCHED]
        self.names.learn(columns["site_id"], chain.from_iterable(parties))
        return search.tokens_of(
            self.names,
            columns["code"],
            columns["name"],
            columns["site_id"],
            columns["division_code"],
            columns["place"],
            columns["model"],
            columns["serial_no"],
            parties,
        )

    def _book(self, ids: range, columns: Mapping[str, Sequence[Any]]) -> None:
        """Remember what the owners' books are to be told."""
        booked = self.booked
        for key, owner, six_class, cost in zip(
            ids, columns["owner_id"], columns["six_class"], columns["cost_fen"], strict=True
        ):
            if owner is not None and cost:
                book = booked.get(owner)
                if book is None:
                    book = booked[owner] = _Booked()
                book.add(key, six_class, cost)

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
                lines=self.booked[owner_id].lines(self.counter),
                source=self.source,
                key=f"{self.source}:acquisition:{owner_id}:{self.first_id}",
                division=self._division(owner),
            )
            done.append(ledger.post(draft, actor=self.actor, on=self.on).pk)
        return tuple(done)
