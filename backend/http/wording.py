"""What marshmallow says about a field that does not fit, in Chinese, for every schema."""

from typing import Any

import marshmallow as ma

_GENERAL = "格式不对"
_BY_FIELD = {
    "String": "应为文字",
    "Integer": "应为整数",
    "Float": "应为数字",
    "Decimal": "应为数字",
    "Boolean": "应为是或否",
    "UUID": "编号格式不对",
    "DateTime": "时间格式不对",
    "AwareDateTime": "时间格式不对",
    "Time": "时间格式不对",
    "Date": "日期格式不对",
    "List": "应为列表",
    "Dict": "应为 JSON 对象",
    "Url": "网址格式不对",
    "Email": "邮箱格式不对",
}
_ALWAYS = {"required": "请填写", "null": "请填写", "validator_failed": "填写的内容有误"}


def apply() -> None:
    """Set the words once, for every field and validator; whole numbers stay whole."""
    for name in ma.fields.__all__:
        kind = getattr(ma.fields, name)
        own = kind.__dict__.get("default_error_messages")
        if own is None and kind.__name__ in _BY_FIELD:
            # Time takes its words from a base that is no field of its own.
            bases = [base.__dict__.get("default_error_messages", {}) for base in kind.__mro__]
            own = {key: text for base in bases for key, text in base.items() if key not in _ALWAYS}
        if own is not None:
            text = _BY_FIELD.get(kind.__name__, _GENERAL)
            kind.default_error_messages = {**dict.fromkeys(own, text), **_shared(own)}
    if "too_large" in ma.fields.Number.default_error_messages:
        ma.fields.Number.default_error_messages["too_large"] = "数字太大"
    length, between = ma.validate.Length, ma.validate.Range
    length.message_min = "至少{min}个字"
    length.message_max = "最多{max}个字"
    length.message_all = "应为{min}到{max}个字"
    length.message_equal = "应为{equal}个字"
    # Range fills its operators first and its limits second, hence the doubled braces.
    between.message_min = "不能小于{{min}}"
    between.message_max = "不能大于{{max}}"
    between.message_all = "应在{{min}}到{{max}}之间"
    ma.validate.OneOf.default_message = "请从给出的选项里选"
    ma.validate.ContainsOnly.default_message = "请从给出的选项里选"
    for kind in (ma.validate.Regexp, ma.validate.Equal, ma.validate.NoneOf,
                 ma.validate.Email, ma.validate.URL):  # fmt: skip
        kind.default_message = _GENERAL
    ma.fields.Integer._validated = _whole  # type: ignore[method-assign]  # no public hook


def _shared(own: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in _ALWAYS.items() if key in own}


_validated = ma.fields.Integer._validated


def _whole(self: ma.fields.Integer, value: Any) -> int:
    """1.5 is refused where marshmallow would quietly make it 1; "5" is fine (queries)."""
    if isinstance(value, float) and not value.is_integer():
        raise self.make_error("invalid", input=value)
    return _validated(self, value)
