"""The certificate for the local network covers this machine's names and is kept until it no longer does."""

import stat
from pathlib import Path

import pytest
from cryptography import x509

from mingchan.config import certificate


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    first = certificate.ensure(tmp_path / "keys")
    assert certificate.ensure(tmp_path / "keys").fingerprint == first.fingerprint


def test_its_key_is_for_its_owner_only(tmp_path: Path) -> None:
    made = certificate.ensure(tmp_path / "keys")
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_it_names_every_address_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "own_addresses", lambda: ["192.0.2.7"])
    made = certificate.ensure(tmp_path / "keys")
    names = x509.load_pem_x509_certificate(made.certificate.read_bytes()).extensions
    found = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(address) for address in found.get_values_for_type(x509.IPAddress)} == {"127.0.0.1", "192.0.2.7"}
    assert "localhost" in found.get_values_for_type(x509.DNSName)


def test_a_new_address_makes_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "own_addresses", lambda: ["192.0.2.7"])
    first = certificate.ensure(tmp_path / "keys")
    monkeypatch.setattr(certificate, "own_addresses", lambda: ["192.0.2.8"])
    assert certificate.ensure(tmp_path / "keys").fingerprint != first.fingerprint
