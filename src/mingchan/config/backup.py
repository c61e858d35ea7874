"""Backups (备份): one folder with the database, the attachments and a manifest; verified at once or not kept.

The keys under MINGCHAN_HOME are not in it: whoever finds a backup reads no personal field, and whoever restores one
needs the keys from their own safe place.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from mingchan import VERSION
from mingchan.config import dumping
from mingchan.config.dumping import Facts, NotABackup
from mingchan.kernel import crypto

MANIFEST = "manifest.json"
FORMAT = 1
FILES_NAME = "files"
PARTIAL = ".unverified"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Backup:
    """A verified backup: where it lies and its manifest."""

    folder: Path
    manifest: dict[str, Any]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()


def _copy_attachments(folder: Path) -> None:
    """Copy the content of attachments. It lies under digests and never changes, so copying while others add is safe."""
    source = Path(settings.MEDIA_ROOT)
    if source.exists():
        shutil.copytree(source, folder / FILES_NAME, ignore=shutil.ignore_patterns("*.part", "tmp*"))
    else:
        (folder / FILES_NAME).mkdir()


def _files(folder: Path) -> list[dict[str, Any]]:
    return [
        {"path": path.relative_to(folder).as_posix(), "size": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    ]


def _django() -> str:
    try:
        return version("Django")
    except PackageNotFoundError:
        return ""


def _manifest(folder: Path, facts: Facts, engine: str, made: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "program": f"mingchan {VERSION}",
        "django": _django(),
        "county": settings.COUNTY,
        "pack": settings.PACK,
        "engine": engine,
        "made_at": made.isoformat(timespec="seconds"),
        "log_key": crypto.mac_key()[0],
        "facts": asdict(facts),
        "files": _files(folder),
    }


def make(to: Path) -> Backup:
    """Write a backup into a new folder of `to`, read all of it back, and return it.

    Until it is verified its folder carries another name; when verification fails it is deleted and NotABackup raised.
    """
    made = datetime.now(UTC)
    name = f"mingchan-{settings.COUNTY}-{made:%Y%m%dT%H%M%SZ}"
    partial, final = to / (name + PARTIAL), to / name
    if final.exists():
        raise NotABackup(f"{final.name} exists already")
    partial.mkdir(parents=True, mode=0o700)
    try:
        if connection.vendor == "sqlite":
            facts = dumping.copy_sqlite(partial)
        else:
            facts = dumping.copy_postgres(partial)
        _copy_attachments(partial)
        manifest = _manifest(partial, facts, connection.vendor, made)
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        verify(partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    partial.rename(final)
    return Backup(final, manifest)


def verify(folder: Path) -> dict[str, Any]:
    """Read a whole backup back and return its manifest. Raises NotABackup naming the file or figure that is wrong."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotABackup(f"{MANIFEST}: {error}") from error
    if manifest.get("format") != FORMAT:
        raise NotABackup(f"{MANIFEST}: format {manifest.get('format')} is not known")
    _verify_files(folder, manifest)
    facts = Facts(**manifest["facts"])
    if manifest["engine"] == "sqlite":
        found = dumping.read_sqlite(folder / dumping.SQLITE_NAME)
        if found != facts:
            raise NotABackup(f"{dumping.SQLITE_NAME} holds something else than the manifest says")
    else:
        counts = dumping.read_postgres(folder)
        wrong = sorted(table for table in facts.tables if counts.get(table) != facts.tables[table])
        if wrong:
            raise NotABackup(f"rows are missing or too many in {', '.join(wrong)}")
    if books := dumping.unbalanced(facts):
        raise NotABackup(f"debits and credits differ in book {', '.join(map(str, books))}")
    if facts.tables.get("evidence_record", 0) != facts.log_size:
        raise NotABackup("the log's size and its records differ")
    return manifest


def _verify_files(folder: Path, manifest: dict[str, Any]) -> None:
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present_names = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST
    }
    if present_names != set(listed):
        raise NotABackup(f"missing or added: {', '.join(sorted(present_names ^ set(listed)))}")
    for name, entry in listed.items():
        path = folder / name
        if path.stat().st_size != entry["size"] or _sha256(path) != entry["sha256"]:
            raise NotABackup(f"{name} was changed")
    digests = {entry["sha256"] for name, entry in listed.items() if name.startswith(f"{FILES_NAME}/")}
    lost = sorted(set(manifest["facts"]["attachments"]) - digests)
    if lost:
        raise NotABackup(f"the content of an attachment is missing: {lost[0]}")


def present(to: Path) -> list[Path]:
    """Finished backups in a folder, oldest first."""
    return sorted(path for path in to.glob("mingchan-*") if path.is_dir() and not path.name.endswith(PARTIAL))


def remove(folder: Path) -> None:
    """Delete a backup. Raises NotABackup when the folder isn't one."""
    if not (folder / MANIFEST).exists():
        raise NotABackup(f"{folder.name} holds no manifest")
    shutil.rmtree(folder)
