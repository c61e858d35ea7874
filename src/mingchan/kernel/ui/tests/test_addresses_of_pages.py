"""The address of the same page with something changed."""

from typing import NamedTuple

from django.test import RequestFactory

from mingchan.kernel.ui.environment import query


class Spot(NamedTuple):
    """A value made of two that writes itself as one."""

    value: str
    number: int

    def __str__(self) -> str:
        return f"{self.number}.{self.value}"


def test_a_value_is_written_once_and_a_list_or_tuple_part_by_part() -> None:
    request = RequestFactory().get("/assets/?sort=cost&before=1.2&state=a")
    assert query(request, after=Spot("10000", 1483), before=None) == "?sort=cost&state=a&after=1483.10000"
    assert query(request, state=["b", "c"], before=None, sort=None) == "?state=b&state=c"
    assert query(request, state=("b", "c"), before=None, sort=None) == "?state=b&state=c"
