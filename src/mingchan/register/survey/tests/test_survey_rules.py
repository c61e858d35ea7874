"""How alike things are, which row is which card, and in what they differ: tables of cases, and what always holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingchan.register.survey import rules
from mingchan.register.survey.rules import Facts, Thing

VILLAGE, OTHER, TOWN = "140932101201", "140932101202", "140932101000"


def thing(number: int, name: str = "货架", **changes: object) -> Thing:
    plain = Thing(number, rules.name_key(name), "", VILLAGE, "服务站", "", 1000, 100_00)
    return plain._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("台式 电脑", "台式电脑", True),
        ("货架（四层）", "货架", True),
        ("ＡＢＣ型", "abc型", True),
        ("台式计算机", "台式电脑", True),
        ("货架", "货柜", False),
        ("（备用）", "(备用)", True),
    ],
)
def test_names_are_compared_without_their_spelling(one: str, other: str, same: bool) -> None:
    assert (rules.name_key(one) == rules.name_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("展示冰柜", "展示冰柜", 100, 100),
        ("双开门展示冰柜", "展示冰柜", 60, 75),
        ("电子秤", "货架", 0, 0),
        ("", "", 0, 0),
        ("灯", "灯", 100, 100),
    ],
)
def test_likeness_counts_common_pairs(one: str, other: str, least: int, most: int) -> None:
    assert least <= rules.likeness(one, other) <= most
    assert rules.likeness(one, other) == rules.likeness(other, one)


@pytest.mark.parametrize(
    ("rows", "cards", "expected"),
    [
        pytest.param([thing(1)], [thing(9)], [(1, 9, "PLACE", 97, 0)], id="all facts agree"),
        pytest.param([thing(1, cost=5)], [thing(9)], [(1, 9, "PLACE", 90, 0)], id="another value"),
        pytest.param([thing(1, site="", place="")], [thing(9)], [(1, 9, "PLACE", 88, 0)], id="no place said"),
        pytest.param([thing(1, quantity=5)], [thing(9)], [(1, 9, "PLACE", 84, 0)], id="another count at the spot"),
        pytest.param([thing(1, "木货架")], [thing(9)], [(1, 9, "FUZZY", 79, 0)], id="a like name"),
        pytest.param([thing(1, "冷库")], [thing(9)], [], id="another thing"),
        pytest.param([thing(1, name="")], [thing(9)], [], id="no name"),
        pytest.param(
            [thing(1)], [thing(8, cost=7), thing(9)], [(1, 9, "PLACE", 97, 0)], id="the one that agrees in more"
        ),
        pytest.param(
            [thing(1), thing(2)],
            [thing(8), thing(9)],
            [(1, 8, "PLACE", 97, 0), (2, 9, "PLACE", 97, 0)],
            id="like pairs",
        ),
        pytest.param([thing(1)], [thing(8), thing(9)], [(1, 8, "PLACE", 97, 1)], id="a tie is seen"),
    ],
)
def test_a_row_finds_its_card(rows: list[Thing], cards: list[Thing], expected: list[tuple[object, ...]]) -> None:
    assert [tuple(pair) for pair in rules.assign(rows, cards)] == expected


def test_of_equal_numbers_the_best_is_taken_and_the_others_are_counted() -> None:
    assert rules.one_to_one([(1, 9, 70), (2, 9, 100), (1, 8, 100), (2, 8, 100)], "CODE") == [
        (1, 8, "CODE", 100, 1), (2, 9, "CODE", 100, 1)]  # fmt: skip


NAMES = st.sampled_from(["货架", "木货架", "货架子", "电子秤", "电子台秤", "台秤", "冷库", ""])
SPOTS = st.sampled_from(["", "服务站", "村委会"])
THINGS = st.builds(
    lambda name, model, division, site, place, quantity, cost: Thing(
        0, rules.name_key(name), model, division, site, place, quantity, cost
    ),
    NAMES, st.sampled_from(["", "a1"]), st.sampled_from([VILLAGE, OTHER]), SPOTS, SPOTS,
    st.none() | st.integers(1, 3).map(lambda n: n * 1000), st.none() | st.integers(0, 5),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(THINGS, max_size=25), st.lists(THINGS, max_size=25))
def test_whatever_is_found_each_row_and_card_is_used_once(rows: list[Thing], cards: list[Thing]) -> None:
    numbered = [row._replace(id=at) for at, row in enumerate(rows)]
    offered = [card._replace(id=1000 + at) for at, card in enumerate(cards)]
    pairs = rules.assign(numbered, offered)
    used_rows, used_cards = [pair.row for pair in pairs], [pair.card for pair in pairs]
    assert len(set(used_rows)) == len(used_rows)
    assert len(set(used_cards)) == len(used_cards)
    assert set(used_rows) <= {row.id for row in numbered}
    assert set(used_cards) <= {card.id for card in offered}
    assert all(0 <= pair.score <= 100 and pair.ties >= 0 for pair in pairs)
    left_rows = {row.name for row in numbered if row.id not in set(used_rows) and row.name}
    left_cards = {(card.name, card.division, card.quantity) for card in offered if card.id not in set(used_cards)}
    exact = {(row.name, row.division, row.quantity) for row in numbered
             if row.id not in set(used_rows) and row.name in left_rows and row.quantity is not None}  # fmt: skip
    assert not exact & left_cards, "a pair with the same name, village and count was passed over"


CARD = Facts("货架", "四层", "SN-1", 1000, 100, VILLAGE, "窑头村", "服务站", "一楼", "A05010201", "LOGISTICS",
             "VILLAGE", "王伟", "服务站", "在用")  # fmt: skip


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        (Facts(), []),
        (Facts(name="货 架（旧）", model="四 层", condition="在用"), []),
        (Facts(name="货柜"), ["NAME"]),
        (Facts(model="五层", serial="SN-2"), ["MODEL", "SERIAL"]),
        (Facts(quantity=2000, cost=200), ["QUANTITY", "VALUE"]),
        (Facts(quantity=0), ["QUANTITY"]),
        (Facts(division=OTHER), ["PLACE"]),
        (Facts(division=TOWN), []),
        (Facts(site="一楼"), []),
        (Facts(site="村委会"), ["PLACE"]),
        (Facts(class_code="A02010105"), ["CLASS"]),
        (Facts(system="PUBLIC_SERVICE"), ["TYPE"]),
        (Facts(keeper="李芳", user="村委会"), ["KEEPER", "USER"]),
        (Facts(condition="损坏"), ["CONDITION"]),
    ],
)
def test_only_what_the_row_says_is_compared(said: Facts, kinds: list[str]) -> None:
    assert [delta.kind for delta in rules.compare(CARD, said)] == kinds


@pytest.mark.parametrize(
    ("division", "scope", "inside"),
    [
        (VILLAGE, "140932000000", True),
        (VILLAGE, TOWN, True),
        (VILLAGE, OTHER, False),
        (VILLAGE, "140932100000", False),
        (TOWN, VILLAGE, False),
    ],
)
def test_a_division_lies_within_another(division: str, scope: str, inside: bool) -> None:
    assert rules.within(division, scope) is inside


@pytest.mark.parametrize(
    ("kinds", "decisions"),
    [
        (["ONLY_SURVEY"], ["REGISTER", "KEEP", "PENDING"]),
        (["ONLY_REGISTER"], ["KEEP", "PENDING", "DISPOSE"]),
        (["VALUE", "PLACE"], ["CORRECT", "KEEP", "PENDING"]),
        (["VALUE", "ONLY_REGISTER"], ["KEEP", "PENDING"]),
        ([], []),
    ],
)
def test_a_decision_fits_all_kinds_it_is_taken_for(kinds: list[str], decisions: list[str]) -> None:
    assert rules.decisions_for(kinds) == decisions


@pytest.mark.parametrize(
    ("result", "quantity", "missing"),
    [("未找到", 1000, True), ("盘亏1台", None, True), ("", 0, True), ("相符", 1000, False), ("", None, False)],
)
def test_a_line_may_say_that_the_thing_is_gone(result: str, quantity: int | None, missing: bool) -> None:
    assert rules.says_missing(result, quantity) is missing


def test_gaps_scope_and_prices() -> None:
    assert [rules.gap("ONLY_SURVEY", cost=5), rules.gap("ONLY_REGISTER", cost=5), rules.gap("PLACE")] == [5, -5, 0]
    assert rules.gap("VALUE", register=7, survey=5) == -2
    sources = {"central": True, "other": False}
    assert [rules.verdict(code, sources, False) for code in ("central", "other", "")] == ["IN", "OUT", "OUT"]
    assert rules.verdict("central", sources, True) == "DOUBT"
    assert (rules.price_of(300, 3000), rules.price_of(100, 3000), rules.price_of(1, 0)) == (100, None, None)
    assert (rules.closeness(0, 0), rules.closeness(50, 100), rules.closeness(0, 5)) == (100, 50, 0)
