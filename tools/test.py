"""Run every check in order and say at the end what they ran on. Exit status 0 only when all of them passed.

    .venv/bin/python tools/test.py                 everything
    .venv/bin/python tools/test.py ruff mypy       only these steps

A failing step does not hide the ones after it. What is missing on the machine is installed when that is possible
(Chromium, a Chinese font and hledger by apt when root); otherwise the step fails and says what to install.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from postgres import NoPostgres, available

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROCESSES = str(min(4, os.cpu_count() or 1))
SILENT_TRUTHS = ("", "0", "false")


@dataclass
class Run:
    """What happened so far: the results of the steps and the things they ran on."""

    results: list[tuple[str, bool, float]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    postgres: str = ""


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in SILENT_TRUTHS


def call(*command: str | Path, **environment: str) -> bool:
    """Run a command in the project's folder, its output shown as it comes; True when it succeeded."""
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=ROOT, env=os.environ | environment, check=False).returncode == 0


def pytest(*arguments: str, database: str) -> bool:
    """The tests on one database, spread over the cores. Pytest's own closing line is left on the output."""
    return call(BIN / "pytest", "-n", PROCESSES, *arguments, DATABASE_URL=database)


def unit_on_sqlite(run: Run) -> bool:
    run.places.append(f"SQLite {sqlite3.sqlite_version}")
    return pytest("src", "tests", "-m", "not flow", database="sqlite://")


def unit_on_postgres(run: Run) -> bool:
    return bool(run.postgres) and pytest("src", "tests", "-m", "not flow", database=f"{run.postgres}/mingchan_unit")


def install_by_apt(packages: list[str]) -> bool:
    """Install Debian packages when root. Says in words what is missing otherwise."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Missing: {', '.join(packages)}. Install them: sudo apt install {' '.join(packages)}")
        return False
    print(f"installing {', '.join(packages)}", flush=True)
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    return call("apt-get", "update", "-q", **environment) and call(
        "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages, **environment
    )


def find_browser() -> str:
    """The path of a Chromium, or an empty text."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    found = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def machine(run: Run) -> bool:
    """The programs that tests start: a browser, a font to draw Chinese with, and hledger to recompute the books."""
    wanted = []
    if not find_browser():
        wanted.append("chromium")
    if not has_chinese_font():
        wanted += ["fonts-noto-cjk", "fontconfig"]
    if not shutil.which("hledger"):
        wanted.append("hledger")
    ready = not wanted or install_by_apt(wanted)
    browser = find_browser()
    if browser:
        version = subprocess.run([browser, "--version", "--no-sandbox"], capture_output=True, text=True, check=False)
        run.places.append(version.stdout.strip() or browser)
    return ready and bool(browser)


def flows(database: str) -> Callable[[Run], bool]:
    def step(run: Run) -> bool:
        address = database or run.postgres
        if not address:
            return False
        return pytest("tests", "-m", "flow", "--dist", "loadfile", database=address)

    return step


def catalogue(_run: Run) -> bool:
    return call(sys.executable, "tools/messages.py", "check")


STEPS: tuple[tuple[str, Callable[[Run], bool]], ...] = (
    ("format", lambda _: call(BIN / "ruff", "format", "--check", ".")),
    ("ruff", lambda _: call(BIN / "ruff", "check", ".")),
    ("djlint", lambda _: call(BIN / "djlint", "src", "--lint", "--profile", "jinja", "--quiet")),
    ("mypy", lambda _: call(BIN / "mypy")),
    ("contracts", lambda _: call(BIN / "lint-imports", "--no-cache")),
    ("catalogue", catalogue),
    ("migrations", lambda _: call(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")),
    ("machine", machine),
    ("unit on SQLite", unit_on_sqlite),
    ("unit on PostgreSQL", unit_on_postgres),
    ("flows on SQLite", flows("sqlite://")),
    ("flows on PostgreSQL", flows("")),
)


def chosen(words: list[str]) -> list[tuple[str, Callable[[Run], bool]]]:
    """The steps whose names begin with one of the words; all without words. Raises SystemExit for an unknown word."""
    unknown = [word for word in words if not any(name.startswith(word) for name, _ in STEPS)]
    if unknown:
        sys.exit(f"No such step: {', '.join(unknown)}. There are: {', '.join(name for name, _ in STEPS)}")
    return [(name, step) for name, step in STEPS if not words or any(name.startswith(word) for word in words)]


@contextlib.contextmanager
def database_server(run: Run, needed: bool) -> Iterator[None]:
    """A PostgreSQL server while the steps run, noted in the run. Without one its steps fail; they are not skipped."""
    with contextlib.ExitStack() as stack:
        if needed:
            try:
                run.postgres, words = stack.enter_context(available())
            except NoPostgres as problem:
                words = f"PostgreSQL: none ({problem})"
            run.places.append(words)
        yield


def summary(run: Run, seconds: float) -> None:
    print("\n" + "=" * 72)
    for name, passed, took in run.results:
        print(f"{'passed' if passed else 'FAILED':8}{name:24}{took:8.1f} s")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; " + "; ".join(run.places))
    failed = [name for name, passed, _ in run.results if not passed]
    print(f"{'FAILED: ' + ', '.join(failed) if failed else 'All checks passed'} after {seconds:.0f} s", flush=True)


def main() -> int:
    began = time.monotonic()
    run = Run()
    steps = chosen(sys.argv[1:])
    os.environ["MINGCHAN_HOME"] = str(ROOT / "build" / "test-home")
    with database_server(run, any("PostgreSQL" in name for name, _ in steps)):
        for name, step in steps:
            print(f"\n--- {name} " + "-" * (66 - len(name)), flush=True)
            start = time.monotonic()
            passed = step(run)
            run.results.append((name, passed, time.monotonic() - start))
            if not passed:
                print(f"--- {name}: FAILED", flush=True)
    summary(run, time.monotonic() - began)
    return 0 if all(passed for _, passed, _ in run.results) else 1


if __name__ == "__main__":
    sys.exit(main())
