"""Plain drawings that stand for photos in the demo: shapes on a street, before and after."""

import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw

SIZE = (960, 720)
_HORIZON = 420
_SKY, _NIGHT, _GROUND, _KERB = "#cfe3f2", "#27324a", "#9aa3ab", "#d8d8d0"
Pen = ImageDraw.ImageDraw


@cache
def drawing(kind: str, after: bool) -> bytes:
    """A JPEG of the kind of trouble, or of the same place once it is gone."""
    picture = Image.new("RGB", SIZE, _NIGHT if kind == "lamp" else _SKY)
    pen = ImageDraw.Draw(picture)
    _street(pen)
    SCENES.get(kind, _board)(pen, after)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _street(pen: Pen) -> None:
    for place, height in ((60, 200), (230, 150), (640, 240), (800, 170)):
        pen.rectangle((place, _HORIZON - height, place + 130, _HORIZON), fill="#b7a58f")
        for row in range(_HORIZON - height + 20, _HORIZON - 30, 45):
            for left in (place + 18, place + 78):
                pen.rectangle((left, row, left + 32, row + 24), fill="#efe6cf")
    pen.rectangle((0, _HORIZON, SIZE[0], _HORIZON + 40), fill=_KERB)
    pen.rectangle((0, _HORIZON + 40, *SIZE), fill=_GROUND)
    for left in range(40, SIZE[0], 180):
        pen.rectangle((left, 580, left + 90, 592), fill="#f4f4f4")


def _lamp(pen: Pen, after: bool) -> None:
    if after:
        pen.polygon([(470, 130), (330, 470), (640, 470)], fill="#f6e7a2")
    pen.rectangle((470, 120, 484, 470), fill="#555b61")
    pen.ellipse((430, 90, 525, 140), fill="#ffe680" if after else "#3a3f47")


def _manhole(pen: Pen, after: bool) -> None:
    pen.ellipse(
        (380, 530, 600, 630), fill="#6b7178" if after else "#101010", outline="#40454b", width=8
    )
    if after:
        for left in range(420, 570, 36):
            pen.line((left, 550, left, 610), fill="#4b5157", width=6)


def _road(pen: Pen, after: bool) -> None:
    if after:
        pen.rounded_rectangle((330, 520, 640, 640), 20, fill="#82898f")
    else:
        pen.polygon(
            [(340, 560), (430, 520), (560, 540), (650, 590), (520, 650), (400, 630)], fill="#4c4641"
        )


def _garbage(pen: Pen, after: bool) -> None:
    pen.rounded_rectangle((140, 330, 240, 470), 12, fill="#2f7d4f")
    if not after:
        for place, colour in enumerate(("#3a3a3a", "#7b5a3a", "#4a4f7a", "#6a6a6a", "#a33d3d")):
            pen.ellipse(
                (250 + place * 70, 420 + place % 2 * 25, 350 + place * 70, 510), fill=colour
            )


def _car(pen: Pen, after: bool) -> None:
    pen.rectangle((250, 480, 720, 492), fill="#e8c32f")
    if not after:
        pen.rounded_rectangle((300, 520, 680, 620), 24, fill="#3d6fb0")
        pen.polygon([(370, 520), (430, 460), (560, 460), (620, 520)], fill="#a9c4e6")
        for left in (350, 570):
            pen.ellipse((left, 590, left + 70, 660), fill="#1d1d1d")


def _water(pen: Pen, after: bool) -> None:
    if not after:
        pen.ellipse((200, 540, 760, 680), fill="#5d8fb8")
        for left in (430, 470, 510):
            pen.arc((left - 60, 330, left + 60, 700), 200, 340, fill="#7fb4dd", width=10)
    pen.rectangle((450, 500, 500, 590), fill="#8a6f4d")


def _tree(pen: Pen, after: bool) -> None:
    if after:
        pen.rectangle((470, 430, 510, 470), fill="#7a5a3a")
        return
    pen.line((300, 470, 720, 560), fill="#7a5a3a", width=36)
    for place in range(6):
        pen.ellipse(
            (560 + place * 40, 470 + place * 14, 670 + place * 40, 580 + place * 14), fill="#3f8048"
        )


def _wall(pen: Pen, after: bool) -> None:
    pen.rectangle((300, 150, 700, _HORIZON), fill="#c9b59a")
    if after:
        pen.rectangle((430, 200, 580, 330), fill="#d8c8b2")
    else:
        pen.line((450, 160, 490, 230, 460, 300, 520, 400), fill="#4a3f36", width=8)
        pen.polygon([(430, 200), (560, 210), (580, 300), (450, 320)], fill="#a3897a")


def _corridor(pen: Pen, after: bool) -> None:
    pen.rectangle((280, 180, 700, 470), fill="#e6ddcc")
    pen.rectangle((430, 240, 550, 470), fill="#7d9a6b")
    if not after:
        for left in (300, 380, 560):
            pen.ellipse((left, 420, left + 50, 470), outline="#1d1d1d", width=8)
            pen.ellipse((left + 60, 420, left + 110, 470), outline="#1d1d1d", width=8)
            pen.line((left + 25, 440, left + 85, 440, left + 60, 400), fill="#a33d3d", width=8)


def _board(pen: Pen, after: bool) -> None:
    pen.rounded_rectangle((330, 170, 640, 360), 14, fill="#ffffff", outline="#8b8b8b", width=6)
    pen.rectangle((475, 360, 495, 470), fill="#8b8b8b")
    if after:
        pen.line((400, 265, 460, 320, 570, 210), fill="#2ba471", width=18)
    else:
        pen.line((485, 200, 485, 290), fill="#e37318", width=22)
        pen.ellipse((472, 308, 498, 334), fill="#e37318")


SCENES: dict[str, Callable[[Pen, bool], None]] = {
    "lamp": _lamp, "manhole": _manhole, "road": _road, "garbage": _garbage, "car": _car,
    "water": _water, "tree": _tree, "wall": _wall, "corridor": _corridor,
}  # fmt: skip
# Which drawing stands for which kind of event.
OF_CATEGORY = {
    "street_lamp": "lamp", "manhole": "manhole", "road": "road", "sidewalk": "road",
    "garbage": "garbage", "construction_waste": "garbage", "street_cleaning": "garbage",
    "illegal_parking": "car", "abandoned_car": "car", "bicycle": "corridor",
    "water_supply": "water", "flooding": "water", "sewage": "water", "river": "water",
    "greenery": "tree", "house_safety": "wall", "illegal_building": "wall", "dust": "wall",
    "fire_safety": "corridor",
}  # fmt: skip
