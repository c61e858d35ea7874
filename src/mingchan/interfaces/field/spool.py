"""Photographs on their way (照片暂存): pieces in order under MINGCHAN_HOME until the whole is here and right.

A piece counts only where the last one ended, under a lock of the file, so it doesn't matter which are lost, sent twice
or cut off by a fallen connection: the phone asks how much is here and goes on from there.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

LARGEST_PHOTO = 8 * 1024 * 1024
LARGEST_PIECE = 1024 * 1024
KEPT_SECONDS = 60 * 24 * 3600
MOST_OPEN = 2000
"""So many photographs may be half here at once in all."""


class Full(Exception):
    """Too many photographs are half here."""


def folder() -> Path:
    """Where pieces lie."""
    return Path(settings.MINGCHAN_HOME) / "field"


def _path(owner: str, digest: str) -> Path:
    return folder() / f"{hashlib.sha256(owner.encode()).hexdigest()[:16]}-{digest}.part"


@contextmanager
def opened(owner: str, digest: str) -> Iterator[BinaryIO]:
    """The file of a photograph, locked against others, at its end. Raises Full."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(owner, digest)
    if not path.exists():
        _make_room()
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Whoever held the lock before may have removed the file: then this one has no name and a new one is opened.
        with suppress(FileNotFoundError):
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                break
        os.close(descriptor)
    with os.fdopen(descriptor, "r+b") as file:
        file.seek(0, os.SEEK_END)
        yield file


def received(owner: str, digest: str) -> int:
    """How many bytes are here."""
    try:
        return _path(owner, digest).stat().st_size
    except FileNotFoundError:
        return 0


def forget(owner: str, digest: str) -> None:
    """Remove what is here of a photograph."""
    _path(owner, digest).unlink(missing_ok=True)


def _make_room() -> None:
    before, open_now = time.time() - KEPT_SECONDS, 0
    for path in folder().glob("*.part"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
            else:
                open_now += 1
    if open_now >= MOST_OPEN:
        raise Full
