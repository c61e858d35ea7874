"""What the overview concludes: goals, register and books, money and things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.interfaces.web import overview_rules as rules
from mingchan.interfaces.web.overview_rules import BookRow, MoneyRow, Spent
from mingchan.register.assets.queries import summing


def test_the_six_goals_are_the_plans_and_rest_on_known_problems():
    assert [goal.code for goal in rules.GOALS] == ["INVENTORY", "RIGHTS", "TYPES", "DUTY", "INTEREST", "RUNNING"]
    assert {name for goal in rules.GOALS for name in goal.problems} == set(summing.MARKS)


def test_register_and_books_are_compared_by_owner_and_class():
    rows = rules.compare_books(
        {(7, "GENERAL"): 100, (7, "SPECIAL"): 5, (None, "GENERAL"): 3, (8, "GENERAL"): 0},
        {(7, "GENERAL"): 100, (9, "BOOK"): 2},
        {7: 70, 9: 90},
    )
    assert rows == [
        BookRow(7, 70, "GENERAL", 100, 100),
        BookRow(7, 70, "SPECIAL", 5, 0),
        BookRow(9, 90, "BOOK", 0, 2),
        BookRow(None, None, "GENERAL", 3, 0),
    ]
    assert [row.difference_fen for row in rows] == [0, 5, -2, 3]


@pytest.mark.parametrize(
    ("spent", "registered", "rows"),
    [
        (
            [
                Spent(1, "PUBLIC_SERVICE", "COUNTY", "central", 10),
                Spent(2, "PUBLIC_SERVICE", "TOWN,VILLAGE", "central", 7),
            ],
            {("PUBLIC_SERVICE", "COUNTY", "central"): 10, ("PUBLIC_SERVICE", "TOWN", "central"): 3,
             ("PUBLIC_SERVICE", "VILLAGE", "central"): 4},
            [
                MoneyRow("PUBLIC_SERVICE", ("COUNTY",), "central", (1,), 10, 10),
                MoneyRow("PUBLIC_SERVICE", ("TOWN", "VILLAGE"), "central", (2,), 7, 7),
            ],
        ),
        (
            [Spent(1, "LOGISTICS", "", "central", 10), Spent(2, "LOGISTICS", "COUNTY", "central", 1)],
            {("LOGISTICS", "COUNTY", "central"): 9, ("LOGISTICS", "TOWN", "central"): 2},
            [MoneyRow("LOGISTICS", (), "central", (1, 2), 11, 11)],
        ),
        (
            [Spent(1, "LOGISTICS", "COUNTY", "central", 10)],
            {("LOGISTICS", "COUNTY", "central"): 10, ("LOGISTICS", "TOWN", "central"): 2},
            [
                MoneyRow("LOGISTICS", (), "central", (), 0, 2),
                MoneyRow("LOGISTICS", ("COUNTY",), "central", (1,), 10, 10),
            ],
        ),
        (
            [Spent(1, "", "", "central", 0), Spent(2, "", "", "county", 4)],
            {("OTHER", "TOWN", "other"): 6},
            [MoneyRow("", (), "county", (2,), 4, 0), MoneyRow("OTHER", (), "other", (), 0, 6)],
        ),
    ],
    ids=["tiers apart", "tiers overlap", "things without money", "money without things"],
)  # fmt: skip
def test_money_is_held_against_the_part_of_the_register_it_should_have_built(spent, registered, rows):
    assert rules.compare_money(spent, registered) == rows


SYSTEMS = st.sampled_from(["", "PUBLIC_SERVICE", "LOGISTICS"])
TIERS = st.sampled_from(["", "COUNTY", "TOWN", "TOWN,VILLAGE"])
SOURCES = st.sampled_from(["central", "county"])


@given(
    st.lists(st.builds(Spent, st.integers(1, 9), SYSTEMS, TIERS, SOURCES, st.integers(0, 10**9)), max_size=12),
    st.dictionaries(
        st.tuples(SYSTEMS, st.sampled_from(["COUNTY", "TOWN", "VILLAGE"]), SOURCES), st.integers(0, 10**9), max_size=12
    ),
)
def test_no_fen_of_money_or_register_is_lost_or_counted_twice(spent, registered):
    rows = rules.compare_money(spent, registered)
    assert sum(row.money_fen for row in rows) == sum(row.asset_fen for row in spent)
    assert sum(row.register_fen for row in rows) == sum(registered.values())
    assert len({(row.system, row.tiers, row.source) for row in rows}) == len(rows)
