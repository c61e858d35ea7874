"""Cards of desks (工作台) that stand for a part of the register: its figures and where they lead.

They are made for the roles whose desk names them; `waiting` has the cards of what waits and runs out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import duties
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Problem
from mingchan.register.assets.queries import summing
from mingchan.register.funding import queries as funding

_URGENT = (Problem.NO_KEEPER, Problem.NO_OWNER, Problem.DAMAGED, Problem.IDLE)


def _assets(actor: Actor, on: date) -> Card:
    listed = desk.address("assets:list")
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
        desk.links(
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
        desk.links(
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
        desk.links(actor, ("web:overview", _("打开总览"), "overview.view")),
    )


def _money(actor: Actor, on: date) -> Card:
    spent = funding.totals(funding.FundFilter(), actor)
    url = desk.address("funding:overview")
    return Card(
        "money",
        _("资金"),
        _("每一笔资金到了哪里，形成了什么资产。"),
        "coin",
        (
            Figure(_("已支付"), spent.paid_fen, kind="money", url=url),
            Figure(_("形成资产"), spent.asset_fen, kind="money", url=url),
        ),
        desk.links(
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
        (Figure(_("凭证"), count, url=desk.address("ledger:vouchers")),),
        desk.links(
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
        (Figure(_("记录"), evidence.latest_checkpoint().size, url=desk.address("evidence:log")),),
        desk.links(
            actor,
            ("evidence:log", _("查看留痕"), "log.view"),
            ("evidence:verify", _("校验"), "log.verify"),
        ),
    )


def _parties(actor: Actor, on: date) -> Card:
    listed = desk.address("directory:parties")
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
        desk.links(
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
        (Figure(_("启用的账号"), directory.account_count(actor), url=desk.address("directory:accounts")),),
        desk.links(
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
        desk.links(actor, ("policy:plan", _("打开方案"), "policy.view")),
    )


CARDS: Mapping[str, Callable[[Actor, date], Card]] = {
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


def cards(actor: Actor, held: Sequence[policy.RoleSpec], on: date) -> list[Card]:
    """Cards of all the desks the actor has, by its first role, then those of other parts that have something to say."""
    wanted = tuple(dict.fromkeys(code for spec in held for code in spec.desk))
    return [card for card in desk.built(actor, on, wanted) if card.links or card.waiting or card.ending or card.lapsed]


@dataclass(frozen=True)
class Pile:
    """One of the three piles of a desk: 待办, 即将到期, 逾期."""

    title: Promise
    text: Promise
    empty: Promise
    icon: str
    tone: str
    figures: tuple[tuple[Card, Figure], ...]

    @property
    def total(self) -> int:
        """How many things lie in it; an amount of money is one thing."""
        return sum(1 if figure.kind == "money" else figure.value for _card, figure in self.figures)


def piles(made: Sequence[Card]) -> tuple[Pile, ...]:
    """What waits, what runs out soon and what has lapsed, over all cards; what is nought is left out."""

    def lying(name: str) -> tuple[tuple[Card, Figure], ...]:
        ordered = sorted(made, key=lambda card: desk.place(card.code))
        return tuple((card, figure) for card in ordered for figure in getattr(card, name) if figure.value)

    return (
        Pile(_("待办"), _("轮到您办的"), _("没有等您办理的事"), "inbox", "info", lying("waiting")),
        Pile(_("即将到期"), _("期限快到的"), _("近期没有到期的事"), "calendar", "warn", lying("ending")),
        Pile(_("逾期"), _("已过期限的"), _("没有逾期"), "alert-triangle", "bad", lying("lapsed")),
    )


def owed(held: Sequence[policy.RoleSpec]) -> list[tuple[policy.RoleSpec, tuple[duties.Duty, ...]]]:
    """Each role with what it answers for, as the policy pack says (4.1)."""
    known = duties.duties()
    return [(spec, known.get(spec.code, ())) for spec in held]


def scopes(actor: Actor) -> list[tuple[str, str]]:
    """Each role the actor holds with the name of where it holds it."""
    specs = policy.roles()
    names = directory.division_names(grant.scope.ljust(12, "0") for grant in actor.grants)
    return [
        (specs[grant.role].text, names.get(grant.scope.ljust(12, "0"), grant.scope))
        for grant in actor.grants
        if grant.role in specs
    ]
