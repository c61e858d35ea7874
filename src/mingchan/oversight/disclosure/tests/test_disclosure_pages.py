"""Pages of notices and objections: what they show, to whom, and in how many statements."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingchan.foundation.evidence.models import Record
from mingchan.kernel import period
from mingchan.oversight.disclosure import cards, services
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection, Posting
from mingchan.oversight.disclosure.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")
LogIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of these tests are read on the day of the factories."""
    monkeypatch.setattr(period, "today", lambda: make.DAY)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def form(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "GENERAL", "division_code": make.CENTRE, "title": "一般公示", "text": "第一段\n第二段",
        "table": "户主\t金额\n张三\t500.00", "days": 7, "unit": "CALENDAR", "contact": "县工信局", **changes,
    }  # fmt: skip


def test_a_clerk_drafts_and_masks_and_another_checks_and_publishes(log_in: LogIn) -> None:
    clerk = log_in("bureau_clerk")
    answer = clerk.post(reverse("disclosure:create"), form())
    notice = Notice.objects.get(title="一般公示")
    to = reverse("disclosure:notice", args=[notice.pk])
    assert (answer.status_code, answer["Location"]) == (302, to)
    shown = text_of(clerk.get(to))
    assert "表格第 1 行第 1 列的未遮盖的姓名" in shown
    other = log_in("bureau_reviewer")
    publish = reverse("disclosure:publish", args=[notice.pk])
    refused = other.post(publish, {"version": notice.version}, follow=True)
    assert "还有个人信息，不能发布" in text_of(refused)
    clerk = log_in("bureau_clerk")
    clerk.post(reverse("disclosure:mask", args=[notice.pk]))
    notice.refresh_from_db()
    assert "请由另一人核对后发布" in text_of(clerk.get(to))
    assert "请由另一人核对后发布" in text_of(clerk.get(publish))
    assert clerk.post(publish, {"version": notice.version}).status_code == 403
    other = log_in("bureau_reviewer")
    check = text_of(other.get(publish))
    assert "张*" in check
    assert "请由另一人核对后发布" not in check
    assert "2020年3月11日 至 2020年3月17日（7 个自然日）" in check
    other.post(publish, {"version": notice.version})
    shown = text_of(clerk.get(to))
    assert "偏公示〔2020〕1号" in shown
    assert "明日起算，至 2020年3月17日 止" in shown
    assert log_in("bureau_clerk").get(reverse("disclosure:edit", args=[notice.pk])).status_code == 302


def test_a_draft_is_edited_with_its_table_and_boards(log_in: LogIn) -> None:
    clerk = log_in("bureau_clerk")
    notice = make.drafted()
    to = reverse("disclosure:edit", args=[notice.pk])
    assert "拟报废台式电脑三台。" in text_of(clerk.get(to))
    changed = form(version=notice.version, title="改后的公示", boards=[make.TOWN], table="名称｜数量\n货架｜2\n电脑")
    assert clerk.post(to, changed).status_code == 302
    notice.refresh_from_db()
    assert (notice.title, notice.rows) == ("改后的公示", '[["货架","2"],["电脑",""]]')
    assert [board.division_code for board in make.boards(notice)] == [make.TOWN]
    stale = clerk.post(to, changed)
    assert "他人已先保存" in text_of(stale)
    wrong = clerk.post(to, form(version=notice.version, days=3))
    assert "公示期不得少于 7 天" in text_of(wrong)


def test_the_list_has_tabs_filters_and_pages(log_in: LogIn) -> None:
    running, draft = make.published(division_code=make.TOWN), make.drafted(kind="GENERAL", title="另一份")
    clerk = log_in("bureau_clerk")

    def titles(query: str) -> set[str]:
        shown = text_of(clerk.get(reverse("disclosure:list") + query))
        return {one.title for one in (running, draft) if f"/notices/{one.pk}/" in shown}

    assert titles("") == {running.title, draft.title}
    assert titles("?tab=running") == {running.title}
    assert titles("?tab=drafts") == {draft.title}
    assert titles("?tab=to_post") == {running.title}
    assert titles("?tab=to_close") == set()
    assert titles("?tab=past") == set()
    assert titles("?kind=GENERAL") == {draft.title}
    assert titles(f"?division={make.TOWN}") == {running.title}
    assert titles("?q=另一") == {draft.title}
    assert titles("?tab=nothing&kind=nothing&division=x&after=x") == {running.title, draft.title}
    assert titles(f"?after={draft.pk}") == {running.title}


