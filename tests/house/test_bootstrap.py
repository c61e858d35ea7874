"""Making the environment: what it is stamped with, and that version and command are stated once."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import mingchan
from mingchan.config import command

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap() -> ModuleType:
    """`tools/bootstrap.py` as a module."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_version_is_the_same_everywhere(bootstrap: ModuleType) -> None:
    assert bootstrap.version() == mingchan.VERSION


def test_other_requirements_make_another_stamp(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "version", lambda: "1")
    (tmp_path / "requirements.txt").write_text("a==1\n")
    before = bootstrap.wanted_stamp("requirements.txt")
    assert bootstrap.wanted_stamp("requirements.txt") == before
    (tmp_path / "requirements.txt").write_text("a==2\n")
    assert bootstrap.wanted_stamp("requirements.txt") != before


def test_an_old_python_is_told_what_to_install(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(bootstrap.Problem, match="apt install"):
        bootstrap.interpreter()


def test_bootstrap_needs_nothing_but_python() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "tools" / "bootstrap.py"), "--help"], capture_output=True, check=False
    )
    assert done.returncode == 0


def test_every_requirement_is_locked_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = [block for block in text.replace("\\\n", " ").splitlines() if "==" in block and "#" not in block[:1]]
        assert blocks
        assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_every_subcommand_has_its_module() -> None:
    parser = command.build_parser()
    names = next(action.choices for action in parser._actions if action.dest == "command")
    assert set(names) == set(command.MODULES)


def test_the_dependency_page_names_each_dependency() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    for name in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("-"):
                package = line.split("[")[0].split("~")[0].split("=")[0].strip().lower()
                assert package in page, package
