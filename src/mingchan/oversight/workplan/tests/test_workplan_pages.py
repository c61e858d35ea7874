"""Pages of the stages, asked for by accounts of the sample county on days of the plan."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.policy import queries as policy
from mingchan.oversight.workplan import services
from mingchan.oversight.workplan.models import Closing, Confirmation, Output, StageDays, WorkPlan
from mingchan.oversight.workplan.tests.factories import plan, stage
from mingchan.register.assets.tests.factories import draft, register

TODAY = date(2020, 4, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: TODAY)


@pytest.fixture
def clerk(actor_of):
    return actor_of("bureau_clerk")


@pytest.fixture
def made(clerk):
    register([draft(), draft(class_code="")], actor=clerk)
    return plan(clerk, Party.objects.get(name="偏关县工业和信息化局").pk)


def _text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def test_without_a_plan_the_page_says_how_to_set_one_up(log_in):
    page = _text(log_in("bureau_clerk").get(reverse("workplan:newest")))
    assert reverse("workplan:create") in page
    page = _text(log_in("audit").get(reverse("workplan:newest")))
    assert "还没有设立工作步骤" in page
    assert reverse("workplan:create") not in page


def test_the_picture_shows_the_stages_with_percents_and_the_day(made, log_in):
    page = _text(log_in("audit").get(reverse("workplan:newest")))
    assert page.count('<rect class="wp-track"') == 4
    assert "2020年4月20日" in page
    assert "超过截止日期 36 天" in page
    for spec in policy.stage_template().stages:
        assert spec.label in page
    assert "缺 1 张卡片" in page
    assert reverse("workplan:missing", args=["class_known"]) in page


def test_the_page_of_a_past_day_shows_that_day(made, clerk, log_in):
    services.close(stage(made, "survey").pk, "界定完成", 0, actor=clerk, on=date(2020, 4, 15))
    client = log_in("audit")
    assert "已办结" in _text(client.get(reverse("workplan:plan", args=[2020])))
    page = _text(client.get(reverse("workplan:plan", args=[2020]), {"on": "2020-04-01"}))
    assert "已办结" not in page
    assert f"{reverse('workplan:missing', args=['class_known'])}?on=2020-04-01" in page
    assert "已按今天显示" in _text(client.get(reverse("workplan:plan", args=[2020]), {"on": "2021-01-01"}))
    assert "已按今天显示" in _text(client.get(reverse("workplan:plan", args=[2020]), {"on": "tomorrow"}))


def test_the_page_asks_as_often_for_many_cards_as_for_few(made, clerk, log_in):
    client, url = log_in("audit"), reverse("workplan:newest")
    client.get(url)
    register([draft()], actor=clerk)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    register([draft() for _ in range(40)], actor=clerk)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as kept:
        client.get(url)
    assert len(kept) < len(many)


def test_what_is_missing_is_listed_by_card(made, log_in):
    client = log_in("audit")
    page = _text(client.get(reverse("workplan:missing", args=["class_known"])))
    assert page.count("<tr>") == 2
    assert "缺 1 张卡片" in page
    assert "没有缺的了" in _text(client.get(reverse("workplan:missing", args=["place_known"]), {"on": "2020-03-01"}))
    assert client.get(reverse("workplan:missing", args=["register"])).status_code == 404
    assert client.get(reverse("workplan:missing", args=["nonsense"])).status_code == 404


def test_an_output_is_confirmed_with_a_paper_and_shown_with_it(made, log_in):
    client = log_in("bureau_clerk")
    output = Output.objects.get(stage__plan=made, measure="class_known")
    paper = io.BytesIO("序号,资产\n1,台式电脑\n".encode())
    paper.name = "界定结果.csv"
    there = reverse("workplan:stage", args=[2020, "survey"])
    answer = client.post(
        reverse("workplan:confirm", args=[2020, "survey"]), {"output": output.pk, "note": "一项待归类", "paper": paper}
    )
    assert (answer.status_code, answer["Location"]) == (302, there)
    page = _text(client.get(there))
    assert "一项待归类" in page
    assert "/log/" in page
    assert Confirmation.objects.get().document.startswith("attachment:")


def test_an_output_of_another_stage_is_not_confirmed_here(made, log_in):
    output = Output.objects.get(stage__plan=made, measure="class_known")
    answer = log_in("bureau_clerk").post(
        reverse("workplan:confirm", args=[2020, "rights"]), {"output": output.pk, "note": "错"}
    )
    assert answer.status_code == 404
    assert not Confirmation.objects.exists()


def test_an_office_confirms_its_own_and_no_other(clerk, log_in):
    finance = Account.objects.get(username="finance").office_id
    offices = dict.fromkeys(policy.stage_template().offices, Party.objects.get(name="偏关县工业和信息化局").pk)
    services.set_up(
        2020, "计划", services.proposed(2020, offices | {"finance": finance}), actor=clerk, on=date(2020, 2, 15)
    )
    client = log_in("finance")
    own = Output.objects.get(measure="fund_use_traced")
    other = Output.objects.get(measure="fund_use_detail")
    url = reverse("workplan:confirm", args=[2020, "sorting"])
    assert client.post(url, {"output": own.pk, "note": "已核对"}).status_code == 302
    assert client.post(url, {"output": other.pk, "note": "代办"}).status_code == 403
    page = _text(client.get(reverse("workplan:stage", args=[2020, "sorting"])))
    assert f"#confirm-{own.pk}" in page
    assert f"#confirm-{other.pk}" not in page
    assert "调整日期" not in page


def test_days_are_changed_with_a_reason_and_stay_to_be_seen(made, log_in):
    client, there = log_in("bureau_clerk"), reverse("workplan:stage", args=[2020, "rights"])
    page = _text(client.get(there))
    assert 'value="2020-05-15"' in page
    form = {"seen": 1, "starts_on": "2020-04-16", "ends_on": "2020-05-30", "reason": "五月汛期"}
    assert client.post(reverse("workplan:days", args=[2020, "rights"]), form).status_code == 302
    page = _text(client.get(there))
    assert "五月汛期" in page
    assert "2020年5月15日" in page
    assert StageDays.objects.filter(stage__code="rights").count() == 2


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"seen": 1, "starts_on": "2020-04-16", "ends_on": "", "reason": "延期"}, 422, "必填"),
        ({"seen": 1, "starts_on": "2020-04-16", "ends_on": "2020-04-01", "reason": "延期"}, 409, "早于开始"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(made, log_in, form, status, words):
    answer = log_in("bureau_clerk").post(reverse("workplan:days", args=[2020, "rights"]), form)
    assert words in _text(answer, status)
    assert StageDays.objects.filter(stage__code="rights").count() == 1


def test_days_changed_meanwhile_are_shown_side_by_side(made, clerk, log_in):
    services.change_days(
        stage(made, "rights").pk, date(2020, 4, 16), date(2020, 5, 20), "先到", 1, actor=clerk, on=TODAY
    )
    form = {"seen": 1, "starts_on": "2020-04-16", "ends_on": "2020-05-30", "reason": "后到"}
    answer = log_in("bureau_clerk").post(reverse("workplan:days", args=[2020, "rights"]), form)
    assert "他人调整" in _text(answer, 409)


def test_a_stage_is_closed_from_the_page_with_its_figures(made, log_in):
    client = log_in("bureau_head")
    answer = client.post(reverse("workplan:close", args=[2020, "survey"]), {"seen": 0, "note": "界定完成"})
    assert answer.status_code == 302
    page = _text(client.get(reverse("workplan:stage", args=[2020, "survey"])))
    assert "第 1 次办结" in page
    assert "补充办结" in page
    assert "早于" not in page
    assert "没有开始" in _text(
        client.post(reverse("workplan:close", args=[2020, "custody"]), {"seen": 0, "note": "过早"}), 409
    )
    assert Closing.objects.count() == 1


def _set_up_form(year, office, **changes):
    form = {"year": year, "title": "工作步骤", "basis": "示例〔2021〕1号"}
    for key in policy.stage_template().offices:
        form[f"office_{key}"] = office
    for spec in policy.stage_template().stages:
        form[f"starts_{spec.code}"] = spec.starts_on.replace(year=year).isoformat()
        form[f"ends_{spec.code}"] = spec.ends_on.replace(year=year).isoformat()
    return form | changes


def test_a_plan_for_another_year_is_set_up_from_the_template(made, clerk, log_in):
    client, bureau = log_in("bureau_clerk"), Party.objects.get(name="偏关县工业和信息化局").pk
    page = _text(client.get(reverse("workplan:create"), {"year": "2021"}))
    assert 'value="2021-06-15"' in page
    assert f'<option value="{bureau}" selected>' in page
    form = _set_up_form(2021, bureau, ends_custody="2021-07-01")
    answer = client.post(reverse("workplan:create"), form)
    assert answer["Location"] == reverse("workplan:plan", args=[2021])
    assert StageDays.objects.get(stage__plan__year=2021, stage__code="custody").ends_on == date(2021, 7, 1)
    page = _text(client.get(reverse("workplan:newest")))
    assert "2021 年" in page
    assert "2020 年" in page


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"year": 2020}, 409, "已经设立"),
        ({"ends_survey": "2021-01-01"}, 409, "日期有误"),
        ({"office_finance": ""}, 422, "必填"),
        ({"year": "abc"}, 422, "整数"),
    ],
)
def test_a_plan_set_up_wrong_is_said_at_its_field(made, log_in, changes, status, words):
    form = _set_up_form(2021, Party.objects.get(name="偏关县工业和信息化局").pk) | changes
    answer = log_in("bureau_clerk").post(reverse("workplan:create"), form)
    assert words in _text(answer, status)
    assert WorkPlan.objects.count() == 1


def test_a_town_sees_the_stages_with_its_own_figures(made, log_in):
    page = _text(log_in("town_keeper").get(reverse("workplan:newest")))
    assert "不在您的查看范围" in page
    assert "设立新的工作步骤" not in page
