"""A backup holds everything but the keys, is read back before it counts, and a damaged one is refused by name."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from mingchan.config import backup, county, dumping
from mingchan.config.dumping import NotABackup
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.refs import Ref
from tests.architecture.url_table import DAY

SETTINGS = "mingchan.config.settings"
PHOTO = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def made(transactional_db: None, tmp_path: Path) -> backup.Backup:
    """A backup of the sample county with one paper attached."""
    county.prepare(sample=True, on=DAY)
    actor = directory.actor_for(Account.objects.get(username="bureau_clerk"), DAY)
    evidence.attach(
        PHOTO, name="验收单.pdf", owner=Ref("asset", 1), division="140932", kind="ACCEPTANCE", actor=actor, on=DAY
    )
    return backup.make(tmp_path / "backups")


def test_it_states_what_it_holds(made: backup.Backup) -> None:
    facts = made.manifest["facts"]
    assert facts["log_size"] == Record.objects.count()
    assert facts["tables"]["directory_account"] == Account.objects.count()
    assert len(facts["log_root"]) == 64
    assert len(facts["attachments"]) == 1
    assert backup.present(made.folder.parent) == [made.folder]


def test_it_can_be_verified_again(made: backup.Backup) -> None:
    assert backup.verify(made.folder) == made.manifest


def test_the_keys_are_not_in_it(made: backup.Backup) -> None:
    keys = [path.read_bytes() for path in (Path(settings.MINGCHAN_HOME) / "keys").rglob("*") if path.is_file()]
    assert keys
    content = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert not [key for key in keys if key.strip() in content]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_cut, _flip, Path.unlink], ids=["cut", "flipped", "missing"])
def test_every_damaged_file_is_named(made: backup.Backup, damage: Callable[[Path], Any], tmp_path: Path) -> None:
    names = [entry["path"] for entry in made.manifest["files"]]
    assert names
    for name in names:
        copy = tmp_path / "copy"
        shutil.copytree(made.folder, copy)
        damage(copy / name)
        with pytest.raises(NotABackup, match=Path(name).name):
            backup.verify(copy)
        shutil.rmtree(copy)


def test_figures_that_do_not_fit_are_refused(made: backup.Backup) -> None:
    path = made.folder / backup.MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["facts"]["tables"]["directory_account"] += 1
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(NotABackup):
        backup.verify(made.folder)


def test_what_is_not_verified_is_not_kept(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise NotABackup("unreadable")

    monkeypatch.setattr(backup, "verify", refuse)
    with pytest.raises(NotABackup):
        backup.make(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_without_pg_dump_every_table_is_copied_out(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumping, "_dump_program", lambda: "")
    county.prepare(sample=True, on=DAY)
    made = backup.make(tmp_path / "backups")
    assert (made.folder / dumping.TABLES_NAME).exists() is (connection.vendor == "postgresql")
    assert backup.verify(made.folder) == made.manifest


def test_rows_are_counted_in_copied_text(tmp_path: Path) -> None:
    text = b'--\nCOPY "a_b" (x, y) FROM stdin;\n1\t2\n3\t4\n\\.\n\nCOPY public.c (x) FROM stdin;\n\\.\n'
    assert dumping.count_copied(text.splitlines(keepends=True)) == {"a_b": 2, "c": 0}
    with pytest.raises(NotABackup):
        dumping.count_copied(text.splitlines(keepends=True)[:3])
    (tmp_path / dumping.TABLES_NAME).mkdir()
    (tmp_path / dumping.TABLES_NAME / "a.copy.gz").write_bytes(gzip.compress(text)[:-9])
    with pytest.raises(NotABackup):
        dumping.read_postgres(tmp_path)


@pytest.fixture
def elsewhere(made: backup.Backup, tmp_path: Path) -> dict[str, str]:
    """Another home with the county's keys and no database yet."""
    home = tmp_path / "elsewhere"
    shutil.copytree(Path(settings.MINGCHAN_HOME) / "keys", home / "keys")
    url = "sqlite://"
    if connection.vendor == "postgresql":
        named = connection.settings_dict
        url = f"postgres://{named['USER']}@{named['HOST']}:{named['PORT']}/{named['NAME']}_elsewhere"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{named["NAME"]}_elsewhere"')
            cursor.execute(f'CREATE DATABASE "{named["NAME"]}_elsewhere"')
    return {**os.environ, "MINGCHAN_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": SETTINGS}


def _mingchan(where: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mingchan.config.command", *arguments]
    return subprocess.run(command, env=where, capture_output=True, text=True, check=False)


def test_it_is_restored_into_an_empty_home_and_verified(made: backup.Backup, elsewhere: dict[str, str]) -> None:
    tried = _mingchan(elsewhere, "restore", str(made.folder), "--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert not (Path(elsewhere["MINGCHAN_HOME"]) / "mingchan.sqlite3").exists()
    done = _mingchan(elsewhere, "restore", str(made.folder), "--json")
    assert done.returncode == 0, done.stderr + done.stdout[:2000]
    assert json.loads(done.stdout)["report"]["size"] == made.manifest["facts"]["log_size"] + 1
    again = _mingchan(elsewhere, "restore", str(made.folder))
    assert (again.returncode, "--over" in again.stderr) == (1, True)
    over = _mingchan(elsewhere, "restore", str(made.folder), "--over", "--json")
    assert over.returncode == 0, over.stderr
    assert Path(json.loads(over.stdout)["former"]).exists()


def test_a_damaged_or_foreign_backup_changes_nothing(made: backup.Backup, elsewhere: dict[str, str]) -> None:
    foreign = made.folder.with_name("foreign")
    shutil.copytree(made.folder, foreign)
    manifest = json.loads((foreign / backup.MANIFEST).read_text())
    (foreign / backup.MANIFEST).write_text(json.dumps({**manifest, "county": "110101"}))
    assert "110101" in _mingchan(elsewhere, "restore", str(foreign)).stderr
    _flip(next(path for path in made.folder.iterdir() if path.name.startswith("database.")))
    refused = _mingchan(elsewhere, "restore", str(made.folder), "--over")
    assert (refused.returncode, refused.stderr.startswith("Not a backup")) == (1, True)
    assert not (Path(elsewhere["MINGCHAN_HOME"]) / "mingchan.sqlite3").exists()
