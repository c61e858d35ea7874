"""Notices and objections as their people carry them: drafting, publishing, proving, objecting, closing."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import publications, queries, services
from mingchan.oversight.disclosure.drafts import FileDraft, ObjectionDraft, PlaceDraft, PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")


def close(notice: Notice, on: date = make.OVER, role: str = "bureau_clerk") -> Notice:
    return services.close(notice.pk, actor=make.actor(role, on), on=on)


def is_intact() -> bool:
    kinds = {protected.kind for protected in queries.PROTECTED}
    report = evidence.verify(queries.PROTECTED)
    return not [finding for finding in report.findings if finding.obj.partition(":")[0] in kinds]


def test_a_notice_is_numbered_dated_and_frozen_when_it_is_published() -> None:
    notice = make.published()
    assert (notice.number, notice.slug) == ("偏公示〔2020〕1号", "2020-1")
    assert (notice.first_day, notice.last_day) == (date(2020, 3, 11), date(2020, 3, 17))
    assert notice.digest == documents.digest_of(notice)
    assert notice.checkpoint
    assert make.published().number == "偏公示〔2020〕2号"
    names = list(NoticePlace.objects.filter(notice=notice).order_by("id").values_list("kind", "name"))
    assert names[0][0] == "WEBSITE"
    assert names[1] == ("BOARD", "偏关县公开栏")
    with pytest.raises(Refusal, match="更正"):
        services.edit(notice.pk, make.given(), notice.version, actor=make.actor("bureau_clerk"), on=make.DAY)
    assert is_intact()


def test_working_days_skip_weekends_and_holidays() -> None:
    notice = make.drafted(days=7, unit="WORKING")
    done = services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=date(2020, 4, 28))
    assert (done.first_day, done.last_day) == (date(2020, 4, 29), date(2020, 5, 11)), "1 to 5 May off, the 9th worked"


def test_a_period_is_never_shorter_than_the_county_decided() -> None:
    with pytest.raises(Refusal, match="不得少于 7 天"):
        make.drafted(days=3)


def test_boards_follow_the_division() -> None:
    town = make.drafted(division_code=make.TOWN)
    assert [board.division_code for board in make.boards(town)] == [make.CENTRE, make.TOWN]
    chosen = make.drafted(places=(PlaceDraft("BOARD", make.TOWN),))
    assert [place.name for place in NoticePlace.objects.filter(notice=chosen)] == [make.boards(town)[1].name]
    with pytest.raises(Refusal, match="场所"):
        make.drafted(places=(PlaceDraft("BOARD", "110101000000"),))


def test_a_number_of_a_person_is_never_published() -> None:
    notice = make.drafted(
        paragraphs=("受益户见表。", "联系人电话 139-1234-5678。"),
        columns=("户主", "身份证号", "金额"),
        rows=(("张三", "14093219700101123X", "500.00"), ("李小四", "", "300.00")),
    )
    clerk = make.actor("bureau_clerk")
    with pytest.raises(Refusal) as caught:
        services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY)
    words = str(caught.value)
    assert "正文第 2 段的手机号" in words
    assert "表格第 1 行第 2 列的身份证号" in words
    assert "表格第 1 行第 1 列的未遮盖的姓名" in words
    notice = services.mask(notice.pk, notice.version, actor=clerk, on=make.DAY)
    done = services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY)
    seen = queries.public_notice(done.slug)
    assert seen.rows == (("张*", "（身份证号略）", "500.00"), ("李*四", "", "300.00"))
    assert seen.paragraphs[1] == "联系人电话 （电话略）。"
    with pytest.raises(Refusal, match="已经发布"):
        services.mask(done.pk, done.version, actor=clerk, on=make.DAY)


def test_who_may_draft_publish_and_see() -> None:
    with pytest.raises(NotAllowed):
        services.draft_by_hand(make.given(), actor=make.actor("audit"), on=make.DAY)
    with pytest.raises(NotAllowed):
        services.draft_by_hand(make.given(), actor=make.actor("town_keeper"), on=make.DAY)
    notice = make.drafted()
    with pytest.raises(NotAllowed):
        services.publish(notice.pk, notice.version, actor=make.actor("audit"), on=make.DAY)
    with pytest.raises(Stale):
        services.publish(notice.pk, 0, actor=make.actor("bureau_clerk"), on=make.DAY)
    with pytest.raises(NotFound):
        services.publish(notice.pk, notice.version, actor=make.actor("village_keeper"), on=make.DAY)


def test_a_notice_ends_after_its_last_day_with_proof_of_every_board() -> None:
    notice = make.published()
    for early in (make.DAY, date(2020, 3, 16), date(2020, 3, 17)):
        with pytest.raises(Refusal, match="2020年3月17日 止"):
            close(notice, early)
    with pytest.raises(Refusal, match="1 处公开栏"):
        close(notice)
    with pytest.raises(Refusal, match="今天之前"):
        services.post(
            make.boards(notice)[0].pk, PostingDraft(make.OVER, photo=make.photo()), actor=make.actor("bureau_clerk"),
            on=make.DAY,
        )  # fmt: skip
    make.posted(notice)
    done = close(notice)
    assert (done.state, done.outcome, done.closed_on) == ("CLOSED", "PASSED", make.OVER)
    with pytest.raises(Refusal, match="不在公示中"):
        close(done)
    assert is_intact()


def test_a_board_may_be_excused_with_a_reason_only() -> None:
    notice = make.published(division_code=make.TOWN)
    keeper = make.actor("town_keeper")
    county, town = make.boards(notice)
    with pytest.raises(NotAllowed):
        services.post(county.pk, PostingDraft(make.DAY, photo=make.photo()), actor=keeper, on=make.DAY)
    with pytest.raises(Refusal, match="拍照"):
        services.post(town.pk, PostingDraft(make.DAY), actor=keeper, on=make.DAY)
    with pytest.raises(Refusal, match="照片"):
        services.post(town.pk, PostingDraft(make.DAY, photo=FileDraft("a.pdf", make.PDF)), actor=keeper, on=make.DAY)
    services.post(town.pk, PostingDraft(make.DAY, reason="公开栏正在修缮"), actor=keeper, on=make.DAY)
    proof = services.post(town.pk, PostingDraft(make.DAY, "09:05", photo=make.photo()), actor=keeper, on=make.DAY)
    assert proof.photo is not None
    assert proof.photo.division_code == make.TOWN


def test_an_objection_holds_the_notice_until_it_is_answered() -> None:
    notice = make.proved()
    objection, receipt = make.object_to(notice, make.DAY + timedelta(days=7), name="王二小", contact="13912345678")
    assert not objection.is_late
    assert re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", receipt.code)
    assert (objection.name_mask, objection.contact_mask) == ("王**", "139****78")
    assert objection.due_on == date(2020, 3, 31), "ten working days after the 17th"
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        close(notice)
    assert services.close_over(actor=make.actor("bureau_clerk", make.OVER), on=make.OVER) == (0, 1)
    make.answered(objection, on=make.OVER)
    assert services.close_over(actor=make.actor("bureau_clerk", make.OVER), on=make.OVER) == (1, 0)
    assert Notice.objects.get(pk=notice.pk).outcome == "PASSED"
    assert is_intact()


def test_a_late_objection_holds_nothing_but_is_answered() -> None:
    notice = make.proved()
    objection, receipt = make.object_to(notice, make.OVER)
    assert objection.is_late
    close(notice)
    after, _receipt = make.object_to(notice, make.OVER + timedelta(days=1))
    assert after.is_late
    done = make.answered(objection, "UPHELD", make.OVER + timedelta(days=2))
    assert Notice.objects.get(pk=notice.pk).outcome == "PASSED"
    followed = queries.followed(receipt.number.lower(), f" {receipt.code.lower()} ")
    assert (followed.objection.verdict, followed.objection.answer) == ("UPHELD", done.answer)
    assert followed.text == objection.text
    for number, code in ((receipt.number, "AAAAA-AAAAA"), ("YY2020-9999", receipt.code), ("", "")):
        with pytest.raises(NotFound):
            queries.followed(number, code)


def test_nobody_with_a_part_in_it_deals_with_an_objection() -> None:
    notice = make.proved()
    objection, _receipt = make.object_to(notice)
    clerk = make.actor("bureau_clerk")
    may_all = replace(clerk, grants=(*clerk.grants, *make.actor("bureau_reviewer").grants))
    with pytest.raises(NotAllowed, match="经办人"):
        services.accept(objection.pk, make.account("bureau_reviewer"), 1, actor=may_all, on=make.DAY)
    with pytest.raises(NotAllowed, match="经办人"):
        services.refuse(objection.pk, "与本公示无关的事", 1, actor=may_all, on=make.DAY)
    with pytest.raises(Refusal, match="权限"):
        services.accept(objection.pk, make.account("bureau_clerk"), 1, actor=make.actor("bureau_reviewer"), on=make.DAY)
    with pytest.raises(NotAllowed):
        services.accept(objection.pk, make.account("bureau_reviewer"), 1, actor=make.actor("audit"), on=make.DAY)


def test_a_party_to_the_matter_does_not_deal_with_objections_to_it() -> None:
    reviewer = make.actor("bureau_reviewer")
    office = directory_office("bureau_reviewer")
    case = make.waiting_case(interested=[])
    Case.objects.filter(pk=case.pk).update(interested=f"[{office}]")
    notice = make.notice_of(case)
    notice = services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY)
    objection, _receipt = make.object_to(notice)
    with pytest.raises(NotAllowed, match="利害关系方"):
        services.accept(objection.pk, make.account("bureau_reviewer"), 1, actor=reviewer, on=make.DAY)


def directory_office(role: str) -> int:
    from mingchan.foundation.directory.models import Account

    return Account.objects.get(username=role).office_id


def test_an_answer_is_looked_into_first_and_shows_nobody() -> None:
    notice = make.proved()
    objection, _receipt = make.object_to(notice, name="王二小", contact="0350-7651234")
    row = make.accepted(objection)
    who = make.actor("bureau_reviewer")
    with pytest.raises(Refusal, match="核查记录"):
        services.answer(row.pk, "UPHELD", "经核查属实，另行处理。", row.version, actor=who, on=make.DAY)
    services.note(row.pk, "看过现场。", paper=FileDraft("笔录.pdf", make.PDF), actor=who, on=make.DAY)
    for words, why in (
        ("王二小反映的情况属实", "姓名"),
        ("请联系 0350-7651234 办理", "联系方式"),
        ("请联系 13912345678 办理", "手机号"),
        ("好", "至少 5 个字"),
    ):
        with pytest.raises(Refusal, match=why):
            services.answer(row.pk, "UPHELD", words, row.version, actor=who, on=make.DAY)
    with pytest.raises(Refusal, match="成立"):
        services.answer(row.pk, "MAYBE", "经核查属实，另行处理。", row.version, actor=who, on=make.DAY)
    row = services.answer(row.pk, "PARTLY", "经核查部分属实，另行处理。", row.version, actor=who, on=make.DAY)
    with pytest.raises(Refusal, match="只有一次"):
        services.answer(row.pk, "UPHELD", "经核查属实，另行处理。", row.version, actor=who, on=make.DAY)
    answer = queries.public_answers(notice.slug)[0]
    assert (answer.verdict, answer.state) == ("PARTLY", "ANSWERED")
    with pytest.raises(Refusal, match="3月17日"):
        close(notice, make.DAY + timedelta(days=1))
    assert close(notice).outcome == "UPHELD", "upheld in part goes back too"


def test_an_inadmissible_objection_holds_no_more_and_its_reason_is_public() -> None:
    notice = make.proved()
    objection, _receipt = make.object_to(notice)
    services.refuse(objection.pk, "所述事项与本公示无关", 1, actor=make.actor("bureau_reviewer"), on=make.DAY)
    answer = queries.public_answers(notice.number)[0]
    assert (answer.state, answer.answer) == ("INADMISSIBLE", "所述事项与本公示无关")
    assert close(notice).outcome == "PASSED"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "不"}, "5 至"),
        ({"text": "长" * 2001}, "5 至"),
        ({"files": [FileDraft(f"{n}.pdf", make.PDF) for n in range(6)]}, "最多 5 个"),
        ({"files": [FileDraft("大.pdf", make.PDF + b" " * (10 * 1024 * 1024))]}, "10 MB"),
        ({"files": [FileDraft("表.csv", "甲,乙\n".encode())]}, "只收图片和 PDF"),
        ({"files": [FileDraft("页.html", b"<script>alert(1)</script>")]}, "不接收"),
    ],
)
def test_what_may_not_come_with_an_objection(change: dict[str, object], why: str) -> None:
    notice = make.published()
    with pytest.raises(Refusal, match=why):
        make.object_to(notice, **change)
    assert not Objection.objects.exists()


def test_files_of_an_objection_are_encoded_anew() -> None:
    notice = make.published()
    picture = make.photo()
    hidden = FileDraft(picture.name, picture.content + b"<script>hidden</script>")
    objection, _receipt = make.object_to(notice, files=(hidden,))
    from mingchan.foundation.evidence import queries as log

    kept = log.attachments_of(Ref("objection", objection.pk))[0]
    content = log.open_attachment(kept.pk)[1].read_bytes()
    assert kept.media_type == "image/jpeg"
    assert b"script" not in content


def test_who_objects_to_no_published_notice_is_told() -> None:
    draft = make.drafted()
    with pytest.raises(NotFound):
        make.object_to(draft)
    with pytest.raises(NotFound):
        services.object_to(0, ObjectionDraft("没有这份公示吗"), actor=make.anybody(), on=make.DAY)
    services.drop(draft.pk, "重复拟稿", actor=make.actor("bureau_clerk"), on=make.DAY)
    with pytest.raises(NotFound):
        make.object_to(draft)


def test_a_correction_begins_the_whole_period_anew_and_the_old_one_stays_to_be_read() -> None:
    old = make.proved()
    clerk = make.actor("bureau_clerk")
    later = make.DAY + timedelta(days=5)
    new = services.correct(old.pk, "漏列一台", actor=clerk, on=later)
    with pytest.raises(Refusal, match="更正稿"):
        close(old)
    with pytest.raises(Refusal, match="已经有更正稿"):
        services.correct(old.pk, "再改", actor=clerk, on=later)
    given = make.given(paragraphs=("拟报废台式电脑四台。",))
    new = services.edit(new.pk, given, new.version, actor=clerk, on=later)
    new = services.publish(new.pk, new.version, actor=make.actor("bureau_reviewer"), on=later)
    assert (new.first_day, new.last_day) == (date(2020, 3, 16), date(2020, 3, 22))
    seen = queries.public_notice(old.slug)
    assert (seen.state, seen.replaced_by, seen.reason) == ("corrected", new.slug, "漏列一台")
    assert seen.paragraphs[0] == "拟报废台式电脑三台。"
    with pytest.raises(Refusal, match=re.escape(new.number)):
        make.object_to(old, later)
    with pytest.raises(Refusal, match="3月22日"):
        close(new)
    assert is_intact()


def test_a_correction_does_not_shake_an_objection_off() -> None:
    old = make.proved()
    objection, _receipt = make.object_to(old)
    clerk = make.actor("bureau_clerk")
    new = services.correct(old.pk, "漏列一台", actor=clerk, on=make.DAY)
    new = make.posted(services.publish(new.pk, new.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        close(new)
    make.answered(objection, "UPHELD", make.OVER)
    assert close(new).outcome == "UPHELD", "answered while the new one ran"


def test_an_upheld_objection_that_led_to_the_correction_is_dealt_with_by_it() -> None:
    old = make.proved()
    objection, _receipt = make.object_to(old)
    make.answered(objection, "UPHELD")
    clerk = make.actor("bureau_clerk")
    new = services.correct(old.pk, "采纳群众异议", actor=clerk, on=make.DAY)
    new = make.posted(services.publish(new.pk, new.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    assert close(new).outcome == "PASSED"


def test_a_notice_by_hand_is_withdrawn_with_a_reason_and_stays_to_be_read() -> None:
    notice = make.published()
    clerk = make.actor("bureau_clerk")
    with pytest.raises(Refusal, match="理由"):
        services.withdraw(notice.pk, " ", actor=clerk, on=make.DAY)
    services.withdraw(notice.pk, "事项取消", actor=clerk, on=make.DAY)
    assert queries.public_notice(notice.slug).state == "withdrawn"
    with pytest.raises(Refusal, match="已撤销"):
        make.object_to(notice)


# ---- Cases ----------------------------------------------------------------------------------------------------------


def test_a_case_at_its_notice_step_gets_its_draft_and_goes_on_when_the_period_has_passed() -> None:
    case = make.waiting_case()
    notice = make.notice_of(case)
    assert (notice.state, notice.kind, notice.title) == ("DRAFT", "GENERAL", case.title)
    clerk = make.actor("bureau_clerk")
    with pytest.raises(Refusal, match="等待这份公示"):
        services.drop(notice.pk, "不要了", actor=clerk, on=make.DAY)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    with pytest.raises(Refusal, match="还在等待"):
        services.withdraw(notice.pk, "不要了", actor=clerk, on=make.DAY)
    close(notice)
    case.refresh_from_db()
    assert case.status == "APPROVED"
    assert '"notice_outcome":"PASSED"' in case.found


def test_an_upheld_objection_sends_the_case_back_to_its_drafter_and_the_next_notice_begins_anew() -> None:
    case = make.waiting_case()
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    objection, _receipt = make.object_to(notice)
    make.answered(objection, "UPHELD")
    close(notice)
    case.refresh_from_db()
    assert case.status == "RUNNING"
    assert Task.objects.get(case=case, status="WAITING").node == "revise"
    case = make.decide(case, "revise", make.actor("bureau_clerk", make.OVER), make.OVER, "DONE", revised="另选经营者。")
    case = make.approved(case, make.OVER)
    again = make.notice_of(case)
    assert (again.pk != notice.pk, again.state, again.origin_id) == (True, "DRAFT", notice.pk)
    again = make.posted(services.publish(again.pk, again.version, actor=make.actor("bureau_reviewer"), on=make.OVER))
    close(again, make.OVER + timedelta(days=8))
    case.refresh_from_db()
    assert case.status == "APPROVED"


def test_a_drawing_without_a_way_back_does_not_pass_an_upheld_objection() -> None:
    case = make.waiting_case(way_back=False)
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    objection, _receipt = make.object_to(notice)
    make.answered(objection, "UPHELD")
    with pytest.raises(Refusal, match="没有画出退回的路"):
        close(notice)
    assert Notice.objects.get(pk=notice.pk).state == "PUBLISHED"


def test_when_the_case_refuses_to_go_on_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make.waiting_case()
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))

    def refuse(*_given: object, **_named: object) -> None:
        raise Refusal("后续不能办理")

    monkeypatch.setattr(procedures, "signal", refuse)
    with pytest.raises(Refusal, match="后续不能办理"):
        close(notice)
    assert Notice.objects.get(pk=notice.pk).state == "PUBLISHED"
    assert Task.objects.get(case=case, node="notice").status == "WAITING"


def test_a_case_taken_back_takes_its_notice_back() -> None:
    clerk = make.actor("bureau_clerk")
    running, draft = make.waiting_case(), make.waiting_case()
    notice = make.notice_of(running)
    services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY)
    for case in (running, draft):
        procedures.withdraw(case.pk, reason="不办了", version=case.version, actor=clerk, on=make.DAY)
    assert make.notice_of(running).state == "WITHDRAWN"
    assert make.notice_of(draft).state == "DROPPED"
    with pytest.raises(Refusal):
        close(make.notice_of(running))


def test_a_changed_case_gets_a_new_notice_and_open_objections_go_on_holding() -> None:
    case = make.waiting_case()
    clerk = make.actor("bureau_clerk")
    notice = make.notice_of(case)
    notice = services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY)
    objection, _receipt = make.object_to(notice)
    case = procedures.amend(
        case.pk, reason="补充", version=case.version, text="改由乙合作社经营。", actor=clerk, on=make.DAY
    )
    ended = make.notice_of(case)
    assert (ended.pk, ended.state, ended.ended_reason) == (notice.pk, "WITHDRAWN", "事项已修改，重新办理")
    case = make.approved(case)
    again = make.notice_of(case)
    assert (again.state, again.origin_id) == ("DRAFT", notice.origin_id)
    again = make.posted(services.publish(again.pk, again.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        close(again)
    make.answered(objection)
    close(again)
    case.refresh_from_db()
    assert case.status == "APPROVED"


def test_a_draft_ends_with_the_amendment_of_its_case_and_a_refused_amendment_ends_nothing() -> None:
    case = make.waiting_case()
    clerk, notice = make.actor("bureau_clerk"), make.notice_of(case)
    with pytest.raises(Refusal, match="没有改动"):
        procedures.amend(case.pk, reason="补充", version=case.version, actor=clerk, on=make.DAY)
    assert make.notice_of(case).state == "DRAFT"
    procedures.amend(case.pk, reason="补充", version=case.version, text="另定。", actor=clerk, on=make.DAY)
    assert (make.notice_of(case).pk, make.notice_of(case).state) == (notice.pk, "DROPPED")


def test_nobody_publishes_what_they_drafted_changed_or_brought_in() -> None:
    def publish(notice: Notice, who: str) -> Notice:
        return services.publish(notice.pk, notice.version, actor=make.actor(who), on=make.DAY)

    drafted = make.drafted()
    with pytest.raises(NotAllowed, match="另一人"):
        publish(drafted, "bureau_clerk")
    matter = make.notice_of(make.waiting_case())
    with pytest.raises(NotAllowed, match="另一人"):
        publish(matter, "bureau_clerk")
    changed = make.drafted()
    Notice.objects.filter(pk=changed.pk).update(editor_id=make.account("bureau_reviewer"))
    with pytest.raises(NotAllowed, match="另一人"):
        publish(changed, "bureau_reviewer")
    for notice in (drafted, matter):
        done = publish(notice, "bureau_reviewer")
        assert done.publisher_id == make.account("bureau_reviewer")


def test_who_changed_a_draft_last_is_kept() -> None:
    notice = make.drafted()
    assert notice.editor_id is None
    services.edit(notice.pk, make.given(title="改后"), notice.version, actor=make.actor("bureau_clerk"), on=make.DAY)
    assert Notice.objects.get(pk=notice.pk).editor_id == make.account("bureau_clerk")


def test_a_case_that_waited_before_is_found() -> None:
    case = make.waiting_case()
    lost = Notice.objects.filter(case=case)
    lost.update(state="DROPPED", ended_on=make.DAY, ended_reason="此前没有公示")
    assert services.draft_missing(actor=make.actor("bureau_clerk"), on=make.DAY) == 1
    assert (make.notice_of(case).state, lost.count()) == ("DRAFT", 2)
    assert services.draft_missing(actor=make.actor("bureau_clerk"), on=make.DAY) == 0


def test_a_context_says_what_its_cases_make_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        publications._builders,
        "general",
        lambda case: Publication(
            kind="OPERATOR_CHANGE",
            title="经营者变更公示",
            paragraphs=("经营者由甲变更为乙，联系人李四，电话13912345678。",),
            division_code=make.TOWN,
            subject=Ref("asset", 7),
            columns=("联系人", "站点"),
            rows=(("李四", "新关镇站点"),),
            clauses=("2.4.2c",),
        ),
    )
    notice = make.notice_of(make.waiting_case())
    content = documents.content_of(notice)
    assert (notice.division_code, notice.subject) == (make.TOWN, "asset:7")
    assert content.paragraphs == ("经营者由甲变更为乙，联系人李*，电话（电话略）。",)
    assert content.rows == (("李*", "新关镇站点"),)


def test_what_the_public_reads_comes_page_by_page() -> None:
    first, second = make.published(), make.published(division_code=make.TOWN)
    make.drafted()
    found, after = queries.public_notices(county=make.COUNTY, limit=1)
    assert ([one.slug for one in found], after) == ([second.slug], str(second.pk))
    found, after = queries.public_notices(county=make.COUNTY, limit=1, after=after)
    assert ([one.slug for one in found], after) == ([first.slug], "")
    town, _after = queries.public_notices(county=make.COUNTY, division_prefix=make.TOWN[:9], state="running")
    assert [one.slug for one in town] == [second.slug]
    assert queries.public_notices(county=make.COUNTY, state="over")[0] == []
    for missing in ("", "2020-99", str(first.pk)):
        with pytest.raises(NotFound):
            queries.public_notice(missing)


def test_whoever_objects_is_kept_encrypted() -> None:
    objection, _receipt = make.object_to(make.published(), name="王二小", contact="13912345678")
    stored = Objection.objects.filter(pk=objection.pk).values_list()[0]
    assert "王二小" not in str(stored)
    assert "王二小".encode() not in bytes(objection.name_cipher or b"")
    assert "12345678" not in str(stored)