def test_a_list_costs_the_same_for_one_notice_and_for_many(
    log_in: LogIn, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    make.object_to(make.published())
    clerk = log_in("bureau_clerk")
    address = reverse("disclosure:list")
    clerk.get(address)
    with django_assert_max_num_queries(30) as few:
        clerk.get(address)
    for _number in range(5):
        make.object_to(make.published())
    with django_assert_num_queries(len(few.captured_queries)):
        clerk.get(address)
    reviewer = log_in("bureau_reviewer")
    with django_assert_max_num_queries(30):
        reviewer.get(reverse("disclosure:objections"))


def test_a_keeper_photographs_its_own_board_only(log_in: LogIn) -> None:
    notice = make.published(division_code=make.TOWN)
    county, town = make.boards(notice)
    keeper = log_in("town_keeper")
    assert keeper.get(reverse("disclosure:post", args=[county.pk])).status_code == 403
    to = reverse("disclosure:post", args=[town.pk])
    shown = text_of(keeper.get(to))
    assert 'capture="environment"' in shown
    empty = keeper.post(to, {"posted_on": make.DAY})
    assert "请拍照" in text_of(empty)
    picture = SimpleUploadedFile("a.jpg", make.photo().content, "image/jpeg")
    sent = keeper.post(to, {"posted_on": make.DAY, "posted_at": "09:05", "photo": picture})
    assert sent.status_code == 302
    assert Posting.objects.get(place=town).photo is not None
    shown = text_of(keeper.get(reverse("disclosure:notice", args=[notice.pk])))
    assert "已留证" in shown
    assert keeper.get(reverse("disclosure:list") + "?tab=to_post").status_code == 200


def test_drafts_are_hidden_from_those_elsewhere(log_in: LogIn) -> None:
    draft = make.drafted()
    keeper = log_in("village_keeper")
    assert keeper.get(reverse("disclosure:notice", args=[draft.pk])).status_code == 404
    assert draft.title not in text_of(keeper.get(reverse("disclosure:list")))


def test_the_poster_is_a_paper_that_is_recorded(log_in: LogIn) -> None:
    clerk = log_in("bureau_clerk")
    draft = make.drafted()
    assert clerk.get(reverse("disclosure:poster", args=[draft.pk])).status_code == 302
    notice = make.published()
    answer = clerk.get(reverse("disclosure:poster", args=[notice.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Record.objects.filter(obj=f"notice:{notice.pk}", act="disclosure.notice.printed").exists()


def test_an_objection_is_noted_accepted_looked_into_and_answered(log_in: LogIn) -> None:
    notice = make.published()
    clerk = log_in("bureau_clerk")
    words = {"text": "村民来人反映：电脑还能用。", "name": "王二小", "contact": "13912345678"}
    shown = text_of(clerk.post(reverse("disclosure:lodge", args=[notice.pk]), words))
    objection = Objection.objects.get()
    assert objection.number in shown
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", shown)
    assert code is not None
    assert (objection.source, objection.taken_by) == ("COUNTER", make.actor("bureau_clerk").name)
    page = reverse("disclosure:objection", args=[objection.pk])
    shown = text_of(clerk.get(page))
    assert code[0] not in shown
    assert "王二小" not in shown
    assert "受理" in shown
    assert reverse("disclosure:accept", args=[objection.pk]) not in shown
    reviewer = log_in("bureau_reviewer")
    given = {"investigator": make.account("bureau_reviewer"), "version": objection.version}
    assert reviewer.post(reverse("disclosure:accept", args=[objection.pk]), given).status_code == 302
    assert "请先" not in text_of(reviewer.get(page))
    reviewer.post(reverse("disclosure:note", args=[objection.pk]), {"text": "看过现场。"})
    objection.refresh_from_db()
    wrong = {"verdict": "NOT_UPHELD", "text": "请王二小放心，电脑已坏。", "version": objection.version}
    assert "不要写出提出人" in text_of(reviewer.post(reverse("disclosure:answer", args=[objection.pk]), wrong))
    right = {**wrong, "text": "三台电脑主板均已损坏，不能修复。"}
    assert reviewer.post(reverse("disclosure:answer", args=[objection.pk]), right).status_code == 302
    assert "三台电脑主板均已损坏" in text_of(reviewer.get(reverse("disclosure:notice", args=[notice.pk])))


def test_late_answers_stand_out(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    make.object_to(make.published())
    monkeypatch.setattr(period, "today", lambda: date(2020, 4, 1))
    reviewer = log_in("bureau_reviewer")
    shown = text_of(reviewer.get(reverse("disclosure:objections")))
    assert "有 1 件异议超过答复期限" in shown
    assert "超期 8 天" in shown
    assert "YY2020-0001" in text_of(reviewer.get(reverse("disclosure:objections") + "?tab=overdue"))
    assert "YY2020-0001" not in text_of(reviewer.get(reverse("disclosure:objections") + "?tab=done"))


def test_a_look_at_a_name_is_recorded_and_refused_without_a_reason(log_in: LogIn) -> None:
    objection, _receipt = make.object_to(make.published(), name="王二小")
    to = reverse("disclosure:reveal", args=[objection.pk])
    reviewer = log_in("bureau_reviewer")
    assert "王二小" not in text_of(reviewer.post(to, {"field": "name", "reason": "看"}))
    assert "王二小" in text_of(reviewer.post(to, {"field": "name", "reason": "核查需要联系本人"}))
    assert Record.objects.filter(act="disclosure.objection.revealed").count() == 1
    clerk = log_in("bureau_clerk")
    assert clerk.post(to, {"field": "name", "reason": "想知道是谁提的"}).status_code == 403
    assert Record.objects.filter(act="disclosure.objection.revealed").count() == 2


def test_a_matter_shows_its_notice_and_what_holds_it(log_in: LogIn) -> None:
    case = make.waiting_case()
    notice = make.notice_of(case)
    services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY)
    objection, _receipt = make.object_to(notice)
    shown = text_of(log_in("bureau_reviewer").get(reverse("procedures:case", args=[case.pk])))
    assert "偏公示〔2020〕1号" in shown
    assert objection.number in shown
    assert "应于 2020年3月24日 前答复" in shown


def test_closing_correcting_withdrawing_and_giving_up_from_the_page(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, draft = make.proved(), make.published(), make.drafted()
    clerk = log_in("bureau_clerk")
    early = clerk.post(reverse("disclosure:close", args=[first.pk]), follow=True)
    assert "次日起才能办结" in text_of(early)
    clerk.post(reverse("disclosure:withdraw", args=[second.pk]), {"reason": "事项取消"})
    clerk.post(reverse("disclosure:drop", args=[draft.pk]), {"reason": "重复"})
    monkeypatch.setattr(period, "today", lambda: make.OVER)
    clerk.post(reverse("disclosure:close", args=[first.pk]))
    states = dict(Notice.objects.values_list("pk", "state"))
    assert states == {first.pk: "CLOSED", second.pk: "WITHDRAWN", draft.pk: "DROPPED"}
    clerk.post(reverse("disclosure:correct", args=[first.pk]), {"reason": "写错日期"})
    correction = Notice.objects.get(supersedes=first)
    assert correction.title in text_of(clerk.get(reverse("disclosure:edit", args=[correction.pk])))
    assert NoticePlace.objects.filter(notice=correction).count() == 2
    assert "写错日期" in text_of(clerk.get(reverse("disclosure:notice", args=[correction.pk])))


def test_days_left_count_down(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = make.published()
    to = reverse("disclosure:notice", args=[notice.pk])
    clerk = log_in("bureau_clerk")
    for ahead, words in ((1, "还有 7 天"), (7, "还有 1 天"), (8, "已于 2020年3月17日 期满")):
        monkeypatch.setattr(period, "today", lambda ahead=ahead: make.DAY + timedelta(days=ahead))
        assert words in text_of(clerk.get(to))


def figures(role: str, on: date) -> dict[str, tuple[int, str]]:
    """What the role's card tells, by label: the figure and the address of its list."""
    card = cards.of_notices(make.actor(role, on), on)
    assert card is not None
    return {str(one.label): (one.value, one.url) for one in (*card.waiting, *card.ending, *card.lapsed)}


def test_a_desk_tells_what_waits_and_every_figure_is_that_of_its_list(log_in: LogIn) -> None:
    make.drafted()
    objection, _receipt = make.object_to(make.published(division_code=make.TOWN))
    clerk, keeper, reviewer = (figures(role, make.DAY) for role in ("bureau_clerk", "town_keeper", "bureau_reviewer"))
    assert clerk["待发布的公示稿"][0] == 1
    assert clerk["待张贴留证的公示"][0] == 1
    assert "待发布的公示稿" not in keeper
    assert keeper["待张贴留证的公示"][0] == 1
    assert "待办理的异议" not in clerk
    assert reviewer["待办理的异议"][0] == 1
    late = figures("bureau_reviewer", date(2020, 4, 1))
    assert (late["超期未答复的异议"][0], late["期满还没有办结的公示"][0]) == (1, 1)
    assert figures("bureau_reviewer", date(2020, 3, 15))["3 天内到期的公示"][0] == 1
    assert objection.number in text_of(log_in("bureau_reviewer").get(reviewer["待办理的异议"][1]))
