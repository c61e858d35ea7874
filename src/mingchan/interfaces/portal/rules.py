"""Rules of the portal: names for strangers, networks, proof of work, and when somebody sends too much (4.3)."""

import hashlib
import ipaddress
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NONCE = 20


def masked(name: str) -> str:
    """A person's name for strangers: the family name, a star for each other character."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


def place_name(name: str) -> str:
    """A place's name as people say it: without the committee that official lists write behind it."""
    for ending, kept in (("村民委员会", "村"), ("村委会", "村"), ("居民委员会", ""), ("居委会", "")):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending) + kept
    return name


def network(address: str) -> str:
    """What stands for an address when its attempts are counted: itself, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address.strip().split("%")[0])
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


def zero_bits(digest: bytes) -> int:
    """With how many zero bits a digest begins."""
    return len(digest) * 8 - int.from_bytes(digest).bit_length()


def has_work(challenge: str, nonce: str, bits: int) -> bool:
    """Whether SHA-256 of `challenge:nonce` begins with so many zero bits: the proof that a browser worked for it."""
    if not nonce or len(nonce) > LONGEST_NONCE or not (nonce.isascii() and nonce.isalnum()):
        return False
    return zero_bits(hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()) >= bits


class Fault(StrEnum):
    """Why something isn't taken in through a door."""

    TRAP = "TRAP"
    STALE = "STALE"
    SPENT = "SPENT"
    EARLY = "EARLY"
    HOURLY = "HOURLY"
    SUBJECT = "SUBJECT"


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures of the county: least age of a form without proof, most per hour with and without, most per subject."""

    wait_seconds: int
    hourly: int
    hourly_plain: int
    daily_subject: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of something sent: its form's age in seconds (None when it can't be read or is too old), whether
    the form was used before, whether work was proved, whether the trap was filled, and what came before it."""

    age: int | None
    is_spent: bool
    has_work: bool
    trapped: bool
    this_hour: int
    plain_this_hour: int
    subject_today: int


def fault(sent: Sent, limits: Limits) -> Fault | None:
    """The first reason against taking it in, or None."""
    if sent.trapped:
        return Fault.TRAP
    if sent.age is None:
        return Fault.STALE
    if sent.is_spent:
        return Fault.SPENT
    if not sent.has_work and sent.age < limits.wait_seconds:
        return Fault.EARLY
    if sent.this_hour >= limits.hourly or (not sent.has_work and sent.plain_this_hour >= limits.hourly_plain):
        return Fault.HOURLY
    return Fault.SUBJECT if sent.subject_today >= limits.daily_subject else None
