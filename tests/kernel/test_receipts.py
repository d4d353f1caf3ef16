"""Receipt numbers: checked when read aloud, unguessable, useless without the query code."""

import re
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.kernel import receipts
from backend.kernel.ids import new_id
from backend.kernel.privacy import Privacy
from backend.kernel.receipts import ReceiptRow, check_digit, normalise
from backend.kernel.trace import Subject

bodies = st.from_regex(r"[0-9]{12}", fullmatch=True)


def issue(uow, person=None):
    subject = Subject("appointment", new_id())
    found = receipts.issue(
        uow, kind="appointment", subject=subject, person_id=person, title="社保卡补领"
    )
    return subject, found


@given(bodies)
def test_a_number_with_its_check_digit_is_taken(body: str) -> None:
    number = f"A{body[:6]}-{body[6:]}-{check_digit(body)}"
    assert normalise(number) == number
    assert normalise(number.lower().replace("-", " ")) == number


@given(bodies, st.integers(0, 12), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_found(body: str, place: int, wrong: str) -> None:
    digits = body + check_digit(body)
    if digits[place] != wrong:
        assert normalise("A" + digits[:place] + wrong + digits[place + 1 :]) is None


def test_nearly_all_swapped_neighbours_are_found() -> None:
    missed = tried = 0
    for left in range(0, 1_000_000, 997):
        body = f"261123{left:06d}"
        digits = body + check_digit(body)
        for place in range(12):
            if digits[place] != digits[place + 1]:
                tried += 1
                swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
                missed += normalise("A" + swapped) is not None
    assert missed / tried < 0.03


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert normalise(text) is None or re.fullmatch(r"[A-Z]\d{6}-\d{6}-\d", normalise(text))


def test_full_width_characters_of_a_chinese_keyboard_are_understood() -> None:
    number = f"A261123-482073-{check_digit('261123482073')}"
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    assert normalise(wide) == number


def test_a_number_shows_its_kind_and_day_and_finds_its_matter(uow) -> None:
    subject, receipt = issue(uow)
    assert re.fullmatch(r"A261123-\d{6}-\d", receipt.number)
    assert receipts.of_subject(uow, subject).number == receipt.number
    assert receipts.find(uow, receipt.number, receipt.query_code).subject_id == subject.id


def test_a_number_alone_shows_nothing(uow) -> None:
    _, receipt = issue(uow)
    wrong = f"{(int(receipt.query_code) + 1) % 1_000_000:06d}"
    for code in ("", wrong, receipt.query_code[:5], receipt.query_code + "0", "０" * 6, "\ud800"):
        assert receipts.find(uow, receipt.number, code) is None


def test_a_code_of_another_number_opens_nothing(uow) -> None:
    _, first = issue(uow)
    _, second = issue(uow)
    assert receipts.find(uow, first.number, second.query_code) is None


def test_a_number_never_issued_shows_nothing_even_with_its_code(uow) -> None:
    number = f"A261123-000000-{check_digit('261123000000')}"
    assert receipts.find(uow, number, receipts.query_code(uow.services, number)) is None


def test_query_codes_follow_from_the_key_and_are_stored_nowhere(uow, services) -> None:
    _, receipt = issue(uow)
    assert receipts.query_code(services, receipt.number) == receipt.query_code
    other = Privacy({1: b"x" * 32}, 1).sign(receipt.number, "query-code")
    assert f"{int.from_bytes(other[:8]) % 1_000_000:06d}" != receipt.query_code
    assert "code" not in " ".join(ReceiptRow.__table__.columns.keys())


def test_a_taken_number_is_drawn_again(uow, monkeypatch) -> None:
    draws = iter([7, 7, 8])
    monkeypatch.setattr(receipts.secrets, "randbelow", lambda _: next(draws))
    _, first = issue(uow)
    _, second = issue(uow)
    assert (first.number[8:14], second.number[8:14]) == ("000007", "000008")


def test_one_matter_gets_one_receipt(uow) -> None:
    from sqlalchemy.exc import IntegrityError

    subject, _ = issue(uow)
    with pytest.raises(IntegrityError), uow.session.begin_nested():
        receipts.issue(uow, kind="appointment", subject=subject, person_id=None, title="再来")
    assert uow.session.scalar(select(func.count()).select_from(ReceiptRow)) == 1


def test_a_person_sees_only_their_own_newest_first(uow, clock) -> None:
    from datetime import timedelta

    person = uuid4()
    _, first = issue(uow, person)
    uow.now += timedelta(minutes=1)
    _, second = issue(uow, person)
    issue(uow, uuid4())
    mine = [row.number for row in receipts.of_person(uow, person)]
    assert mine == [second.number, first.number]
