"""The table of addresses: for each, the right it asks for, the methods it answers and what each answer may be.

Written by hand and apart from the views, so that a view opened too far is seen. `scoped` marks an address that names
one thing of the county: whoever may open such things elsewhere, but not here, must be told that there is none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from PIL import Image

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import PUBLIC, RIGHT, SIGNED_IN
from mingchan.register.assets.models import Asset
from mingchan.register.funding import services as funding
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft

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
        self._asset: int | None = None
        self.run_id = self.picture_id = 0
        self._money: tuple[int, int] | None = None
        self._clients: dict[str, tuple[Client, str]] = {}

    def make_all(self) -> None:
        """Make every thing, so that none is lost with the transaction of the test that first asks for it."""
        for role in policy.roles():
            client = Client(raise_request_exception=False)
            client.force_login(self.account(role))
            self._clients[role] = client, client.cookies[settings.SESSION_COOKIE_NAME].value
        self.batch()
        self.money()
        self.asset()
        reader, clerk = self.actor("audit_admin"), self.actor("bureau_clerk")
        self.run_id = evidence.start_verification(actor=reader, on=DAY)[0].pk
        picture = BytesIO()
        Image.new("RGB", (8, 8), "white").save(picture, "PNG")
        self.picture_id = evidence.attach(
            picture.getvalue(), name="照片.png", owner=Ref("asset", self.asset().pk), division="140932", kind="PHOTO",
            actor=clerk, on=DAY,
        ).pk  # fmt: skip

    def asset(self) -> Asset:
        """The card of a workbook that was imported."""
        if self._asset is None:
            batch = self._import(SMALL_WORKBOOK.replace("M720", "M730"), preview=False)
            self._asset = Asset.objects.get(source=f"batch:{batch.pk}").pk
        return Asset.objects.get(pk=self._asset)

    def voucher(self) -> Voucher:
        """The voucher that brought the card into the books."""
        return Voucher.objects.get(source=self.asset().source)

    def account(self, role: str) -> Account:
        """The sample account that holds a role."""
        return Account.objects.get(username=self.county.username(role))

    def client(self, role: str) -> Client:
        """A browser in which the role's account is logged in, whatever an earlier request did to its session."""
        client, session = self._clients[role]
        client.cookies.clear()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client

    def actor(self, role: str) -> Actor:
        """The actor of a role's sample account."""
        return directory.actor_for(self.account(role), DAY)

    def _import(self, text: str, *, preview: bool) -> Batch:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "台账.csv"
            path.write_text(text, encoding="utf-8")
            return exchange.import_file(path, actor=self.actor("bureau_clerk"), on=DAY, preview=preview)

    def batch(self) -> Batch:
        """A small workbook, uploaded and read."""
        if self._batch is None:
            self._batch = self._import(SMALL_WORKBOOK, preview=True).pk
        return Batch.objects.get(pk=self._batch)

    def money(self) -> tuple[int, int]:
        """An appropriation and a payment from it."""
        if self._money is None:
            given = {"source": Ref("batch", 0), "actor": self.actor("bureau_clerk"), "on": DAY}
            sent = funding.record_appropriations([AppropriationDraft("central", "示例〔2019〕1号", 2_000_000)], **given)
            use = FundUseDraft("县级公共服务中心", "central", "示例〔2019〕1号", "台式电脑", 1_000_000, 1_000_000, 0)
            self._money = sent.first_id, funding.record_fund_uses([use], **given).first_id
        return self._money

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
                "is_sample": True,  # spared the first change of its password
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


def a_party(things: Things) -> dict[str, Any]:
    """The finance bureau, an office of the county itself."""
    return {"party_id": things.account("finance").office_id}


def an_account(things: Things) -> dict[str, Any]:
    """The cashier's account."""
    return {"account_id": things.account("cashier").pk}


def a_grant(things: Things) -> dict[str, Any]:
    """The cashier's grant."""
    return {"grant_id": Grant.objects.get(account__username="cashier").pk}


