"""What an import entered, in the form of the truth files beside the sample workbooks.

`python -m mingchan.interfaces.exchange.tests.truth NUMBER` prints the records of a batch as JSON, for tests that import
through another door in another process.
"""

import json
import sys
from datetime import date
from typing import Any

PAPER_DAY = date(2020, 3, 10)


def registered(batch: Any) -> dict[str, list[dict[str, Any]]]:
    """The register's cards of a batch in the form of the truth, by sheet in the order of its rows."""
    from mingchan.foundation.directory import queries as directory
    from mingchan.register.assets.models import Asset, Origin

    resolver = directory.DivisionResolver(batch.county, PAPER_DAY)
    found: dict[str, list[dict[str, Any]]] = {}
    cards = Asset.objects.filter(source=f"batch:{batch.pk}").select_related(
        "site", "owner", "user", "operator", "income_holder", "keeper"
    )
    origins = {origin.asset_id: origin for origin in Origin.objects.select_related("sheet").filter(asset__in=cards)}
    for card in sorted(cards, key=lambda card: origins[card.pk].row):
        village = resolver.name(card.division_code) if not card.division_code.endswith("000") else None
        found.setdefault(origins[card.pk].sheet.name, []).append(
            {
                "site": card.site.name,
                "town": resolver.name(card.division_code[:9] + "000"),
                "village": village,
                "name": card.name,
                "model": card.model,
                "unit": card.unit,
                "quantity": card.quantity_milli / 1000,
                "unit_price_fen": card.unit_price_fen,
                "amount_fen": card.cost_fen,
                "source": card.funding,
                "date": card.acquired_on.isoformat(),
                "owner": card.owner.name,
                "user": card.user.name,
                "operator": card.operator.name,
                "income": card.income_holder.name,
                "custodian": card.keeper.name,
                "phone": card.keeper.phone_mask,
                "status": card.condition,
            }
        )
    return found


def paid(batch: Any) -> list[dict[str, Any]]:
    """The payments of a batch in the form of the truth, in the order of their rows."""
    from mingchan.register.funding.models import FundUse

    uses = FundUse.objects.filter(source=f"batch:{batch.pk}").select_related("line").order_by("id")
    return [
        {
            "line": use.line.name,
            "source": use.funding,
            "paid_fen": use.paid_fen,
            "asset_fen": use.asset_fen,
            "expense_fen": use.expense_fen,
        }
        for use in uses
    ]


def main(number: int) -> None:
    """Print the records of one batch."""
    import django

    django.setup()
    from mingchan.interfaces.exchange.models import Batch

    batch = Batch.objects.get(pk=number)
    sys.stdout.write(json.dumps({"sheets": registered(batch), "items": paid(batch)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
