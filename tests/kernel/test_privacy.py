"""Personal values: sealed, found by keyed hash, masked; an altered or foreign value is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel import reveals
from backend.kernel.access import Actor
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.privacy import (
    Privacy,
    mask_id_number,
    mask_name,
    mask_openid,
    mask_phone,
)
from backend.kernel.trace import Subject

OLD, NEW = b"o" * 32, b"n" * 32
one = Privacy({1: OLD}, 1)
# Everything UTF-8 can hold: lone surrogates cannot reach us.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts)
def test_what_is_sealed_opens_again_and_is_not_readable(text: str) -> None:
    sealed = one.seal(text)
    assert one.open(sealed) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_the_same_value_is_never_sealed_twice_alike() -> None:
    assert len({one.seal("110105194912310029") for _ in range(100)}) == 100


@given(texts, st.data())
def test_any_altered_bit_is_found(text: str, data: st.DataObject) -> None:
    sealed = bytearray(one.seal(text))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(ValueError, match="sealed value"):
        one.open(bytes(sealed))


@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(ValueError, match="sealed value"):
        one.open(sealed)


def test_a_rotated_key_still_opens_and_finds_what_the_old_one_sealed() -> None:
    both = Privacy({1: OLD, 2: NEW}, 2)
    before = one.seal("王秀兰")
    assert both.open(before) == "王秀兰"
    assert both.seal("王秀兰")[0] == 2
    assert both.fingerprint("王秀兰", "name") == one.fingerprint("王秀兰", "name")
    with pytest.raises(ValueError, match="cannot be opened"):
        one.open(both.seal("王秀兰"))


def test_another_installation_opens_and_finds_nothing() -> None:
    other = Privacy({1: NEW}, 1)
    with pytest.raises(ValueError, match="altered"):
        other.open(one.seal("王秀兰"))
    assert other.fingerprint("王秀兰", "name") != one.fingerprint("王秀兰", "name")


def test_a_current_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="current key"):
        Privacy({1: OLD}, 2)


@given(texts, texts)
def test_fingerprints_differ_by_value_and_by_purpose(left: str, right: str) -> None:
    assert (one.fingerprint(left, "p") == one.fingerprint(right, "p")) == (left == right)
    assert one.fingerprint(left, "phone") != one.fingerprint(left, "id_number")
    assert one.fingerprint(left, "p") != one.sign(left, "p")
    assert len(one.fingerprint(left, "p")) == 32


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "王秀兰", "王*兰"), (mask_name, "李㐂", "李*"), (mask_name, "𠮷野", "𠮷*"),
        (mask_name, "欧阳娜娜", "欧**娜"), (mask_name, "王", "*"), (mask_name, "", "*"),
        (mask_phone, "13800005678", "138****5678"), (mask_phone, "12345", "***45"),
        (mask_id_number, "110105194912310029", "110***********0029"),
        (mask_openid, "oABCDEFG123", "oABC****"),
    ],
)  # fmt: skip
def test_masks_keep_only_what_they_say(mask, value: str, shown: str) -> None:
    assert mask(value) == shown


@given(st.text(max_size=30))
def test_masks_of_longer_values_never_show_the_whole(text: str) -> None:
    for mask in (mask_name, mask_phone, mask_id_number, mask_openid):
        assert len(text) < 3 or set(text) <= {"*"} or mask(text) != text, mask


STAFF = Actor("staff", new_id(), "周敏", "clerk")


def test_a_look_at_a_masked_value_leaves_who_what_and_why(uow) -> None:
    uow.actor = STAFF
    subject = Subject("appointment", new_id())
    row = reveals.log_reveal(uow, subject, "phone", "  电话通知改期 ")
    assert (row.staff_id, row.staff_name, row.field) == (STAFF.id, "周敏", "phone")
    assert (row.purpose, row.at, row.subject_id) == ("电话通知改期", uow.now, subject.id)


@pytest.mark.parametrize("purpose", ["", "   ", "看看", " 查 看 "])
def test_a_look_without_a_reason_is_refused(uow, purpose: str) -> None:
    uow.actor = STAFF
    with pytest.raises(Invalid) as caught:
        reveals.log_reveal(uow, Subject("appointment", new_id()), "phone", purpose)
    assert "purpose" in caught.value.fields
