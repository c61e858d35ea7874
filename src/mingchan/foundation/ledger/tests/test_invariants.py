"""Random histories against a small ledger that imports nothing of ours: I1–I7 hold after every step (LED-01)."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mingchan.foundation.ledger import queries, rules, services
from mingchan.foundation.ledger.models import Line, Period, Voucher
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.errors import Refusal

ON = date(2020, 12, 31)
CODES = ("160101", "160102", "4001", "2302", "1002")


class Reference:
    """A ledger as a list of postings: what our tables must always add up to."""

    def __init__(self) -> None:
        self.postings: list[tuple[int, str, int]] = []
        self.numbers: dict[int, int] = defaultdict(int)

    def post(self, month: int, lines: list[tuple[str, int, int]]) -> int:
        self.postings += [(month, code, debit - credit) for code, debit, credit in lines]
        self.numbers[month] += 1
        return self.numbers[month]

    def balances(self, month: int) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for when, code, fen in self.postings:
            if when <= month:
                sums[code] += fen
        return {code: fen for code, fen in sums.items() if fen}


class History(RuleBasedStateMachine):
    """Posting, repeating, reversing, closing and reopening in any order."""

    @initialize()
    def open_the_book(self) -> None:
        self.actor = factories.accountant("甲会计")
        self.second = factories.accountant("乙复核")
        self.book = factories.bureau_book(self.actor, on=date(2020, 1, 1))
        self.reference = Reference()
        self.drafts: list[tuple[Any, int]] = []
        self.lines: dict[int, list[tuple[str, int, int]]] = {}
        self.reversed: set[int] = set()
        self.closed = 201912
        self.open_again: set[int] = set()

    def may(self, month: int) -> bool:
        return month > self.closed or month in self.open_again

    @rule(
        month=st.integers(1, 12),
        amounts=st.lists(st.integers(1, 10**12), min_size=1, max_size=4),
        codes=st.lists(st.sampled_from(CODES), min_size=5, max_size=5),
    )
    def post(self, month: int, amounts: list[int], codes: list[str]) -> None:
        lines = [(codes[index], fen, 0) for index, fen in enumerate(amounts)] + [(codes[4], 0, sum(amounts))]
        draft = factories.draft(self.book, lines, key=f"k{len(self.drafts)}", day=date(2020, month, 15))
        if not self.may(202000 + month):
            with pytest.raises(Refusal):
                services.post(draft, actor=self.actor, on=ON)
            return
        voucher = services.post(draft, actor=self.actor, on=ON)
        assert voucher.number == self.reference.post(202000 + month, lines)
        self.drafts.append((draft, voucher.pk))
        self.lines[voucher.pk] = lines

    @precondition(lambda self: self.drafts)
    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        draft, number = data.draw(st.sampled_from(self.drafts))
        assert services.post(draft, actor=self.actor, on=ON).pk == number

    @rule(off=st.integers(1, 100))
    def post_what_does_not_balance(self, off: int) -> None:
        draft = factories.draft(self.book, [("160102", 1, 0), ("4001", 0, 1 + off)], key="never", day=ON)
        with pytest.raises(Refusal):
            services.post(draft, actor=self.actor, on=ON)

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.lines)))
        if number in self.reversed or not self.may(202012):
            with pytest.raises(Refusal):
                services.reverse(number, "错", actor=self.actor, on=ON)
            return
        red = services.reverse(number, "错", actor=self.actor, on=ON)
        assert red.number == self.reference.post(202012, [(c, -d, -k) for c, d, k in self.lines[number]])
        self.reversed.add(number)

    @precondition(lambda self: self.closed < 202012)
    @rule()
    def close(self) -> None:
        self.closed = 202001 if self.closed == 201912 else rules.next_month(self.closed)
        if self.closed == 202012:
            for carried in services.close_year(self.book.pk, 2020, actor=self.actor, on=ON):
                rows = Line.objects.filter(voucher=carried).order_by("line_no")
                self.reference.post(202012, list(rows.values_list("account__code", "debit_fen", "credit_fen")))
        services.close_period(self.book.pk, self.closed, "余额下年处理", actor=self.actor, on=ON)

    @precondition(lambda self: self.closed > 201912)
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        month = data.draw(st.integers(202001, self.closed))
        if month not in self.open_again:
            services.reopen_period(self.book.pk, month, "补记", basis=factories.CASE, actor=self.second, on=ON)
            self.open_again.add(month)

    @invariant()
    def everything_adds_up(self) -> None:
        if not hasattr(self, "book"):
            return
        assert list(queries.faults()) == []
        for month in (202006, 202012):
            found = queries.trial_balance([self.book.pk], 202001, month)
            ours = {row.code: row.closing_fen for row in found.rows if row.is_leaf and row.closing_fen}
            assert ours == self.reference.balances(month)
            assert found.balances
        assert sum(Line.objects.values_list("debit_fen", flat=True)) == sum(
            Line.objects.values_list("credit_fen", flat=True)
        )
        times = list(Voucher.objects.order_by("id").values_list("recorded_at", flat=True))
        assert times == sorted(times)
        assert Period.objects.count() == max(0, self.closed - 201912 if self.closed == 201912 else self.closed - 202000)


class TestHistories(TestCase):
    """Runs the machine, each history on a clean database."""

    def test_the_invariants_hold_after_every_step(self) -> None:
        case = self

        class Clean(History):
            def __init__(self) -> None:
                case.setup_example()
                super().__init__()

            def teardown(self) -> None:
                case.teardown_example(None)

        run_state_machine_as_test(
            Clean, settings=settings(max_examples=12, stateful_step_count=20, deadline=None, database=None)
        )
