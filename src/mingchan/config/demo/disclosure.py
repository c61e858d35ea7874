"""Notices of the sample county (示例公示): one corrected, one result, one running with an objection."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from PIL import Image, ImageDraw

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Grant
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.oversight.disclosure import services
from mingchan.oversight.disclosure.choices import NoticeKind, NoticeState, ObjectionVerdict, PlaceKind
from mingchan.oversight.disclosure.drafts import FileDraft, NoticeDraft, ObjectionDraft, PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection

EVALUATED, CORRECTED, RESULT = date(2020, 5, 6), date(2020, 5, 8), date(2020, 6, 10)
COLUMNS = ("资产名称", "数量", "原值（元）", "评估值（元）")
WRONG = (("台式电脑（示例）", "12 台", "47,760.00", "6,900.00"), ("货架（示例）", "20 组", "18,000.00", "4,200.00"))
RIGHT = (WRONG[0], ("货架（示例）", "20 组", "18,000.00", "5,400.00"))


def _actor(username: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), on, source="command")


def _photo(notice: Notice, name: str) -> FileDraft:
    """A drawn picture of a board with a sheet on it, so that the sample shows what a proof looks like."""
    image = Image.new("RGB", (480, 640), (196, 189, 176))
    pen = ImageDraw.Draw(image)
    pen.rectangle((30, 60, 450, 580), fill=(98, 70, 48))
    pen.rectangle((46, 76, 434, 564), fill=(178, 60, 48))
    pen.rectangle((120, 120, 360, 460), fill=(250, 249, 244))
    for line in range(9):
        pen.rectangle((144, 160 + line * 28, 336 if line % 3 else 300, 166 + line * 28), fill=(90, 90, 90))
    pen.rectangle((288, 400, 336, 448), fill=(40, 40, 40))
    out = io.BytesIO()
    image.save(out, format="JPEG", quality=80)
    return FileDraft(f"{notice.slug}-{name}.jpg", out.getvalue())


def _publish(notice: Notice, on: date) -> Notice:
    return services.publish(notice.pk, notice.version, actor=_actor("bureau_reviewer", on), on=on)


def _post(notice: Notice, on: date, *, only: tuple[str, ...] = ()) -> None:
    """Proof from the boards; with `only` from boards whose division begins so."""
    for place in NoticePlace.objects.filter(notice=notice, kind=PlaceKind.BOARD).order_by("id"):
        if only and not place.division_code.startswith(only):
            continue
        who = "bureau_clerk" if place.division_code.endswith("000000") else _keeper_of(place.division_code)
        draft = PostingDraft(on, "09:20", photo=_photo(notice, place.name))
        services.post(place.pk, draft, actor=_actor(who, on), on=on)


def _keeper_of(division: str) -> str:
    """The sample account that keeps a board: the village's own, else the town's, else the bureau's."""
    for username in ("village_keeper", "town_keeper"):
        scope = Grant.objects.filter(account__username=username).values_list("scope", flat=True).first()
        if scope is not None and division.startswith(scope):
            return username
    return "bureau_clerk"


def _by_hand(kind: NoticeKind, title: str, text: tuple[str, ...], division: str, on: date, **more: object) -> Notice:
    draft = NoticeDraft(kind.value, title, text, division, **more)  # type: ignore[arg-type]
    return services.draft_by_hand(draft, is_sample=True, actor=_actor("bureau_clerk", on), on=on)


def _corrected(county: str) -> None:
    """An appraisal with a wrong figure, corrected two days later, and an objection answered."""
    text = ("受县工业和信息化局委托，对拟处置的示范项目资产进行了评估，现将评估结果予以公示（示例）。",)
    old = _by_hand(
        NoticeKind.EVALUATION, "关于示范项目拟处置资产评估结果的公示（示例）", text, county, EVALUATED,
        columns=COLUMNS, rows=WRONG, clauses=("3.4.3b",),
    )  # fmt: skip
    old = _publish(old, EVALUATED)
    _post(old, EVALUATED)
    clerk = _actor("bureau_clerk", CORRECTED)
    new = services.correct(old.pk, "货架评估值誊写有误（示例）", actor=clerk, on=CORRECTED)
    given = NoticeDraft(
        NoticeKind.EVALUATION.value, new.title, text, county, columns=COLUMNS, rows=RIGHT, clauses=("3.4.3b",)
    )
    new = services.edit(new.pk, given, new.version, actor=clerk, on=CORRECTED)
    new = _publish(new, CORRECTED)
    _post(new, CORRECTED)
    asked, answered = CORRECTED + timedelta(days=2), CORRECTED + timedelta(days=5)
    objection = _object(new, "货架都还能用，评估值是不是太低了？（示例）", asked)
    _answer(objection, answered)
    _close(new)


