"""Citizen identity numbers: what is mistyped is told, what is right is taken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.errors import Invalid
from backend.kernel.identity_number import birth_date, check_digit, validate

TODAY = date(2026, 11, 23)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Right numbers of people born between 1900 and yesterday, in the fictional area."""
    born = draw(st.dates(date(1900, 1, 1), date(2026, 11, 22)))
    body = f"999901{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + check_digit(body)


@given(numbers())
def test_a_right_number_is_taken_and_tells_the_birth_date(number: str) -> None:
    assert validate(number, today=TODAY) == number
    assert birth_date(number).strftime("%Y%m%d") == number[6:14]


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_found(number: str, place: int, wrong: str) -> None:
    if number[place] == wrong:
        return
    with pytest.raises(Invalid):
        validate(number[:place] + wrong + number[place + 1 :], today=TODAY)


@given(numbers(), st.integers(0, 16))
def test_any_two_swapped_neighbours_are_found(number: str, place: int) -> None:
    if number[place] == number[place + 1]:
        return
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(Invalid):
        validate(swapped, today=TODAY)


@given(st.text(max_size=40))
def test_any_text_is_either_taken_or_refused_with_the_field_named(text: str) -> None:
    try:
        assert len(validate(text, today=TODAY)) == 18
    except Invalid as error:
        assert error.fields["id_number"]
        assert error.code == "invalid_id_number"


def test_the_example_of_the_standard_is_taken() -> None:
    # GB 11643-1999, annex: 11010519491231002X
    assert validate("11010519491231002x", today=TODAY) == "11010519491231002X"


def test_spaces_around_and_a_small_x_are_forgiven() -> None:
    assert validate(" 11010519491231002x\n", today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize("body", ["99990120270101001", "99990118790101001", "99990119900230001",
                                  "99990119901301001", "99990100000000001"])  # fmt: skip
def test_a_birth_date_that_cannot_be_is_refused_even_with_a_right_check_digit(body: str) -> None:
    with pytest.raises(Invalid, match="出生日期"):
        validate(body + check_digit(body), today=TODAY)


def test_somebody_born_today_has_a_number() -> None:
    body = "99990120261123001"
    assert validate(body + check_digit(body), today=TODAY)


@pytest.mark.parametrize("text", ["", "1" * 17, "1" * 19, "１１０１０５１９４９１２３１００２X",
                                  "11010519491231002Y", "X1010519491231002X", "1\x00" * 9,
                                  "𠮷" * 18])  # fmt: skip
def test_what_is_no_number_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(text, today=TODAY)
    assert "证件" in caught.value.detail