def an_appropriation(things: Things) -> dict[str, Any]:
    """Money sent down by a document."""
    return {"pk": things.money()[0]}


def a_fund_use(things: Things) -> dict[str, Any]:
    """A payment from it."""
    return {"pk": things.money()[1]}


def a_card(things: Things) -> dict[str, Any]:
    """A card of the county's centre, in the first township."""
    return {"asset_id": things.asset().pk}


def a_voucher(things: Things) -> dict[str, Any]:
    """The voucher of the import."""
    return {"voucher_id": things.voucher().pk}


def a_book(things: Things) -> dict[str, Any]:
    """The bureau's book."""
    return {"book_id": things.voucher().book_id}


def an_account_of_a_book(things: Things) -> dict[str, Any]:
    """The last-level account that the import debited."""
    line = Line.objects.filter(voucher=things.voucher(), debit_fen__gt=0).select_related("account").first()
    assert line is not None
    return a_book(things) | {"code": line.account.code}


def a_difference(things: Things) -> dict[str, Any]:
    """The class of the bureau's book in which the imported card stands."""
    return {"book": things.voucher().book_id, "six_class": things.asset().six_class}


def a_record(things: Things) -> dict[str, Any]:
    """The record of the import."""
    found = Record.objects.filter(obj=f"asset:{things.asset().pk}").first()
    assert found is not None
    return {"seq": found.seq}


def a_run(things: Things) -> dict[str, Any]:
    """A verification somebody asked for."""
    return {"run_id": things.run_id}


def a_picture(things: Things) -> dict[str, Any]:
    """A photograph kept at the county."""
    return {"attachment_id": things.picture_id}


SENT = {302, 409}
"""A form answered: back to the page, or refused because the thing is not in the state for it."""
A_REASON = {"reason": "核对后办理"}
A_CORRECTION = {"sheet": "台账", "row": "4", "column": "D", "text": "笔记本电脑", "original": "台式电脑"}
COUNTY_ONLY = frozenset({"town_keeper"})
NOT_COUNTY = frozenset({"town_keeper", "village_keeper", "operator"})
"""Roles of the sample county that look after a part of it, with one right or another."""
ELSEWHERE = frozenset({"village_keeper", "operator"})
"""Roles that look after something else than the county's centre."""

