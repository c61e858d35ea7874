"""Why a file cannot be read, said as a code with parameters (the sentence for the clerk is made by the caller).

A code is stable and machine readable; ``understanding.messages`` turns it into what is wrong and what to do.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


class ReadingError(Exception):
    """A file was not read. ``code`` names the cause, ``params`` fill its sentence."""

    def __init__(self, code: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Any] = params or {}


class ContainerRefused(ReadingError):
    """The file was refused for what it is, before or while its cells were counted."""


class ReadingFailed(ReadingError):
    """The reading process ended early: memory, time, cancelled, or a reader that broke."""

    @property
    def cause(self) -> str:
        """The cause class, the same as ``code``."""
        return self.code


@dataclass(frozen=True)
class Limits:
    """What one reading may use. Bytes, seconds and counts; the same values hold in parent and child."""

    file_bytes: int = 64 * 1024 * 1024
    unpacked_bytes: int = 200 * 1024 * 1024
    ratio: int = 200
    ratio_from_bytes: int = 8 * 1024 * 1024
    members: int = 2_000
    cells: int = 4_000_000
    rows: int = 100_000
    sheets: int = 255
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    open_files: int = 32
    issues: int = 20_000

    def as_dict(self) -> dict[str, Any]:
        """The limits as plain values, to be sent to the child."""
        return asdict(self)
