"""Decision tables that a county brings itself (决策表版本): checked, in force from a day; running cases keep theirs."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import decisions, events, permissions, wording
from mingchan.foundation.procedures.decisions import BadTable, Table
from mingchan.foundation.procedures.models import TableVersion
from mingchan.foundation.procedures.queries import documents
from mingchan.foundation.procedures.services import running
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import Refusal


def check_table(content: str, code: str = "") -> Table:
    """What a file says, when it may be used: every combination of facts has exactly one row, clauses are the plan's.

    `code` is the table it is to stand for, empty for a new one. Raises Refusal with the fault in words. Serves 4.2.
    """
    try:
        table = decisions.parse(content)
    except BadTable as error:
        raise Refusal(wording.of_table(error.fault, error.where), clauses=("4.2",), field="content") from error
    if code and table.code != code:
        raise Refusal(wording.of_table("other_code", table.code), clauses=("4.2",), field="content")
    unknown = [clause for clause in table.clauses if clause not in policy.clauses()]
    if unknown:
        raise Refusal(wording.of_table("unknown_clause", unknown[0]), clauses=("4.2",), field="content")
    return table


@transaction.atomic
def add_table(content: str, *, code: str = "", valid_from: date, reason: str, actor: Actor, on: date) -> TableVersion:
    """Put a checked decision table in force from a day, today or later; cases that run keep the one they began with.

    Raises Refusal for a table with a gap or an overlap, without a reason, or for a day that has passed, NotAllowed
    without `procedure.manage`. Serves 2.4.2c, 4.2.
    """
    permissions.require(actor, permissions.DEFINE, actor.county)
    table = check_table(content, code)
    if not reason.strip():
        raise Refusal(_("请填写修改理由"), clauses=("4.2",), field="reason")
    if valid_from < on:
        raise Refusal(_("启用日期不能早于今天"), clauses=("4.2",), field="valid_from")
    key = reserve_ids(TableVersion, 1)
    own = TableVersion.objects.filter(county=actor.county, code=table.code)
    last = own.aggregate(last=Max("number"))["last"] or 0
    row = TableVersion(
        pk=key,
        county=actor.county,
        code=table.code,
        number=last + 1,
        title=table.title,
        content=content,
        digest=documents.digest(content),
        valid_from=valid_from,
        reason=reason.strip()[:200],
        added_by=actor.name,
        added_on=on,
    )
    row.save(force_insert=True)
    running.record(
        events.TABLE_ADDED,
        documents.TABLE,
        row,
        before=None,
        division=actor.county,
        actor=actor,
        on=on,
        reason=reason.strip(),
        facts={"name": table.title, "number": row.number},
    )
    return row