def _object(notice: Notice, text: str, on: date, name: str = "", contact: str = "") -> Objection:
    draft = ObjectionDraft(text, name, contact)
    receipt = services.object_to(notice.pk, draft, is_sample=True, actor=directory.nobody(settings.COUNTY), on=on)
    return Objection.objects.get(number=receipt.number)


def _answer(objection: Objection, on: date) -> None:
    who = _actor("bureau_reviewer", on)
    reviewer = Account.objects.get(username="bureau_reviewer").pk
    row = services.accept(objection.pk, reviewer, objection.version, actor=who, on=on)
    services.note(row.pk, "调阅评估报告，并到存放现场核对了货架的成色（示例）。", actor=who, on=on)
    words = "评估按成新率五成计算，已扣除锈蚀损坏部分，评估值合理（示例）。"
    services.answer(row.pk, ObjectionVerdict.NOT_UPHELD.value, words, row.version, actor=who, on=on)


def _close(notice: Notice) -> None:
    on = (notice.last_day or RESULT) + timedelta(days=1)
    services.close(notice.pk, actor=_actor("bureau_clerk", on), on=on)


def _result(county: str) -> None:
    """The result of a disposal, its period over."""
    text = (
        "经联合评审、县政府批复并公示无异议，示范项目一批报废资产已完成处置（示例）。",
        "残值收入 1,260.00 元已上缴县财政统一管理。",
    )
    notice = _by_hand(
        NoticeKind.DISPOSAL_RESULT, "关于示范项目报废资产处置结果的公示（示例）", text, county, RESULT,
        columns=("资产名称", "数量", "处置方式", "收入（元）"),
        rows=(
            ("电子秤（示例）", "6 台", "报废，残值变卖", "360.00"),
            ("打印机（示例）", "9 台", "报废，残值变卖", "900.00"),
        ),
        clauses=("2.6.3",),
    )  # fmt: skip
    notice = _publish(notice, RESULT)
    _post(notice, RESULT)
    _close(notice)


def _running(county: str) -> None:
    """A running notice with an objection on hand: of a disposal that waits for it, else by hand for a village."""
    on = period.today() - timedelta(days=3)
    waiting = Notice.objects.filter(county=county[:6], state=NoticeState.DRAFT, case__code="disposal").order_by("-id")
    notice = waiting.first()
    if notice is None:
        scope = Grant.objects.filter(account__username="village_keeper").values_list("scope", flat=True).first()
        text = (
            "村电商服务站的收款一体机和电视机使用年限已满，经村民代表会议讨论，拟作报废处置（示例）。",
            "报废后残值变卖，收入上缴县财政统一管理。",
        )
        notice = _by_hand(
            NoticeKind.DISPOSAL_PLAN, "关于村级电商服务站设备拟报废处置的公示（示例）", text, scope or county, on,
            columns=("资产名称", "规格型号", "数量", "原值（元）", "拟处置方式"),
            rows=(
                ("收款一体机（示例）", "双屏 15.6 寸", "1 台", "3,980.00", "报废"),
                ("液晶电视（示例）", "55 寸", "1 台", "2,899.00", "报废"),
            ),
            clauses=("2.6.3", "3.4.3a"),
        )  # fmt: skip
    notice = _publish(notice, on)
    _post(notice, on)
    said = "设备去年才修好，还能用，建议调给村活动室，不要报废（示例）。"
    objection = _object(notice, said, on + timedelta(days=1), "康小平", "13800000000")
    reviewer = Account.objects.get(username="bureau_reviewer").pk
    day = on + timedelta(days=2)
    services.accept(objection.pk, reviewer, objection.version, actor=_actor("bureau_reviewer", day), on=day)
    words = "已通知站点负责人，约定到村查看电视机（示例）。"
    services.note(objection.pk, words, actor=_actor("bureau_reviewer", day), on=day)


def load() -> Iterator[str]:
    """Bring them in, unless there are published notices already; gives a line."""
    if Notice.objects.filter(county=settings.COUNTY, is_sample=True, case=None).exclude(number="").exists():
        return
    county = settings.COUNTY.ljust(12, "0")
    _corrected(county)
    _result(county)
    _running(county)
    yield "Published 4 notices: one corrected by another, one result, one running with an objection on hand."
