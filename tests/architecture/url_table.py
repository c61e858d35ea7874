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
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import PUBLIC, RIGHT, SIGNED_IN
from mingchan.oversight.workplan import services as workplan
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.funding import services as funding
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft, LineDraft, ProjectDraft
from mingchan.register.handover import services as handover
from mingchan.register.handover.drafts import HandoverDraft
from mingchan.register.handover.models import Handover
from mingchan.register.handover.models import Line as HandoverLine
from mingchan.register.rights import services as rights
from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft
from mingchan.register.rights.models import Certificate
from mingchan.register.survey.models import Difference, Survey, SurveyRow
from mingchan.register.tracing import services as tracing
from mingchan.register.tracing.drafts import Part
from mingchan.register.tracing.models import PaymentShare

OTHER_COUNTY = "140931"
DAY = date(2020, 3, 10)
SMALL_WORKBOOK = """偏关县电商示范项目资产明细表（2018年度）
单位：元
序号,站点名称,所在乡镇,资产名称,规格型号,计量单位,数量,单价,金额,购置日期,资金来源,产权单位,使用单位,管护人,状况
1,偏关县电子商务公共服务中心,新关镇,台式电脑,M720,台,2,5000,10000,2019-07-10,中央,偏关县工业和信息化局,偏关县工业和信息化局,董改花,在用
"""
SURVEY_SHEET = """电商示范项目资产调查表
单位：元
序号,资产名称,站点名称,所在乡镇,实盘数量,核实价值,盘点结果,调查日期
1,移动货架,偏关县电子商务公共服务中心,新关镇,2,960,账外,2020-03-06
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
        self._case: int | None = None
        self.delegation_id = 0
        self._survey: int | None = None
        self._sheet: int | None = None
        self.run_id = self.picture_id = 0
        self._money: tuple[int, int] | None = None
        self._project: int | None = None
        self._share: int | None = None
        self._handover: int | None = None
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
        self.case()
        self.delegation_id = procedures.delegate(
            self.account("bureau_clerk").pk, valid_from=DAY, last_day=DAY, reason="出差",
            actor=self.actor("bureau_head"), on=DAY,
        ).pk  # fmt: skip
        self.project()
        self.share()
        self.handover()
        self.certificate()
        offices = dict.fromkeys(policy.stage_template().offices, self.account("finance").office_id)
        workplan.set_up(
            DAY.year, "工作步骤", workplan.proposed(DAY.year, offices), actor=self.actor("bureau_clerk"), on=DAY
        )
        self.survey()
        self.survey_sheet()
        self.site()
        reader, clerk = self.actor("audit_admin"), self.actor("bureau_clerk")
        self.run_id = evidence.start_verification(actor=reader, on=DAY)[0].pk
        picture = BytesIO()
        Image.new("RGB", (8, 8), "white").save(picture, "PNG")
        self.picture_id = evidence.attach(
            picture.getvalue(), name="照片.png", owner=Ref("asset", self.asset().pk), division="140932", kind="PHOTO",
            actor=clerk, on=DAY,
        ).pk  # fmt: skip

    def case(self) -> Case:
        """A general matter that the clerk brought in."""
        if self._case is None:
            self._case = procedures.start("general", title="购置货架", actor=self.actor("bureau_clerk"), on=DAY).pk
        return Case.objects.get(pk=self._case)

    def asset(self) -> Asset:
        """The card of a workbook that was imported."""
        if self._asset is None:
            batch = self._import(SMALL_WORKBOOK.replace("M720", "M730"), preview=False)
            self._asset = Asset.objects.get(source=f"batch:{batch.pk}").pk
        return Asset.objects.get(pk=self._asset)

    def certificate(self) -> Certificate:
        """A certificate about the card, from a batch that three people carried to its end."""
        found = Certificate.objects.first()
        if found is not None:
            return found
        clerk, reviewer, head = (self.actor(role) for role in ("bureau_clerk", "bureau_reviewer", "bureau_head"))
        content = ConfirmationDraft("示例确权", "示例批复", (HolderDraft("USE", self.account("finance").office_id),))
        batch = rights.draft(content, RegisterFilter(), [self.asset().pk], actor=clerk, on=DAY)
        batch = rights.propose(batch.pk, batch.version, actor=clerk, on=DAY)
        batch = rights.check(batch.pk, batch.version, batch.digest, actor=reviewer, on=DAY)
        return rights.approve(batch.pk, batch.version, batch.digest, actor=head, on=DAY)[1][0]

    def certificate_address(self) -> dict[str, Any]:
        """The address that its QR code leads to."""
        found = self.certificate()
        return {"year": found.year, "number": found.number, "token": found.token}

    def site(self) -> int:
        """The county's centre, where the card stands."""
        site = self.asset().site_id
        assert site is not None
        return site

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

    def _survey_sheet(self, text: str, surveyor: int | None) -> Batch:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "调查表.csv"
            path.write_text(text, encoding="utf-8")
            return exchange.import_file(
                path, actor=self.actor("third_party"), on=DAY, purpose="SURVEY", surveyor=surveyor
            )

    def survey(self) -> Survey:
        """A survey that found one thing that the register doesn't know."""
        if self._survey is None:
            office = self.account("third_party").office_id
            self._survey = int(self._survey_sheet(SURVEY_SHEET, office).result["survey"])
        return Survey.objects.get(pk=self._survey)

    def survey_sheet(self) -> Batch:
        """A survey sheet that was read and waits."""
        if self._sheet is None:
            self._sheet = self._survey_sheet(SURVEY_SHEET.replace("移动货架", "电子秤"), None).pk
        return Batch.objects.get(pk=self._sheet)

    def money(self) -> tuple[int, int]:
        """An appropriation and a payment from it."""
        if self._money is None:
            given = {"source": Ref("batch", 0), "actor": self.actor("bureau_clerk"), "on": DAY}
            sent = funding.record_appropriations([AppropriationDraft("central", "示例〔2019〕1号", 2_000_000)], **given)
            use = FundUseDraft("县级公共服务中心", "central", "示例〔2019〕1号", "台式电脑", 1_000_000, 1_000_000, 0)
            self._money = sent.first_id, funding.record_fund_uses([use], **given).first_id
        return self._money

    def project(self) -> int:
        """A project with one sub-project."""
        if self._project is None:
            given = {"source": Ref("batch", 0), "actor": self.actor("bureau_clerk"), "on": DAY}
            self._project = funding.open_project(ProjectDraft("示范项目", 2019), [LineDraft("物流配送体系")], **given)
        return self._project

    def share(self) -> int:
        """What of the payment went into the card."""
        given = {"source": Ref("batch", 0), "actor": self.actor("bureau_clerk"), "on": DAY}
        if self._share is None:
            tracing.link(self.money()[1], [Part(self.asset().pk, 100)], **given)
            self._share = PaymentShare.objects.get(use=self.money()[1]).pk
        return self._share

    def handover(self) -> Handover:
        """A list by which the bureau gives the finance bureau the use of the card, being checked."""
        if self._handover is None:
            sides = (self.account("bureau_clerk").office_id, self.account("finance").office_id)
            given: dict[str, Any] = {"actor": self.actor("bureau_clerk"), "on": DAY}
            made = handover.draft([self.asset().pk], HandoverDraft("USE", *sides, reason="借用"), **given)
            handover.open_checking(made.pk, **given)
            self._handover = made.pk
        return Handover.objects.get(pk=self._handover)

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


