"""What comes through a door of the portal beside its content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """What a form sends along: its challenge, the nonce found for it (empty without a script), the trap's content."""

    challenge: str
    nonce: str = ""
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a form asks of the browser: signed text, zero bits to be found, seconds to wait without a script."""

    text: str
    bits: int
    wait_seconds: int
