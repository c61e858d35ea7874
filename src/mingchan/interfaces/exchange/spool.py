"""The rows of a preview, kept until they are entered (暂存), so that a workbook is read and understood once.

A file beside the database holds the frames of the reading process as they came. The batch keeps two digests: of what
the reading went by (the workbook, what people settled, the day, the program) and of the rows. A reading that would go
by anything else finds no spool and reads the workbook again; rows that are not those previewed are refused.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from mingchan.interfaces.exchange.reading.refusals import ReadingFailed

KEPT_SECONDS = 2 * 24 * 3600
"""A spool older than this is thrown away: the day is part of what a reading goes by."""
_HEAD = 4


def _folder() -> Path:
    return Path(settings.MINGCHAN_HOME) / "spool"


def _path(batch_id: int, turn: int) -> Path:
    return _folder() / f"batch-{batch_id}-{turn}.rows"


def basis(*parts: Any) -> str:
    """Digest of everything a reading goes by."""
    plain = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(plain).hexdigest()


class Writer:
    """Takes the frames of one reading. What isn't finished is thrown away."""

    def __init__(self, batch_id: int, turn: int) -> None:
        self._path = _path(batch_id, turn)
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep()
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._digest = hashlib.sha256()

    def add(self, body: bytes | bytearray) -> None:
        """One more frame."""
        head = len(body).to_bytes(_HEAD, "big")
        self._digest.update(head)
        self._digest.update(body)
        self._file.write(head)
        self._file.write(body)

    def again(self) -> None:
        """Begin anew: the workbook is read once more."""
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()

    def finish(self) -> str:
        """The digest of all that was taken."""
        self._file.close()
        return self._digest.hexdigest()

    def discard(self) -> None:
        """Throw it away."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _sweep() -> None:
    before = time.time() - KEPT_SECONDS
    for path in _folder().glob("batch-*.rows"):
        try:
            if path.stat().st_mtime < before:
                path.unlink()
        except FileNotFoundError:
            continue


def kept(batch_id: int, turn: int, marks: Mapping[str, str] | None, asked: str) -> Path | None:
    """Where the rows of a reading lie, when it went by what is asked for now; None otherwise."""
    if not marks or marks["basis"] != asked:
        return None
    path = _path(batch_id, turn)
    return path if path.exists() else None


def frames(path: Path, digest: str) -> Iterator[dict[str, Any]]:
    """The frames of rows. Raises ReadingFailed after the last one unless they are byte for byte those of the digest."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while head := file.read(_HEAD):
            body = file.read(int.from_bytes(head, "big"))
            found.update(head)
            found.update(body)
            try:
                frame: dict[str, Any] = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise _altered(path) from error
            yield frame
    if found.hexdigest() != digest:
        raise _altered(path)


def _altered(path: Path) -> ReadingFailed:
    path.unlink(missing_ok=True)
    return ReadingFailed("spool")


def forget(batch_id: int) -> None:
    """Remove what is kept of a batch."""
    for path in _folder().glob(f"batch-{batch_id}-*.rows"):
        path.unlink(missing_ok=True)
