"""What the staff's routes take and give."""

import marshmallow as ma

from backend.domains.identity.schemas import RawText
from backend.domains.identity.staff_rules import (
    ACTIVE,
    ENROLLING,
    ROLES,
    SCOPE_KINDS,
    STAFF_STATES,
    permissions_of,
)
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

PERMISSIONS = permissions_of(list(ROLES))


class HeldRoleSchema(Schema):
    """A role somebody holds."""

    role = ma.fields.String(required=True)
    role_text = ma.fields.String(required=True)
    scope_kind = Code(SCOPE_KINDS, required=True)
    scope_id = ma.fields.UUID(required=True, allow_none=True)
    scope_text = ma.fields.String(required=True)


class ScopePlaceSchema(Schema):
    """A place by name."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class StaffSchema(Schema):
    """The signed-in member of staff. No permissions before the account is fully set up."""

    id = ma.fields.UUID(required=True)
    username = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    state = Code((ENROLLING, ACTIVE), required=True)
    must_change_password = ma.fields.Boolean(required=True)
    roles = ma.fields.List(ma.fields.Nested(HeldRoleSchema), required=True)
    permissions = ma.fields.List(Code(PERMISSIONS), required=True)
    halls = ma.fields.List(ma.fields.Nested(ScopePlaceSchema), required=True)


class StaffSessionSchema(Schema):
    """Who is signed in on this console, if anybody."""

    staff = ma.fields.Nested(StaffSchema, required=True, allow_none=True)
    csrf_token = ma.fields.String(required=True, allow_none=True)


class StaffSignInSchema(Schema):
    """Both factors; `totp` may be empty before one is enrolled."""

    username = RawText(64, required=True)
    password = RawText(128, required=True)
    totp = RawText(12, least=0, load_default="")


class NewPasswordSchema(Schema):
    """The old and the new password."""

    old = RawText(128, required=True)
    new = RawText(256, required=True)


class EnrolmentSchema(Schema):
    """A fresh secret, shown once."""

    secret = ma.fields.String(required=True)
    uri = ma.fields.String(required=True)
    qr_image = ma.fields.String(required=True, metadata={"description": "data:image/png;base64"})


class TotpSchema(Schema):
    """A code from the authenticator."""

    totp = RawText(12, required=True)


class RoleToGiveSchema(Schema):
    """A role to give."""

    role = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    scope_kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf(SCOPE_KINDS, error="没有这一级")
    )
    scope_id = ma.fields.UUID(load_default=None, allow_none=True)


_ROLES = ma.validate.Length(0, 20, error="最多 20 个角色")


class AccountInSchema(Schema):
    """A new account."""

    username = RawText(64, required=True)
    name = ShortText(30, required=True)
    roles = ma.fields.List(ma.fields.Nested(RoleToGiveSchema), required=True, validate=_ROLES)


class AccountPatchSchema(Schema):
    """What an administrator changes."""

    name = ShortText(30)
    roles = ma.fields.List(ma.fields.Nested(RoleToGiveSchema), validate=_ROLES)
    disabled = ma.fields.Boolean()


class AccountSchema(Schema):
    """An account as an administrator sees it."""

    id = ma.fields.UUID(required=True)
    username = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    state = Code(STAFF_STATES, required=True)
    state_text = ma.fields.String(required=True)
    must_change_password = ma.fields.Boolean(required=True)
    locked_until = Moment(required=True, allow_none=True)
    created_at = Moment(required=True)
    signed_in_at = Moment(required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(HeldRoleSchema), required=True)


class NewAccountSchema(AccountSchema):
    """A new account with its temporary password, told once."""

    initial_password = ma.fields.String(required=True)


class TemporaryPasswordSchema(Schema):
    """A temporary password, told once."""

    temporary_password = ma.fields.String(required=True)


class RoleScopeSchema(Schema):
    """A level at which a role can be held, and its places."""

    scope_kind = Code(SCOPE_KINDS, required=True)
    scope_kind_text = ma.fields.String(required=True)
    places = ma.fields.List(ma.fields.Nested(ScopePlaceSchema), required=True)


class StaffRoleSchema(Schema):
    """A role that exists."""

    role = Code(ROLES, required=True)
    role_text = ma.fields.String(required=True)
    permissions = ma.fields.List(Code(PERMISSIONS), required=True)
    scopes = ma.fields.List(ma.fields.Nested(RoleScopeSchema), required=True)


class RolesSchema(Schema):
    """All roles."""

    items = ma.fields.List(ma.fields.Nested(StaffRoleSchema), required=True)


class RevealEntrySchema(Schema):
    """Who saw which masked value in full, and why."""

    at = Moment(required=True)
    staff_name = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    field_text = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)


class AccountArgs(PageArgs):
    """A page of accounts; `q` looks in names and user names."""

    q = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))


AccountPage = page_schema(AccountSchema)
RevealPage = page_schema(RevealEntrySchema)
