"""Projects, their stages and papers, and entering money by hand: rules, services, pages (2.6.1a, 3.1)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.evidence import queries as evidence_queries
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.register.funding import queries, rules, services
from mingchan.register.funding.choices import OWN_STAGES, StageKind
from mingchan.register.funding.drafts import LineDraft, Paper, ProjectDraft, StageDraft
from mingchan.register.funding.models import Appropriation, FundUse, Project, ProjectLine, Stage
from mingchan.register.funding.tests.factories import ON, actor, appropriation, bureau, fund_use, training

SOURCE = Ref("account", 1)
RIGHTS = ("funding.view", "funding.register", "project.manage", "paper.attach", "paper.view")
PDF = b"%PDF-1.4\n%%EOF\n"


def clerk(scope: str = "140932", *rights: str):
    return actor(*(rights or RIGHTS), scope=scope)


def opened(*lines: str, **changes) -> int:
    draft = ProjectDraft("电子商务进农村综合示范", 2018, "综合示范", None, 1_570_000_000)._replace(**changes)
    return services.open_project(draft, [LineDraft(name) for name in lines], source=SOURCE, actor=clerk(), on=ON)


def stage(project: int, kind: str, day: date | None, papers=(), **changes) -> int:
    given = {"source": SOURCE, "actor": clerk(), "on": ON, **changes}
    return services.record_stage(project, StageDraft(kind, day), papers, **given)


def paper(name: str = "批复.pdf", content: bytes = PDF) -> Paper:
    return Paper(name, BytesIO(content), "APPROVAL")


# Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ({}, {}),
        ({"DRAFTING": True}, {"DRAFTING": "DONE"}),
        ({"DRAFTING": False}, {"DRAFTING": "NO_PAPER"}),
        (
            {"DRAFTING": True, "APPROVAL": True},
            {"DRAFTING": "DONE", "APPLICATION": "MISSING", "APPROVAL": "DONE"},
        ),
    ],
)
def test_how_stages_stand(entered: dict[str, bool], expected: dict[str, str]) -> None:
    ahead = dict.fromkeys(StageKind.values, "AHEAD")
    assert rules.stage_states(entered) == ahead | expected


@given(st.dictionaries(st.sampled_from(StageKind.values), st.booleans()))
def test_every_stage_has_a_state_and_none_is_missing_behind_the_last(entered: dict[str, bool]) -> None:
    states = rules.stage_states(entered)
    assert list(states) == list(StageKind.values)
    last = max((StageKind.values.index(kind) for kind in entered), default=-1)
    for place, kind in enumerate(StageKind.values):
        assert (states[kind] in ("DONE", "NO_PAPER")) == (kind in entered)
        assert (states[kind] == "MISSING") == (kind not in entered and place < last)


def test_a_stage_before_the_one_that_comes_first_is_out_of_order() -> None:
    days = {"DRAFTING": date(2018, 5, 1), "APPLICATION": date(2018, 4, 1), "APPROVAL": date(2018, 6, 1)}
    assert rules.stages_out_of_order(days) == ["APPLICATION"]
    assert rules.stages_out_of_order({kind: date(2018, 1, 1) for kind in OWN_STAGES}) == []


@pytest.mark.parametrize(
    ("kind", "day", "code"),
    [
        ("NOTHING", ON, "stage_unknown"),
        ("DRAFTING", None, "stage_without_day"),
        ("DRAFTING", ON + timedelta(1), "date_in_future"),
    ],
)
def test_what_keeps_a_stage_out(kind: str, day: date | None, code: str) -> None:
    assert [fault.code for fault in rules.faults_of_stage(StageDraft(kind, day), ON)] == [code]


# Services --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_project_takes_up_lines_that_stand_alone_and_refuses_its_name_twice() -> None:
    pk = opened("县级公共服务中心", "物流配送体系")
    lines = {line.name: line for line in ProjectLine.objects.filter(project=pk)}
    assert (lines["县级公共服务中心"].system, lines["县级公共服务中心"].tiers) == ("PUBLIC_SERVICE", "COUNTY")
    assert {line.year for line in lines.values()} == {2018}
    with pytest.raises(Refusal, match="同名项目"):
        opened()
    with pytest.raises(Refusal, match="同名子项目"):
        services.open_line(pk, LineDraft("物流配送体系"), source=SOURCE, actor=clerk(), on=ON)
    services.record_fund_uses([fund_use(line="乡镇村级站点", year=2018)], source=SOURCE, actor=clerk(), on=ON)
    services.open_line(pk, LineDraft("乡镇村级站点"), source=SOURCE, actor=clerk(), on=ON)
    assert FundUse.objects.get().line.project_id == pk
    assert evidence.verify(queries.PROTECTED).ok


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [({"name": " "}, "项目名称"), ({"year": 18}, "四位数"), ({"budget_fen": -1}, "过大")],
)
def test_a_project_without_what_it_needs_is_refused(changes: dict, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        opened(**changes)
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_who_may_keep_projects() -> None:
    draft = ProjectDraft("示范", 2018)
    with pytest.raises(NotAllowed):
        services.open_project(draft, source=SOURCE, actor=clerk("140932", "funding.view"), on=ON)
    pk = opened()
    for who, error in ((clerk("140931"), NotFound), (clerk("140932", "funding.view"), NotAllowed)):
        with pytest.raises(error):
            stage(pk, "DRAFTING", ON, actor=who)
        with pytest.raises(error):
            services.assign(pk, lines=[1], source=SOURCE, actor=who, on=ON)
    assert not Stage.objects.exists()


@pytest.mark.django_db
def test_a_project_is_corrected_with_a_reason_and_a_stale_save_is_told() -> None:
    pk = opened()
    draft = ProjectDraft("电子商务进农村综合示范", 2018, budget_fen=1)
    with pytest.raises(Refusal, match="理由"):
        services.revise_project(pk, draft, 1, "", actor=clerk(), on=ON)
    assert services.revise_project(pk, draft, 1, "批复调整", actor=clerk(), on=ON) == 2
    with pytest.raises(Stale) as stale:
        services.revise_project(pk, draft._replace(budget_fen=2), 1, "再改", actor=clerk(), on=ON)
    assert stale.value.theirs["budget_fen"] == 1
    with pytest.raises(Refusal, match="没有改动"):
        services.revise_project(pk, draft, 2, "再改", actor=clerk(), on=ON)
    assert evidence.verify(queries.PROTECTED).ok


@pytest.mark.django_db
def test_a_stage_is_corrected_by_another_entry_and_never_overwritten() -> None:
    pk = opened()
    first = stage(pk, "APPROVAL", date(2018, 8, 3), [paper()])
    with pytest.raises(Stale):
        stage(pk, "APPROVAL", date(2018, 8, 4))
    with pytest.raises(Refusal, match="理由"):
        stage(pk, "APPROVAL", date(2018, 8, 4), replaces=first)
    second = stage(pk, "APPROVAL", date(2018, 8, 4), replaces=first, reason="落款为4日")
    with pytest.raises(Stale):
        stage(pk, "APPROVAL", date(2018, 8, 5), replaces=first, reason="同时更正")
    row = next(row for row in queries.stages_of(Project.objects.get(), None) if row.kind == "APPROVAL")
    assert (row.entry.pk, row.state, [entry.pk for entry in row.earlier]) == (second, "DONE", [first])
    assert row.entry.reason == "落款为4日"
    assert [held.name for held in row.papers] == ["批复.pdf"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.filter(pk=first).update(note="改")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.filter(pk=second).delete()
    assert evidence.verify(queries.PROTECTED).ok


@pytest.mark.django_db
def test_a_paper_that_cannot_be_kept_leaves_no_stage() -> None:
    pk = opened()
    with pytest.raises(Refusal):
        stage(pk, "APPROVAL", date(2018, 8, 3), [paper("程序.exe", b"MZ\x00\x01")])
    assert not Stage.objects.exists()


@pytest.mark.django_db
def test_a_sub_project_has_stages_of_its_own() -> None:
    pk = opened("物流配送体系")
    line = ProjectLine.objects.get()
    own = StageDraft("ACCEPTANCE", date(2019, 1, 1), line_id=line.pk)
    services.record_stage(pk, own, source=SOURCE, actor=clerk(), on=ON)
    assert [row.kind for row in queries.stages_of(Project.objects.get(), line.pk) if row.entry] == ["ACCEPTANCE"]
    assert not [row for row in queries.stages_of(Project.objects.get(), None) if row.entry]
    with pytest.raises(NotFound):
        services.record_stage(
            pk, StageDraft("ACCEPTANCE", ON, line_id=line.pk + 1), source=SOURCE, actor=clerk(), on=ON
        )


@pytest.mark.django_db
def test_lines_and_money_join_a_project_once() -> None:
    services.record_appropriations([appropriation()], source=SOURCE, actor=clerk(), on=ON)
    services.record_fund_uses([fund_use(), training()], source=SOURCE, actor=clerk(), on=ON, spender_id=bureau().pk)
    pk, other = opened(), opened(name="另一项目")
    lines = [key for key, _label in queries.loose_lines(clerk())]
    sent = [row.pk for row in queries.loose_appropriations(clerk())]
    given = {"source": SOURCE, "actor": clerk(), "on": ON}
    assert services.assign(pk, lines=lines, appropriations=sent, **given) == 3
    assert queries.project_money(Project.objects.get(pk=pk), clerk())[0] == 1_500_000_000
    with pytest.raises(Refusal, match="其他项目"):
        services.assign(other, lines=lines[:1], **given)
    with pytest.raises(NotFound):
        services.assign(pk, appropriations=[10**6], **given)
    with pytest.raises(Refusal, match="至少选择"):
        services.assign(pk, **given)
    balance = {row.key: row for row in queries.balances("project", clerk())}[pk]
    assert (balance.received_fen, balance.spent_fen, balance.agrees) == (1_500_000_000, 153_713_600, True)
    assert evidence.verify(queries.PROTECTED).ok


@pytest.mark.django_db
@pytest.mark.parametrize("group", queries.GROUPS)
def test_every_cut_sums_to_the_same_money(group: str) -> None:
    services.record_appropriations([appropriation()], source=SOURCE, actor=clerk(), on=ON)
    drafts = [fund_use(), fund_use(funding="county", document="x", paid_on=None), training()]
    services.record_fund_uses(drafts, source=SOURCE, actor=clerk(), on=ON, spender_id=bureau().pk)
    rows = queries.balances(group, clerk())
    assert sum(row.spent_fen for row in rows) == sum(draft.paid_fen for draft in drafts)
    assert sum(row.received_fen for row in rows) == (0 if group == "line" else 1_500_000_000)
    assert all(row.spent_fen == row.asset_fen + row.expense_fen for row in rows)


# Pages -----------------------------------------------------------------------------------------------------------


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_project_is_opened_staged_and_shown(log_in) -> None:
    client = log_in("bureau_clerk")
    form = {
        "name": "示范项目",
        "year": "2018",
        "lines": "物流配送体系\n\n物流配送体系\n人才培训",
        "budget_fen": "100.50",
    }
    assert client.post(reverse("funding:project_create"), {**form, "year": "18"}).status_code == 422
    client.post(reverse("funding:project_create"), form)
    pk = Project.objects.get().pk
    assert client.post(reverse("funding:project_create"), form).status_code == 409
    address = reverse("funding:stage_create", args=[pk])
    sent = {"kind": "APPROVAL", "happened": "2018-08", "papers": SimpleUploadedFile("批复.pdf", PDF)}
    assert client.post(address, {**sent, "happened": "八月"}).status_code == 422
    assert client.post(address, {**sent, "papers": SimpleUploadedFile("批复.pdf", PDF)}).status_code == 302
    page = text(client.get(reverse("funding:project", args=[pk])))
    for part in ("2018年8月", "批复.pdf", "已办 1 / 7", "项目编制（缺登记）", "100.50", "物流配送体系"):
        assert part in page
    present = text(client.get(address, {"kind": "APPROVAL"}))
    assert 'value="2018-08"' in present
    assert "更正阶段" in present
    stage_id = Stage.objects.get().pk
    wrong = {"kind": "APPROVAL", "happened": "2018-09-01", "replaces": stage_id}
    assert client.post(address, wrong).status_code == 409
    client.post(address, {**wrong, "reason": "落款日期"})
    page = text(client.get(reverse("funding:project", args=[pk])))
    assert "更正过 1 次" in page
    assert "落款日期" in page
    assert "缺项目编制" in text(client.get(reverse("funding:projects")))


def test_a_stale_correction_of_a_project_is_told_on_the_page(log_in) -> None:
    client = log_in("bureau_clerk")
    client.post(reverse("funding:project_create"), {"name": "示范项目", "year": "2018"})
    pk = Project.objects.get().pk
    address = reverse("funding:project_revise", args=[pk])
    form = {"name": "示范项目", "year": "2019", "reason": "年度有误", "version": "1"}
    assert client.post(address, form).status_code == 302
    answer = client.post(address, {**form, "year": "2020"})
    assert answer.status_code == 409
    assert "刚被他人修改" in answer.content.decode()
    assert Project.objects.get().year == 2019


def test_lines_and_money_are_assigned_on_the_page(log_in, actor_of) -> None:
    client = log_in("bureau_clerk")
    who = actor_of("bureau_clerk")
    services.record_appropriations([appropriation()], source=SOURCE, actor=who, on=ON)
    services.record_fund_uses([fund_use()], source=SOURCE, actor=who, on=ON)
    client.post(reverse("funding:project_create"), {"name": "示范项目", "year": "2018"})
    pk = Project.objects.get().pk
    address = reverse("funding:project_lines", args=[pk])
    assert "县级公共服务中心" in text(client.get(address))
    line, sent = ProjectLine.objects.get().pk, Appropriation.objects.get().pk
    client.post(address, {"lines": [line], "appropriations": [sent]})
    client.post(address, {"name": "物流配送体系", "system": "", "tiers": ""})
    assert ProjectLine.objects.filter(project=pk).count() == 2
    assert Appropriation.objects.get().project_id == pk
    assert "15,000,000.00" in text(client.get(reverse("funding:project", args=[pk])))
    assert "287,136.00" in text(client.get(reverse("funding:uses"), {"project": pk}))


def test_money_is_entered_by_hand_with_its_papers(log_in) -> None:
    client = log_in("bureau_clerk")
    client.post(reverse("funding:project_create"), {"name": "示范项目", "year": "2018", "lines": "物流配送体系"})
    project, line = Project.objects.get().pk, ProjectLine.objects.get().pk
    sent = {
        "funding": "central", "document": "晋财建〔2018〕15号", "issued": "2018-09", "amount_fen": "10,000.00",
        "project_id": project, "papers": SimpleUploadedFile("下达.pdf", PDF),
    }  # fmt: skip
    assert client.post(reverse("funding:appropriation_create"), sent).status_code == 302
    row = Appropriation.objects.get()
    assert (row.amount_fen, row.level, row.issued_precision, row.project_id) == (1_000_000, "CENTRAL", "M", project)
    assert "下达.pdf" in text(client.get(reverse("funding:appropriation", args=[row.pk])))
    use = {
        "line": line, "funding": "central", "document": "晋财建[2018]15号", "item": "分拣设备", "purpose": "物流中心用",
        "payee": "忻州华联", "contract_no": "HT-2019-001", "invoice_no": "04512345、04512346", "paid": "2019-05-10",
        "paid_fen": "5000.01", "asset_fen": "5000", "expense_fen": "0", "spender_id": "",
    }  # fmt: skip
    answer = client.post(reverse("funding:use_create"), use)
    assert "须等于形成资产与费用性支出之和" in answer.content.decode()
    assert answer.status_code == 422
    future = {**use, "asset_fen": "5000.01", "paid": "2999-01-01"}
    assert client.post(reverse("funding:use_create"), future).status_code == 422
    assert client.post(reverse("funding:use_create"), {**use, "asset_fen": "5000.01"}).status_code == 302
    paid = FundUse.objects.get()
    assert (paid.appropriation_id, paid.line_id, paid.contract_no, paid.source[:8]) == (
        row.pk, line, "HT-2019-001", "account:",
    )  # fmt: skip
    page = text(client.get(reverse("funding:use", args=[paid.pk])))
    for part in ("物流中心用", "HT-2019-001", "04512345、04512346", "手工登记"):
        assert part in page
    assert "合同 HT-2019-001" in text(client.get(reverse("funding:uses"), {"q": "HT-2019"}))
    exported = b"".join(client.get(reverse("funding:export", args=["csv"])).streaming_content).decode()
    assert "物流中心用,HT-2019-001" in exported
    assert evidence_queries.history(Ref("fund_use", paid.pk))


def test_without_lines_the_form_says_what_comes_first(log_in) -> None:
    assert "先登记项目和子项目" in text(log_in("bureau_clerk").get(reverse("funding:use_create")))


def test_the_list_of_projects_takes_as_many_statements_for_many(log_in, actor_of) -> None:
    client, who = log_in("bureau_clerk"), actor_of("bureau_clerk")
    given = {"source": SOURCE, "actor": who, "on": ON}
    first = services.open_project(ProjectDraft("项目0", 2018), **given)
    services.record_stage(first, StageDraft("DRAFTING", date(2018, 1, 1)), **given)
    client.get(reverse("funding:projects"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("funding:projects"))
    for n in range(1, 60):
        pk = services.open_project(ProjectDraft(f"项目{n}", 2018), [LineDraft(f"子项目{n}")], **given)
        services.record_stage(pk, StageDraft("DRAFTING", date(2018, 1, 1)), **given)
    with CaptureQueriesContext(connection) as many:
        page = text(client.get(reverse("funding:projects")))
    assert len(many) == len(few)
    assert 'rel="next"' in page
