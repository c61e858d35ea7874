"""Matters of the sample county (示例审批事项): one agreed, one sent back, one waiting for its review (2.4.2c)."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import services
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor

BEGUN, REVIEWED, ENDED = date(2020, 6, 1), date(2020, 6, 3), date(2020, 6, 5)
REMINDED = date(2020, 6, 5), date(2020, 6, 9), date(2020, 6, 12)
AGREED = ("关于村级站点统一悬挂资产标识牌的请示（示例）", "拟为全部村级站点制作资产标识牌，费用在项目结余中列支。")
SENT_BACK = ("关于更换县级中心服务器的请示（示例）", "现有服务器运行不稳定，拟更换两台。")
WAITING = ("关于补充乡镇站点货架的请示（示例）", "部分乡镇站点货架损坏，拟补充二十组。")


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def _begin(matter: tuple[str, str]) -> Case:
    title, text = matter
    return services.start(
        "general", title=title, text=text, is_sample=True, actor=_actor("bureau_clerk", BEGUN), on=BEGUN
    )


def _decide(case: Case, role: str, answer: str, on: date, *, text: str = "", number: str = "") -> Case:
    task = Task.objects.get(case=case, status="WAITING")
    return services.decide(
        task.pk, answer=answer, text=text, document_no=number, version=case.version, actor=_actor(role, on), on=on
    )


def load() -> Iterator[str]:
    """Bring them in and carry them as far as they went, unless they are there; gives a line."""
    if Case.objects.filter(county=settings.COUNTY).exists():
        return
    agreed = _decide(_begin(AGREED), "bureau_reviewer", "AGREE", REVIEWED)
    _decide(agreed, "bureau_head", "AGREE", ENDED, number="偏工信字〔2020〕21号（示例）")
    _decide(_begin(SENT_BACK), "bureau_reviewer", "RETURN", REVIEWED, text="请附维修记录和报价（示例）")
    waiting = _begin(WAITING)
    services.copy(
        waiting.pk,
        roles=("finance", "audit"),
        note="请知悉并提出意见（示例）",
        actor=_actor("bureau_clerk", REVIEWED),
        on=REVIEWED,
    )
    yield "Brought in 3 matters: one agreed, one sent back, one waiting and copied to two offices."
    counted = [services.remind(actor=directory.nobody(settings.COUNTY), on=day) for day in REMINDED]
    soon, overdue, above = (sum(figures) for figures in zip(*counted, strict=True))
    yield f"Reminded of {soon} step before its day, marked {overdue} overdue, took {above} to the office above."
