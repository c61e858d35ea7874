"""Desks (工作台): for each card of a role's desk, the figures its holder may see and where they lead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import navigation
from mingchan.kernel.actor import Actor


@dataclass(frozen=True)
class Figure:
    """One figure on a card. `kind`: number, quantity or money; `text` stands instead of a value when there is none."""

    label: Promise | str
    value: int | None
    kind: str = "number"
    tone: str = "neutral"
    url: str = ""


@dataclass(frozen=True)
class Card:
    """One card of a desk: a name, a line of help, its figures and the pages it leads to."""

    code: str
    title: Promise | str
    text: Promise | str
    icon: str
    figures: tuple[Figure, ...] = ()
    links: tuple[tuple[Promise | str, str], ...] = field(default=())


def _links(actor: Actor, *routes: tuple[str, Promise, str]) -> tuple[tuple[Promise | str, str], ...]:
    return tuple(
        (label, navigation.address(route))
        for route, label, right in routes
        if actor.may(right) and navigation.address(route)
    )


def _assets(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "assets",
        _("资产"),
        _("按体系、层级、区划查看您管的资产。"),
        "building-warehouse",
        links=_links(
            actor,
            ("assets:list", _("资产清单"), "asset.view"),
            ("assets:create", _("登记一项"), "asset.register"),
            ("assets:ledger", _("分项分年度台账"), "asset.view"),
        ),
    )


def _imports(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "imports",
        _("导入"),
        _("上传本县自己的表格，核对后入册、入账。"),
        "upload",
        links=_links(
            actor,
            ("exchange:upload", _("上传工作簿"), "exchange.import"),
            ("exchange:list", _("导入批次"), "exchange.view"),
        ),
    )


def _overview(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "overview",
        _("总览"),
        _("数量、价值和资料是否齐全，一页看清。"),
        "chart-bar",
        links=_links(actor, ("web:overview", _("打开总览"), "overview.view")),
    )


def _money(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "money",
        _("资金"),
        _("每一笔资金到了哪里，形成了什么资产。"),
        "coin",
        links=_links(
            actor,
            ("funding:overview", _("资金投向"), "funding.view"),
            ("funding:reconciliation", _("资金与资产核对"), "funding.view"),
        ),
    )


def _books(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "books",
        _("账簿"),
        _("每个所有者单独建账，账册相符。"),
        "book-2",
        links=_links(
            actor,
            ("ledger:vouchers", _("凭证"), "ledger.view"),
            ("ledger:trial_balance", _("科目余额"), "ledger.view"),
            ("ledger:books", _("账簿"), "ledger.view"),
        ),
    )


def _log(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "log",
        _("留痕"),
        _("谁在何时做了什么，改没改过，一查便知。"),
        "shield-check",
        links=_links(
            actor,
            ("evidence:log", _("查看留痕"), "log.view"),
            ("evidence:verify", _("校验"), "log.verify"),
        ),
    )


def _parties(actor: Actor, counts: dict[str, int]) -> Card:
    listed = navigation.address("directory:parties")
    figures = []
    if "parties" in counts:
        figures.append(Figure(_("主体"), counts["parties"], url=listed))
        figures.append(
            Figure(
                _("待核实"),
                counts["unconfirmed"],
                tone="warn" if counts["unconfirmed"] else "good",
                url=f"{listed}?unconfirmed=1",
            )
        )
    return Card(
        "parties",
        _("主体"),
        _("单位、村、站点、经营者和管护人。"),
        "users",
        tuple(figures),
        _links(actor, ("directory:divisions", _("行政区划"), "directory.view")),
    )


def _accounts(actor: Actor, counts: dict[str, int]) -> Card:
    listed = navigation.address("directory:accounts")
    figures = (Figure(_("启用的账号"), counts["accounts"], url=listed),) if "accounts" in counts else ()
    return Card(
        "accounts",
        _("账号与授权"),
        _("一人一号；授权由他人办理，全部留痕。"),
        "key",
        figures,
        _links(
            actor,
            ("directory:accounts", _("账号清单"), "account.view"),
            ("directory:account_create", _("开设账号"), "account.manage"),
        ),
    )


def _plan(actor: Actor, counts: dict[str, int]) -> Card:
    return Card(
        "plan",
        _("实施方案"),
        _("每一项操作所依据的条款原文。"),
        "file-text",
        (Figure(_("条款"), len(policy.clauses()), url=navigation.address("policy:plan")),),
    )


_MAKERS: dict[str, Callable[[Actor, dict[str, int]], Card]] = {
    "assets": _assets,
    "imports": _imports,
    "overview": _overview,
    "money": _money,
    "books": _books,
    "log": _log,
    "parties": _parties,
    "accounts": _accounts,
    "plan": _plan,
}


def cards(actor: Actor, held: Sequence[policy.RoleSpec]) -> list[Card]:
    """Cards of all the desks the actor has, each once, in the order of its first role; empty ones are left out."""
    counts = directory.counts(actor)
    wanted = dict.fromkeys(code for spec in held for code in spec.desk)
    made = [_MAKERS[code](actor, counts) for code in wanted]
    return [card for card in made if card.figures or card.links]


def scopes(actor: Actor) -> list[tuple[str, str]]:
    """Each role the actor holds with the name of where it holds it."""
    specs = policy.roles()
    names = directory.division_names(grant.scope.ljust(12, "0") for grant in actor.grants)
    return [
        (specs[grant.role].text, names.get(grant.scope.ljust(12, "0"), grant.scope))
        for grant in actor.grants
        if grant.role in specs
    ]
