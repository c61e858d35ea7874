"""The project of 2018 (示范项目): its stages with papers, its money, and payments traced to assets; some left open.

What is missing is missing on purpose: the final accounts (竣工决算) were not made, some payments are not traced.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.funding import queries as funding_queries
from mingchan.register.funding import services as funding
from mingchan.register.funding.choices import StageKind
from mingchan.register.funding.drafts import Paper, ProjectDraft, StageDraft
from mingchan.register.funding.models import Project
from mingchan.register.tracing import queries as tracing_queries
from mingchan.register.tracing import rules
from mingchan.register.tracing import services as tracing

CLERK = "bureau_clerk"
ON = date(2020, 4, 16)
"""The day after the register was made."""
NAME = "偏关县2018年电子商务进农村综合示范项目（示例）"
UNTRACED = "质量安全追溯体系"
"""The sub-project whose payments are left for the reader to trace."""
BUREAU, FINANCE = "偏关县工业和信息化局", "偏关县财政局"
STAGES = (
    (StageKind.DRAFTING, date(2018, 5, 20), "D", BUREAU, "实施方案（示例）.pdf", ""),
    (StageKind.APPLICATION, date(2018, 6, 11), "D", BUREAU, "申报材料（示例）.pdf", ""),
    (StageKind.APPROVAL, date(2018, 8, 3), "D", FINANCE, "立项批复（示例）.pdf", ""),
    (StageKind.CONSTRUCTION, date(2018, 11, 1), "M", BUREAU, "", "分年分批采购，2018年11月起实施"),
    (StageKind.ACCEPTANCE, date(2020, 1, 15), "D", BUREAU, "竣工验收报告（示例）.pdf", "初验合格"),
    (StageKind.OPERATION, date(2020, 1, 20), "D", BUREAU, "运营托管协议（示例）.pdf", "县级中心先行运行"),
)
CORRECTED = (date(2020, 1, 17), "验收报告落款为1月17日")
"""The day of the acceptance, as the paper has it."""


def load() -> Iterator[str]:
    """Bring in the project, its stages and the traces; what is there stays. Gives a line for each."""
    actor = directory.actor_for(Account.objects.get(username=CLERK), ON, source="command")
    if Project.objects.filter(county=settings.COUNTY, name=NAME).exists():
        return
    yield from _project(actor)
    yield from _traces(actor)


def _office(name: str) -> int | None:
    return Party.objects.filter(county=settings.COUNTY, kind="OFFICE", name=name).values_list("id", flat=True).first()


def _paper(name: str) -> Paper:
    """A page that says that it stands for a paper: the smallest PDF there is."""
    drawn = b"BT /F1 24 Tf 72 720 Td (Sample paper, invented) Tj ET"
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    body += end % (len(parts) + 1, table, len(parts) + 1, len(body))
    return Paper(name, BytesIO(body), AttachmentKind.APPROVAL.value)


def _project(actor: Actor) -> Iterator[str]:
    source = Ref("account", actor.account_id or 0)
    given: dict[str, Any] = {"source": source, "actor": actor, "on": ON}
    draft = ProjectDraft(
        NAME,
        2018,
        "电子商务进农村综合示范",
        _office(BUREAU),
        1_570_000_000,
        "中央资金1500万元，县统筹整合资金70万元",
    )
    pk = funding.open_project(draft, **given, is_sample=True)
    lines = [key for key, _label in funding_queries.loose_lines(actor)]
    sent = [row.pk for row in funding_queries.loose_appropriations(actor)]
    if lines or sent:
        funding.assign(pk, lines=lines, appropriations=sent, **given)
    for kind, day, precision, office, paper, note in STAGES:
        stage = StageDraft(kind.value, day, precision, _office(office), note)
        key = funding.record_stage(pk, stage, [_paper(paper)] if paper else [], **given, is_sample=True)
        if kind == StageKind.ACCEPTANCE:
            accepted, first = stage, key
    day, reason = CORRECTED
    funding.record_stage(pk, accepted._replace(happened_on=day), replaces=first, reason=reason, **given, is_sample=True)
    yield f"Opened the project of 2018: {len(lines)} sub-projects, {len(STAGES)} stages, one of them corrected."


def _traces(actor: Actor) -> Iterator[str]:
    """Accept what the county's clerk would: every exact proposal but those of one sub-project."""
    left = {use.id for use in tracing_queries.open_uses(actor) if use.line_id in _lines_named(UNTRACED, actor)}
    found = [one for one in tracing_queries.proposals(actor) if one.use_id not in left]
    last = {one.use_id for one in found[-2:]}
    chosen = {one.use_id: rules.digest(one) for one in found if one.use_id not in last}
    if chosen:
        source = Ref("account", actor.account_id or 0)
        done = tracing.accept(chosen, source=source, actor=actor, on=ON, is_sample=True)
        traced = money.format_yuan(done.amount_fen)
        yield f"Traced {len(chosen)} payments to assets: {done.shares:,} links, {traced} yuan."


def _lines_named(name: str, actor: Actor) -> set[int]:
    return {key for key, label in funding_queries.lines(actor) if label.endswith(name)}
