"""What is to be made public about operation (公示内容): contracts, changes of operator, changes of mode (2.4.2c)."""

from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel import money
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation.choices import ChangeKind
from mingchan.lifecycle.operation.models import Change, Contract, Edition
from mingchan.lifecycle.operation.queries import packs, showing

ROWS = 500
"""So many assets are listed one by one in a notice."""


def publication(case: Case) -> Publication:
    """The notice of a contract's or change's case; its own title and text when it is about neither."""
    with translation.override("zh-hans"):
        found = showing.contract_of(case)
        if found is not None:
            return _of_contract(case, *found)
        change = showing.change_of(case)
        if change is not None:
            return _of_change(case, change)
    return Publication(
        kind="GENERAL",
        title=case.title,
        paragraphs=[line.strip() for line in case.text.splitlines() if line.strip()] or [case.title],
        division_code=case.division_code,
        subject=Ref("case", case.pk),
        clauses=("2.4.2c",),
    )


def _of_contract(case: Case, contract: Contract, edition: Edition) -> Publication:
    paragraphs = [
        _("经集体研究并报批，拟签订下列经营合同，现予公示，接受监督。"),
        _("标的：%(title)s") % {"title": contract.title},
        _("经营者：%(name)s") % {"name": masked(contract.operator.name, contract.operator.kind)},
        _("经营方式：%(mode)s") % {"mode": packs.mode_label(edition.mode)},
        _("期限：%(start)s 至 %(end)s")
        % {"start": edition.starts_on.isoformat() if edition.starts_on else "", "end": edition.last_day or ""},
    ]
    if edition.yearly_fen:
        paragraphs.append(_("年固定收益：%(amount)s 元") % {"amount": money.format_yuan(edition.yearly_fen)})
    if edition.share_bp:
        share = f"{edition.share_bp // 100}.{edition.share_bp % 100:02d}"
        paragraphs.append(_("分成：%(of)s的 %(share)s%%") % {"of": edition.get_share_of_display(), "share": share})
    rows = [
        (row.asset.code, row.asset.name, money.format_yuan(row.asset.cost_fen))
        for row in showing.covered(contract)[:ROWS]
    ]
    return Publication(
        kind="CONTRACT",
        title=case.title,
        paragraphs=paragraphs,
        division_code=contract.division_code,
        subject=Ref("contract", contract.pk),
        columns=(_("资产编号"), _("资产名称"), _("原值（元）")),
        rows=rows,
        clauses=("2.4.2a", "2.4.2c"),
    )


def _of_change(case: Case, change: Change) -> Publication:
    is_operator = change.kind == ChangeKind.OPERATOR
    new = (
        masked(change.operator.name, change.operator.kind)
        if change.operator is not None
        else packs.mode_label(change.mode)
    )
    words = _("拟将下列资产的经营者变更为：%(new)s") if is_operator else _("拟将下列资产的经营方式定为：%(new)s")
    rows = []
    for row in showing.changed(change)[:ROWS]:
        operator = row.asset.operator
        present = masked(operator.name, operator.kind) if operator is not None else "—"
        rows.append((row.asset.code, row.asset.name, present))
    title = case.title
    if change.operator is not None:
        title = title.replace(change.operator.name, new)
    return Publication(
        kind="OPERATOR_CHANGE" if is_operator else "MODE_CHANGE",
        title=title,
        paragraphs=[words % {"new": new}, _("理由：%(reason)s") % {"reason": change.reason}],
        division_code=change.division_code,
        subject=Ref("operation_change", change.pk),
        columns=(_("资产编号"), _("资产名称"), _("现经营者")),
        rows=rows,
        clauses=("2.4.2b", "2.4.2c"),
    )


def masked(name: str, kind: str) -> str:
    """A party's name as anybody may read it: a person keeps the family name only."""
    if kind != "PERSON" or len(name) < 2:
        return name
    return name[0] + "＊" * (len(name) - 1)
