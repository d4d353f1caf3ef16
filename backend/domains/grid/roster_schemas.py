"""What the routes of rosters take and give."""

from datetime import date
from typing import Any

import marshmallow as ma

from backend.domains.grid.duty_rules import DEPARTMENT, EVERY_DAY, LEVELS
from backend.http.schemas import Code, Day, Moment, Schema, ShortText

_LEVELS = (*LEVELS, DEPARTMENT)
_OPTIONAL: dict[str, Any] = {"load_default": None, "allow_none": True}


def _clock(**kwargs: Any) -> ma.fields.Time:
    return ma.fields.Time(format="%H:%M", required=True, **kwargs)


def _level(codes: tuple[str, ...]) -> ma.fields.String:
    check = ma.validate.OneOf(codes, error="请从列表中选择")
    return ma.fields.String(required=True, validate=check)


class PersonSchema(Schema):
    """A member of staff by name."""

    staff_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class DutyPersonSchema(PersonSchema):
    """Somebody who can be put on duty."""

    role_text = ma.fields.String(required=True)
    phone_bound = ma.fields.Boolean(required=True)


class DutyPersonListSchema(Schema):
    """Who can be put on duty, by name."""

    items = ma.fields.List(ma.fields.Nested(DutyPersonSchema), required=True)


class DutySchema(PersonSchema):
    """A duty: who, where, at which level, for what and when. Empty category or shift: all."""

    id = ma.fields.UUID(required=True)
    area_id = ma.fields.UUID(required=True, allow_none=True)
    area_name = ma.fields.String(required=True)
    area_kind = ma.fields.String(required=True)
    department_id = ma.fields.UUID(required=True, allow_none=True)
    level = Code(_LEVELS, required=True)
    level_text = ma.fields.String(required=True)
    category_code = ma.fields.String(required=True, allow_none=True)
    shift_id = ma.fields.UUID(required=True, allow_none=True)
    shift_text = ma.fields.String(required=True)


class DutyListSchema(Schema):
    """Duties, larger areas first."""

    items = ma.fields.List(ma.fields.Nested(DutySchema), required=True)


class AreaDutiesSchema(DutyListSchema):
    """The duties set at one area; `above` are those of larger areas that hold here too."""

    area_id = ma.fields.UUID(required=True)
    above = ma.fields.List(ma.fields.Nested(DutySchema), required=True)


class DepartmentDutiesSchema(DutyListSchema):
    """The duties of one department."""

    department_id = ma.fields.UUID(required=True)


class StreetQuerySchema(Schema):
    """Of which street; all within reach when left out."""

    street = ma.fields.UUID(load_default=None)


class OneStreetQuerySchema(Schema):
    """Of which street."""

    street = ma.fields.UUID(required=True)


class PeopleQuerySchema(Schema):
    """Of which street or department."""

    street = ma.fields.UUID(load_default=None)
    department = ma.fields.UUID(load_default=None)


class WeekQuerySchema(OneStreetQuerySchema):
    """Which street and which week; `from` is its first day, today when left out."""

    first = Day(
        load_default=None,
        data_key="from",
        validate=ma.validate.Range(date(2000, 1, 1), date(2099, 1, 1), error="日期超出范围"),
    )


class NewDutySchema(Schema):
    """A duty at an area."""

    staff_id = ma.fields.UUID(required=True)
    level = _level(LEVELS)
    category_code = ma.fields.String(validate=ma.validate.Regexp(r"\A[\w.-]{1,40}\Z"), **_OPTIONAL)
    shift_id = ma.fields.UUID(**_OPTIONAL)


class NewDutiesSchema(Schema):
    """All duties of the area from now on."""

    items = ma.fields.List(
        ma.fields.Nested(NewDutySchema),
        required=True,
        validate=ma.validate.Length(max=200, error="最多200项"),
    )


class NewDepartmentDutySchema(Schema):
    """A duty at a department."""

    staff_id = ma.fields.UUID(required=True)
    shift_id = ma.fields.UUID(**_OPTIONAL)


class NewDepartmentDutiesSchema(Schema):
    """All duties of the department from now on."""

    items = ma.fields.List(
        ma.fields.Nested(NewDepartmentDutySchema),
        required=True,
        validate=ma.validate.Length(max=200, error="最多200项"),
    )


class NewShiftSchema(Schema):
    """Hours of duty; `weekdays` has bit 0 for Monday … bit 6 for Sunday."""

    street_id = ma.fields.UUID(**_OPTIONAL)
    name = ShortText(20, required=True)
    starts = _clock()
    ends = _clock()
    weekdays = ma.fields.Integer(
        load_default=EVERY_DAY, strict=True,
        validate=ma.validate.Range(1, EVERY_DAY, error="至少选一天"),
    )  # fmt: skip


class ShiftChangeSchema(NewShiftSchema):
    """The shift as it shall be; `version` is what it was read with. Its street stays."""

    class Meta(Schema.Meta):
        """A shift does not move."""

        exclude = ("street_id",)

    version = ma.fields.Integer(required=True, strict=True)


