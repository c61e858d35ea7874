"""Desks (工作台): for each card of a role's desk, the figures its holder may see and where they lead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import navigation
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.custody import queries as custody
from mingchan.oversight.workplan import queries as workplan
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Problem
from mingchan.register.assets.queries import summing
from mingchan.register.funding import queries as funding

_URGENT = (Problem.NO_KEEPER, Problem.NO_OWNER, Problem.DAMAGED, Problem.IDLE)


@dataclass(frozen=True)
class Figure:
    """One figure of a desk and the list behind it. `kind`: number or money (fen)."""

    label: Promise | str
    value: int
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
    figures: tuple[Figure, ...]
    links: tuple[tuple[Promise | str, str], ...]


def _links(actor: Actor, *routes: tuple[str, Promise, str]) -> tuple[tuple[Promise | str, str], ...]:
    return tuple(
        (label, navigation.address(route))
        for route, label, right in routes
        if actor.may(right) and navigation.address(route)
    )


def _assets(actor: Actor, on: date) -> Card:
    listed = navigation.address("assets:list")
    if actor.scopes("asset.view"):
        found = summing.figures(actor, on, "asset.view")
        cards, cost = found.total.cards, found.total.cost_fen
        spoiled = tuple((problem, found.with_any([problem]).cards) for problem in _URGENT)
    else:
        own = assets.totals(assets.RegisterFilter(), actor, on)
        cards, cost, spoiled = own.count, own.cost_fen, ()
    return Card(
        "assets",
        _("资产"),
        _("按体系、层级、区划查看您管的资产。"),
        "building-warehouse",
        (
            Figure(_("在册资产"), cards, url=listed),
            Figure(_("资产原值"), cost, kind="money", url=listed),
            *(
                Figure(Problem(problem).label, count, tone="warn", url=f"{listed}?problem={problem}")
                for problem, count in spoiled
                if count
            ),
        ),
        _links(
            actor,
            ("assets:list", _("资产清单"), "asset.view"),
            ("assets:create", _("登记一项"), "asset.register"),
            ("assets:ledger", _("分项分年度台账"), "asset.view"),
        ),
    )


def _imports(actor: Actor, on: date) -> Card:
    return Card(
        "imports",
        _("导入"),
        _("上传本县自己的表格，核对后入册、入账。"),
        "upload",
        (),
        _links(
            actor,
            ("exchange:upload", _("上传工作簿"), "exchange.import"),
            ("exchange:list", _("导入批次"), "exchange.view"),
        ),
    )


def _overview(actor: Actor, on: date) -> Card:
    return Card(
        "overview",
        _("总览"),
        _("数量、价值和资料是否齐全，一页看清。"),
        "chart-bar",
        (),
        _links(actor, ("web:overview", _("打开总览"), "overview.view")),
    )


def _money(actor: Actor, on: date) -> Card:
    spent = funding.totals(funding.FundFilter(), actor)
    url = navigation.address("funding:overview")
    return Card(
        "money",
        _("资金"),
        _("每一笔资金到了哪里，形成了什么资产。"),
        "coin",
        (
            Figure(_("已支付"), spent.paid_fen, kind="money", url=url),
            Figure(_("形成资产"), spent.asset_fen, kind="money", url=url),
        ),
        _links(
            actor,
            ("funding:overview", _("资金投向"), "funding.view"),
            ("funding:reconciliation", _("资金与资产核对"), "funding.view"),
        ),
    )


def _books(actor: Actor, on: date) -> Card:
    count, _total = ledger.totals(ledger.VoucherFilter(), actor)
    return Card(
        "books",
        _("账簿"),
        _("每个所有者单独建账，账册相符。"),
        "book-2",
        (Figure(_("凭证"), count, url=navigation.address("ledger:vouchers")),),
        _links(
            actor,
            ("ledger:trial_balance", _("科目余额"), "ledger.view"),
            ("ledger:books", _("账簿"), "ledger.view"),
        ),
    )


def _log(actor: Actor, on: date) -> Card:
    return Card(
        "log",
        _("留痕"),
        _("谁在何时做了什么，改没改过，一查便知。"),
        "shield-check",
        (Figure(_("记录"), evidence.latest_checkpoint().size, url=navigation.address("evidence:log")),),
        _links(
            actor,
            ("evidence:log", _("查看留痕"), "log.view"),
            ("evidence:verify", _("校验"), "log.verify"),
        ),
    )


def _parties(actor: Actor, on: date) -> Card:
    listed = navigation.address("directory:parties")
    total, unconfirmed = directory.party_counts(actor)
    return Card(
        "parties",
        _("主体"),
        _("单位、村、站点、经营者和管护人。"),
        "users",
        (
            Figure(_("主体"), total, url=listed),
            *((Figure(_("待核实"), unconfirmed, tone="warn", url=f"{listed}?unconfirmed=1"),) if unconfirmed else ()),
        ),
        _links(
            actor,
            ("directory:parties", _("主体清单"), "directory.view"),
            ("directory:divisions", _("行政区划"), "directory.view"),
        ),
    )


def _accounts(actor: Actor, on: date) -> Card:
    return Card(
        "accounts",
        _("账号与授权"),
        _("一人一号；授权由他人办理，全部留痕。"),
        "key",
        (Figure(_("启用的账号"), directory.account_count(actor), url=navigation.address("directory:accounts")),),
        _links(
            actor,
            ("directory:accounts", _("账号清单"), "account.view"),
            ("directory:account_create", _("开设账号"), "account.manage"),
        ),
    )


def _plan(actor: Actor, on: date) -> Card:
    return Card(
        "plan",
        _("实施方案"),
        _("%(count)s 条原文，每一项操作都连着它的依据。") % {"count": len(policy.clauses())},
        "file-text",
        (),
        _links(actor, ("policy:plan", _("打开方案"), "policy.view")),
    )


def _custody(actor: Actor, on: date) -> Card:
    kept = custody.keepers(actor, on)
    over, ending = sum(keeper.over for keeper in kept), sum(keeper.ending for keeper in kept)
    listed = navigation.address("custody:ledger")
    return Card(
        "custody",
        _("管护"),
        _("每件资产有主体、有责任人、有任期。"),
        "user",
        (
            *((Figure(_("任期已满"), over, tone="warn", url=f"{listed}?state=OVER"),) if over else ()),
            *((Figure(_("60 天内到期"), ending, tone="warn", url=f"{listed}?state=ENDING"),) if ending else ()),
        ),
        _links(
            actor,
            ("custody:mine", _("我管护的资产"), "asset.view"),
            ("custody:overview", _("管护概况"), "asset.view"),
            ("custody:ledger", _("管护台账"), "asset.view"),
        ),
    )


def _stages(actor: Actor, on: date) -> Card:
    listed = navigation.address("workplan:newest")
    overdue, running = workplan.overdue(actor, on)
    return Card(
        "stages",
        _("工作步骤"),
        _("四个阶段的成果、尚缺和责任单位。"),
        "calendar",
        (
            *((Figure(_("进行中的阶段"), running, url=listed),) if running else ()),
            *((Figure(_("逾期的阶段"), overdue, tone="warn", url=listed),) if overdue else ()),
        ),
        _links(actor, ("workplan:newest", _("查看工作步骤"), "workplan.view")),
    )


_MAKERS: dict[str, Callable[[Actor, date], Card]] = {
    "assets": _assets,
    "imports": _imports,
    "overview": _overview,
    "money": _money,
    "books": _books,
    "log": _log,
    "parties": _parties,
    "accounts": _accounts,
    "custody": _custody,
    "stages": _stages,
    "plan": _plan,
}


def cards(actor: Actor, held: Sequence[policy.RoleSpec], on: date) -> list[Card]:
    """Cards of all the desks the actor has, each once, by its first role; those leading nowhere left out."""
    wanted = dict.fromkeys(code for spec in held for code in spec.desk)
    made = [_MAKERS[code](actor, on) for code in wanted]
    return [card for card in made if card.links]


def scopes(actor: Actor) -> list[tuple[str, str]]:
    """Each role the actor holds with the name of where it holds it."""
    specs = policy.roles()
    names = directory.division_names(grant.scope.ljust(12, "0") for grant in actor.grants)
    return [
        (specs[grant.role].text, names.get(grant.scope.ljust(12, "0"), grant.scope))
        for grant in actor.grants
        if grant.role in specs
    ]
