"""Pages of the survey: what they show, what they let do, and how many statements they need."""

import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingchan.kernel.refs import Ref
from mingchan.register.assets.drafts import CardDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services import register
from mingchan.register.survey import services
from mingchan.register.survey.drafts import RowDraft, SurveyDraft
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow
from mingchan.register.survey.tests.factories import ON

pytestmark = pytest.mark.django_db
TOWN = "140932100000"


def card(name: str, code: str, **changes: Any) -> CardDraft:
    plain = CardDraft(name, "LOGISTICS", "TOWN", TOWN, 1000, 100_00, code=code, funding="central", condition="在用")
    return plain._replace(**changes)


def found(name: str, code: str = "", **changes: Any) -> RowDraft:
    return RowDraft(name, TOWN, "盘点", 5, code=code, quantity_milli=1000, cost_fen=100_00)._replace(**changes)


@pytest.fixture
def survey(sample_county: Any, actor_of: Any) -> Survey:
    """Ten cards and a survey: one value differs, one thing is unknown, one was not found."""
    clerk = actor_of("bureau_clerk")
    cards = [card(f"货架{n}", f"A-{n}") for n in range(10)]
    register([cards], source=Ref("batch", 1), summary="明细", actor=clerk, on=ON)
    rows = [found(f"货架{n}", f"A-{n}", row=n) for n in range(9)]
    rows[0] = rows[0]._replace(cost_fen=90_00)
    rows.append(found("冷库", row=20))
    office = clerk_office(sample_county)
    draft = SurveyDraft("示例调查", office, scope=(TOWN,), systems=("LOGISTICS",))
    done = services.take([rows], draft, source=Ref("batch", 2), actor=actor_of("third_party"), on=ON)
    return Survey.objects.get(pk=done.survey_id)


def clerk_office(county: Any) -> int:
    from mingchan.foundation.directory.models import Account

    return int(Account.objects.get(username=county.username("third_party")).office_id)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_figures_lead_to_what_they_count(survey: Survey, log_in: Any) -> None:
    client = log_in("bureau_clerk")
    assert "示例调查" in text(client, "/survey/")
    page = text(client, f"/survey/{survey.pk}/")
    for link in ("rows/?way=CODE", "rows/?way=NONE", "differences/?kind=VALUE", "differences/?settled=open"):
        assert f"/survey/{survey.pk}/{link}" in page
    assert "还有 3 条差异待处理" in page
    assert "冷库" in text(client, f"/survey/{survey.pk}/rows/?way=NONE")
    assert "货架0" not in text(client, f"/survey/{survey.pk}/differences/?kind=ONLY_SURVEY")
    only = text(client, f"/survey/{survey.pk}/differences/?kind=VALUE")
    assert "100.00 元" in only
    assert "90.00 元" in only


def test_one_and_then_the_rest_are_decided_and_the_survey_is_settled(survey: Survey, log_in: Any) -> None:
    client = log_in("bureau_clerk")
    value = Difference.objects.get(kind="VALUE")
    decide = f"/survey/{survey.pk}/decide/"
    asked = {"selected": f"{value.pk}-{value.version}", "decision": "CORRECT", "reason": "核对发票"}
    assert client.post(decide, {**asked, "reason": ""}).status_code == 422
    assert client.post(decide, {**asked, "decision": "REGISTER"}).status_code == 422
    assert client.post(decide, asked).status_code == 302
    assert Asset.objects.get(code="A-0").cost_fen == 90_00
    assert client.post(decide, asked).status_code == 409
    new = Difference.objects.get(kind="ONLY_SURVEY")
    as_new = {
        "selected": f"{new.pk}-1",
        "decision": "REGISTER",
        "reason": "查到凭证",
        "system": "LOGISTICS",
        "tier": "TOWN",
    }
    assert client.post(decide, as_new).status_code == 422
    assert client.post(decide, {**as_new, "funding": "central"}).status_code == 302
    assert Asset.objects.get(name="冷库").funding == "central"
    all_of_kind = {"all": "1", "kind": "ONLY_REGISTER", "decision": "PENDING", "reason": "继续查找"}
    assert "1 条" in text(client, f"{decide}?all=1&kind=ONLY_REGISTER")
    assert client.post(decide, {**all_of_kind, "expected": "2"}).status_code == 409
    assert client.post(decide, {**all_of_kind, "expected": "1"}).status_code == 302
    survey.refresh_from_db()
    client.post(f"/survey/{survey.pk}/settle/", {"version": survey.version, "conclusion": "范围和类型清楚"})
    page = text(client, f"/survey/{survey.pk}/")
    assert "已办结" in page
    assert "办结汇总" in page
    assert "冷库" in text(client, f"/survey/{survey.pk}/marks/?verdict=IN")
    assert "货架9" in text(client, f"/survey/{survey.pk}/marks/?verdict=DOUBT")


