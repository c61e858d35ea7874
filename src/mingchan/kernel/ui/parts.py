"""Typed shapes that views hand to the kit's macros. A dict with the same keys serves as well."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; `count` is shown as a small badge when not zero."""

    label: str
    url: str
    icon: str = "chevron-right"
    active: bool = False
    count: int = 0


@dataclass(frozen=True)
class NavGroup:
    """A named group of navigation entries; a group without a label needs no heading."""

    label: str
    items: Sequence[NavItem]


@dataclass(frozen=True)
class Column:
    """A column of a table. `kind`: text, money, quantity, number, day, moment, percent or link; figures align right.

    `sort` is the value of the `sort` query parameter, empty when the column can't be sorted.
    """

    key: str
    label: str
    kind: str = "text"
    sort: str = ""


@dataclass(frozen=True)
class Tile:
    """One division on the tile map: its place on the grid, the value that colours it, the text shown, the link."""

    name: str
    col: int
    row: int
    value: int
    label: str
    url: str = ""


@dataclass(frozen=True)
class Moment:
    """One stop on a life line. `day` is text already formatted; `tone`: neutral, good, warn, bad or info."""

    day: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Series:
    """Values of a chart, one for each label: fen, thousandths or counts, always whole numbers."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Branch:
    """A node of a choice tree, such as a division and the divisions under it."""

    value: str
    label: str
    children: Sequence["Branch"] = field(default=())