def a_project(things: Things) -> dict[str, Any]:
    """A project of the county."""
    return {"pk": things.project()}


def a_share(things: Things) -> dict[str, Any]:
    """A link between the payment and the card."""
    return {"pk": things.share()}


def a_handover(things: Things) -> dict[str, Any]:
    """A list between two offices of the county."""
    return {"handover_id": things.handover().pk}


def an_item(things: Things) -> dict[str, Any]:
    """Its one item."""
    line = HandoverLine.objects.get(handover=things.handover())
    return a_handover(things) | {"line_id": line.pk}


def a_card(things: Things) -> dict[str, Any]:
    """A card of the county's centre, in the first township."""
    return {"asset_id": things.asset().pk}


def a_confirmation(things: Things) -> dict[str, Any]:
    """A batch over the card, approved."""
    return {"batch_id": things.certificate().confirmation_id}


def a_certificate(things: Things) -> dict[str, Any]:
    """The certificate of its owner."""
    return {"certificate_id": things.certificate().pk}


def a_site(things: Things) -> dict[str, Any]:
    """The county's centre, in the first township."""
    return {"site_id": things.site()}


def a_voucher(things: Things) -> dict[str, Any]:
    """The voucher of the import."""
    return {"voucher_id": things.voucher().pk}


def a_printed_account(things: Things) -> dict[str, Any]:
    """An account of a book, as a workbook."""
    return an_account_of_a_book(things) | {"form": "xlsx"}


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