def test_a_row_is_given_another_card_on_its_page(survey: Survey, log_in: Any) -> None:
    client = log_in("bureau_clerk")
    row = SurveyRow.objects.get(name="冷库")
    page = f"/survey/{survey.pk}/rows/{row.pk}/"
    assert "货架9" in text(client, f"{page}?q=货架9")
    asset = Asset.objects.get(code="A-9")
    client.post(f"{page}match/", {"standing": 0, "asset": asset.pk, "reason": "铭牌一致"})
    assert Match.objects.get(row=row).way == "HAND"
    taken = Asset.objects.get(code="A-1")
    answer = client.post(f"{page}match/", {"standing": row.match.pk, "asset": taken.pk, "reason": "误配"}, follow=True)
    assert "请先取消" in answer.content.decode()


def test_whoever_may_not_settle_sees_no_button_and_is_refused(survey: Survey, log_in: Any) -> None:
    client = log_in("third_party")
    page = text(client, f"/survey/{survey.pk}/differences/")
    assert "处理所选" not in page
    assert client.post(f"/survey/{survey.pk}/decide/", {}).status_code == 403
    value = Difference.objects.get(kind="VALUE")
    assert "保存处理意见" not in text(client, f"/survey/{survey.pk}/differences/{value.pk}/")


def test_the_form_of_differences_is_a_workbook(survey: Survey, log_in: Any) -> None:
    answer = log_in("bureau_clerk").get(f"/survey/{survey.pk}/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        content = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    for words in ("调查差异处理表", "货架0", "冷库", "未见实物", "100.00 元"):
        assert words in content


def test_lists_need_as_many_statements_for_many_as_for_few(survey: Survey, log_in: Any, actor_of: Any) -> None:
    client = log_in("bureau_clerk")
    addresses = [
        f"/survey/{survey.pk}/{rest}" for rest in ("", "rows/", "differences/", "decide/?all=1&kind=ONLY_SURVEY")
    ]

    def statements() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                text(client, address)
            counts.append(len(asked))
        return counts

    statements()
    few = statements()
    rows = [found(f"冷库{n}", row=n) for n in range(60)]
    office = survey.surveyor_id
    services.take([rows], SurveyDraft("更多", office), source=Ref("batch", 3), actor=actor_of("third_party"), on=ON)
    other = Survey.objects.get(title="更多")
    addresses[:] = [address.replace(f"/survey/{survey.pk}/", f"/survey/{other.pk}/") for address in addresses]
    assert all(many <= one for many, one in zip(statements(), few, strict=True))


@pytest.mark.parametrize("many", [3, 60])
def test_taking_needs_as_many_statements_for_many_rows_as_for_few(sample_county: Any, actor_of: Any, many: int) -> None:
    clerk = actor_of("bureau_clerk")
    register([[card(f"货架{n}", f"B-{n}") for n in range(many)]], source=Ref("batch", 1), summary="明细", actor=clerk,
             on=ON)  # fmt: skip
    rows = [found(f"货柜{n}", f"B-{n}", row=n) for n in range(many)]
    draft = SurveyDraft("示例调查", clerk_office(sample_county))
    with CaptureQueriesContext(connection) as asked:
        services.take([rows], draft, source=Ref("batch", 9), actor=clerk, on=ON)
    assert Match.objects.filter(survey__title="示例调查").count() == many
    assert len(asked) < 70


def test_pages_go_on_by_key_in_every_order(survey: Survey, actor_of: Any) -> None:
    from mingchan.register.survey.queries.listing import DifferenceFilter, differences, rows

    clerk = actor_of("bureau_clerk")
    for sort in ("id", "gap", "-gap"):
        seen: list[int] = []
        after: str | None = None
        while True:
            page = differences(survey, DifferenceFilter(), clerk, sort=sort, after=after, limit=2)
            seen += [row.id for row in page.rows]
            after = page.following
            if after is None:
                break
        assert len(seen) == len(set(seen)) == Difference.objects.count()
    assert differences(survey, DifferenceFilter(), clerk, after="x~y").rows
    first = rows(survey, clerk, limit=4)
    second = rows(survey, clerk, after=first.following, limit=400)
    assert len(first.rows) + len(second.rows) == survey.row_count
