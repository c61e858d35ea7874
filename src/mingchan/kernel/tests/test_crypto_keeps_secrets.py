"""Cryptography stands in one module: known answers, keys outside the database, masks that give little away."""

import stat
from pathlib import Path

import pytest
from django.test import override_settings

from mingchan.kernel import crypto


@pytest.fixture(autouse=True)
def fresh_keys(tmp_path: Path):
    with override_settings(MINGCHAN_HOME=tmp_path):
        yield tmp_path


def test_known_answers_are_right_here() -> None:
    assert crypto.self_test() == ()
    assert crypto.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert crypto.sha256(b"abc").hex().startswith("ba7816bf")
    assert crypto.sm3_available()


def test_sm3_is_not_offered_where_its_answer_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "sm3", lambda data: bytes(32))
    crypto.self_test.cache_clear()
    try:
        assert not crypto.sm3_available()
    finally:
        crypto.self_test.cache_clear()


def test_sm3_is_the_same_from_either_library(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = crypto.sm3("偏关".encode())
    monkeypatch.setattr(crypto, "_sm3_in_hashlib", lambda: False)
    assert crypto.sm3("偏关".encode()) == expected


def test_hmac_gives_the_answer_of_rfc_4231() -> None:
    answer = crypto.hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex()
    assert answer == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_keys_are_made_once_for_the_owner_only(fresh_keys: Path) -> None:
    key_id, key = crypto.mac_key()
    crypto.encrypt("x", context="party.phone")
    files = sorted(path.name for path in (fresh_keys / "keys").iterdir())
    assert files == ["field.key", "record-mac.key"]
    assert all(stat.S_IMODE((fresh_keys / "keys" / name).stat().st_mode) == 0o600 for name in files)
    assert crypto.mac_key() == (key_id, key)
    assert (len(key), len(key_id)) == (32, 8)
    crypto._key.cache_clear()
    assert crypto.mac_key() == (key_id, key)


def test_two_installations_share_no_key(fresh_keys: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    here = crypto.mac_key()
    with override_settings(MINGCHAN_HOME=tmp_path_factory.mktemp("other")):
        assert crypto.mac_key() != here


def test_a_damaged_key_file_stops_the_program(fresh_keys: Path) -> None:
    (fresh_keys / "keys").mkdir()
    (fresh_keys / "keys" / "field.key").write_text("abcd")
    with pytest.raises(ValueError, match="not a key of 32 bytes"):
        crypto.encrypt("x", context="party.phone")


def test_a_personal_value_comes_back_and_no_two_cipher_texts_are_equal() -> None:
    one, two = (crypto.encrypt("13912346279", context="party.phone") for _ in range(2))
    assert one != two
    assert b"13912346279" not in one
    assert crypto.decrypt(one, context="party.phone") == crypto.decrypt(two, context="party.phone") == "13912346279"


def test_a_cipher_text_that_was_altered_or_moved_is_refused() -> None:
    cipher = crypto.encrypt("13912346279", context="party.phone")
    for place in (0, 5, 20, len(cipher) - 1):
        altered = bytearray(cipher)
        altered[place] ^= 1
        with pytest.raises(crypto.Undecipherable):
            crypto.decrypt(bytes(altered), context="party.phone")
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(cipher, context="party.id_number")


def test_equal_values_are_found_by_a_keyed_digest() -> None:
    one = crypto.lookup_digest("13912346279", context="party.phone")
    assert one == crypto.lookup_digest("13912346279", context="party.phone")
    assert one != crypto.lookup_digest("13912346279", context="party.id_number")
    assert len(one) == 16
    assert crypto.same(one, bytes(one))
    assert not crypto.same(one, bytes(16))


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("13912346279", "139****6279"),
        ("139 1234-6279", "139****6279"),
        ("139****6279", "139****6279"),
        ("0350-7651234", "****1234"),
        ("110", "****"),
        ("无", ""),
        ("", ""),
    ],
)
def test_a_phone_shows_only_its_mask(phone: str, mask: str) -> None:
    assert crypto.mask_phone(phone) == mask


@pytest.mark.parametrize(
    ("number", "mask"),
    [("14093219900101001x", "140932************"), ("", ""), ("123", "*" * 18), ("1409************19", "*" * 18)],
)
def test_an_identity_number_shows_its_first_six_digits_at_most(number: str, mask: str) -> None:
    assert crypto.mask_id(number) == mask