class ShiftSchema(Schema):
    """A shift; no street: for all. `ends` not after `starts` is on the next day."""

    id = ma.fields.UUID(required=True)
    street_id = ma.fields.UUID(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    starts = ma.fields.Time(format="%H:%M", required=True)
    ends = ma.fields.Time(format="%H:%M", required=True)
    weekdays = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    can_edit = ma.fields.Boolean(required=True)


class ShiftListSchema(Schema):
    """Shifts, the district's first."""

    items = ma.fields.List(ma.fields.Nested(ShiftSchema), required=True)


class NewAbsenceSchema(Schema):
    """Somebody will be away; without a substitute the duties fall to who else has them."""

    staff_id = ma.fields.UUID(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    substitute_id = ma.fields.UUID(**_OPTIONAL)
    reason = ShortText(100, needed=False, load_default="")


class AbsenceChangeSchema(NewAbsenceSchema):
    """The absence as it shall be; `version` is what it was read with."""

    class Meta(Schema.Meta):
        """An absence stays the person's own."""

        exclude = ("staff_id",)

    version = ma.fields.Integer(required=True, strict=True)


class AbsenceSchema(PersonSchema):
    """An absence."""

    id = ma.fields.UUID(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    substitute_id = ma.fields.UUID(required=True, allow_none=True)
    substitute_name = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    now = ma.fields.Boolean(required=True)
    version = ma.fields.Integer(required=True)


class AbsenceListSchema(Schema):
    """Absences that are not over, the next first."""

    items = ma.fields.List(ma.fields.Nested(AbsenceSchema), required=True)


class LevelNowSchema(Schema):
    """Who is on duty at one level."""

    level = Code(LEVELS, required=True)
    level_text = ma.fields.String(required=True)
    people = ma.fields.List(ma.fields.Nested(PersonSchema), required=True)


class CellNowSchema(Schema):
    """Who is on duty in one cell; `empty` when nobody is at any level."""

    cell_id = ma.fields.UUID(required=True)
    cell_name = ma.fields.String(required=True)
    community_name = ma.fields.String(required=True)
    street_id = ma.fields.UUID(required=True)
    levels = ma.fields.List(ma.fields.Nested(LevelNowSchema), required=True)
    empty = ma.fields.Boolean(required=True)


class NowSchema(Schema):
    """Who is on duty in each cell of a street."""

    as_of = Moment(required=True)
    items = ma.fields.List(ma.fields.Nested(CellNowSchema), required=True)


class WeekPersonSchema(PersonSchema):
    """Who is there on a day; `instead_of` names whom they stand in for."""

    instead_of = ma.fields.String(required=True, allow_none=True)


class WeekDaySchema(Schema):
    """Who is there on one day."""

    date = Day(required=True)
    people = ma.fields.List(ma.fields.Nested(WeekPersonSchema), required=True)


class WeekRowSchema(Schema):
    """One area at one level and shift through the week."""

    area_id = ma.fields.UUID(required=True)
    area_name = ma.fields.String(required=True)
    area_kind = ma.fields.String(required=True)
    level = Code(LEVELS, required=True)
    level_text = ma.fields.String(required=True)
    category_code = ma.fields.String(required=True, allow_none=True)
    shift_id = ma.fields.UUID(required=True, allow_none=True)
    shift_text = ma.fields.String(required=True)
    days = ma.fields.List(ma.fields.Nested(WeekDaySchema), required=True)


class WeekSchema(Schema):
    """A street's week, larger areas first."""

    street_id = ma.fields.UUID(required=True)
    days = ma.fields.List(Day(), required=True)
    rows = ma.fields.List(ma.fields.Nested(WeekRowSchema), required=True)


class DepartmentNowSchema(Schema):
    """Who answers for a department now; `by_roster` is false where all its handlers do."""

    department_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    by_roster = ma.fields.Boolean(required=True)
    people = ma.fields.List(ma.fields.Nested(PersonSchema), required=True)


class DepartmentsNowSchema(Schema):
    """All departments that somebody answers for."""

    as_of = Moment(required=True)
    items = ma.fields.List(ma.fields.Nested(DepartmentNowSchema), required=True)


class ChainSchema(Schema):
    """The levels a call climbs; the row without a street is for all that have none."""

    street_id = ma.fields.UUID(required=True, allow_none=True)
    street_name = ma.fields.String(required=True)
    levels = ma.fields.List(Code(LEVELS), required=True)
    levels_text = ma.fields.String(required=True)
    own = ma.fields.Boolean(required=True)
    version = ma.fields.Integer(required=True)


class ChainListSchema(Schema):
    """The district's chain, then each street's."""

    items = ma.fields.List(ma.fields.Nested(ChainSchema), required=True)


class ChainChangeSchema(Schema):
    """The chain as it shall be; no levels: a street goes by the district's again."""

    street_id = ma.fields.UUID(required=True, allow_none=True)
    levels = ma.fields.List(
        _level(LEVELS), required=True, validate=ma.validate.Length(max=4, error="最多四级")
    )
    version = ma.fields.Integer(required=True, strict=True)


class CellLineSchema(Schema):
    """A cell by name."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class OwnShiftSchema(Schema):
    """The own duty now."""

    on_duty = ma.fields.Boolean(required=True)
    shift_text = ma.fields.String(required=True)
    cells = ma.fields.List(ma.fields.Nested(CellLineSchema), required=True)


class RemovedSchema(Schema):
    """It is gone."""

    removed = ma.fields.Boolean(required=True)
