"""What enters and leaves the pool, what goes where, what a measure brought: tables of cases and properties (2.6.2)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.lifecycle.revival import rules
from mingchan.lifecycle.revival.drafts import Effect, Hit, Need, Spare, Spot

DAY = date(2020, 3, 10)
NEXT = {"140932100": frozenset({"140932101"}), "140932101": frozenset({"140932100"})}
HERE, SAME, NEAR, FAR = "140932101201", "140932101202", "140932100201", "140932105201"


def hit(trigger: str = "IDLE", figure: int = 200, since: date = DAY, gauge: str = "DAYS", basis: str = "") -> Hit:
    return Hit(trigger, gauge, figure, 180, basis, since)


def test_a_fact_that_goes_on_counting_days_is_the_same_fact() -> None:
    standing = {1: [rules.Present(7, hit(figure=200))]}
    changed = rules.sweep(standing, {1: [hit(figure=260)]})
    assert changed == rules.Sweep({}, [], [], [])


def test_a_fact_with_other_figures_ends_and_begins_anew() -> None:
    old, new = hit("STALLED", 500, gauge="INCOME"), hit("STALLED", 400, gauge="INCOME")
    changed = rules.sweep({1: [rules.Present(7, old)]}, {1: [new]})
    assert changed == rules.Sweep({1: [new]}, [7], [], [])


def test_an_asset_leaves_with_its_last_fact_and_not_before() -> None:
    standing = {1: [rules.Present(7, hit()), rules.Present(8, hit("VACANT"))]}
    assert rules.sweep(standing, {1: [hit()]}) == rules.Sweep({}, [8], [], [])
    assert rules.sweep(standing, {}) == rules.Sweep({}, [7, 8], [], [1])


def test_of_one_trigger_what_has_held_longest_says_it() -> None:
    older, newer = hit(since=date(2020, 1, 1), basis="site:3"), hit(since=date(2020, 2, 1))
    assert rules.one_each([newer, older]) == [older]


days = st.dates(date(2020, 1, 1), date(2020, 12, 31))
hits = st.builds(
    Hit,
    st.sampled_from(["WEAK", "STALLED", "IDLE", "VACANT"]),
    st.sampled_from(["DAYS", "INCOME"]),
    st.integers(0, 3),
    st.just(1),
    st.sampled_from(["", "contract:1"]),
    days,
)
facts = st.dictionaries(st.integers(1, 6), st.lists(hits, min_size=1, max_size=5))


@given(first=facts, then=facts)
def test_after_a_sweep_the_pool_is_what_holds_and_a_second_one_changes_nothing(
    first: dict[int, list[Hit]], then: dict[int, list[Hit]]
) -> None:
    standing: dict[int, list[rules.Present]] = {}
    serial = 0
    for found in (first, then):
        changed = rules.sweep(standing, found)
        ended = set(changed.end)
        for asset in list(standing):
            standing[asset] = [present for present in standing[asset] if present.id not in ended]
            if not standing[asset] and asset in changed.left:
                del standing[asset]
        for asset, begun in changed.begin.items():
            for one in begun:
                serial += 1
                standing.setdefault(asset, []).append(rules.Present(serial, one))
        assert standing.keys() == found.keys()
        for asset, present in standing.items():
            triggers = [one.hit.trigger for one in present]
            assert sorted(triggers) == sorted({one.trigger for one in found[asset]})
        assert rules.sweep(standing, found) == rules.Sweep({}, [], [], [])


@pytest.mark.parametrize(("there", "ring"), [(HERE, 0), (SAME, 1), (NEAR, 2), (FAR, 3), ("", 3)])
def test_nearness_goes_by_divisions(there: str, ring: int) -> None:
    assert rules.ring(HERE, there, NEXT) == ring


def test_towns_touch_on_the_grid_corners_too() -> None:
    found = rules.neighbours({"a": (0, 0), "b": (1, 1), "c": (3, 0)})
    assert found == {"a": {"b"}, "b": {"a"}, "c": set()}


def test_metres_of_a_hundredth_of_a_degree() -> None:
    spot = Spot(39_400_000, 111_500_000)
    assert rules.metres(spot, spot._replace(latitude_micro=39_410_000)) == pytest.approx(1112, abs=2)
    assert rules.metres(spot, spot._replace(longitude_micro=111_510_000)) == pytest.approx(859, abs=12)
    assert rules.metres(spot, None) is None


ITEM = frozenset({("VILLAGE_STATION", "COMPUTER")})


def need(site: int, division: str, quantity: int = 1000) -> Need:
    return Need(site, "VILLAGE_STATION", "COMPUTER", quantity, division)


def test_the_nearest_site_gets_the_thing() -> None:
    spare = Spare(5, ITEM, 1000, 1, HERE)
    offers = rules.match([spare], [need(4, FAR), need(3, NEAR), need(2, SAME)], NEXT, {})
    assert [(offer.asset, offer.site, offer.ring) for offer in offers] == [(5, 2, 1)]


def test_in_a_ring_coordinates_decide_where_there_are_any() -> None:
    spots = {1: Spot(39_400_000, 111_500_000), 7: Spot(39_401_000, 111_500_000), 9: Spot(39_500_000, 111_500_000)}
    spares = [Spare(5, ITEM, 1000, 9, SAME), Spare(6, ITEM, 1000, 7, SAME)]
    (offer,) = rules.match(spares, [need(1, HERE)], NEXT, spots)
    assert (offer.asset, offer.metres) == (6, 111)


def test_a_lot_larger_than_the_lack_is_not_offered_and_a_thing_never_to_its_own_site() -> None:
    assert rules.match([Spare(5, ITEM, 3000, 1, HERE)], [need(2, HERE, 2000)], NEXT, {}) == []
    assert rules.match([Spare(5, ITEM, 1000, 2, HERE)], [need(2, HERE)], NEXT, {}) == []


kinds = st.sampled_from(["S", "C"])
items = st.sampled_from(["A", "B"])
places = st.sampled_from([HERE, SAME, NEAR, FAR, ""])
spares = st.lists(
    st.tuples(st.frozensets(st.tuples(kinds, items), max_size=3), st.integers(1, 5), st.integers(1, 6), places),
    max_size=12,
).map(lambda rows: [Spare(number, *row) for number, row in enumerate(rows, start=1)])
needs = st.dictionaries(
    st.tuples(st.integers(1, 6), items), st.tuples(kinds, st.integers(1, 9), places), max_size=8
).map(lambda found: [Need(site, row[0], item, row[1], row[2]) for (site, item), row in found.items()])
coordinates = st.dictionaries(
    st.integers(1, 6),
    st.builds(Spot, st.integers(39_000_000, 40_000_000), st.integers(111_000_000, 112_000_000)),
)


@given(spares=spares, needs=needs, spots=coordinates)
def test_nothing_is_offered_twice_and_no_site_more_than_it_lacks(
    spares: list[Spare], needs: list[Need], spots: dict[int, Spot]
) -> None:
    offers = rules.match(spares, needs, NEXT, spots)
    assert len({offer.asset for offer in offers}) == len(offers)
    by_id = {spare.asset: spare for spare in spares}
    wanted = {(need.site, need.item): need for need in needs}
    given_to: dict[tuple[int, str], int] = {}
    for offer in offers:
        spare, lack = by_id[offer.asset], wanted[offer.site, offer.item]
        assert (lack.kind, lack.item) in spare.items
        assert spare.site != offer.site
        assert offer.quantity_milli == spare.quantity_milli
        assert offer.ring == rules.ring(lack.division_code, spare.division_code, NEXT)
        key = (offer.site, offer.item)
        given_to[key] = given_to.get(key, 0) + offer.quantity_milli
    assert all(quantity <= wanted[key].quantity_milli for key, quantity in given_to.items())


@given(spares=spares, needs=needs, spots=coordinates)
def test_nothing_useful_is_left_lying(spares: list[Spare], needs: list[Need], spots: dict[int, Spot]) -> None:
    offers = rules.match(spares, needs, NEXT, spots)
    taken = {offer.asset for offer in offers}
    left = {(need.site, need.item): need.quantity_milli for need in needs}
    for offer in offers:
        left[offer.site, offer.item] -= offer.quantity_milli
    for spare in spares:
        if spare.asset in taken:
            continue
        for need in needs:
            fits = (need.kind, need.item) in spare.items and spare.site != need.site
            assert not (fits and spare.quantity_milli <= left[need.site, need.item])


@given(done_on=days, days=st.sampled_from([90, 365]))
def test_the_spans_before_and_after_are_as_long_and_touch(done_on: date, days: int) -> None:
    before, after = rules.spans(done_on, days)
    assert [(last - first).days + 1 for first, last in (before, after)] == [days, days]
    assert (after[0] - before[1]).days == 1
    assert rules.due_on(done_on, days) > after[1]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Effect(4, 0, 0, None), Effect(4, 4, 0, None), "GOOD"),
        (Effect(4, 0, 0, None), Effect(4, 2, 50_000, None), "GOOD"),
        (Effect(4, 0, 0, None), Effect(4, 2, 0, None), "SOME"),
        (Effect(4, 4, 0, None), Effect(4, 4, 1, None), "SOME"),
        (Effect(4, 4, 5, 6000), Effect(4, 4, 5, 7000), "SOME"),
        (Effect(4, 4, 5, None), Effect(4, 4, 5, 7000), "NONE"),
        (Effect(4, 4, 5, 7000), Effect(4, 3, 4, 6000), "NONE"),
    ],
)
def test_what_the_figures_speak_for(before: Effect, after: Effect, said: str) -> None:
    assert rules.advice(before, after) == said
