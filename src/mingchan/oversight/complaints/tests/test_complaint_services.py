"""Reports on a real database: routed, numbered, followed, answered; nothing deleted; who reports stays hidden."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Detail, Record
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.oversight.complaints import queries, services
from mingchan.oversight.complaints.drafts import ComplaintDraft, FileDraft, Receipt
from mingchan.oversight.complaints.models import Complaint, Step
from mingchan.oversight.complaints.queries import ComplaintFilter

DAY = date(2020, 3, 10)
pytestmark = pytest.mark.django_db


def _actor(username: str) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), DAY)


def _town(actor: Actor) -> str:
    return actor.scopes("complaint.handle")[0]


def _picture() -> FileDraft:
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Camera"
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif)
    return FileDraft("现场.jpg", out.getvalue())


@pytest.fixture
def nobody(sample_county: Any) -> Actor:
    return directory.nobody("140932")


@pytest.fixture
def keeper(sample_county: Any) -> Actor:
    return _actor("town_keeper")


@pytest.fixture
def clerk(sample_county: Any) -> Actor:
    return _actor("bureau_clerk")


def _report(actor: Actor, keeper: Actor, **changes: Any) -> Receipt:
    given = {
        "kind": "IDLE",
        "text": "村里的货架一直没有人用",
        "source": "PORTAL",
        "division_code": _town(keeper).ljust(12, "0"),
        "name": "王大明",
        "contact": "13912345678",
        **changes,
    }
    return services.receive(ComplaintDraft(**given), actor=actor, on=DAY)


def test_a_report_goes_to_the_town_and_is_followed_by_number_and_code(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    kept = Complaint.objects.get(number=receipt.number)
    assert kept.handled_in == _town(keeper)
    assert kept.office_name
    assert kept.due_on == date(2020, 3, 24)
    assert (kept.name_mask, kept.contact_mask) == ("王**", "139****5678")
    found = queries.followed("140932", receipt.number, receipt.code.lower())
    assert found is not None
    assert found.state == "RECEIVED"
    assert queries.followed("140932", receipt.number, "AAAAAAAA") is None
    assert queries.followed("140932", "FY2020-99999", receipt.code) is None
    assert queries.followed("140931", receipt.number, receipt.code) is None


def test_numbers_have_no_gaps(nobody: Actor, keeper: Actor) -> None:
    numbers = [_report(nobody, keeper).number for _time in range(3)]
    with pytest.raises(Refusal):
        _report(nobody, keeper, text="短")
    numbers.append(_report(nobody, keeper).number)
    assert [int(number[-5:]) for number in numbers] == list(range(int(numbers[0][-5:]), int(numbers[0][-5:]) + 4))


def test_misuse_goes_to_the_county_and_the_town_does_not_see_it(nobody: Actor, keeper: Actor, clerk: Actor) -> None:
    receipt = _report(nobody, keeper, kind="MISUSE", text="有人把电脑拿回家用")
    assert Complaint.objects.get(pk=receipt.id).handled_in == "140932"
    assert queries.complaint(receipt.id, clerk).number == receipt.number
    with pytest.raises(NotFound):
        queries.complaint(receipt.id, keeper)
    with pytest.raises(NotFound):
        services.accept(receipt.id, seen=1, actor=keeper, on=DAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  短 "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"division_code": "", "place": " "}, "place"),
        ({"files": [FileDraft("一.txt", b"not a picture")]}, "file"),
        ({"files": [FileDraft(f"{n}.jpg", b"") for n in range(4)]}, "files"),
    ],
)
def test_what_cannot_be_taken_in(nobody: Actor, keeper: Actor, changes: dict[str, Any], field: str) -> None:
    before = Complaint.objects.count()
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        _report(nobody, keeper, **changes)
    assert refusal.value.field == field
    assert Complaint.objects.count() == before


def test_a_photograph_is_encoded_anew_and_seen_by_the_handling_office(nobody: Actor, keeper: Actor) -> None:
    picture = _picture()
    receipt = _report(nobody, keeper, files=[picture])
    (kept,) = queries.files(receipt.id)
    assert kept.kind == "PHOTO"
    assert kept.division_code == _town(keeper)
    assert kept.uploader == ""
    _attachment, path = evidence.read_file(kept.pk, actor=keeper, on=DAY)
    assert b"Camera" in picture.content
    assert b"Camera" not in path.read_bytes()


def test_from_intake_to_a_public_answer(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    services.accept(receipt.id, seen=1, actor=keeper, on=DAY)
    with pytest.raises(Refusal):
        services.answer(receipt.id, "已处理完毕", is_public=True, seen=2, actor=keeper, on=DAY)
    services.investigate(receipt.id, "3月11日到现场，属实", files=[_picture()], seen=2, actor=keeper, on=DAY)
    with pytest.raises(Refusal, match="不能公开"):
        services.answer(receipt.id, "王大明反映属实", is_public=True, seen=3, actor=keeper, on=DAY)
    services.answer(
        receipt.id, "货架已调给邻村站点使用", is_public=True, followed_by="调整存放地点", seen=3, actor=keeper, on=DAY
    )
    (shown,) = queries.public_answers("140932")
    assert (shown.answer, shown.followed_by) == ("货架已调给邻村站点使用", "调整存放地点")
    assert "王大明" not in str(shown)
    found = queries.followed("140932", receipt.number, receipt.code)
    assert found is not None
    assert [step.act for step in found.steps] == ["RECEIVE", "ACCEPT", "INVESTIGATE", "ANSWER"]
    assert not hasattr(found.steps[0], "text")
    with pytest.raises(Refusal):
        services.investigate(receipt.id, "再看一次现场", seen=4, actor=keeper, on=DAY)


def test_an_answer_to_one_person_stays_with_that_person(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper, kind="OTHER")
    services.accept(receipt.id, seen=1, actor=keeper, on=DAY)
    services.answer(receipt.id, "王大明同志，您反映的已办", is_public=False, seen=2, actor=keeper, on=DAY)
    assert queries.public_answers("140932") == []


def test_passed_on_it_waits_for_the_other_office(nobody: Actor, keeper: Actor, clerk: Actor) -> None:
    receipt = _report(nobody, keeper)
    county = next(one for one in queries.offices("140932", DAY) if one.scope == "140932")
    key = f"{county.scope}:{county.party_id}"
    services.pass_on(receipt.id, key, "属县级资产", seen=1, actor=keeper, on=DAY)
    kept = Complaint.objects.get(pk=receipt.id)
    assert (kept.state, kept.office_name) == ("RECEIVED", county.name)
    assert kept.due_on == date(2020, 3, 24)
    with pytest.raises(NotFound):
        queries.complaint(receipt.id, keeper)
    with pytest.raises(Refusal):
        services.pass_on(receipt.id, key, "再转", seen=2, actor=clerk, on=DAY)


def test_two_people_at_once_are_told(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    services.accept(receipt.id, seen=1, actor=keeper, on=DAY)
    with pytest.raises(Stale):
        services.decline(receipt.id, "不属于项目资产", seen=1, actor=keeper, on=DAY)


def test_a_declined_report_says_why_and_ends(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    services.decline(receipt.id, "不属于本项目资产，请向村委会反映", seen=1, actor=keeper, on=DAY)
    found = queries.followed("140932", receipt.number, receipt.code)
    assert found is not None
    assert (found.state, found.answer) == ("DECLINED", "不属于本项目资产，请向村委会反映")


def test_who_reported_is_shown_to_the_handling_office_and_recorded(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    with pytest.raises(Refusal):
        services.reveal(receipt.id, "看", actor=keeper, on=DAY)
    before = Record.objects.filter(act="complaints.reporter.revealed").count()
    assert services.reveal(receipt.id, "到现场前联系", actor=keeper, on=DAY) == ("王大明", "13912345678")
    with pytest.raises(NotAllowed):
        services.reveal(receipt.id, "到现场前联系", actor=_actor("audit"), on=DAY)
    assert Record.objects.filter(act="complaints.reporter.revealed").count() == before + 2


def test_neither_the_table_nor_the_log_holds_the_reporter_in_clear(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    row = str(Complaint.objects.filter(pk=receipt.id).values().get())
    details = b"".join(bytes(body) for body in Detail.objects.order_by("-pk").values_list("body", flat=True)[:3])
    for secret in ("王大明", "13912345678", receipt.code):
        assert secret not in row
        assert secret.encode() not in details


def test_a_call_is_written_down_by_who_handles_there(keeper: Actor, nobody: Actor, clerk: Actor) -> None:
    receipt = _report(keeper, keeper, source="PHONE")
    assert Step.objects.get(complaint=receipt.id).done_by == keeper.name
    with pytest.raises(NotAllowed):
        _report(nobody, keeper, source="PHONE")
    with pytest.raises(NotAllowed):
        _report(keeper, keeper, source="PHONE", division_code="", place="县城")
    assert _report(clerk, keeper, source="VISIT", division_code="", place="县城").number


def test_the_list_finds_what_is_open_and_late(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper, asset_code="ZC-1")
    late = date(2020, 4, 1)
    assert queries.counts(keeper, late).overdue == 1
    for query in ({"state": "overdue"}, {"state": "open"}, {"q": "货架"}, {"asset": "ZC-1"}, {"kind": "IDLE"}):
        rows, _following = queries.rows(ComplaintFilter.read(query), keeper, late)
        assert [row.number for row in rows] == [receipt.number], query
    assert queries.rows(ComplaintFilter.read({"state": "ANSWERED"}), keeper, late)[0] == []


def test_the_database_refuses_to_forget(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    services.decline(receipt.id, "不属于项目资产", seen=1, actor=keeper, on=DAY)
    other = _report(nobody, keeper)
    for statement in (
        lambda: Complaint.objects.filter(pk=receipt.id).delete(),
        lambda: Complaint.objects.filter(pk=receipt.id).update(answer="改过的"),
        lambda: Complaint.objects.filter(pk=other.id).update(text="改过的"),
        lambda: Complaint.objects.filter(pk=other.id).update(state="ANSWERED"),
        lambda: Step.objects.filter(complaint=other.id).update(text="改过的"),
        lambda: Step.objects.filter(complaint=other.id).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            statement()


def test_a_raw_edit_is_found(nobody: Actor, keeper: Actor) -> None:
    receipt = _report(nobody, keeper)
    assert evidence.verify(queries.PROTECTED).ok
    Complaint.objects.filter(pk=receipt.id).update(office_name="别的单位")
    report = evidence.verify(queries.PROTECTED)
    assert any(finding.obj == f"complaint:{receipt.id}" for finding in report.findings)
