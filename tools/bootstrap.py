"""Make the environment in .venv and leave it alone when it is already right. Needs nothing but Python itself.

    python3 tools/bootstrap.py          what running needs
    python3 tools/bootstrap.py --dev    and what testing needs

Every package is checked against the hashes in the requirements files. The project itself is not built or
copied: a path file points at `src`, and a small script beside the interpreter is the `mingchan` command.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "mingchan-stamp.json"
LOCALE = ROOT / "src" / "mingchan" / "locale"
OLDEST = (3, 11)
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

COMMAND = """#!{python}
import sys

from mingchan.config.command import main

sys.exit(main())
"""


class Problem(Exception):
    """Something the person at the machine has to put right, in words that say how."""


def say(text: str) -> None:
    print(f"[mingchan] {text}", flush=True)


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def version() -> str:
    """The project's version as pyproject.toml states it."""
    found = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise Problem("pyproject.toml states no version.")
    return found.group(1)


def interpreter() -> str:
    """A Python that is new enough: this one, else a newer one on the path. Raises Problem when there is none."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise Problem(
        f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.\n"
        "Debian 12, Ubuntu 24.04 and later have it: apt install python3 python3-venv"
    )


def _minor(python: str) -> str:
    return subprocess.run(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], check=True, capture_output=True, text=True
    ).stdout.strip()


def make_environment(python: str) -> None:
    """A fresh .venv with pip. Debian keeps the needed module in its own package, which root can install at once."""
    attempt = subprocess.run([python, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False)
    if attempt.returncode == 0:
        return
    package = f"python{_minor(python)}-venv"
    if not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing {package}")
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", package)
        run(python, "-m", "venv", "--clear", VENV)
        return
    raise Problem(
        f"This Python cannot make an environment. On Debian and Ubuntu: sudo apt install {package}\n"
        + (attempt.stderr or attempt.stdout)
    )


def usable() -> bool:
    """Whether .venv holds a working interpreter of a supported version (a copied or half made one does not count)."""
    if not PYTHON.exists():
        return False
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"
    return subprocess.run([str(PYTHON), "-c", check], capture_output=True, check=False).returncode == 0


def install(requirements: Path) -> None:
    """Install a locked requirements file, each package checked against its hash."""
    run(
        PYTHON, "-m", "pip", "install", "--require-hashes", "-qq", "--disable-pip-version-check", "--no-input",
        "-r", requirements,
    )  # fmt: skip


def link_project() -> None:
    """Put `src` on the environment's path and the `mingchan` command beside its interpreter."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([str(PYTHON), "-c", where], check=True, capture_output=True, text=True).stdout.strip()
    (Path(packages) / "mingchan.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    script = PYTHON.parent / ("mingchan.py" if WINDOWS else "mingchan")
    script.write_text(COMMAND.format(python=PYTHON), encoding="utf-8")
    script.chmod(0o755)


def compile_catalogue() -> None:
    """Compile the translation catalogue when it is newer than its compiled form."""
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            run(PYTHON, ROOT / "tools" / "messages.py", "compile")
            return


def wanted_stamp(name: str) -> dict[str, str]:
    """What the environment is made from: where it lies, the version, and the digest of a requirements file."""
    digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    return {"root": str(ROOT), "version": version(), name: digest}


def bootstrap(dev: bool) -> None:
    """Bring .venv to what the requirements say, in one step or none."""
    began = time.monotonic()
    names = ["requirements.txt"] + (["requirements-dev.txt"] if dev else [])
    stamp = json.loads(STAMP.read_text(encoding="utf-8")) if STAMP.exists() else {}
    missing = [name for name in names if any(stamp.get(key) != value for key, value in wanted_stamp(name).items())]
    if missing or not PYTHON.exists():
        if not usable():
            say("making the environment in .venv")
            make_environment(interpreter())
            missing, stamp = names, {}
        for name in missing:
            say(f"installing the packages of {name}, checked by their hashes")
            install(ROOT / name)
        link_project()
        for name in names:
            stamp.update(wanted_stamp(name))
        STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        say(f"environment ready after {time.monotonic() - began:.0f} s")
    compile_catalogue()


def main() -> int:
    parser = argparse.ArgumentParser(description="Make or refresh the environment in .venv.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests need")
    options = parser.parse_args()
    try:
        bootstrap(options.dev)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failure:
        print(f"This step failed: {' '.join(failure.cmd)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
