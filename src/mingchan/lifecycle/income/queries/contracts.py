"""What income asks of contracts and of the register (合同、合同资产、收益权人): facts, assets let, their rights."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.lifecycle.income.models import Receivable
from mingchan.lifecycle.income.rules import Holding, Let
from mingchan.lifecycle.operation import queries as operation
from mingchan.lifecycle.operation.models import Contract, Covered
from mingchan.lifecycle.operation.queries import Due
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.models import Right


class Facts(NamedTuple):
    """What a receivable takes over from its contract."""

    id: int
    number: str
    operator: int
    lessor: int
    mode: str
    division: str
    is_sample: bool


def facts(ids: Iterable[int]) -> dict[int, Facts]:
    """Contracts by id."""
    names = ("id", "number", "operator_id", "lessor_id", "mode", "division_code", "is_sample")
    rows = Contract.objects.filter(pk__in=one_of(sorted(set(ids)), "bigint")).values_list(*names)
    return {row[0]: Facts(*row) for row in rows}


def dues(county: str, until: date, contract_ids: Iterable[int] | None = None) -> list[Due]:
    """What is due by a day under contracts that took effect."""
    return operation.dues(county=county, contract_ids=contract_ids, until=until)


class Register:
    """The assets of contracts with the holders of their income right, on any day: two statements for all contracts.

    Where nobody holds the income right of an asset, its owner does (2.5a: 收益要落实到相应产权人).
    """

    def __init__(self, contract_ids: Iterable[int]) -> None:
        ids = sorted(set(contract_ids))
        self._assets: dict[int, list[tuple[int, int, str, date | None, date | None]]] = {}
        names = (
            "contract_id", "asset_id", "asset__cost_fen", "asset__division_code", "starts_on", "last_day",
        )  # fmt: skip
        covered = Covered.objects.filter(contract__in=one_of(ids, "bigint")).order_by("contract_id", "asset_id")
        for contract, asset, cost, division, first, last in covered.values_list(*names):
            self._assets.setdefault(contract, []).append((asset, cost, division, first, last))
        self._rights: dict[int, list[tuple[str, int, int, int, date, date | None]]] = {}
        rights = Right.objects.filter(
            asset__in=Covered.objects.filter(contract__in=one_of(ids, "bigint")).values("asset"),
            kind__in=(RightKind.INCOME, RightKind.OWNERSHIP),
        ).order_by("asset_id", "party_id", "id")
        fields = ("asset_id", "kind", "party_id", "share_numerator", "share_denominator", "valid_from", "valid_to")
        for asset, kind, party, top, bottom, first, end in rights.values_list(*fields):
            self._rights.setdefault(asset, []).append((kind, party, top, bottom, first, end))
        self._known: dict[tuple[int, date], list[Let]] = {}

    def lets(self, contract: int, day: date) -> list[Let]:
        """The assets under a contract on a day with who holds their income right; all of them outside its term."""
        key = (contract, day)
        if key not in self._known:
            rows = self._assets.get(contract, [])
            of_day = [row for row in rows if (row[3] is None or row[3] <= day) and (row[4] is None or row[4] >= day)]
            self._known[key] = [
                Let(asset, cost, division, self._holders(asset, day))
                for asset, cost, division, _a, _b in of_day or rows
            ]
        return self._known[key]

    def _holders(self, asset: int, day: date) -> tuple[Holding, ...]:
        for kind in (RightKind.INCOME, RightKind.OWNERSHIP):
            found = tuple(
                Holding(party, top, bottom)
                for of, party, top, bottom, first, end in self._rights.get(asset, ())
                if of == kind and first <= day and (end is None or end > day)
            )
            if found:
                return found
        return ()

    def sole_holder(self, contract: int, day: date) -> int | None:
        """The one party that holds the income right of all the contract's assets, None when there are several."""
        lets = self.lets(contract, day)
        parties = {holding.party for let in lets for holding in let.holders}
        whole = all(let.holders and sum(h.numerator for h in let.holders) >= let.holders[0].denominator for let in lets)
        return parties.pop() if lets and whole and len(parties) == 1 else None


def party_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of parties by id."""
    rows = Party.objects.filter(pk__in=one_of(sorted(set(ids)), "bigint"))
    return dict(rows.values_list("pk", "name"))


def contract_numbers(ids: Iterable[int]) -> dict[int, str]:
    """Numbers of contracts by id."""
    rows = Contract.objects.filter(pk__in=one_of(sorted(set(ids)), "bigint"))
    return dict(rows.values_list("pk", "number"))


def creditors(actor: Actor) -> list[tuple[int, str]]:
    """Parties to which something was ever due in the county, and those that let something."""
    lessors = Contract.objects.filter(county=actor.county).order_by().values_list("lessor_id", flat=True).distinct()
    owed = Receivable.objects.filter(county=actor.county).order_by().values_list("creditor_id", flat=True).distinct()
    found = Party.objects.filter(pk__in=[*lessors, *owed]).order_by("name", "pk")
    return list(found.values_list("pk", "name"))
