"""The `mingchan` command: every job of the system without a browser and without make.

Exit status 0 is done, 1 is refused or tampered, 2 is used wrongly. State lies under MINGCHAN_HOME (default `var/`);
DATABASE_URL chooses another database. The arguments are read before Django is loaded, so that help and mistakes in
use answer at once and options like `--lan` can still decide settings.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

DONE, REFUSED, MISUSED = 0, 1, 2
PORT = 8000
DIFFERENCES = ("changed", "added", "gone")
FIRST_STEPS = ("init", "run")
WITHOUT_DATABASE = (*FIRST_STEPS, "restore")
NOT_READY = "The database is not ready. Run: mingchan init"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date (2020-03-10): {text}") from None


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    if kinds == ("all",):
        return DIFFERENCES
    if not set(kinds) <= set(DIFFERENCES):
        raise argparse.ArgumentTypeError(f"not among {', '.join(DIFFERENCES)}, all: {text}")
    return kinds


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"not a port: {text}")


def _add_who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="user", metavar="USER", help="act as this account (default: `local`)")


def _add_serving(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get("PORT", "")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1, with --lan all addresses)")
    parser.add_argument("--port", type=_port, default=int(default) if default.isdecimal() else PORT)
    parser.add_argument("--lan", action="store_true", help="serve the local network over HTTPS, own certificate")
    parser.add_argument("--workers", type=int, default=1, choices=range(1, 17), metavar="N", help="web processes")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line. Each subcommand is a module of `mingchan.config.commands` with a `run(options)`."""
    parser = argparse.ArgumentParser(prog="mingchan", description="Keeps a county's public assets clear (明产).")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="init, demo unless --empty, serve: all that a first start needs")
    run.add_argument("--empty", action="store_true", help="an empty county instead of the sample county")
    _add_serving(run)

    init = commands.add_parser("init", help="make or update the database, static files, divisions, offices, accounts")
    init.add_argument("--empty", action="store_true", help="an empty county with one account for its first steps")

    serve = commands.add_parser("serve", help="start the server, its worker and its scheduler")
    _add_serving(serve)

    commands.add_parser("demo", help="import the two sample workbooks, marked 示例")

    load = commands.add_parser("import", help="import a workbook (xlsx, xls, ods, csv)")
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--on", type=_day, metavar="DATE", help="business date, as 2020-03-10 (default: today)")
    load.add_argument("--preview", action="store_true", help="read and check only; the register stays as it is")
    load.add_argument(
        "--accept", type=_kinds, default=(), metavar="KINDS",
        help="of the next version of a workbook, apply these differences: changed,added,gone or all",
    )  # fmt: skip
    load.add_argument(
        "--surveyor", default="", metavar="NAME",
        help="take a survey sheet (调查表), made by this party, and compare it with the register",
    )  # fmt: skip
    load.add_argument("--json", action="store_true", help="print counts, quantities, sums in fen, errors and warnings")
    _add_who(load)

    report = commands.add_parser("report", help="print figures of the register")
    report.add_argument("kind", choices=["totals"])
    report.add_argument("--json", action="store_true")
    _add_who(report)

    verify = commands.add_parser("verify", help="recompute the log and compare every protected row with it")
    verify.add_argument("--json", action="store_true")

    check = commands.add_parser("check", help="run the supervision checks (监督检查) and bring the findings up to date")
    check.add_argument("--as-of", type=_day, metavar="DATE", help="tell what stood on a past day; changes nothing")
    check.add_argument("--asset", default="", metavar="CODE", help="of one asset only")
    check.add_argument("--dry", action="store_true", help="tell what stands today; changes nothing")
    check.add_argument("--json", action="store_true", help="print every fact with its figures")

    backup = commands.add_parser("backup", help="write a backup and verify it; what isn't verified isn't kept")
    backup.add_argument("--to", type=Path, metavar="DIR", help="folder for backups (default: MINGCHAN_HOME/backups)")
    backup.add_argument("--json", action="store_true")

    commands.add_parser("portal", help="take the figures of the public portal (公示平台) anew")
    restore = commands.add_parser("restore", help="put a backup in place of what stands here, and verify everything")
    restore.add_argument("folder", type=Path, metavar="BACKUP")
    restore.add_argument("--dry-run", action="store_true", help="read the backup back and say whether it fits; no more")
    restore.add_argument("--over", action="store_true", help="over a database that holds records; that one is kept")
    restore.add_argument("--json", action="store_true")

    commands.add_parser("accounts", help="list the accounts and their roles")
    return parser


MODULES = {
    "run": "start",
    "init": "init",
    "serve": "serve",
    "demo": "demo",
    "import": "load",
    "report": "report",
    "verify": "verify",
    "check": "check",
    "backup": "backup",
    "portal": "portal",
    "restore": "restore",
    "accounts": "accounts",
}
"""Subcommand → module of `mingchan.config.commands`."""


def _has_keys() -> bool:
    """Whether a county was ever set up here. Looked up before the settings are loaded, which would make a key."""
    return (Path(os.environ.get("MINGCHAN_HOME", "var")) / "keys" / "session.key").is_file()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status. Wrong use leaves with status 2, as argparse does."""
    options = build_parser().parse_args(arguments)
    if options.command not in WITHOUT_DATABASE and not _has_keys():
        sys.stderr.write(f"{NOT_READY}\n")
        return REFUSED
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingchan.config.settings")
    if getattr(options, "lan", False):
        os.environ["MINGCHAN_LAN"] = "1"

    import django

    django.setup()
    from mingchan.config import readiness
    from mingchan.kernel.errors import Refusal

    if options.command not in WITHOUT_DATABASE and (words := readiness.why_not(NOT_READY)):
        sys.stderr.write(f"{words}\n")
        return REFUSED
    module = import_module(f"mingchan.config.commands.{MODULES[options.command]}")
    try:
        return int(module.run(options))
    except Refusal as refusal:
        clauses = f" ({', '.join(refusal.clauses)})" if refusal.clauses else ""
        sys.stderr.write(f"{refusal}{clauses}\n")
        return REFUSED
    except KeyboardInterrupt:
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