def a_survey(things: Things) -> dict[str, Any]:
    """A survey of the county."""
    return {"survey_id": things.survey().pk}


def a_survey_row(things: Things) -> dict[str, Any]:
    """The thing it found."""
    row = SurveyRow.objects.get(survey=things.survey())
    return a_survey(things) | {"row_id": row.pk}


def a_survey_difference(things: Things) -> dict[str, Any]:
    """That the register doesn't know it."""
    difference = Difference.objects.get(survey=things.survey(), kind="ONLY_SURVEY")
    return a_survey(things) | {"difference_id": difference.pk}


def a_survey_sheet(things: Things) -> dict[str, Any]:
    """A survey sheet that was read and waits."""
    return {"batch_id": things.survey_sheet().pk}


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


def a_case(things: Things) -> dict[str, Any]:
    """A matter the clerk brought in, at its first step."""
    return {"case_id": things.case().pk}


def a_task(things: Things) -> dict[str, Any]:
    """The step it waits at."""
    return {"task_id": Task.objects.get(case=things.case(), status="WAITING").pk}


def a_delegation(things: Things) -> dict[str, Any]:
    """The head's delegation to a colleague."""
    return {"delegation_id": things.delegation_id}


A_PROCEDURE = {"code": "general"}


def a_keeper(things: Things) -> dict[str, Any]:
    """Who keeps the imported card."""
    return {"party_id": things.asset().keeper_id}


def a_plan(_things: Things) -> dict[str, Any]:
    """The work plan of the year."""
    return {"year": DAY.year}


def a_stage(things: Things) -> dict[str, Any]:
    """Its first stage."""
    return a_plan(things) | {"code": "sorting"}


