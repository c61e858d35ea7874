"""The register's list: every declared query against 50 rows by key, the whole page against a string-built one, growth.

    python bench/register_list.py [--rows 1000000] [--small 10000] [--rounds 3] [--server postgres://…]

The first run fills a register of so many cards the way an import does, which takes some minutes; it is kept and used
again. A string-built page has the same middleware, statements and frame, and its rows are joined in one function.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

import place
from clock import apart, in_turn, measured, median, repeated, table, verdict

PAGE, SEARCH = 5.0, 20.0
SEARCHES = ("two characters", "initials", "three words", "number")
ADDRESS = "/assets/"
LIST = "bench/list/"


def string_page(request: Any, head: str, tail: str) -> Any:
    """The page with its rows joined from strings."""
    from django.http import HttpResponse

    from mingchan.kernel import money
    from mingchan.register.assets import queries

    found = queries.rows(queries.RegisterFilter(), request.actor, limit=50)
    queries.count(queries.RegisterFilter(), request.actor)
    names = queries.names_of(found.rows)
    sites, parties, divisions = names.sites, names.parties, names.divisions
    rows = [
        f'<tr><td><input type="checkbox" name="selected" value="{row.id}"></td>'
        f'<td><a href="/assets/{row.id}/">{escape(row.name)}</a><small>{row.code} · {escape(row.model)}</small></td>'
        f"<td>{row.class_code}<small>{row.system} · {row.tier}</small></td>"
        f"<td>{escape(sites.get(row.site_id, ''))}<small>{escape(divisions.get(row.division_code, ''))}</small></td>"
        f"<td>{money.format_quantity(row.quantity_milli)}<small>{escape(row.unit)}</small></td>"
        f"<td>{money.format_yuan(row.cost_fen)}</td><td>{row.acquired_on}</td><td>{escape(row.condition)}</td>"
        + "".join(f"<td>{escape(parties.get(key, ''))}</td>" for key in (row.owner_id, row.operator_id, row.keeper_id))
        + "</tr>"
        for row in found.rows
    ]
    return HttpResponse(head + "".join(rows) + tail)


def measure() -> dict[str, Any]:
    """In this process: seconds of the floor, of each declared query, and of the two pages."""
    place.set_up()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import path

    from mingchan.config import urls
    from mingchan.foundation.directory.models import Account
    from mingchan.kernel.ui.page import page
    from mingchan.register.assets import queries
    from mingchan.register.assets.models import Asset

    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    server = place.server()

    def answered(query: Any) -> Callable[[], None]:
        statement, values = query.query.sql_with_params()

        def ask() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                cursor.fetchall()

        return ask

    keys = list(Asset.objects.order_by("-id").values_list("id", flat=True)[:2000:40])
    floor = Asset.objects.filter(pk__in=keys).values_list("id", *queries.listing.COLUMNS)
    cases = {"": answered(floor)}
    reader = place.clerk()
    for name, query in queries.declared_queries(reader.county):
        if not name.endswith((", by code", ", by cost")):
            cases[name] = answered(query)
    for name, asked in queries.declared_filters(reader.county).items():
        found = queries.count(asked, reader)
        for word, sort in (("code", "code"), ("cost", "-cost")):
            cases[f"{name}, by {word}"] = partial(queries.rows, asked, reader, sort, of=found)
    times = {name: repeated(ask, 0.1 if server.root else 0.03, server) for name, ask in cases.items()}
    client = Client()
    client.force_login(Account.objects.get(username="bureau_clerk"))
    shown = client.get(ADDRESS)
    assert shown.status_code == 200, shown.status_code
    text = shown.content.decode()
    head, tail = text[: text.index("<tbody") + 7], text[text.index("</tbody>") :]
    urls.urlpatterns.append(path(LIST, page("asset.view")(lambda request: string_page(request, head, tail))))

    def visit(address: str) -> Callable[[], None]:
        def get() -> None:
            assert client.get(address).status_code == 200

        return get

    pages = {name: visit(address) for name, address in (("page", ADDRESS), ("strings", f"/{LIST}"))}
    for get in pages.values():
        get()
    return {"floor": times.pop(""), "queries": times} | {
        name: measured(lambda get=get: [get() for _time in range(20)], server) / 20 for name, get in pages.items()
    }


def main() -> None:
    """Run both registers in turn and print every list with its ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(measure()))
        return
    store = asked.server.rstrip("/") or "sqlite"
    kept: dict[int, list[dict[str, Any]]] = {asked.rows: [], asked.small: []}

    def one(rows: int) -> Callable[[], float]:
        def run() -> float:
            found = apart("register_list.py", "--here", environment=place.standing(store, rows))
            kept[rows].append(found)
            return float(found["page"])

        return run

    in_turn({str(rows): one(rows) for rows in kept}, asked.rounds)
    large, small = kept[asked.rows], kept[asked.small]
    floor = median([found["floor"] for found in large])
    lines = []
    for name in large[0]["queries"]:
        ratio = median([found["queries"][name] for found in large]) / floor
        most = SEARCH if "counted" in name or name.startswith(SEARCHES) else PAGE
        lines.append((name, f"{ratio * floor * 1000:.2f}", f"{ratio:.1f}", f"≤ {most:.0f}", verdict(ratio, most)))
    page, strings = (median([found[name] for found in large]) for name in ("page", "strings"))
    growth = page / median([found["page"] for found in small])
    lines.append(
        ("page / string-built page", f"{page * 1000:.2f}", f"{page / strings:.2f}", "≤ 2", verdict(page / strings, 2))
    )
    lines.append((f"page at {asked.rows} / at {asked.small}", "", f"{growth:.2f}", "≤ 1.5", verdict(growth, 1.5)))
    table([("50 rows by key", f"{floor * 1000:.2f}", "1.0", "", ""), *lines], ("query", "ms", "ratio", "must", ""))


if __name__ == "__main__":
    main()
