"""No cell of an export is run by the spreadsheet that opens it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.sheet_rules import harmless


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("区城管局", "区城管局"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("\t停水", "'\t停水"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
def test_what_begins_a_formula_becomes_a_text(text: str, cell: str) -> None:
    assert harmless(text) == cell


@given(st.text(max_size=20))
def test_nothing_begins_a_formula(text: str) -> None:
    assert not harmless(text).lstrip(" \t\r\n\u3000").startswith(("=", "+", "-", "@"))
