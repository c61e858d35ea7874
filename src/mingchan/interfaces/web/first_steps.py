"""The first steps of an empty county (首次使用): what is to be done, by whom, and what is done already.

Each step is judged from the data, so the list can't be ticked off by hand; it goes when the county has a register.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.evidence.models import VerifyRun
from mingchan.interfaces.web import navigation
from mingchan.kernel.actor import Actor
from mingchan.register.assets.models import Asset

ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
CLERK = "bureau_clerk"


@dataclass(frozen=True)
class Step:
    """One step: what, who does it, where, and whether it is done."""

    title: Promise
    text: Promise
    who: Promise
    url: str
    done: bool


def _url(route: str, right: str, actor: Actor) -> str:
    return navigation.address(route) if not right or actor.may(right) else ""


def steps(actor: Actor) -> list[Step]:
    """The steps of the actor's county in their order. At most seven small statements."""
    county = actor.county
    accounts = Account.objects.filter(county=county, may_log_in=True)
    held = Grant.objects.filter(account__county=county, account__is_active=True)
    waiting = accounts.filter(must_change_password=True, grants__role__in=ADMINISTRATORS).exists()
    others = accounts.exclude(grants__role__in=ADMINISTRATORS).exists()
    clerks = held.filter(role=CLERK, account__may_log_in=True).exists()
    offices = Party.objects.filter(county=county, kind=PartyKind.OFFICE).count()
    return [
        Step(
            _("三名管理员首次登录，各自修改口令"),
            _("系统、安全、审计三员分立，由三个人分别担任。首次口令在启动时的窗口里，只显示一次。"),
            _("三名管理员"),
            _url("web:password", "", actor),
            not waiting,
        ),
        Step(
            _("为县工信局经办人等开户"),
            _("一人一号，不共用。先开经办、复核、会计的账号。"),
            _("系统管理员"),
            _url("directory:accounts", "account.manage", actor),
            others,
        ),
        Step(
            _("按职责授权"),
            _("授予角色和区划范围，写明依据。自己不能给自己授权。"),
            _("安全管理员"),
            _url("directory:accounts", "grant.give", actor),
            clerks,
        ),
        Step(
            _("登记县直单位"),
            _("登记县工信局、财政局、审计局等单位；乡镇、村和区划已随制度包装好。"),
            _("县工信局经办"),
            _url("directory:parties", "party.manage", actor),
            offices > 1,
        ),
        Step(
            _("导入资产明细表"),
            _("把现有的工作簿原样上传，核对合计和问题，确认后一次入账。"),
            _("县工信局经办"),
            _url("exchange:list", "exchange.import", actor),
            Asset.objects.filter(county=county).exists(),
        ),
        Step(
            _("校验一次留痕"),
            _("重算全部记录，逐行比对卡片和凭证，确认无人绕过系统改动。"),
            _("审计管理员"),
            _url("evidence:verify", "log.verify", actor),
            VerifyRun.objects.filter(county=county, verdict="INTACT").exists(),
        ),
    ]


def unfinished(actor: Actor) -> list[Step]:
    """The steps while the county is empty; nothing once it has a register."""
    if Asset.objects.filter(county=settings.COUNTY).exists():
        return []
    return steps(actor)
