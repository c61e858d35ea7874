"""The navigation (导航) and the cards of desks: one table, filtered by the rights of who looks."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.desk import address as address
from mingchan.kernel.ui.parts import NavGroup, NavItem


class Place(NamedTuple):
    """A page that stands in the navigation: its route, name, icon and the right it asks for (none: everybody)."""

    route: str
    label: Promise
    icon: str
    right: str


GROUPS: tuple[tuple[Promise | str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("web:desk", _("工作台"), "home", ""),
            Place("procedures:todo", _("审批事项"), "inbox", "case.view"),
            Place("web:overview", _("总览"), "chart-bar", "overview.view"),
            Place("field:errands", _("外业任务"), "phone", ""),
        ),
    ),
    (
        _("资产"),
        (
            Place("assets:list", _("资产清单"), "building-warehouse", "asset.view"),
            Place("assets:ledger", _("分项分年度台账"), "table-options", "asset.view"),
            Place("sites:list", _("站点"), "map-pin", "asset.view"),
            Place("exchange:list", _("导入"), "upload", "exchange.view"),
            Place("rights:coverage", _("确权"), "certificate", "asset.view"),
            Place("labels:list", _("标签"), "tag", "asset.view"),
            Place("custody:overview", _("管护"), "user", "asset.view"),
            Place("maintenance:orders", _("巡查维修"), "settings", "maintenance.view"),
            Place("handover:list", _("移交"), "arrows-split", "handover.view"),
            Place("survey:list", _("调查摸底"), "scale", "survey.view"),
            Place("stocktake:list", _("清查盘点"), "scale", "stocktake.view"),
        ),
    ),
    (
        _("经营与收益"),
        (
            Place("operation:list", _("经营合同"), "file-text", "contract.view"),
            Place("income:overview", _("收益"), "coin", "income.view"),
            Place("performance:list", _("绩效评价"), "chart-bar", "performance.view"),
            Place("revival:pool", _("资产盘活"), "refresh", "revival.view"),
            Place("distribution:overview", _("收益分配"), "users", "distribution.view"),
        ),
    ),
    (
        _("处置与公示"),
        (
            Place("disposal:list", _("处置"), "archive", "disposal.view"),
            Place("disclosure:list", _("公示"), "news", "notice.view"),
            Place("disclosure:objections", _("异议"), "message", "objection.view"),
            Place("complaints:list", _("群众反映"), "alert-circle", "complaint.view"),
        ),
    ),
    (
        _("监督"),
        (
            Place("supervision:list", _("监督检查"), "shield-check", "finding.view"),
            Place("supervision:goals", _("六个目标"), "list-details", "finding.view"),
            Place("supervision:places", _("监督排名"), "chart-bar", "finding.view"),
            Place("supervision:samples", _("随机抽查"), "search", "finding.view"),
        ),
    ),
    (
        _("资金与账务"),
        (
            Place("funding:overview", _("资金投向"), "coin", "funding.view"),
            Place("funding:projects", _("项目"), "folder", "funding.view"),
            Place("funding:reconciliation", _("资金勾稽"), "list-details", "funding.view"),
            Place("tracing:flow", _("资金流向"), "git-branch", "funding.view"),
            Place("ledger:vouchers", _("凭证"), "receipt-2", "ledger.view"),
            Place("ledger:trial_balance", _("科目余额"), "scale", "ledger.view"),
            Place("ledger:books", _("账簿"), "book-2", "ledger.view"),
            Place("depreciation:runs", _("折旧"), "calendar", "ledger.view"),
            Place("depreciation:reconciliation", _("账实核对"), "list-details", "ledger.view"),
        ),
    ),
    (
        _("组织"),
        (
            Place("directory:parties", _("主体"), "users", "directory.view"),
            Place("directory:divisions", _("行政区划"), "map-2", "directory.view"),
            Place("directory:accounts", _("账号与授权"), "key", "account.view"),
        ),
    ),
    (
        _("依据与留痕"),
        (
            Place("policy:plan", _("实施方案"), "file-text", "policy.view"),
            Place("workplan:newest", _("工作步骤"), "calendar", "workplan.view"),
            Place("evidence:log", _("留痕"), "history", "log.view"),
            Place("evidence:verify", _("校验"), "shield-check", "log.verify"),
        ),
    ),
)


def places(actor: Actor) -> Iterator[tuple[Promise | str, Place]]:
    """Pages of the navigation that the actor may open, each with its group."""
    for label, group in GROUPS:
        for place in group:
            if (not place.right or actor.may(place.right)) and address(place.route):
                yield label, place


def navigation(actor: Actor, path: str, counts: Mapping[str, int] | None = None) -> list[NavGroup]:
    """The navigation as the base page draws it; the entry whose address begins the path longest is the active one.

    `counts` are badges by route.
    """
    shown = list(places(actor))
    here = max(
        (address(place.route) for _label, place in shown if path.startswith(address(place.route))), key=len, default=""
    )
    if here == "/" and path != "/":
        here = ""
    groups: dict[str, tuple[Promise | str, list[NavItem]]] = {}
    for label, place in shown:
        url = address(place.route)
        count = (counts or {}).get(place.route, 0)
        item = NavItem(label=str(place.label), url=url, icon=place.icon, active=url == here, count=count)
        groups.setdefault(str(label), (label, []))[1].append(item)
    return [NavGroup(label=str(label), items=items) for label, items in groups.values()]
