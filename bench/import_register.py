"""Import of a register workbook: the product against the limit, its preview, its memory, its growth, and a peer.

    python bench/import_register.py [--rows 100000] [--rounds 3] [--present 0] [--server postgres://…] [--peer]

Every run is a process of its own that begins from an untouched county (its start is not counted). `--present 900000`
imports into a register that holds so many cards already; `--peer` compares with django-import-export in bulk mode with
remembered keys (see requirements.txt), which stores the same columns and postings and a history row.
"""

import argparse
import json
from pathlib import Path

import generate
import place
from clock import apart, in_turn, measured, median, peak_mib, table, verdict

MUST = {"sqlite": 2.0, "pg": 2.0, "preview": 0.7, "memory": 500, "present": 1.4, "peer": 15.0}


def product(book: Path) -> dict[str, object]:
    """In this process: take the workbook in, preview it, confirm it, enter it."""
    place.set_up()
    from mingchan.interfaces.exchange.services import applying, reading, receiving
    from mingchan.register.assets.models import Asset

    actor, server = place.clerk(), place.server()
    before = Asset.objects.count()
    with book.open("rb") as file:
        batch = receiving.receive(file, name=book.name, actor=actor, on=place.DAY)
    answer: dict[str, object] = {}
    answer["preview"] = measured(lambda: reading.read(batch.pk, actor=actor, on=place.DAY), server)
    applying.confirm(batch.pk, actor=actor, on=place.DAY)
    answer["cpu"] = measured(lambda: applying.apply(batch.pk, actor=actor, on=place.DAY), server)
    answer |= {"rss": peak_mib(), "rows": Asset.objects.count() - before}
    return answer


def workbook(rows: int) -> Path:
    """The workbook of so many rows, made once."""
    path = place.WORK / f"register-{rows}.xlsx"
    if not path.exists():
        place.WORK.mkdir(parents=True, exist_ok=True)
        generate.write(path, rows)
    return path


def main() -> None:
    """Run every case in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--present", type=int, default=0)
    parser.add_argument("--server", default="", help="a PostgreSQL cluster of its own, else SQLite")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    book, store = workbook(asked.rows), asked.server.rstrip("/") or "sqlite"
    if asked.here:
        print(json.dumps(product(book)))
        return
    kept: list[dict[str, float]] = []

    def imported(present: int) -> float:
        environment = place.fresh(store, present)
        found = apart("import_register.py", "--here", "--rows", str(asked.rows), environment=environment)
        assert found["rows"] == asked.rows, found
        if not present:
            kept.append(found)
        return found["cpu"] / asked.rows

    def least() -> float:
        return apart("limit.py", str(book), str(asked.rows), store, str(place.WORK))["cpu"] / asked.rows

    cases = {"limit": least, "import": lambda: imported(0)}
    if asked.present:
        cases[f"into {asked.present}"] = lambda: imported(asked.present)
    if asked.peer:
        cases["peer"] = lambda: apart("peer.py", str(place.WORK))["cpu_per_row"]
    found = {name: median(values) for name, values in in_turn(cases, asked.rounds).items()}
    base = found["limit"]
    preview, memory = median([one["preview"] / asked.rows for one in kept]), max(one["rss"] for one in kept)
    engine = "sqlite" if store == "sqlite" else "pg"
    lines = [
        ("limit", f"{base * 1e6:.0f}", "1.00", "", ""),
        ("import", f"{found['import'] * 1e6:.0f}", f"{found['import'] / base:.2f}", f"≤ {MUST[engine]}",
         verdict(found["import"] / base, MUST[engine])),
        ("preview", f"{preview * 1e6:.0f}", f"{preview / base:.2f}", f"≤ {MUST['preview']}",
         verdict(preview / base, MUST["preview"])),
        ("peak memory, MiB", "", str(memory), f"≤ {MUST['memory']}", verdict(memory, MUST["memory"])),
    ]  # fmt: skip
    if asked.present:
        growth = found[f"into {asked.present}"] / found["import"]
        lines.append((f"into {asked.present} / into none", "", f"{growth:.2f}", f"≤ {MUST['present']}",
                      verdict(growth, MUST["present"])))  # fmt: skip
    if asked.peer:
        against = found["peer"] / found["import"]
        lines.append(("import-export / import", f"{found['peer'] * 1e6:.0f}", f"{against:.1f}", f"≥ {MUST['peer']}",
                      verdict(against, MUST["peer"], least=True)))  # fmt: skip
    table(lines, ("what", "µs a row", "ratio", "must", ""))


if __name__ == "__main__":
    main()
