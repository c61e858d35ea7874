"""Notices and objections as their people carry them: drafting, publishing, proving, objecting, closing."""

import re
from datetime import date, timedelta

import pytest

from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Task
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import publications, queries, services
from mingchan.oversight.disclosure.drafts import FileDraft, PlaceDraft, PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")


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
    assert make.is_intact()


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
            make.close(notice, early)
    with pytest.raises(Refusal, match="1 处公开栏"):
        make.close(notice)
    with pytest.raises(Refusal, match="今天之前"):
        services.post(
            make.boards(notice)[0].pk, PostingDraft(make.OVER, photo=make.photo()), actor=make.actor("bureau_clerk"),
            on=make.DAY,
        )  # fmt: skip
    make.posted(notice)
    done = make.close(notice)
    assert (done.state, done.outcome, done.closed_on) == ("CLOSED", "PASSED", make.OVER)
    with pytest.raises(Refusal, match="不在公示中"):
        make.close(done)
    assert make.is_intact()


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


def test_a_correction_begins_the_whole_period_anew_and_the_old_one_stays_to_be_read() -> None:
    old = make.proved()
    clerk = make.actor("bureau_clerk")
    later = make.DAY + timedelta(days=5)
    new = services.correct(old.pk, "漏列一台", actor=clerk, on=later)
    with pytest.raises(Refusal, match="更正稿"):
        make.close(old)
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
        make.close(new)
    assert make.is_intact()


def test_a_correction_does_not_shake_an_objection_off() -> None:
    old = make.proved()
    objection, _receipt = make.object_to(old)
    clerk = make.actor("bureau_clerk")
    new = services.correct(old.pk, "漏列一台", actor=clerk, on=make.DAY)
    new = make.posted(services.publish(new.pk, new.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        make.close(new)
    make.answered(objection, "UPHELD", make.OVER)
    assert make.close(new).outcome == "UPHELD", "answered while the new one ran"


def test_an_upheld_objection_that_led_to_the_correction_is_dealt_with_by_it() -> None:
    old = make.proved()
    objection, _receipt = make.object_to(old)
    make.answered(objection, "UPHELD")
    clerk = make.actor("bureau_clerk")
    new = services.correct(old.pk, "采纳群众异议", actor=clerk, on=make.DAY)
    new = make.posted(services.publish(new.pk, new.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    assert make.close(new).outcome == "PASSED"


def test_a_notice_by_hand_is_withdrawn_with_a_reason_and_stays_to_be_read() -> None:
    notice = make.published()
    clerk = make.actor("bureau_clerk")
    with pytest.raises(Refusal, match="理由"):
        services.withdraw(notice.pk, " ", actor=clerk, on=make.DAY)
    services.withdraw(notice.pk, "事项取消", actor=clerk, on=make.DAY)
    assert queries.public_notice(notice.slug).state == "withdrawn"
    with pytest.raises(Refusal, match="已撤销"):
        make.object_to(notice)


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
    make.close(notice)
    case.refresh_from_db()
    assert case.status == "APPROVED"
    assert '"notice_outcome":"PASSED"' in case.found


def test_an_upheld_objection_sends_the_case_back_to_its_drafter_and_the_next_notice_begins_anew() -> None:
    case = make.waiting_case()
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    objection, _receipt = make.object_to(notice)
    make.answered(objection, "UPHELD")
    make.close(notice)
    case.refresh_from_db()
    assert case.status == "RUNNING"
    assert Task.objects.get(case=case, status="WAITING").node == "revise"
    case = make.decide(case, "revise", make.actor("bureau_clerk", make.OVER), make.OVER, "DONE", revised="另选经营者。")
    case = make.approved(case, make.OVER)
    again = make.notice_of(case)
    assert (again.pk != notice.pk, again.state, again.origin_id) == (True, "DRAFT", notice.pk)
    again = make.posted(services.publish(again.pk, again.version, actor=make.actor("bureau_reviewer"), on=make.OVER))
    make.close(again, make.OVER + timedelta(days=8))
    case.refresh_from_db()
    assert case.status == "APPROVED"


def test_a_drawing_without_a_way_back_does_not_pass_an_upheld_objection() -> None:
    case = make.waiting_case(way_back=False)
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    objection, _receipt = make.object_to(notice)
    make.answered(objection, "UPHELD")
    with pytest.raises(Refusal, match="没有画出退回的路"):
        make.close(notice)
    assert Notice.objects.get(pk=notice.pk).state == "PUBLISHED"


def test_when_the_case_refuses_to_go_on_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make.waiting_case()
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))

    def refuse(*_given: object, **_named: object) -> None:
        raise Refusal("后续不能办理")

    monkeypatch.setattr(procedures, "signal", refuse)
    with pytest.raises(Refusal, match="后续不能办理"):
        make.close(notice)
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
        make.close(make.notice_of(running))


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
        make.close(again)
    make.answered(objection)
    make.close(again)
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
