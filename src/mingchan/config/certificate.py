"""A certificate for the local network (局域网证书): made on first start, for this machine's own names and addresses.

Phones give a page the camera and offline storage over HTTPS only. The certificate is self-signed: a person accepts it
once on each device after comparing the fingerprint that the start prints.
"""

import contextlib
import fcntl
import ipaddress
import os
import socket
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=825)
RENEW_BEFORE = timedelta(days=30)
_SIOCGIFADDR = 0x8915


@dataclass(frozen=True)
class Certificate:
    """The two files a server needs, and the fingerprint people compare."""

    certificate: Path
    key: Path
    fingerprint: str


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine's network cards, without loopback."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):
                request = struct.pack("256s", name.encode()[:15])
                found.append(socket.inet_ntoa(fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, request)[20:24]))
    return sorted(address for address in set(found) if not ipaddress.ip_address(address).is_loopback)


def _names() -> tuple[set[str], set[str]]:
    return {"localhost", socket.gethostname()}, {"127.0.0.1", *own_addresses()}


def _still_good(path: Path) -> x509.Certificate | None:
    if not path.exists():
        return None
    present = x509.load_pem_x509_certificate(path.read_bytes())
    names = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    hosts, addresses = _names()
    covers = hosts <= set(names.get_values_for_type(x509.DNSName)) and addresses <= {
        str(address) for address in names.get_values_for_type(x509.IPAddress)
    }
    return present if covers and present.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC) else None


def _make(path: Path, key_path: Path) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    hosts, addresses = _names()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Mingchan {socket.gethostname()}"[:64])])
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in sorted(hosts)]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in sorted(addresses)]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_path.unlink(missing_ok=True)
    descriptor = os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def ensure(folder: Path) -> Certificate:
    """The certificate in `folder`, made anew when there is none, it ends within a month, or an address changed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, key_path = folder / "lan.crt", folder / "lan.key"
    certificate = (_still_good(path) if key_path.exists() else None) or _make(path, key_path)
    return Certificate(path, key_path, certificate.fingerprint(hashes.SHA256()).hex(":").upper())
