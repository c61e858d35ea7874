"""The last known digest of every object (对象末态), packed into about 40 bytes, so that memory stays small."""

from collections.abc import Iterator

_ENTRY = 41
_SHIFT = 8
_IN_BLOCK = 1 << _SHIFT
LIVES, ENDED = 1, 2
_LIVES, _ENDED, _NO_DIGEST = bytes((LIVES,)), bytes((ENDED,)), bytes(32)


class Ends:
    """For each object by its reference text: the seq of its last record that changed it and the digest it left.

    Objects with plain numbers share blocks of 256; others stand in a dictionary.
    """

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int], bytearray] = {}
        self._others: dict[str, bytes] = {}

    @staticmethod
    def _place(obj: str) -> tuple[str, int] | None:
        kind, _colon, number = obj.partition(":")
        if number.isascii() and number.isdecimal() and len(number) < 16 and (number[0] != "0" or number == "0"):
            return kind, int(number)
        return None

    def _entry(self, obj: str) -> bytes:
        place = self._place(obj)
        if place is None:
            return self._others.get(obj, b"")
        block = self._blocks.get((place[0], place[1] >> _SHIFT))
        if block is None:
            return b""
        at = (place[1] & (_IN_BLOCK - 1)) * _ENTRY
        return bytes(block[at : at + _ENTRY])

    def get(self, obj: str) -> tuple[int, bytes | None] | None:
        """(seq, digest) of the object's end, digest None when it ended; None when the log doesn't know it."""
        return _end_of(self._entry(obj))

    def put(self, obj: str, seq: int, digest: bytes | None) -> tuple[int, bytes | None] | None:
        """State the object's end: a digest of 32 bytes, or None when it ended. Answers the end before, as `get`."""
        entry = (_ENDED if digest is None else _LIVES) + seq.to_bytes(8) + (digest or _NO_DIGEST)
        place = self._place(obj)
        if place is None:
            former = self._others.get(obj, b"")
            self._others[obj] = entry
        else:
            kind, number = place
            block = self._blocks.get((kind, number >> _SHIFT))
            if block is None:
                block = self._blocks[kind, number >> _SHIFT] = bytearray(_ENTRY * _IN_BLOCK)
            at = (number & (_IN_BLOCK - 1)) * _ENTRY
            if not block[at]:
                block[at : at + _ENTRY] = entry
                return None
            former = bytes(block[at : at + _ENTRY])
            block[at : at + _ENTRY] = entry
        return _end_of(former)

    def take(self, obj: str) -> tuple[int, bytes | None] | None:
        """Like `get`, and forget the object: what is left at the end wasn't met."""
        found = self.get(obj)
        if found is not None:
            place = self._place(obj)
            if place is None:
                del self._others[obj]
            else:
                at = (place[1] & (_IN_BLOCK - 1)) * _ENTRY
                self._blocks[place[0], place[1] >> _SHIFT][at] = 0
        return found

    def living(self) -> Iterator[tuple[str, int]]:
        """(reference text, seq) of every object left that hasn't ended."""
        for (kind, number), block in self._blocks.items():
            for at in range(_IN_BLOCK):
                if block[at * _ENTRY] == LIVES:
                    start = at * _ENTRY + 1
                    yield f"{kind}:{(number << _SHIFT) + at}", int.from_bytes(block[start : start + 8])
        for obj, entry in self._others.items():
            if entry[0] == LIVES:
                yield obj, int.from_bytes(entry[1:9])


def _end_of(entry: bytes) -> tuple[int, bytes | None] | None:
    if not entry or not entry[0]:
        return None
    return int.from_bytes(entry[1:9]), entry[9:] if entry[0] == LIVES else None
