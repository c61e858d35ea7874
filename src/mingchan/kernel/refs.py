"""References (引用) to objects of other contexts as text: the foundation never holds a key into an upper band."""

from typing import NamedTuple


class Ref(NamedTuple):
    """One object by kind and number, written `kind:id`, for example `asset:123` or `voucher:7`."""

    kind: str
    id: int | str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read `kind:id`. Raises ValueError when there is no colon."""
        kind, separator, number = text.partition(":")
        if not separator or not kind or not number:
            raise ValueError(f"not a reference: {text!r}")
        return cls(kind, int(number) if number.isdecimal() else number)
