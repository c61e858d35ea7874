"""The table of addresses: for each, the right it asks for, the methods it answers and what each answer may be.

Written by hand and apart from the views, so that a view opened too far is seen. `scoped` marks an address that names
one thing of the county: whoever may open such things elsewhere, but not here, must be told that there is none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.page import PUBLIC, RIGHT, SIGNED_IN

OTHER_COUNTY = "140931"
DAY = date(2020, 3, 10)
SMALL_WORKBOOK = """偏关县电商示范项目资产明细表（2018年度）
单位：元
序号,站点名称,所在乡镇,资产名称,规格型号,计量单位,数量,单价,金额,购置日期,资金来源,产权单位,使用单位,管护人,状况
1,偏关县电子商务公共服务中心,新关镇,台式电脑,M720,台,2,5000,10000,2019-07-10,中央,偏关县工业和信息化局,偏关县工业和信息化局,董改花,在用
"""
SHOWN = {200}
DONE = {200, 204, 302, 303}
ASKED_AGAIN = {200, 302, 303, 400, 409, 422}
"""Answers to a form sent empty: it is shown again, refused with a reason, or had nothing to ask."""


@dataclass(frozen=True)
class Row:
    """One address. `answers` gives the statuses each method may end with for someone who is allowed."""

    kind: str
    right: str
    answers: Mapping[str, set[int]]
    kwargs: Callable[["Things"], dict[str, Any]] = field(default=lambda _things: {})
    scoped: bool = False
    query: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    hidden_from: frozenset[str] = frozenset()
    """Roles that hold the right but not over this thing: another village's keeper, another operator."""
    write_right: str = ""
    """A right that the service behind asks for beyond the page's own, when something is sent."""

    def expected(self, method: str, role: str) -> set[int]:
        """Statuses the role may be answered with."""
        rights = policy.roles()[role].rights
        if self.kind == RIGHT and self.right not in rights:
            return {403}
        if role in self.hidden_from:
            return {404}
        if method == "POST" and self.write_right and self.write_right not in rights:
            return {403}
        return set(self.answers[method])

    def body(self, _things: "Things") -> str:
        """The form to send."""
        return urlencode(self.form)


class Things:
    """The sample county's accounts and one of each thing that an address can name."""

    def __init__(self, county: Any) -> None:
        self.county = county
        self._batch: int | None = None

    def actor(self, role: str) -> Actor:
        """The actor of a role's sample account."""
        return directory.actor_for(self.account(role), DAY)

    def batch(self) -> Batch:
        """A small workbook, uploaded and read."""
        if self._batch is None:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "台账.csv"
                path.write_text(SMALL_WORKBOOK, encoding="utf-8")
                actor = self.actor("bureau_clerk")
                self._batch = exchange.import_file(path, actor=actor, on=DAY, preview=True).pk
        return Batch.objects.get(pk=self._batch)

    def account(self, role: str) -> Account:
        """The sample account that holds a role."""
        return Account.objects.get(username=self.county.username(role))

    def stranger(self, right: str) -> Account:
        """An account of another county that holds the right there and nowhere else."""
        role = next(code for code, spec in policy.roles().items() if right in spec.rights and not spec.own_party_only)
        office, _ = Party.objects.get_or_create(
            county=OTHER_COUNTY,
            kind="OFFICE",
            name="邻县",
            division_code=OTHER_COUNTY.ljust(12, "0"),
            defaults={"created_on": DAY},
        )
        account, made = Account.objects.get_or_create(
            username=f"stranger.{role}",
            defaults={
                "county": OTHER_COUNTY,
                "name": "邻县",
                "office": office,
                "created_on": DAY,
                "must_change_password": False,
            },
        )
        if made:
            Grant.objects.create(
                account=account, role=role, scope=OTHER_COUNTY, valid_from=DAY, basis="邻县", given_by=""
            )
        return account


def public(**answers: set[int]) -> Row:
    """An address open to everybody."""
    return Row(PUBLIC, "", answers)


def signed_in(**answers: set[int]) -> Row:
    """An address open to every account."""
    return Row(SIGNED_IN, "", answers)


def page(right: str, kwargs: Callable[[Things], dict[str, Any]] | None = None, **options: Any) -> Row:
    """An address for those who hold the right; with `kwargs` it names one thing and is scoped."""
    answers = {method: options.pop(method) for method in ("GET", "POST") if method in options}
    scoped = options.pop("scoped", kwargs is not None)
    return Row(RIGHT, right, answers or {"GET": SHOWN}, kwargs or (lambda _things: {}), scoped, **options)


def a_batch(things: Things) -> dict[str, Any]:
    """A workbook that was read and waits for its confirmation."""
    return {"batch_id": things.batch().pk}


def a_sheet(things: Things) -> dict[str, Any]:
    """Its first sheet."""
    return a_batch(things) | {"sheet": 0}


SENT = {302, 409}
"""A form answered: back to the page, or refused because the thing is not in the state for it."""

TABLE: dict[str, Row] = {
    "ui:unit": public(POST={302}),
    "ui:language": public(POST={302}),
    "exchange:list": page("exchange.view"),
    "exchange:upload": page("exchange.import", POST={302}),
    "exchange:batch": page("exchange.view", a_batch),
    "exchange:progress": page("exchange.view", a_batch, GET={200, 204}),
    "exchange:issues": page("exchange.view", a_batch),
    "exchange:correct": page("exchange.import", a_batch, POST=SENT),
    "exchange:columns": page("exchange.import", a_sheet, GET=SHOWN, POST=SENT),
    "exchange:sheets": page("exchange.import", a_batch, POST=SENT),
    "exchange:admit": page("exchange.import", a_batch, POST=SENT),
    "exchange:coloured": page("exchange.view", a_batch),
    "exchange:differences": page("exchange.view", a_batch, GET=SHOWN, POST=SENT, write_right="exchange.import"),
    "exchange:confirm": page("exchange.import", a_batch, POST=SENT),
    "exchange:stop": page("exchange.import", a_batch, POST=SENT),
    "exchange:restart": page("exchange.import", a_batch, POST=SENT),
    "exchange:discard": page("exchange.import", a_batch, POST=SENT),
    "exchange:withdraw": page("exchange.withdraw", a_batch, POST=SENT),
}
