"""Whatever is written into any column past the program, the verifier answers with findings that name the object."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, models, transaction

from mingchan.config import wiring
from mingchan.config.demo import workbooks as sample_workbooks
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence import verification
from mingchan.foundation.evidence.models import Detail, Head, Record, Tile
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.foundation.evidence.reports import Report
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.models import Book
from mingchan.interfaces.exchange import services as exchange
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import FundingPart, OriginDraft
from mingchan.register.assets.tests import factories as make
from mingchan.register.sites import services as sites
from mingchan.register.sites.drafts import HolderDraft
from mingchan.register.sites.tests import factories as sites_make
from mingchan.register.survey import services as survey
from mingchan.register.survey.drafts import RowDraft, SurveyDraft
from mingchan.register.survey.models import Difference, Survey
from tests.house import kept_rows

pytestmark = pytest.mark.django_db
DAY = date(2020, 4, 15)

WRITTEN: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "NULL", "'x'", "0", "x'00'", "{0} + 1000003", "1.5", "CAST(x'FF' AS TEXT)", "CAST({0} AS BLOB)", "hex({0})",
    ),
    "postgresql": ("NULL", "'x'", "0", "'\\x00'", "{0} + 1000003", "NOT {0}", "'infinity'", "'0001-01-01 BC'"),
}  # fmt: skip
"""What is written by hand: nothing, text, numbers, bytes, and what no honest column of the engine holds."""


@dataclass(frozen=True)
class Table:
    """A table every value of which is vouched for: by the log's own chain, or by the document of its row or parent."""

    model: type[models.Model]
    protected: Protected | None = None
    child: Child | None = None

    def __str__(self) -> str:
        return self.model._meta.db_table

    @property
    def pk(self) -> str:
        return str(self.model._meta.pk.column)

    def columns(self) -> dict[str, str]:
        """Columns to be edited, with the names findings call them by."""
        without = self.child.exclude if self.child else self.protected.exclude if self.protected else ()
        return {
            field.column: field.attname
            for field in self.model._meta.concrete_fields
            if field.name not in without or field.name == "password"
        }

    def moves(self) -> set[str]:
        """Columns of them whose edit makes another row of it."""
        own = {self.pk} | ({self.model._meta.get_field(self.child.fk).column} if self.child else set())
        return own & set(self.columns())


LOG = (Table(Record), Table(Detail), Table(Head), Table(Tile))
ROWS = tuple(
    table
    for item in wiring.PROTECTED
    for table in (Table(item.model, item), *(Table(child.model, item, child) for child in item.children))
)
ONE_BY_ONE = [(table, column) for table in LOG for column in table.columns()]
"""What a log is made of is edited alone: each edit may hide the next."""


def _apart() -> list[list[Table]]:
    """All tables in few sets, so that one verification answers for a whole set: rows first, then the first of their
    kinds of children, then the second … No set holds two tables of one document."""
    sets: dict[int, list[Table]] = {}
    for item in wiring.PROTECTED:
        for place, child in enumerate((None, *item.children)):
            model = child.model if child else item.model
            sets.setdefault(place, []).append(Table(model, item, child))
    return list(sets.values())


SETS = _apart()


@pytest.fixture(scope="module")
def kept_county(county_once: Any, django_db_blocker: Any) -> None:
    """The sample county with a row in every table that is vouched for, without the guards."""
    with django_db_blocker.unblock():
        clerk, accountant = (
            directory.actor_for(Account.objects.get(username=county_once.username(role)), DAY)
            for role in ("bureau_clerk", "accountant")
        )
        exchange.import_file(sample_workbooks.workbooks()[-1], actor=clerk, on=DAY, is_sample=True)
        owner = Party.objects.filter(kind="OFFICE").order_by("pk").first()
        assert owner is not None
        shares = (FundingPart("central", 300000), FundingPart("county", 98000))
        origin = OriginDraft("村级", 9, {"name": "电 脑"}, {"name": "B"})
        first = make.register(
            [
                make.draft("电脑", owner=owner.pk, site=make.site(), origin=origin, funding="", funding_shares=shares),
                make.draft("货架", owner=owner.pk),
            ]
        ).first_id
        assets.correct(first, {"note": "核对"}, 1, "核对", actor=make.clerk(), on=DAY)
        keeper = sites_make.keeper()
        site = sites_make.filed()
        sites.appoint(site, "KEEPER", HolderDraft(owner.pk), DAY, "任命", 1, actor=keeper, on=DAY)
        sites.require(site, "CCTV", 0, "共用", 2, actor=keeper, on=DAY)
        surveyor = make.clerk(rights=make.RIGHTS | {"survey.import", "survey.settle", "survey.view"})
        found = [
            RowDraft("电脑", make.VILLAGE, quantity_milli=1000, cost_fen=1), RowDraft("冷库", make.VILLAGE),
        ]  # fmt: skip
        given = {"actor": surveyor, "on": DAY}
        taken = survey.take([found], SurveyDraft("调查", owner.pk), source=Ref("batch", 99), **given)
        open_ones = dict(Difference.objects.filter(survey=taken.survey_id).values_list("pk", "version"))
        survey.decide(taken.survey_id, open_ones, "KEEP", "核对", **given)
        survey.settle(taken.survey_id, "清楚", Survey.objects.get(pk=taken.survey_id).version, **given)
        kept_rows.fill(county_once)
        book = Book.objects.order_by("pk").first()
        assert book is not None
        ledger.close_year(book.pk, 2019, actor=accountant, on=DAY)
        ledger.close_through(book.pk, 202003, "样例账簿，已核对", actor=accountant, on=DAY)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}"')
            else:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                cursor.execute("ALTER TABLE evidence_head DROP CONSTRAINT head_is_one")
                cursor.execute(
                    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                    "WHERE NOT tgisinternal"
                )
                for name, table in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')


