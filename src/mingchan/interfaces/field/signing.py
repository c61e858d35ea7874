"""The signature under capsules (任务包签名): ECDSA on P-256, which every browser can check without a signal."""

import base64
import os
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from mingchan.kernel import crypto

_FILE = "field-signing.pem"
_HALF = 32


@cache
def _key(folder: str) -> ec.EllipticCurvePrivateKey:
    path = Path(folder) / _FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        # Written aside and linked, so that of two processes at their first start one wins and both read the whole key.
        aside = path.with_name(f"{_FILE}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{_FILE} is not an elliptic curve key")
    return found


def sign(text: str) -> str:
    """The signature over a text: both numbers one after the other, 64 bytes in base64, as browsers take it."""
    r, s = decode_dss_signature(_key(str(crypto.keys_folder())).sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return base64.b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")).decode()


def is_signed(text: str, signature: str) -> bool:
    """Whether the text carries the county's signature."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    if len(raw) != 2 * _HALF:
        return False
    numbers = encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        _key(str(crypto.keys_folder())).public_key().verify(numbers, text.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def public_key() -> str:
    """The key that checks signatures, as SubjectPublicKeyInfo in base64."""
    spki = (
        _key(str(crypto.keys_folder()))
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return base64.b64encode(spki).decode()
