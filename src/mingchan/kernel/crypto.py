"""The one module for cryptography (密码): keys of this installation, encryption of personal fields, MACs and digests.

Keys lie under `MINGCHAN_HOME/keys`, made on first use, readable by their owner only, never in the database. A cipher
text names the key it was made with, so a key can be changed while old rows stay readable. GB/T 39786: SM3 stands
beside SHA-256 and is only offered when this machine computes its known answer.

Inventory: AES-256-GCM (personal fields), HMAC-SHA256 (records, look-up of personal values), SHA-256 and SM3 (digests),
Argon2id (passwords, in the directory).
"""

import hashlib
import hmac
import os
import re
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 4
FIELD_KEY = "field.key"
MAC_KEY = "record-mac.key"
SM3_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


class Undecipherable(Exception):
    """The cipher text was altered, belongs to another row, or was made with a key that isn't here."""


def keys_folder() -> Path:
    """Where the keys lie."""
    return Path(settings.MINGCHAN_HOME) / "keys"


@cache
def _key(folder: str, name: str) -> bytes:
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(found) != KEY_BYTES:
            raise ValueError(f"{name} is not a key of {KEY_BYTES} bytes") from None
        return found
    made = secrets.token_bytes(KEY_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made.hex())
        file.flush()
        os.fsync(file.fileno())
    return made


def _named(name: str) -> tuple[bytes, bytes]:
    key = _key(str(keys_folder()), name)
    return hashlib.sha256(b"key-id\x00" + key).digest()[:KEY_ID_BYTES], key


def mac_key() -> tuple[str, bytes]:
    """Id (8 hex digits) and bytes of the key for record MACs."""
    key_id, key = _named(MAC_KEY)
    return key_id.hex(), key


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 of the message, 32 bytes."""
    return hmac.digest(key, message, "sha256")


def same(one: bytes, other: bytes) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(one, other)


def encrypt(plain: str, *, context: str) -> bytes:
    """Encrypt a personal value with AES-256-GCM. `context` (for example `party.phone`) must be given again to read it.

    Layout: key id (4 bytes), nonce (12), cipher text with tag.
    """
    key_id, key = _named(FIELD_KEY)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return key_id + nonce + AESGCM(key).encrypt(nonce, plain.encode(), key_id + context.encode())


def decrypt(cipher: bytes, *, context: str) -> str:
    """The value behind a cipher text. Raises Undecipherable when it was altered or moved, or its key isn't here."""
    key_id, nonce, body = cipher[:KEY_ID_BYTES], cipher[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], cipher[16:]
    present_id, key = _named(FIELD_KEY)
    if key_id != present_id:
        raise Undecipherable("made with another key")
    try:
        return AESGCM(key).decrypt(nonce, body, key_id + context.encode()).decode()
    except InvalidTag as error:
        raise Undecipherable("altered, or of another field") from error


def lookup_digest(plain: str, *, context: str) -> bytes:
    """A keyed digest by which equal personal values can be found without keeping them, 16 bytes."""
    _key_id, key = _named(FIELD_KEY)
    return hmac_sha256(key, b"lookup\x00" + context.encode() + b"\x00" + plain.encode())[:16]


def sha256(data: bytes) -> bytes:
    """SHA-256 digest, 32 bytes."""
    return hashlib.sha256(data).digest()


@cache
def _sm3_in_hashlib() -> bool:
    try:
        return hashlib.new("sm3", b"abc").hexdigest() == SM3_ABC
    except ValueError:
        return False


def sm3(data: bytes) -> bytes:
    """SM3 digest, 32 bytes. Call `sm3_available` before offering it."""
    if _sm3_in_hashlib():
        return hashlib.new("sm3", data).digest()
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


@cache
def self_test() -> tuple[str, ...]:
    """Names of algorithms whose known answer this machine gets wrong; empty when all are right."""
    wrong = []
    if sha256(b"abc").hex() != SHA256_ABC:
        wrong.append("SHA-256")
    try:
        if sm3(b"abc").hex() != SM3_ABC:
            wrong.append("SM3")
    except Exception:  # an OpenSSL without SM3 says so in several ways
        wrong.append("SM3")
    return tuple(wrong)


def sm3_available() -> bool:
    """Whether SM3 may be chosen here."""
    return "SM3" not in self_test()


_MOBILE = re.compile(r"1\d{10}")


def mask_phone(phone: str) -> str:
    """A phone number as it is shown: 13912345678 → 139****5678; other numbers keep their last four digits.

    A number that comes masked already stays as it is; text without a digit gives nothing.
    """
    text = re.sub(r"[\s-]", "", phone)
    if "*" in text:
        return text[:20]
    if _MOBILE.fullmatch(text):
        return f"{text[:3]}****{text[-4:]}"
    digits = re.sub(r"\D", "", text)
    if not digits:
        return ""
    return f"****{digits[-4:]}" if len(digits) > 4 else "****"


def mask_id(number: str) -> str:
    """An identity number as it is shown inside: its first six digits only, so that 29 million people fit it."""
    text = number.strip().upper()
    return f"{text[:6]}************" if len(text) == 18 and "*" not in text else ("*" * 18 if text else "")
