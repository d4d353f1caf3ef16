"""What is written about a vote has one form, and a checkpoint reads back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.deliberation import record_rules as r

POINT = r.Checkpoint(
    "0192", 3, r.RUNNING, "2026-11-23T08:00:00Z", 7, b"\x01" * 32, 9, b"\x02" * 32, b"\x03" * 32,
    b"\x04" * 32,
)  # fmt: skip


def test_there_is_one_way_to_write_a_record() -> None:
    assert r.canonical({"b": 1, "a": "甲"}) == '{"a":"甲","b":1}'.encode()


def test_a_checkpoint_reads_back_as_written() -> None:
    text = r.note(POINT, b"\x05" * 32, b"\x06" * 64)
    assert r.parsed(text) == POINT
    assert text.startswith("huying-vote/0192\n7\n")
    assert "\n\n— huying-vote " in text


@pytest.mark.parametrize("text", ["", "a\n\nb", POINT.body, "other/1\n1\n1\n1\n1\n1\n1\n\nx"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        r.parsed(text)


@given(st.integers(0, 32**12 - 1), st.integers(0, 32**12 - 1))
def test_receipts_of_two_numbers_differ(first: int, second: int) -> None:
    assert (r.receipt_code(first) == r.receipt_code(second)) == (first == second)
    assert len(r.receipt_code(first)) == 14


def test_a_receipt_is_of_60_bits() -> None:
    with pytest.raises(ValueError, match="60 bits"):
        r.receipt_code(32**12)


def test_parts_of_a_digest_do_not_run_into_each_other() -> None:
    assert r.digest(b"ab", b"c") != r.digest(b"a", b"bc")
    assert r.witness(b"s", "a", "b") != r.receipt_proof(b"s", "ab")


@given(st.lists(st.text(st.characters(codec="ascii", min_codepoint=97), min_size=1, max_size=20),
                min_size=2, max_size=40, unique=True))  # fmt: skip
def test_every_choice_of_a_vote_has_ballots_of_one_size(codes: list[str]) -> None:
    size = r.padding_for(codes)
    bodies = [
        r.canonical(r.secret_ballot(choice=choice, nonce="n" * 64, salt="s" * 32))
        for choice in ([], codes[:1], codes)
    ]
    assert {len(r.padded(body, size)) for body in bodies} == {size}
    assert r.padded(bodies[0], size).rstrip() == bodies[0]


def test_what_is_longer_than_its_padding_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        r.padded(b"abc", 2)


def test_lines_of_receipts_and_participation() -> None:
    assert r.open_receipt(3, 2, "C") == {"entry": 3, "seq": 2, "receipt": "C"}
    assert r.batch_receipt(1, "C") == {"batch": 1, "receipt": "C"}
    assert r.took_part(1, 3, b"\x01") == {"batch": 1, "entry": 3, "proof": "01"}
    ballot = r.open_ballot(entry=1, seq=1, how="online", choice=["a"], nonce="n", salt="s",
                           witness="w")  # fmt: skip
    assert set(ballot) == {"entry", "seq", "how", "choice", "nonce", "salt", "witness"}
