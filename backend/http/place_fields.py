"""Fields of a place, and closed lists of values, as every door takes them."""

from typing import Any

import marshmallow as ma

from backend.http.schemas import Schema

SYSTEMS = ("wgs84", "gcj02")


def one_of(*values: str) -> ma.validate.OneOf:
    """A closed list of values."""
    return ma.validate.OneOf(values, error="请从列出的值里选")


class Latitude(ma.fields.Float):
    """Degrees north, -90 to 90."""

    def __init__(self, **kwargs: Any) -> None:
        between = ma.validate.Range(-90, 90, error="纬度应在-90到90之间")
        super().__init__(validate=between, allow_nan=False, **kwargs)


class Longitude(ma.fields.Float):
    """Degrees east, -180 to 180."""

    def __init__(self, **kwargs: Any) -> None:
        between = ma.validate.Range(-180, 180, error="经度应在-180到180之间")
        super().__init__(validate=between, allow_nan=False, **kwargs)


class CoordinatesSchema(Schema):
    """A place: both coordinates or neither."""

    latitude = Latitude(load_default=None, allow_none=True)
    longitude = Longitude(load_default=None, allow_none=True)
    coordinate_system = ma.fields.String(load_default="wgs84", validate=one_of(*SYSTEMS))

    @ma.validates_schema
    def _both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ma.ValidationError("经纬度要一起填写", "latitude")
