"""A record has exactly one byte form, filled in bulk or encoded alone."""

import hashlib
import hmac
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.evidence import rules
from mingchan.kernel import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
DIGEST = st.binary(min_size=32, max_size=32).map(lambda raw: "sha256:" + raw.hex())
FRAMES = st.builds(
    rules.Frame,
    act=TEXT, actor=TEXT, at=TEXT, audit_class=TEXT, clauses=st.lists(TEXT, max_size=3).map(tuple), code=TEXT,
    epoch=st.integers(1, 99), on=TEXT, outcome=TEXT, request=TEXT, role=TEXT, session=TEXT, src=TEXT,
)  # fmt: skip


@given(FRAMES, st.integers(0, 2**60), TEXT, TEXT, DIGEST, st.none() | DIGEST, st.none() | DIGEST)
def test_the_prepared_form_equals_the_canonical_encoding(frame, seq, obj, region, commit, after, before) -> None:
    filled = frame.template() % (
        f',"after":"{after}"' if after else "",
        f',"before":"{before}"' if before else "",
        commit,
        rules.orjson.dumps(obj).decode(),
        f',"region":{rules.orjson.dumps(region).decode()}' if region else "",
        seq,
    )
    assert filled.encode() == canonical.encode(frame.document(seq, obj, region, commit, after, before))


VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
ROWS = st.dictionaries(st.text(st.characters(codec="ascii"), max_size=12), VALUES, max_size=8)


@given(st.none() | ROWS, ROWS, TEXT)
def test_a_detail_put_together_equals_the_canonical_encoding(after, facts, reason) -> None:
    whole = {}
    if after is not None:
        whole["after"] = canonical.without_nulls(after)
    if canonical.without_nulls(facts):
        whole["facts"] = canonical.without_nulls(facts)
    if reason:
        whole["reason"] = reason
    tail = rules.detail_tail(canonical.without_nulls(facts), reason)
    encoded = None if after is None else rules.document_bytes(after)
    assert rules.detail_body(encoded, tail) == canonical.encode(whole)


@given(st.binary(max_size=90), st.binary(max_size=200))
def test_the_prepared_mac_is_hmac(key: bytes, message: bytes) -> None:
    assert rules.mac(key)(message) == hmac.digest(key, message, "sha256")


def test_a_commitment_is_over_two_salt_and_body() -> None:
    expected = hashlib.sha256(b"\x02" + b"s" * 32 + b"{}").hexdigest()
    assert rules.commit_text(b"s" * 32, b"{}") == f"sha256:{expected}"


def test_times_are_utc_with_six_digits() -> None:
    assert rules.moment_text(datetime(2026, 3, 31, 9, 12, 44, 18233, UTC)) == "2026-03-31T09:12:44.018233Z"


def test_a_value_without_one_form_is_refused() -> None:
    with pytest.raises(TypeError):
        rules.document_bytes({"on": date(2020, 1, 1)})
