"""Random histories: on every day each kind makes one whole or nothing, and the page of gaps says the same (2.3)."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.drafts import MoveDraft, ShareDraft
from mingchan.register.assets.models import Right
from mingchan.register.rights import events
from mingchan.register.rights.queries import gaps
from mingchan.register.rights.tests import factories
from mingchan.register.rights.tests.factories import DAY

KINDS = ("OWNERSHIP", "INCOME", "SUPERVISION")
CARDS, DAYS, PARTIES = 3, 6, 4
RIGHTS = frozenset({"asset.view", "right.approve", "ledger.post", "ledger.view"})

divided = st.integers(1, 3).flatmap(
    lambda count: st.tuples(
        st.permutations(range(PARTIES)).map(lambda order: order[:count]),
        st.lists(st.integers(1, 4), min_size=count, max_size=count),
    )
)
"""Some holders with the weights of their shares; none for a right that ends."""
step = st.tuples(
    st.integers(0, DAYS - 1),
    st.lists(st.integers(0, CARDS - 1), min_size=1, max_size=CARDS, unique=True),
    st.sampled_from(KINDS),
    st.one_of(st.none(), divided),
)

Model = dict[tuple[int, str], dict[date, dict[int, Fraction]]]
"""By card and kind, what was said on which day: the reference that imports nothing of ours."""


def said(model: Model, card: int, kind: str, day: date) -> dict[int, Fraction]:
    """Who holds on a day by the reference: the last that was said up to it."""
    days = [when for when in model.get((card, kind), {}) if when <= day]
    return model[card, kind][max(days)] if days else {}


def written(card: int, kind: str, day: date) -> dict[int, Fraction]:
    """Who holds on a day by the rows of rights."""
    found: dict[int, Fraction] = {}
    for right in Right.objects.filter(asset_id=card, kind=kind, valid_from__lte=day):
        if right.valid_to is None or right.valid_to > day:
            share = Fraction(right.share_numerator, right.share_denominator)
            found[right.party_id] = found.get(right.party_id, Fraction(0)) + share
    return found


class SharesThroughTime(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=25, deadline=None)
    @given(steps=st.lists(step, max_size=12))
    @example(steps=[(0, [0], "SUPERVISION", ((0,), [1])), (1, [0], "SUPERVISION", None), (0, [0], "SUPERVISION", None)])
    def test_the_whole_or_nothing_on_every_day(self, steps: list[Any]) -> None:
        actor = Actor(None, "局长", "140932", (Grant("bureau_head", "140932", RIGHTS),), source="test")
        parties = [factories.party(f"第{number}单位") for number in range(PARTIES)]
        cards = factories.cards(CARDS, owner=parties[0])
        model: Model = {(card, "OWNERSHIP"): {DAY: {parties[0]: Fraction(1)}} for card in cards}
        last: dict[int, date] = {}
        for offset, chosen, kind, shares in steps:
            on, ids = DAY + timedelta(days=offset), [cards[index] for index in chosen]
            order, weights = shares if shares is not None else ((), ())
            held = tuple(
                ShareDraft(parties[which], weight, sum(weights)) for which, weight in zip(order, weights, strict=True)
            )
            early = any(last.get(card, DAY) > on for card in ids)
            try:
                assets.move(
                    ids, MoveDraft(holders={kind: held}), kind=events.CONFIRMED, right="right.approve",
                    basis="批复", source=Ref("confirmation", 1), actor=actor, on=on,
                )  # fmt: skip
            except Refusal:
                assert early, "refused though nothing began later"
                continue
            for card in ids:
                if not held and not said(model, card, kind, on):
                    continue  # ending what nobody holds leaves nothing behind
                said_now = {share.party: Fraction(share.numerator, share.denominator) for share in held}
                model.setdefault((card, kind), {})[on] = said_now
                last[card] = max(last.get(card, DAY), on)
        for offset in range(DAYS + 1):
            self._check(model, cards, DAY + timedelta(days=offset), actor)

    def _check(self, model: Model, cards: list[int], day: date, actor: Actor) -> None:
        for card in cards:
            for kind in KINDS:
                found = written(card, kind, day)
                assert found == said(model, card, kind, day)
                assert sum(found.values()) in (0, 1)
        counted = gaps.coverage(actor, day, day).total
        for kind in KINDS:
            empty = sum(not said(model, card, kind, day) for card in cards)
            assert (counted[kind].none, counted[kind].partial) == (empty, 0), (kind, day)
        assert {cell.count for cell in counted.values()} == {CARDS}
        assert set(counted) == set(RightKind.values)