SENT = {302, 409}
"""A form answered: back to the page, or refused because the thing is not in the state for it."""
A_REASON = {"reason": "核对后办理"}
A_CORRECTION = {"sheet": "台账", "row": "4", "column": "D", "text": "笔记本电脑", "original": "台式电脑"}
COUNTY_ONLY = frozenset({"town_keeper", "village_keeper"})
THIRD_PARTY = frozenset({"third_party"})
"""Brings in surveys by its own door and sees no other import."""
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
    "procedures:todo": page("case.view"),
    "procedures:done": page("case.view"),
    "procedures:mine": page("case.view"),
    "procedures:all": page("case.view"),
    "procedures:begin": page("case.start", GET=SHOWN, POST=SHOWN),
    "procedures:case": page("case.view", a_case, hidden_from=COUNTY_ONLY),
    "procedures:amend": page("case.view", a_case, POST={400}, hidden_from=COUNTY_ONLY),
    "procedures:withdraw": page("case.view", a_case, POST={400}, hidden_from=COUNTY_ONLY),
    "procedures:attach": page("case.view", a_case, POST={400}, hidden_from=COUNTY_ONLY),
    "procedures:decide": page("case.view", a_task, POST={400}, hidden_from=COUNTY_ONLY),
    "procedures:procedures": page("case.view"),
    "procedures:procedure": page("case.view", lambda _things: A_PROCEDURE, scoped=False),
    "procedures:file": page("case.view", lambda _things: A_PROCEDURE, scoped=False),
    "procedures:add": page("procedure.manage", lambda _things: A_PROCEDURE, POST={400}, scoped=False),
    "procedures:delegations": page("case.view", GET=SHOWN, POST=SHOWN),
    "procedures:end_delegation": page("case.view", a_delegation, POST={404, 409}),
    "procedures:days": page("procedure.manage", GET=SHOWN, POST=SHOWN),
    "funding:overview": page("funding.view"),
    "funding:projects": page("funding.view"),
    "funding:project_create": page("project.manage", GET=SHOWN, POST=ASKED_AGAIN),
    "funding:project": page("funding.view", a_project),
    "funding:project_revise": page("project.manage", a_project, GET=SHOWN, POST=ASKED_AGAIN),
    "funding:project_lines": page("project.manage", a_project, GET=SHOWN, POST=ASKED_AGAIN),
    "funding:stage_create": page("project.manage", a_project, GET=SHOWN, POST=ASKED_AGAIN),
    "funding:appropriation_create": page("funding.register", GET=SHOWN, POST=ASKED_AGAIN),
    "funding:use_create": page("funding.register", GET=SHOWN, POST=ASKED_AGAIN),
    "tracing:payments": page("funding.view"),
    "tracing:cards": page("funding.view"),
    "tracing:flow": page("funding.view"),
    "tracing:export": page("funding.view"),
    "tracing:proposals": page("tracing.link", GET=SHOWN, POST=ASKED_AGAIN),
    "tracing:link": page("tracing.link", a_fund_use, GET=SHOWN, POST=ASKED_AGAIN),
    "tracing:unlink": page("tracing.link", a_share, POST=SENT),
    "funding:appropriations": page("funding.view"),
    "funding:appropriation": page("funding.view", an_appropriation),
    "funding:uses": page("funding.view"),
    "funding:export": page("funding.view", lambda _things: {"form": "csv"}, scoped=False),
    "funding:use": page("funding.view", a_fund_use),
    "funding:reconciliation": page("funding.view"),
    "web:overview": page("overview.view"),
    "web:overview_wall": page("overview.view"),
    "web:overview_report": page("overview.view"),
    "web:overview_books": page("ledger.view"),
    "web:overview_difference": page("ledger.view", a_difference),
    "web:overview_money": page("funding.view"),
    "rights:coverage": page("asset.view"),
    "rights:batches": page("asset.view"),
    "rights:propose": page("right.propose", GET=SHOWN, POST=ASKED_AGAIN),
    "rights:batch": page("asset.view", a_confirmation, hidden_from=ELSEWHERE),
    "rights:change": page("right.propose", a_confirmation, GET={409}, POST={409}),
    "rights:drop": page("right.propose", a_confirmation, POST=SENT),
    "rights:submit": page("right.propose", a_confirmation, POST=SENT),
    "rights:withdraw": page("right.propose", a_confirmation, POST=SENT),
    "rights:check": page("right.check", a_confirmation, POST=SENT),
    "rights:approve": page("right.approve", a_confirmation, POST=SENT),
    "rights:return": page("asset.view", a_confirmation, POST=SENT, hidden_from=ELSEWHERE),
    "rights:certificates": page("asset.view"),
    "rights:certificate": page("asset.view", a_certificate, hidden_from=ELSEWHERE),
    "rights:certificate_paper": page("asset.view", a_certificate, hidden_from=ELSEWHERE),
    "rights:holders": page("asset.view"),
    "rights:ledger": page("asset.view", a_party, hidden_from=ELSEWHERE),
    "rights:ledger_export": page("asset.export", a_party, hidden_from=ELSEWHERE),
    "rights:ask": public(GET=SHOWN, POST={422}),
    "rights:answer": Row(PUBLIC, "", {"GET": SHOWN}, lambda things: things.certificate_address()),
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
    "sites:list": page("asset.view"),
    "sites:totals": page("asset.view"),
    "sites:export": page("asset.export"),
    "sites:create": page("site.manage", GET=SHOWN, POST=ASKED_AGAIN),
    "sites:open_files": page("site.manage", GET=SHOWN, POST=ASKED_AGAIN),
    "sites:move": page("asset.move", GET=SHOWN, POST=ASKED_AGAIN),
    "sites:lots": page("asset.split"),
    "sites:spread": page("asset.split", a_card, GET=SHOWN, POST=ASKED_AGAIN),
    "sites:site": page("asset.view", a_site, hidden_from=ELSEWHERE),
    "sites:correct": page("site.manage", a_site, GET=SHOWN, POST=ASKED_AGAIN),
    "sites:state": page("site.manage", a_site, GET=SHOWN, POST=ASKED_AGAIN),
    "sites:holder": page("site.manage", a_site, GET=SHOWN, POST=ASKED_AGAIN),
    "sites:standard": page("site.manage", a_site, POST={302}),
    "sites:merge": page("site.manage", a_site, GET=SHOWN, POST=ASKED_AGAIN),
    "sites:attach": page("paper.attach", a_site, POST={302}, hidden_from=ELSEWHERE),
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
    "ledger:trial_balance_paper": page("ledger.view"),
    "ledger:general_ledger_export": page("ledger.view", a_printed_account),
    "ledger:lines_export": page("ledger.view", a_printed_account),
    "ledger:closing": page("ledger.view", a_book),
    "ledger:carry": page("ledger.close", a_book, POST={409}),
    "ledger:periods": page("ledger.view", a_book),
    "ledger:close": page("ledger.close", a_book, POST={409}),
    "ledger:reopen": page("ledger.close", a_book, POST={409}),
    "evidence:log": page("log.view"),
    "evidence:record": page("log.view", a_record),
    "evidence:verify": page("log.verify", GET=SHOWN, POST={302}),
    "evidence:run": page("log.verify", a_run),
    "evidence:download": page("paper.view", a_picture, hidden_from=NOT_COUNTY),
    "evidence:thumbnail": page("paper.view", a_picture, hidden_from=NOT_COUNTY),
    "custody:overview": page("asset.view"),
    "custody:ledger": page("asset.view"),
    "custody:export": page("asset.export"),
    "custody:mine": page("asset.view"),
    "custody:assign": page("custody.assign", GET=SHOWN, POST=ASKED_AGAIN),
    "custody:keeper": page("asset.view", a_keeper, hidden_from=ELSEWHERE),
    "custody:letter": page("asset.view", a_keeper, GET={409}, hidden_from=ELSEWHERE),
    "custody:renew": page("custody.assign", a_keeper, POST=ASKED_AGAIN),
    "custody:end": page("custody.assign", a_keeper, POST=ASKED_AGAIN),
    "custody:leave": page("custody.assign", a_keeper, POST=ASKED_AGAIN),
    "custody:return": page("custody.assign", a_keeper, POST=ASKED_AGAIN),
    "custody:one_sided": page("custody.assign", a_keeper, POST=ASKED_AGAIN),
    "workplan:newest": page("workplan.view"),
    "workplan:create": page("workplan.manage", GET=SHOWN, POST=ASKED_AGAIN),
    "workplan:missing": page("workplan.view", lambda _things: {"code": "class_known"}, scoped=False),
    "workplan:plan": page("workplan.view", a_plan),
    "workplan:stage": page("workplan.view", a_stage),
    "workplan:days": page("workplan.manage", a_stage, POST=ASKED_AGAIN),
    "workplan:confirm": page("workplan.view", a_stage, POST=ASKED_AGAIN),
    "workplan:close": page("workplan.manage", a_stage, POST=ASKED_AGAIN),
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
    "handover:list": page("handover.view"),
    "handover:create": page("handover.draft", GET=SHOWN, POST=ASKED_AGAIN),
    "handover:detail": page("handover.view", a_handover, hidden_from=NOT_COUNTY),
    "handover:edit": page("handover.draft", a_handover, GET=SHOWN, POST=ASKED_AGAIN, hidden_from=NOT_COUNTY),
    "handover:pick": page("handover.draft", a_handover, GET=SHOWN, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:remove": page("handover.draft", a_handover, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:refresh": page("handover.draft", a_handover, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:attach": page("handover.draft", a_handover, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:open": page("handover.draft", a_handover, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:cancel": page("handover.draft", a_handover, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:check": page("handover.check", a_handover, hidden_from=NOT_COUNTY),
    "handover:tick": page("handover.check", an_item, POST=SENT, hidden_from=NOT_COUNTY, form={"result": "MATCHES"}),
    "handover:resolve": page("handover.check", an_item, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:sign": page("handover.sign", a_handover, GET=SHOWN, POST=ASKED_AGAIN, hidden_from=NOT_COUNTY),
    "handover:retract": page("handover.sign", a_handover, POST=SENT, hidden_from=NOT_COUNTY),
    "handover:paper": page("handover.view", a_handover, hidden_from=NOT_COUNTY),
    "exchange:confirm_survey": page("survey.import", a_batch, POST=SENT, hidden_from=THIRD_PARTY),
    "exchange:purpose": page("exchange.import", a_batch, POST=SENT, form={"purpose": "REGISTER"}),
    "exchange:survey_list": page("survey.view"),
    "exchange:survey_upload": page("survey.import", POST={302}),
    "exchange:survey_batch": page("survey.view", a_survey_sheet),
    "exchange:survey_progress": page("survey.view", a_survey_sheet, GET={200, 204}),
    "exchange:survey_issues": page("survey.view", a_survey_sheet),
    "exchange:survey_coloured": page("survey.view", a_survey_sheet),
    "exchange:survey_correct": page("survey.import", a_survey_sheet, POST=SENT, form=A_CORRECTION),
    "exchange:survey_rows": page(
        "survey.import", a_survey_sheet, POST=SENT, form={"sheet": "调查表", "row": "4", "skip": "on"}
    ),
    "exchange:survey_columns": page(
        "survey.import", lambda things: a_survey_sheet(things) | {"sheet": 0}, GET=SHOWN, POST=SENT
    ),
    "exchange:survey_sheets": page("survey.import", a_survey_sheet, POST=SENT),
    "exchange:survey_confirm_survey": page("survey.import", a_survey_sheet, POST=SENT),
    "exchange:survey_stop": page("survey.import", a_survey_sheet, POST=SENT),
    "exchange:survey_restart": page("survey.import", a_survey_sheet, POST=SENT),
    "exchange:survey_discard": page("survey.import", a_survey_sheet, POST=SENT),
    "survey:list": page("survey.view"),
    "survey:survey": page("survey.view", a_survey),
    "survey:match": page("survey.settle", a_survey, POST=SENT),
    "survey:settle": page("survey.settle", a_survey, POST=SENT),
    "survey:rows": page("survey.view", a_survey),
    "survey:row": page("survey.view", a_survey_row),
    "survey:rematch": page("survey.settle", a_survey_row, POST=SENT),
    "survey:marks": page("survey.view", a_survey),
    "survey:differences": page("survey.view", a_survey),
    "survey:difference": page("survey.view", a_survey_difference),
    "survey:compare": page("survey.settle", a_survey_difference, POST=SENT),
    "survey:decide": page("survey.settle", a_survey, GET=SHOWN, POST=ASKED_AGAIN),
    "survey:export": page("survey.view", a_survey),
}
