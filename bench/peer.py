"""The peer: django-import-export with `use_bulk` and remembered keys, on 2,000 rows of the generated register.

It stores the same columns, two postings for each card and a history row (django-simple-history), in SQLite, and checks
each instance with `full_clean`. Needs what requirements.txt of this folder names.
"""

import json
import sys
from pathlib import Path
from typing import Any

import generate
import limit
from django.apps import AppConfig

ROWS = 2000


class PeerConfig(AppConfig):
    """The peer's tables belong to this module."""

    name = "peer"
    path = str(Path(__file__).parent)


def _configure(work: Path) -> None:
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(work / "peer.sqlite3")}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "import_export",
            "simple_history",
            "peer.PeerConfig",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def _models() -> tuple[Any, Any, Any]:
    from django.db import models
    from simple_history.models import HistoricalRecords

    class Org(models.Model):
        name = models.CharField(max_length=120, unique=True)

        class Meta:
            app_label = "peer"

    def key() -> Any:
        return models.ForeignKey(Org, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def text(length: int) -> Any:
        return models.CharField(max_length=length, blank=True)

    class Card(models.Model):
        number = models.CharField(max_length=40, unique=True)
        name, class_code, model, brand, unit = text(120), text(9), text(120), text(60), text(20)
        quantity, price, cost = models.BigIntegerField(), models.BigIntegerField(), models.BigIntegerField()
        acquired, in_service = models.DateField(), models.DateField()
        project, year, funding = text(120), models.SmallIntegerField(), text(20)
        owner, user, operator = key(), key(), key()
        keeper, phone, site, town, village = text(60), text(40), text(120), text(60), text(60)
        place, condition, serial = text(120), text(20), text(60)
        history = HistoricalRecords(app="peer")

        class Meta:
            app_label = "peer"

    class Posting(models.Model):
        card = models.ForeignKey(Card, on_delete=models.PROTECT)
        account, amount, day = models.IntegerField(), models.BigIntegerField(), models.DateField()

        class Meta:
            app_label = "peer"

    return Org, Card, Posting


def _resource(org: Any, card: Any, posting: Any) -> Any:
    from import_export import fields, resources, widgets

    class Fen(widgets.Widget):
        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
            return round(float(value) * 100)

    names = dict(zip(generate.HEAD, (name.removesuffix("_id") for name in limit.COLUMNS[1:]), strict=True))
    whole = widgets.IntegerWidget()
    known = widgets.CachedForeignKeyWidget(org, "name")
    special = {
        "quantity": whole, "year": whole, "price": Fen(), "cost": Fen(), "acquired": widgets.DateWidget(),
        "in_service": widgets.DateWidget(), "owner": known, "user": known, "operator": known,
    }  # fmt: skip
    body: dict[str, Any] = {
        name: fields.Field(attribute=name, column_name=head, widget=special.get(name, widgets.CharWidget()))
        for head, name in names.items()
    }

    def bulk_create(self: Any, *arguments: Any, **kwargs: Any) -> None:
        made = list(self.create_instances)
        resources.Resource.bulk_create(self, *arguments, **kwargs)
        if made:
            card.history.bulk_history_create(made, batch_size=1000)
            posting.objects.bulk_create(
                [
                    posting(card_id=one.pk, account=account, amount=sign * one.cost, day=one.acquired)
                    for one in made
                    for account, sign in zip(limit.ACCOUNTS, (1, -1), strict=True)
                ],
                batch_size=1000,
            )

    class Meta:
        model = card
        fields = tuple(names.values())
        import_id_fields = ("number",)
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        force_init_instance = True
        clean_model_instances = True
        use_transactions = True

    return type("Cards", (resources.ModelResource,), {**body, "Meta": Meta, "bulk_create": bulk_create})


def run(work: Path) -> dict[str, float]:
    """Make the tables anew, import, and answer what each row cost."""
    from clock import measured

    for ending in ("", "-wal", "-shm"):
        (work / f"peer.sqlite3{ending}").unlink(missing_ok=True)
    book = work / f"register-{ROWS}.xlsx"
    if not book.exists():
        generate.write(book, ROWS)
    _configure(work)
    import tablib
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    org, card, posting = _models()
    with connection.schema_editor() as editor:
        for model in (org, card, posting, card.history.model):
            editor.create_model(model)
    org.objects.bulk_create(org(name=name) for name in limit.organisations(ROWS))
    resource = _resource(org, card, posting)()

    def work_of_the_peer() -> None:
        read = tablib.Dataset().load(book.read_bytes(), "xlsx")
        rows = [tuple("" if value is None else value for value in row) for row in read]
        found = resource.import_data(tablib.Dataset(*rows, headers=read.headers), dry_run=False, raise_errors=True)
        assert found.totals["new"] == ROWS, found.totals

    return {"cpu_per_row": measured(work_of_the_peer) / ROWS}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
