"""The strict archive of an evidence package (证据包): a ZIP file that has exactly one form for its contents.

Any program opens it. Nothing is compressed, every date is the same and nothing optional is written, so that the
checker can write the file anew from its contents and compare: no byte is left that nobody vouches for.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
VERSION, UTF8, STORED, TIME, DAY = 20, 0x0800, 0, 0, 0x21
MOST_BYTES = 2**32 - 2**20
MOST_ENTRIES = 60_000
CHUNK = 1 << 20


class TooLarge(Exception):
    """The package would pass what the plain format can hold: 4 GB, 60,000 files."""


class Archive:
    """Writes the entries one after another; `close` writes the directory of them."""

    def __init__(self, target: BinaryIO) -> None:
        self.target = target
        self.at = 0
        self.entries: list[tuple[bytes, int, int, int]] = []

    def _out(self, data: bytes) -> None:
        self.at += len(data)
        if self.at > MOST_BYTES:
            raise TooLarge
        self.target.write(data)

    def add(self, name: str, content: bytes) -> None:
        """An entry whose content is at hand."""
        self._head(name, zlib.crc32(content), len(content))
        self._out(content)

    def add_file(self, name: str, source: BinaryIO) -> None:
        """An entry copied from an open file, which is read twice."""
        crc = size = 0
        for part in _parts(source):
            crc, size = zlib.crc32(part, crc), size + len(part)
        self._head(name, crc, size)
        for part in _parts(source):
            self._out(part)

    def _head(self, name: str, crc: int, size: int) -> None:
        encoded = name.encode()
        if len(self.entries) >= MOST_ENTRIES or size > MOST_BYTES:
            raise TooLarge
        self.entries.append((encoded, crc, size, self.at))
        head = _LOCAL.pack(b"PK\x03\x04", VERSION, UTF8, STORED, TIME, DAY, crc, size, size, len(encoded), 0)
        self._out(head + encoded)

    def close(self) -> None:
        """Write the directory of the entries and the end."""
        start = self.at
        for name, crc, size, at in self.entries:
            self._out(
                _CENTRAL.pack(
                    b"PK\x01\x02",
                    VERSION,
                    VERSION,
                    UTF8,
                    STORED,
                    TIME,
                    DAY,
                    crc,
                    size,
                    size,
                    len(name),
                    0,
                    0,
                    0,
                    0,
                    0,
                    at,
                )
                + name
            )
        count, length = len(self.entries), self.at - start
        self._out(_END.pack(b"PK\x05\x06", 0, 0, count, count, length, start, 0))


def _parts(source: BinaryIO) -> Iterator[bytes]:
    source.seek(0)
    while part := source.read(CHUNK):
        yield part
