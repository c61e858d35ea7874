"""Disposals of the sample county (示例处置): one in review, one on notice, an auction paid for, a scrapped batch.

The plan on notice comes last, so that the notices of the sample county find its draft and hear an objection to it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageDraw

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel import holds, money
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.disposal import queries, services
from mingchan.lifecycle.disposal.drafts import AppraisalDraft, PaperDraft, ProposalDraft, ResultDraft
from mingchan.lifecycle.disposal.models import Disposal, Item
from mingchan.lifecycle.disposal.services.drafting import HOLD
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.choices import PlaceKind
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.register.assets.models import Asset

AUCTION, SCRAP, REVIEW, NOTICE = date(2020, 6, 8), date(2020, 6, 10), date(2020, 7, 6), date(2020, 7, 8)
REVIEWS = {
    "finance_review": "finance", "poverty_review": "poverty", "audit_review": "audit",
    "bureau_review": "bureau_reviewer",
}  # fmt: skip


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def _paper(name: str) -> PaperDraft:
    """A sheet that says of itself that it is a sample."""
    picture = Image.new("RGB", (420, 594), "#ffffff")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((30, 30, 390, 564), outline="#14505c", width=2)
    drawing.text((180, 290), "SAMPLE", fill="#14505c")
    content = BytesIO()
    picture.save(content, "PDF")
    return PaperDraft(name, content.getvalue())


def _free(on: date) -> list[int]:
    """Cards of the bureau that nothing keeps from being disposed of, the worn ones first."""
    owner = Account.objects.get(username="bureau_clerk").office_id
    cards = Asset.objects.filter(
        county=settings.COUNTY,
        owner=owner,
        status="ACTIVE",
        frozen_by__isnull=True,
        state_since__lte=on,
        cost_fen__gt=0,
    )
    rows = sorted(cards.values_list("condition", "code", "pk"), key=lambda row: (row[0] in ("", "在用"), row[1]))
    ids = [row[2] for row in rows]
    taken = set(Item.objects.filter(is_open=True).values_list("asset_id", flat=True)) | set(holds.on_things(HOLD, ids))
    return [key for key in ids if key not in taken]


def _submitted(ids: Sequence[int], head: ProposalDraft, on: date, value_fen: int = 0) -> Disposal:
    clerk = _actor("bureau_clerk", on)
    made = services.draft(ids, head, actor=clerk, on=on, is_sample=True)
    for spec in queries.kind(head.kind).papers:
        if spec.code != "appraisal":
            services.attach_paper(made.pk, spec.code, _paper(f"{spec.label}（示例）.pdf"), actor=clerk, on=on)
    if value_fen:
        given = AppraisalDraft("晋西北资产评估有限公司（示例）", "晋西北评报字〔2020〕7号", "成本法", on, value_fen)
        services.record_appraisal(made.pk, given, _paper("评估报告（示例）.pdf"), actor=clerk, on=on)
    return services.submit(made.pk, actor=clerk, on=on)


def _decide(made: Disposal, node: str, role: str, answer: str, on: date, number: str = "") -> None:
    case = Case.objects.get(pk=made.case_id or 0)
    task = Task.objects.get(case=case, node=node, status="WAITING")
    procedures.decide(task.pk, answer=answer, document_no=number, version=case.version, actor=_actor(role, on), on=on)


def _approved(made: Disposal, on: date, number: str) -> None:
    for node, role in REVIEWS.items():
        _decide(made, node, role, "AGREE", on)
    case = Case.objects.get(pk=made.case_id or 0)
    node = Task.objects.get(case=case, status="WAITING").node
    if node == "meeting":
        sheet = _paper("会议纪要（示例）.pdf")
        minutes = procedures.PaperDraft("minutes", sheet.name, sheet.content)
        procedures.add_paper(case.pk, minutes, actor=_actor("county_government", on), on=on)
    _decide(made, node, "county_government", "AGREE", on, number)


def _notice_over(made: Disposal, on: date) -> date:
    """Have the reviewer publish the notice that waits, say why no board carries it, close it; answers the day."""
    clerk = _actor("bureau_clerk", on)
    notice = Notice.objects.filter(case=made.case_id).order_by("-id")[0]
    notice = disclosure.publish(notice.pk, notice.version, actor=_actor("bureau_reviewer", on), on=on)
    for place in NoticePlace.objects.filter(notice=notice, kind=PlaceKind.BOARD):
        disclosure.post(place.pk, PostingDraft(on, reason="示例数据，未实际张贴"), actor=clerk, on=on)
    over = (notice.last_day or on) + timedelta(days=1)
    disclosure.close(notice.pk, actor=_actor("bureau_clerk", over), on=over)
    return over


def _auctioned(ids: Sequence[int]) -> str:
    cost = sum(Asset.objects.filter(pk__in=ids).values_list("cost_fen", flat=True))
    value = cost * 3 // 10 // 100 * 100
    head = ProposalDraft(
        "AUCTION", "设备已更新换代，继续使用效益低，拟公开拍卖（示例）", "上缴县财政，统筹用于站点设备更新（示例）"
    )
    made = _submitted(ids, head, AUCTION, value)
    _approved(made, AUCTION + timedelta(days=2), "偏政函〔2020〕31号（示例）")
    day = _notice_over(made, AUCTION + timedelta(days=2)) + timedelta(days=6)
    price, costs = value * 11 // 10 // 100 * 100, value // 50 // 100 * 100 + 100
    done = ResultDraft(
        other_party="忻州远达商贸有限公司（示例）", price_fen=price, house="忻州诚信拍卖有限公司（示例）",
        place="偏关县公共资源交易中心", bidders=3, notice_on=day - timedelta(days=7),
        confirmation_no="2020-017（示例）",
    )  # fmt: skip
    services.execute(made.pk, done, [_paper("成交确认书（示例）.pdf")], actor=_actor("bureau_clerk", day), on=day)
    paid = day + timedelta(days=3)
    accountant = _actor("accountant", paid)
    services.receive(made.pk, price, "收据 0001872（示例）", day, "拍卖成交款", actor=accountant, on=paid)
    services.pay(made.pk, "COST", costs, "发票 00347215（示例）", paid, "拍卖佣金", actor=accountant, on=paid)
    services.close_account(made.pk, actor=accountant, on=paid)
    services.remit(made.pk, price - costs, "缴款书 2020060031（示例）", paid, "", actor=accountant, on=paid)
    _decide(made, "filing", "bureau_head", "DONE", paid, "偏财资备〔2020〕4号（示例）")
    _notice_over(made, paid)
    return f"Auctioned {len(ids)} cards for {money.format_yuan(price)} yuan, paid to the treasury."


def _scrapped(ids: Sequence[int]) -> str:
    head = _scrap("主板损坏、无备件，经鉴定不能修复（示例）", SCRAP)
    made = _submitted(ids, head, SCRAP)
    _approved(made, SCRAP + timedelta(days=1), "偏政函〔2020〕32号（示例）")
    day = _notice_over(made, SCRAP + timedelta(days=1)) + timedelta(days=1)
    done = ResultDraft(
        contract_no="回收单 0093（示例）", handled_by="偏关县再生资源回收站（示例）", price_fen=36_000
    )  # fmt: skip
    services.execute(made.pk, done, [_paper("回收单（示例）.pdf")], actor=_actor("bureau_clerk", day), on=day)
    services.receive(made.pk, 36_000, "收据 0001880（示例）", day, "残值", actor=_actor("accountant", day), on=day)
    return f"Scrapped {len(ids)} cards; their residual value is still to be paid to the treasury."


def _scrap(reason: str, on: date) -> ProposalDraft:
    return ProposalDraft(
        "SCRAP", reason, "残值上缴县财政，统筹用于站点设备更新（示例）", finding_by="偏关县计算机技术服务站（示例）",
        finding_on=on, finding="已超过使用年限，无修复价值，建议报废（示例）",
    )  # fmt: skip


def load() -> Iterator[str]:
    """Bring them in, once."""
    if Disposal.objects.filter(county=settings.COUNTY).exists():
        return
    free = _free(AUCTION)
    if len(free) < 10:
        return
    yield _auctioned(free[5:8])
    yield _scrapped(free[:3])
    in_review = _submitted(free[8:10], _scrap("设备老化，多次维修仍不能正常使用（示例）", REVIEW), REVIEW)
    _decide(in_review, "finance_review", "finance", "AGREE", REVIEW + timedelta(days=1))
    gift = ProposalDraft("DONATION", "闲置设备捐赠村小学使用（示例）", recipient_name="偏关县某村小学（示例）")
    noticed = _submitted(free[3:5], gift, NOTICE)
    _approved(noticed, NOTICE + timedelta(days=1), "偏政函〔2020〕40号（示例）")
    yield "Two more disposals: one in the joint review, one on notice."
