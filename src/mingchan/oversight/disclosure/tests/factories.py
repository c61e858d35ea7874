"""Things the tests of disclosure start from: notices by hand and of a waiting case, proofs, objections."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PIL import Image

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import queries as drawings
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor
from mingchan.oversight.disclosure import queries, services
from mingchan.oversight.disclosure.drafts import FileDraft, NoticeDraft, ObjectionDraft, PostingDraft, Receipt
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection

COUNTY = "140932"
CENTRE = "140932000000"
TOWN = "140932100000"
DAY = date(2020, 3, 10)
"""A Tuesday; a notice of seven days published then runs from the 11th to the 17th."""
OVER = date(2020, 3, 18)
CODE = "general"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def actor(role: str, on: date = DAY) -> Actor:
    """The actor of a role's sample account."""
    return directory.actor_for(Account.objects.get(username=role), on)


def account(role: str) -> int:
    """The id of a role's sample account."""
    return Account.objects.get(username=role).pk


def anybody() -> Actor:
    """Somebody without an account."""
    return directory.nobody(COUNTY)


def photo() -> FileDraft:
    """A small picture of a board."""
    out = io.BytesIO()
    Image.new("RGB", (60, 90), (200, 180, 120)).save(out, format="JPEG")
    return FileDraft("公开栏.jpg", out.getvalue())


def given(**changes: Any) -> NoticeDraft:
    """A notice as it is written."""
    values: dict[str, Any] = {
        "kind": "DISPOSAL_PLAN",
        "title": "关于拟报废一批电脑的公示",
        "paragraphs": ("拟报废台式电脑三台。", "现予公示。"),
        "division_code": CENTRE,
        **changes,
    }
    return NoticeDraft(**values)


def drafted(on: date = DAY, **changes: Any) -> Notice:
    return services.draft_by_hand(given(**changes), actor=actor("bureau_clerk", on), on=on)


def published(on: date = DAY, **changes: Any) -> Notice:
    notice = drafted(on, **changes)
    return services.publish(notice.pk, notice.version, actor=actor("bureau_reviewer", on), on=on)


def boards(notice: Notice) -> list[NoticePlace]:
    return list(NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("id"))


def posted(notice: Notice, who: Actor | None = None) -> Notice:
    """Proof for each board."""
    on = notice.published_on or DAY
    for board in boards(notice):
        draft = PostingDraft(on, "08:30", photo=photo())
        services.post(board.pk, draft, actor=who or actor("bureau_clerk", on), on=on)
    return notice


def proved(on: date = DAY, **changes: Any) -> Notice:
    return posted(published(on, **changes))


def object_to(notice: Notice, on: date = DAY, **changes: Any) -> tuple[Objection, Receipt]:
    """An objection and what its person got for it."""
    values: dict[str, Any] = {"text": "这批电脑还能用，不该报废。", **changes}
    receipt = services.object_to(notice.pk, ObjectionDraft(**values), actor=anybody(), on=on)
    return Objection.objects.get(number=receipt.number), receipt


def accepted(objection: Objection, on: date = DAY) -> Objection:
    who = actor("bureau_reviewer", on)
    return services.accept(objection.pk, account("bureau_reviewer"), objection.version, actor=who, on=on)


def answered(objection: Objection, verdict: str = "NOT_UPHELD", on: date = DAY) -> Objection:
    """The objection accepted, looked into and answered."""
    row = accepted(objection, on)
    who = actor("bureau_reviewer", on)
    services.note(row.pk, "到现场看过三台电脑。", actor=who, on=on)
    return services.answer(row.pk, verdict, "经核查，答复如上所述。", row.version, actor=who, on=on)


APPROVED = '<sequenceFlow id="decided_to_approved" sourceRef="decided" targetRef="approved"/>'
STEP = """<receiveTask id="notice" name="公示" mc:waits="notice" mc:clause="2.4.2c"/>
    <sequenceFlow id="decided_to_approved" sourceRef="decided" targetRef="notice"/>"""
AHEAD = '<sequenceFlow id="notice_to_approved" sourceRef="notice" targetRef="approved"/>'
OR_BACK = """<exclusiveGateway id="noticed" default="noticed_to_approved"/>
    <sequenceFlow id="notice_to_noticed" sourceRef="notice" targetRef="noticed"/>
    <sequenceFlow id="noticed_to_approved" sourceRef="noticed" targetRef="approved"/>
    <sequenceFlow id="noticed_to_revise" sourceRef="noticed" targetRef="revise">
      <conditionExpression xsi:type="tFormalExpression">notice_outcome == "UPHELD"</conditionExpression>
    </sequenceFlow>"""


def draw(*, way_back: bool = True, on: date = DAY) -> None:
    """Have general matters published after the head's approval; with `way_back` an upheld objection leads back."""
    present = drawings.in_force(CODE, COUNTY, on).content
    if ("notice_outcome" in present) == way_back and 'waits="notice"' in present:
        return
    plain = drawings.procedure(CODE, COUNTY, 0).content
    content = plain.replace(APPROVED, STEP + (OR_BACK if way_back else AHEAD))
    procedures.add_definition(
        CODE, content.encode(), valid_from=on, reason="批准后公示", actor=actor("bureau_clerk", on), on=on
    )


def waiting_case(on: date = DAY, *, way_back: bool = True, **changes: Any) -> Case:
    """A case that has come to its notice step."""
    draw(way_back=way_back, on=on)
    values: dict[str, Any] = {"title": "新关镇站点经营者变更", "text": "拟由偏关县惠民合作社经营。", **changes}
    case = procedures.start(CODE, actor=actor("bureau_clerk", on), on=on, **values)
    return approved(case, on)


def approved(case: Case, on: date = DAY) -> Case:
    """The case reviewed and approved, so that it waits for its notice."""
    case = decide(case, "review", actor("bureau_reviewer", on), on)
    return decide(case, "head", actor("bureau_head", on), on, document_no="偏工信字〔2020〕8号")


def decide(case: Case, node: str, who: Actor, on: date = DAY, answer: str = "AGREE", **changes: Any) -> Case:
    task = Task.objects.get(case=case, node=node, status="WAITING")
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    return procedures.decide(task.pk, answer=answer, version=version, actor=who, on=on, **changes)


def notice_of(case: Case) -> Notice:
    """The newest notice of a case."""
    return Notice.objects.filter(case=case).order_by("-id")[0]


def pass_notice(case: Case, on: date) -> Case:
    """Let a case that waits at its notice step go on: published on a day, proved, closed when its period is over."""
    system = directory.installer(case.county)
    services.draft_missing(actor=system, on=on)
    notice = notice_of(case)
    notice = services.publish(notice.pk, notice.version, actor=system, on=on)
    for board in boards(notice):
        services.post(board.pk, PostingDraft(on, reason="测试中不张贴"), actor=system, on=on)
    if notice.last_day is None:
        raise AssertionError("a published notice has a last day")
    services.close(notice.pk, actor=system, on=notice.last_day + timedelta(days=1))
    return Case.objects.get(pk=case.pk)


PassNotice = Callable[[Case, date], Case]


def close(notice: Notice, on: date = OVER, role: str = "bureau_clerk") -> Notice:
    """The notice, closed by its office."""
    return services.close(notice.pk, actor=actor(role, on), on=on)


def is_intact() -> bool:
    """Whether the verifier finds nothing at any row of notices and objections."""
    kinds = {protected.kind for protected in queries.PROTECTED}
    report = evidence.verify(queries.PROTECTED)
    return not [finding for finding in report.findings if finding.obj.partition(":")[0] in kinds]