TABLE: dict[str, Row] = {
    "ui:unit": public(POST={302}),
    "ui:language": public(POST={302}),
    "web:desk": signed_in(GET=SHOWN),
    "web:first_steps": signed_in(GET=SHOWN),
    "web:login": public(GET={200, 302}, POST={200, 302}),
    "web:logout": signed_in(POST={302}),
    "web:password": signed_in(GET=SHOWN, POST=SHOWN),
    "policy:plan": page("policy.view"),
    "policy:clause": page("policy.view", lambda _things: {"clause_id": "2.2"}, scoped=False),
    "directory:parties": page("directory.view"),
    "directory:party_create": page("party.manage", GET=SHOWN, POST=SHOWN),
    "directory:party": page("directory.view", a_party, hidden_from=COUNTY_ONLY),
    "directory:party_correct": page("party.manage", a_party, GET=SHOWN, POST=SHOWN),
    "directory:party_reveal": page("personal.reveal", a_party, POST=SHOWN),
    "directory:divisions": page("directory.view"),
    "directory:accounts": page("account.view"),
    "directory:account_create": page("account.manage", GET=SHOWN, POST=SHOWN),
    "directory:account": page("account.view", an_account),
    "directory:account_act": page("account.manage", an_account, POST=SHOWN),
    "directory:grant_give": page("grant.give", an_account, POST=SHOWN),
    "directory:grant_end": page("grant.give", a_grant, POST={409}),
    "directory:me": signed_in(GET=SHOWN),
    "funding:overview": page("funding.view"),
    "funding:appropriations": page("funding.view"),
    "funding:appropriation": page("funding.view", an_appropriation),
    "funding:uses": page("funding.view"),
    "funding:export": page("funding.view", lambda _things: {"form": "csv"}, scoped=False),
    "funding:use": page("funding.view", a_fund_use),
    "funding:reconciliation": page("funding.view"),
    "web:overview": page("overview.view"),
    "web:overview_books": page("ledger.view"),
    "web:overview_difference": page("ledger.view", a_difference),
    "web:overview_money": page("funding.view"),
    "assets:list": page("asset.view"),
    "assets:totals": page("asset.view"),
    "assets:export": page("asset.export"),
    "assets:ledger": page("asset.view"),
    "assets:create": page("asset.register", GET=SHOWN, POST=ASKED_AGAIN),
    "assets:bulk": page("asset.correct", GET=ASKED_AGAIN, POST=ASKED_AGAIN),
    "assets:print": page("asset.view", GET={409}),
    "assets:card": page("asset.view", a_card, hidden_from=ELSEWHERE),
    "assets:correct": page("asset.correct", a_card, GET=SHOWN, POST=ASKED_AGAIN),
    "assets:split": page("asset.split", a_card, GET=SHOWN, POST=ASKED_AGAIN),
    "assets:attach": page("paper.attach", a_card, POST=SENT, hidden_from=ELSEWHERE),
    "ledger:books": page("ledger.view"),
    "ledger:trial_balance": page("ledger.view"),
    "ledger:trial_balance_workbook": page("ledger.view"),
    "ledger:account_by_book": page("ledger.view", lambda _things: {"code": "1601"}, scoped=False),
    "ledger:vouchers": page("ledger.view"),
    "ledger:voucher": page("ledger.view", a_voucher),
    "ledger:subject": page(
        "ledger.view", lambda things: {"ref": f"asset:{things.asset().pk}"}, GET={302}, scoped=False
    ),
    "ledger:journal": page("ledger.view"),
    "ledger:general_ledger": page("ledger.view", an_account_of_a_book),
    "ledger:subsidiary_ledger": page("ledger.view", an_account_of_a_book),
    "ledger:periods": page("ledger.view", a_book),
    "ledger:close": page("ledger.close", a_book, POST={409}),
    "ledger:reopen": page("ledger.close", a_book, POST={409}),
    "evidence:log": page("log.view"),
    "evidence:record": page("log.view", a_record),
    "evidence:verify": page("log.verify", GET=SHOWN, POST={302}),
    "evidence:run": page("log.verify", a_run),
    "evidence:download": page("paper.view", a_picture, hidden_from=NOT_COUNTY),
    "evidence:thumbnail": page("paper.view", a_picture, hidden_from=NOT_COUNTY),
    "exchange:list": page("exchange.view"),
    "exchange:upload": page("exchange.import", POST={302}),
    "exchange:batch": page("exchange.view", a_batch),
    "exchange:progress": page("exchange.view", a_batch, GET={200, 204}),
    "exchange:issues": page("exchange.view", a_batch),
    "exchange:correct": page("exchange.import", a_batch, POST=SENT, form=A_CORRECTION),
    "exchange:columns": page("exchange.import", a_sheet, GET=SHOWN, POST=SENT),
    "exchange:sheets": page("exchange.import", a_batch, POST=SENT),
    "exchange:admit": page("exchange.import", a_batch, POST=SENT, form={"funding_text": "中央"} | A_REASON),
    "exchange:rows": page("exchange.import", a_batch, POST=SENT, form={"sheet": "台账", "row": "4", "skip": "on"}),
    "exchange:coloured": page("exchange.view", a_batch),
    "exchange:differences": page("exchange.view", a_batch, GET=DONE, POST=SENT, write_right="exchange.import"),
    "exchange:confirm": page("exchange.import", a_batch, POST=SENT, form={"on": DAY.isoformat()}),
    "exchange:stop": page("exchange.import", a_batch, POST=SENT),
    "exchange:restart": page("exchange.import", a_batch, POST=SENT),
    "exchange:discard": page("exchange.import", a_batch, POST=SENT),
    "exchange:withdraw": page("exchange.withdraw", a_batch, POST=SENT, form=A_REASON),
}
