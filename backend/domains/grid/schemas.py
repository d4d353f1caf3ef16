"""What the grid's routes take and give about areas."""

import marshmallow as ma

from backend.domains.grid.coordinate_rules import SYSTEMS, WGS84
from backend.domains.grid.model import KINDS
from backend.http.schemas import Code, Schema, ShortText

PLACE_KINDS = ("Polygon", "MultiPolygon")


class GeometrySchema(Schema):
    """A GeoJSON Polygon or MultiPolygon; positions are [longitude, latitude] in degrees."""

    type = Code(PLACE_KINDS, required=True)
    coordinates = ma.fields.List(ma.fields.Raw(), required=True)


class AreaPropertiesSchema(Schema):
    """What an area is; `street_id` is the street it belongs to or is."""

    id = ma.fields.UUID(required=True)
    kind = Code(KINDS, required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    parent_id = ma.fields.UUID(required=True, allow_none=True)
    street_id = ma.fields.UUID(required=True)


class StaffAreaPropertiesSchema(AreaPropertiesSchema):
    """With what the editor needs."""

    aliases = ma.fields.List(ma.fields.String(), required=True)
    version = ma.fields.Integer(required=True)
    active = ma.fields.Boolean(required=True)


class AreaFeatureSchema(Schema):
    """A GeoJSON feature."""

    type = Code(("Feature",), required=True)
    id = ma.fields.UUID(required=True)
    properties = ma.fields.Nested(AreaPropertiesSchema, required=True)
    geometry = ma.fields.Nested(GeometrySchema, required=True)


class StaffAreaFeatureSchema(AreaFeatureSchema):
    """With what the editor needs."""

    properties = ma.fields.Nested(StaffAreaPropertiesSchema, required=True)


class AreaCollectionSchema(Schema):
    """A GeoJSON FeatureCollection (RFC 7946, or in GCJ-02 where that was asked for)."""

    type = Code(("FeatureCollection",), required=True)
    features = ma.fields.List(ma.fields.Nested(AreaFeatureSchema), required=True)


class StaffAreaCollectionSchema(AreaCollectionSchema):
    """With what the editor needs."""

    features = ma.fields.List(ma.fields.Nested(StaffAreaFeatureSchema), required=True)


class StaffAreaSchema(StaffAreaPropertiesSchema):
    """One area with its outline."""

    geometry = ma.fields.Nested(GeometrySchema, required=True)


class PublicAreaQuerySchema(Schema):
    """Which areas, and in which coordinates."""

    kind = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf(KINDS, error="请从列表中选择")
    )
    system = ma.fields.String(
        load_default=WGS84, validate=ma.validate.OneOf(SYSTEMS, error="请从列表中选择")
    )


class StaffAreaQuerySchema(Schema):
    """Which areas."""

    kind = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf(KINDS, error="请从列表中选择")
    )
    street = ma.fields.UUID(load_default=None)


class AreaChangeSchema(Schema):
    """The area as it shall be."""

    name = ShortText(80, required=True)
    aliases = ma.fields.List(
        ShortText(60), required=True, validate=ma.validate.Length(max=20, error="最多20项")
    )
    geometry = ma.fields.Dict(
        keys=ma.fields.String(),
        required=True,
        metadata={"description": "A GeoJSON Polygon or MultiPolygon in WGS-84."},
    )
    active = ma.fields.Boolean(load_default=True)
