"""What residents' routes take and give."""

from typing import Any

import marshmallow as ma

from backend.domains.identity.sign_in import CHANNELS
from backend.http.schemas import Code, Moment, Schema, ShortText

_CHANNEL = ma.validate.OneOf(CHANNELS, error="应为 h5 或 weixin")


class RawText(ma.fields.String):
    """Text checked by the domain's own rules; here only its length and that it can be kept."""

    def __init__(self, maximum: int, *, least: int = 1, **kwargs: Any) -> None:
        text = f"请填写，最多 {maximum} 个字符"
        super().__init__(validate=ma.validate.Length(least, maximum, error=text), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        # Half a surrogate pair cannot be encoded, NUL cannot be stored.
        if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
            raise ma.ValidationError("含有无法识别的字符，请重新输入")
        return text


class WorkStreetSchema(Schema):
    """A street somebody works for."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class WorkerSchema(Schema):
    """The work account bound to this phone."""

    staff_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    role_text = ma.fields.String(required=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    streets = ma.fields.List(ma.fields.Nested(WorkStreetSchema), required=True)


class WorkBindingSchema(Schema):
    """Both factors of the work account."""

    username = RawText(64, required=True)
    password = RawText(128, required=True)
    totp = RawText(12, required=True)


class MeSchema(Schema):
    """The signed-in resident."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata={"description": "empty until verified"})
    name_masked = ma.fields.String(required=True)
    phone_masked = ma.fields.String(required=True, allow_none=True)
    id_number_masked = ma.fields.String(required=True, allow_none=True)
    verified = ma.fields.Boolean(required=True)
    has_wechat = ma.fields.Boolean(required=True)
    consent_version = ma.fields.String(required=True, allow_none=True)
    elder_mode = ma.fields.Boolean(required=True)
    channel = Code(CHANNELS, required=True)
    worker = ma.fields.Nested(WorkerSchema, required=True, allow_none=True)


class SessionSchema(Schema):
    """Who is signed in, if anybody."""

    person = ma.fields.Nested(MeSchema, required=True, allow_none=True)
    csrf_token = ma.fields.String(required=True, allow_none=True)


class SignedInSchema(SessionSchema):
    """A fresh session. `token` is for WeChat only and shown once."""

    person = ma.fields.Nested(MeSchema, required=True)
    token = ma.fields.String(required=True, allow_none=True)


class WechatSignInSchema(Schema):
    """The one-time code of `wx.login`."""

    code = RawText(200, required=True)
    channel = ma.fields.String(required=True, validate=_CHANNEL)


class SmsCodeSchema(Schema):
    """Where to send a code, and what for."""

    phone = RawText(40, required=True)
    purpose = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(("sign_in", "bind_phone"), error="应为 sign_in 或 bind_phone"),
    )


class SmsSentSchema(Schema):
    """Seconds until the code expires, and until another may be asked for."""

    expires_in = ma.fields.Integer(required=True)
    resend_in = ma.fields.Integer(required=True)


class SmsSignInSchema(Schema):
    """A phone and the code sent to it."""

    phone = RawText(40, required=True)
    code = RawText(20, required=True)
    channel = ma.fields.String(required=True, validate=_CHANNEL)


class DemoSignInSchema(Schema):
    """A fictional person of the demo."""

    person_key = ShortText(40, required=True)
    channel = ma.fields.String(required=True, validate=_CHANNEL)


class MePatchSchema(Schema):
    """What residents set themselves."""

    elder_mode = ma.fields.Boolean(required=True)


class RealNameSchema(Schema):
    """Name and number as on the identity card."""

    name = RawText(200, required=True)
    id_number = RawText(40, required=True)


class PhoneSchema(Schema):
    """Either WeChat's one-time code, or a phone with the code sent to it."""

    code = RawText(200)
    phone = RawText(40)
    sms_code = RawText(20)

    @ma.validates_schema
    def one_way(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Exactly one of the two ways."""
        if set(data) not in ({"code"}, {"phone", "sms_code"}):
            text = "请用微信授权手机号，或填手机号和短信验证码"
            raise ma.ValidationError(text, "phone")


class PrivacyConsentSchema(Schema):
    """An answer to a document."""

    document = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("privacy",), error="没有这份说明")
    )
    version = ShortText(20, required=True)
    agreed = ma.fields.Boolean(required=True)


class CloseSchema(Schema):
    """The words that confirm it."""

    confirm = RawText(20, required=True)


class OwnDataSchema(Schema):
    """Everything held about the person; `parts` by domain."""

    exported_at = Moment(required=True)
    identity = ma.fields.Dict(keys=ma.fields.String(), required=True)
    parts = ma.fields.Dict(keys=ma.fields.String(), required=True)


class PolicySectionSchema(Schema):
    """A heading and what stands below it."""

    heading = ma.fields.String(required=True)
    paragraphs = ma.fields.List(ma.fields.String(), required=True)


class PolicySchema(Schema):
    """The privacy policy in force."""

    version = ma.fields.String(required=True)
    effective_from = ma.fields.String(required=True, metadata={"format": "date"})
    title = ma.fields.String(required=True)
    sections = ma.fields.List(ma.fields.Nested(PolicySectionSchema), required=True)


class DistrictSchema(Schema):
    """The district served."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    city = ma.fields.String(required=True)


class SubscribeTemplateSchema(Schema):
    """A WeChat template residents can allow."""

    key = ma.fields.String(required=True)
    template_id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    long_term = ma.fields.Boolean(
        required=True,
        metadata={
            "description": "allowed once until withdrawn; never asked together with one-time ones"
        },
    )


class SignInWaysSchema(Schema):
    """Which ways to sign in are open."""

    wechat = ma.fields.Boolean(required=True)
    sms = ma.fields.Boolean(required=True)
    demo = ma.fields.Boolean(required=True)


class LinkSchema(Schema):
    """A page beside the app."""

    title = ma.fields.String(required=True)
    url = ma.fields.String(required=True)


class ConfigSchema(Schema):
    """What the apps need to know before anybody signs in."""

    district = ma.fields.Nested(DistrictSchema, required=True)
    demo = ma.fields.Boolean(required=True)
    hotline = ma.fields.String(required=True)
    privacy_version = ma.fields.String(required=True)
    subscribe_templates = ma.fields.List(ma.fields.Nested(SubscribeTemplateSchema), required=True)
    hot_words = ma.fields.List(ma.fields.String(), required=True)
    map_tile_url = ma.fields.String(
        required=True, metadata={"description": "tiles below the map; empty: none"}
    )
    sign_in = ma.fields.Nested(SignInWaysSchema, required=True)
    # Empty outside the demo.
    demo_links = ma.fields.List(ma.fields.Nested(LinkSchema), required=True)
