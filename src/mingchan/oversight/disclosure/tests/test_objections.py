"""Objections as their people carry them: handed in, accepted, looked into, answered (异议, 3.4.3a)."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import queries, services
from mingchan.oversight.disclosure.drafts import FileDraft, ObjectionDraft
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.disclosure.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")


def test_an_objection_holds_the_notice_until_it_is_answered() -> None:
    notice = make.proved()
    objection, receipt = make.object_to(notice, make.DAY + timedelta(days=7), name="王二小", contact="13912345678")
    assert not objection.is_late
    assert re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", receipt.code)
    assert (objection.name_mask, objection.contact_mask) == ("王**", "139****78")
    assert objection.due_on == date(2020, 3, 31), "ten working days after the 17th"
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        make.close(notice)
    assert services.close_over(actor=make.actor("bureau_clerk", make.OVER), on=make.OVER) == (0, 1)
    make.answered(objection, on=make.OVER)
    assert services.close_over(actor=make.actor("bureau_clerk", make.OVER), on=make.OVER) == (1, 0)
    assert Notice.objects.get(pk=notice.pk).outcome == "PASSED"
    assert make.is_intact()


def test_a_late_objection_holds_nothing_but_is_answered() -> None:
    notice = make.proved()
    objection, receipt = make.object_to(notice, make.OVER)
    assert objection.is_late
    make.close(notice)
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
        make.close(notice, make.DAY + timedelta(days=1))
    assert make.close(notice).outcome == "UPHELD", "upheld in part goes back too"


def test_an_inadmissible_objection_holds_no_more_and_its_reason_is_public() -> None:
    notice = make.proved()
    objection, _receipt = make.object_to(notice)
    services.refuse(objection.pk, "所述事项与本公示无关", 1, actor=make.actor("bureau_reviewer"), on=make.DAY)
    answer = queries.public_answers(notice.number)[0]
    assert (answer.state, answer.answer) == ("INADMISSIBLE", "所述事项与本公示无关")
    assert make.close(notice).outcome == "PASSED"


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


def test_whoever_objects_is_kept_encrypted() -> None:
    objection, _receipt = make.object_to(make.published(), name="王二小", contact="13912345678")
    stored = Objection.objects.filter(pk=objection.pk).values_list()[0]
    assert "王二小" not in str(stored)
    assert "王二小".encode() not in bytes(objection.name_cipher or b"")
    assert "12345678" not in str(stored)
