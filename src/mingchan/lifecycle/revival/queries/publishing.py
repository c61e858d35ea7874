"""What is to be made public about a measure (公示内容): what becomes of which idle assets, and why (2.4.2c, 2.6.2)."""

from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel import money
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation.queries.publishing import masked
from mingchan.lifecycle.revival.queries import measures

ROWS = 500


def publication(case: Case) -> Publication:
    """The notice of a measure's case, people masked."""
    with translation.override("zh-hans"):
        found = measures.of_case(case)
        paragraphs = [line.strip() for line in case.text.splitlines() if line.strip()] or [case.title]
        if found is None:
            return Publication("GENERAL", case.title, paragraphs, case.division_code, Ref("case", case.pk))
        title = case.title
        paragraphs = [
            _("经研究，拟对下列闲置资产采取“%(kind)s”措施，现予公示，接受监督。") % {"kind": found.get_kind_display()}
        ]
        if found.party is not None:
            name = masked(found.party.name, found.party.kind)
            title = title.replace(found.party.name, name)
            paragraphs.append(_("接手主体：%(name)s") % {"name": name})
        if found.site is not None:
            paragraphs.append(_("接收站点：%(name)s") % {"name": found.site.name})
        paragraphs.append(_("理由：%(reason)s") % {"reason": found.reason})
        if found.goal:
            paragraphs.append(_("预期成效：%(goal)s") % {"goal": found.goal})
        rows = [
            (
                part.asset.code,
                part.asset.name,
                part.asset.site.name if part.asset.site is not None else part.asset.place or "—",
                money.format_yuan(part.asset.cost_fen),
            )
            for part in measures.parts(found)[:ROWS]
        ]
        return Publication(
            kind="GENERAL",
            title=title,
            paragraphs=paragraphs,
            division_code=found.division_code,
            subject=Ref("revival", found.pk),
            columns=(_("资产编号"), _("资产名称"), _("现在地点"), _("原值（元）")),
            rows=rows,
            clauses=("2.6.2", "2.4.2c"),
        )
