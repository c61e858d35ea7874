"""Institutions of the sample county (示例制度): three, two of them revised since, with who has read them."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.institutions import services
from mingchan.foundation.institutions.choices import Field
from mingchan.foundation.institutions.drafts import DocumentDraft, VersionDraft
from mingchan.foundation.institutions.models import Document
from mingchan.kernel import period
from mingchan.kernel.actor import Actor

CUSTODY = "偏关县电商示范项目资产管护办法（示例）"
INCOME = "偏关县电商示范项目资产收益核算细则（示例）"
DISPOSAL = "偏关县电商示范项目资产处置审批规定（示例）"
_CUSTODY = (
    "第一条 示范项目资产按属地和归口分级管护，每项资产明确一名管护责任人。",
    "第二条 管护责任人每季度至少巡查一次，填写巡查记录。",
    "第三条 管护责任人调离的，应当在离岗前办理移交。",
)
_CUSTODY_NEW = (
    _CUSTODY[0],
    "第二条 管护责任人每月至少巡查一次，填写巡查记录并附照片。",
    _CUSTODY[2],
    "第四条 资产闲置满六十日的，管护责任人应当在五日内报告县工信局。",
)
_INCOME = (
    "第一条 经营收益按合同约定的期限收取，到账当月入账。",
    "第二条 收益单独核算，不得坐支、截留。",
)
_INCOME_NEW = (*_INCOME, "第三条 每年3月31日前完成上年度收益清算，由县财政局会签。")
_DISPOSAL = (
    "第一条 资产处置先评估、后报批，未经批准不得处置。",
    "第二条 处置方案经财政、扶贫、审计和主管部门联审，报县政府批复并公示。",
    "第三条 处置收入及时足额上缴，实行收支两条线管理。",
)


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def load() -> Iterator[str]:
    """Bring them in, once."""
    if Document.objects.filter(county=settings.COUNTY).exists():
        return
    today = period.today()
    recent = today - timedelta(days=20)
    custody = _made(
        CUSTODY, Field.CUSTODY, ("2.6.1b", "3.4.1", "4.2"), "偏工信字〔2020〕18号", _CUSTODY, date(2020, 6, 1)
    )
    income = _made(INCOME, Field.INCOME, ("2.5a", "3.4.3b", "4.2"), "偏工信字〔2020〕25号", _INCOME, date(2020, 8, 3))
    _made(
        DISPOSAL,
        Field.DISPOSAL,
        ("2.6.3", "3.4.3a", "3.4.3c", "2.4.1"),
        "偏工信字〔2021〕6号",
        _DISPOSAL,
        date(2021, 3, 1),
    )
    revised = date(2023, 2, 10)
    services.issue(
        income.pk,
        VersionDraft(
            "偏工信字〔2023〕4号", "\n".join(_INCOME_NEW), date(2023, 3, 1), "增加年度收益清算期限",
            ("accountant", "cashier", "finance"), date(2023, 3, 31),
        ),
        seen=2, actor=_actor("bureau_head", revised), on=revised,
    )  # fmt: skip
    version = income.versions.order_by("-number").first()
    assert version is not None
    for role, day in (("accountant", 14), ("cashier", 17), ("finance", 21)):
        services.note_read(version.pk, actor=_actor(role, date(2023, 2, day)), on=date(2023, 2, day))
    services.issue(
        custody.pk,
        VersionDraft(
            "偏工信字〔%s〕31号" % recent.year, "\n".join(_CUSTODY_NEW), recent, "巡查改为每月一次；增加闲置报告",  # noqa: UP031
            ("bureau_clerk", "town_keeper", "village_keeper"), today + timedelta(days=10),
        ),
        seen=2, actor=_actor("bureau_head", recent), on=recent,
    )  # fmt: skip
    newest = custody.versions.order_by("-number").first()
    assert newest is not None
    read = recent + timedelta(days=2)
    services.note_read(newest.pk, actor=_actor("bureau_clerk", read), on=read)
    yield "Took in three institutions, two of them revised, one still to be read by two keepers."


def _made(title: str, field: Field, clauses: tuple[str, ...], number: str, text: tuple[str, ...], on: date) -> Document:
    actor = _actor("bureau_head", on)
    made = services.add(DocumentDraft(title, field, clauses), actor=actor, on=on, is_sample=True)
    services.issue(made.pk, VersionDraft(number, "\n".join(text), on), seen=1, actor=actor, on=on)
    return made
