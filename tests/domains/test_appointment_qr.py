"""The check-in code's picture, read back pixel by pixel."""

import base64
import io

import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.domains.appointments import qr, qr_codes

TOKEN = "HY1." + "aB3_" * 10 + "aB3." + "x-Z9" * 5 + "xw"


def drawn(token: str) -> Image.Image:
    head, _, body = qr.image(token).partition(",")
    assert head == "data:image/png;base64"
    picture = Image.open(io.BytesIO(base64.b64decode(body)))
    picture.load()
    return picture


def test_every_module_is_the_one_the_encoder_made():
    expected = segno.make_qr(TOKEN, error="m", mask=2, boost_error=False)
    picture = drawn(TOKEN)
    modules = expected.symbol_size(scale=1, border=0)[0]
    assert picture.mode == "1"
    assert picture.size == ((modules + 2 * qr.QUIET) * qr.SCALE,) * 2
    for y in range(picture.height):
        for x in range(picture.width):
            row, column = y // qr.SCALE - qr.QUIET, x // qr.SCALE - qr.QUIET
            inside = 0 <= row < modules and 0 <= column < modules
            dark = inside and expected.matrix[row][column]
            assert picture.getpixel((x, y)) == (0 if dark else 255)


@given(st.text("abcxyzABCXYZ0189-_.", min_size=1, max_size=100))
def test_whatever_the_text_is_the_modules_are_those_of_the_library(text: str):
    expected = segno.make_qr(text, error="m", mask=2, boost_error=False)
    assert qr_codes.rows(text) == [
        "".join("1" if module else "0" for module in row) for row in expected.matrix
    ]


def test_it_has_the_quiet_zone_the_standard_asks_for():
    assert qr.QUIET >= 4


def test_it_is_the_same_picture_as_the_librarys_own():
    ours = drawn(TOKEN)
    code = segno.make_qr(TOKEN, error="m", mask=2, boost_error=False)
    buffer = io.BytesIO()
    code.save(buffer, kind="png", scale=qr.SCALE, border=qr.QUIET)
    theirs = Image.open(io.BytesIO(buffer.getvalue())).convert("1")
    assert list(ours.tobytes()) == list(theirs.tobytes())