def _row(table: Table) -> tuple[Any, str]:
    """The row to be edited, and the object the verifier must name."""
    rows = table.model._default_manager.order_by("pk")
    if table.model in (Record, Detail):
        key = rows.values_list("pk", flat=True)[3]
        return key, str(Record.objects.values_list("obj", flat=True).get(seq=key))
    key = rows.values_list("pk", flat=True).first()
    assert key is not None, f"no row of {table} to edit"
    if table.protected is None:
        return key, "log:head" if table.model is Head else f"tile:{key}"
    owner = rows.values_list(table.child.fk, flat=True).get(pk=key) if table.child else key
    return key, f"{table.protected.kind}:{owner}"


def _held(table: Table, column: str, key: Any) -> list[Any]:
    """What a column of a row holds, kind included."""
    said = f'typeof("{column}"), hex("{column}")' if connection.vendor == "sqlite" else f'"{column}"::text'
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {said} FROM "{table}" WHERE "{table.pk}" = %s', [key])
        return list(cursor.fetchall())


def _write(table: Table, column: str, key: Any, value: str) -> bool:
    """Write by hand; False when the engine won't have it or it changes nothing."""
    before = _held(table, column, key)
    written = value.format(f'"{column}"')
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(f'UPDATE "{table}" SET "{column}" = {written} WHERE "{table.pk}" = %s', [key])
    except Error:
        return False
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
    return _held(table, column, key) != before


def _verified() -> Report:
    """The verifier's answer, which can be shown and kept."""
    report = evidence.verify(wiring.PROTECTED, most=100_000)
    assert json.loads(json.dumps(report.as_dict()))
    assert list(report.lines())
    return report


@pytest.mark.parametrize(("table", "column"), [pytest.param(*one, id=".".join(map(str, one))) for one in ONE_BY_ONE])
def test_a_column_of_the_log_edited_is_answered_with_findings(kept_county: None, table: Table, column: str) -> None:
    key, obj = _row(table)
    written = 0
    for value in WRITTEN[connection.vendor]:
        with transaction.atomic():
            if _write(table, column, key, value):
                written += 1
                report = verification.verify([])
                named = {finding.obj for finding in report.findings} | {finding.seq for finding in report.findings}
                assert named & {obj, key if table.model in (Record, Detail) else obj}, (value, report.findings[:3])
            transaction.set_rollback(True)
    assert written


VALUES = range(len(max(WRITTEN.values(), key=len)))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("place", range(len(SETS)))
def test_a_row_edited_into_another_is_named(kept_county: None, place: int, value: int) -> None:
    """The number of a row, or of the row it belongs to, is written by hand: both objects are beyond hiding it."""
    texts = WRITTEN[connection.vendor]
    for move in range(2):
        moved: dict[str, str] = {}
        with transaction.atomic():
            for table in SETS[place]:
                key, obj = _row(table)
                for column in sorted(table.moves(), key=table.pk.__eq__)[move : move + 1]:
                    if _write(table, column, key, texts[value % len(texts)]):
                        moved[f"{table}.{column}"] = obj
            named = {finding.obj for finding in _verified().findings} if moved else set()
            transaction.set_rollback(True)
        assert {what: obj for what, obj in moved.items() if obj not in named} == {}


def test_a_number_of_any_row_can_be_written_by_hand(kept_county: None) -> None:
    """Else the test above would prove nothing."""
    untouched = set()
    for table in ROWS:
        key, _obj = _row(table)
        for column in table.moves():
            with transaction.atomic():
                if not any(_write(table, column, key, value) for value in WRITTEN[connection.vendor]):
                    untouched.add(f"{table}.{column}")
                transaction.set_rollback(True)
    assert untouched == set()


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("place", range(len(SETS)))
def test_every_field_of_a_row_edited_is_named(kept_county: None, place: int, value: int) -> None:
    """All columns of one row of many tables at once; each that the engine let through is named with its field."""
    texts = WRITTEN[connection.vendor]
    text = texts[value % len(texts)]
    edited: dict[str, set[str]] = {}
    with transaction.atomic():
        for table in SETS[place]:
            key, obj = _row(table)
            edited[obj] = {
                name for column, name in table.columns().items()
                if column not in table.moves() and _write(table, column, key, text)
            }  # fmt: skip
        findings = _verified().findings
        transaction.set_rollback(True)
    named: dict[str, set[str]] = {}
    for finding in findings:
        named.setdefault(finding.obj, set()).add(finding.field.split(".")[-1])
    assert {obj: names - named.get(obj, set()) for obj, names in edited.items()} == {obj: set() for obj in edited}


def test_the_county_before_any_edit_is_intact(kept_county: None) -> None:
    assert evidence.verify(wiring.PROTECTED).findings == []
