"""The templates that are registered with the stand-in's accounts, as WeChat's own lists show them.

Written down apart from the kinds of message, as a district registers them in WeChat's back office:
what is compared must not come from one place.
"""

from __future__ import annotations

from backend.demo.standin_checks import Body, Refused, WeChatRules

_Fields = tuple[tuple[str, str, str], ...]
_PLACE = ("地点", "thing3", "越和街政务中心")
#: Title and fields (words on the card, key, example) by the last part of the demo's template id.
SUBSCRIBE: dict[str, tuple[str, _Fields]] = {
    "booked": ("预约成功提醒", (
        ("办理事项", "thing1", "社保卡挂失"), ("预约时间", "time2", "2026年11月23日 09:30"),
        ("办理地点", "thing3", "越和街政务中心"), ("预约号", "character_string4", "A261123-482073-5"),
        ("温馨提示", "thing5", "到了出示二维码取号"),
    )),
    "called": ("叫号提醒", (
        ("票号", "character_string1", "A001"), ("窗口", "thing2", "3号窗口"),
        ("办理事项", "thing3", "社保卡挂失"), ("地点", "thing4", "越和街政务中心"),
    )),
    "reminder": ("办事前提醒", (
        ("办理事项", "thing1", "社保卡挂失"), ("预约时间", "time2", "2026年11月23日 09:30"),
        ("办理地点", "thing3", "越和街政务中心"), ("温馨提示", "thing4", "来不了请提前取消"),
    )),
    "event": ("事件进展提醒", (
        ("编号", "character_string1", "E261123-482073-5"), ("事件", "thing2", "路灯不亮"),
        ("进展", "phrase3", "已办结"), ("备注", "thing4", "15天内可重开一次"),
    )),
    "task": ("任务待处理提醒", (
        ("任务", "thing1", "路灯不亮"), ("地点", "thing2", "桂香苑"),
        ("截止时间", "time3", "2026年11月23日 09:30"), ("备注", "thing4", "请尽快认领"),
    )),
    "ticket": ("诉求办理进度提醒", (
        ("编号", "character_string1", "R261123-482073-5"), ("诉求", "thing2", "路灯不亮"),
        ("进展", "phrase3", "已答复"), ("备注", "thing4", "点开看答复"),
    )),
    "life": ("活动提醒", (
        ("活动", "thing1", "义诊"), ("时间", "time2", "2026年11月23日 09:30"), _PLACE,
        ("备注", "thing4", "到了请签到"),
    )),
    "news": ("通知公告提醒", (
        ("通知", "thing1", "停水通知"), ("发布单位", "thing2", "越和区"),
        ("时间", "time3", "2026年11月23日 09:30"), ("备注", "thing4", "点开看全文"),
    )),
    "council": ("议事进展提醒", (
        ("议题", "thing1", "加装电梯"), ("小区", "thing2", "桂香苑"),
        ("进展", "phrase3", "讨论中"), ("备注", "thing4", "点开看详情"),
    )),
}  # fmt: skip
SERVICE: dict[str, tuple[str, _Fields]] = {
    "service": ("办事进度通知", (
        ("事项", "thing1", "社保卡挂失"), ("时间", "time2", "2026年11月23日 09:30"), _PLACE,
        ("状态", "phrase4", "已预约"), ("备注", "thing5", "到了出示二维码取号"),
    )),
}  # fmt: skip

_KEYS = {
    name: tuple(key for _, key, _ in fields)
    for name, (_, fields) in {**SUBSCRIBE, **SERVICE}.items()
}


def keys_of(template_id: str) -> tuple[str, ...]:
    """The fields of a registered template; none where the list above does not have it."""
    return _KEYS.get(template_id.rpartition("-")[2], ())


def subscribe_templates(rules: WeChatRules, appid: str) -> Body:
    """``wxaapi/newtmpl/gettemplate`` of the mini-program."""
    if appid != rules.settings.mini_app_id:
        raise Refused(48001, "api unauthorized")
    rows: list[Body] = []
    for template_id in sorted(rules.settings.templates):
        title, fields = SUBSCRIBE.get(template_id.rpartition("-")[2], ("", ()))
        if fields:
            rows.append({
                "priTmplId": template_id, "title": title, "content": _content(fields),
                "example": _example(fields), "keywordEnumValueList": [],
                "type": 3 if template_id in rules.settings.long_term else 2,
            })  # fmt: skip
    return {"errcode": 0, "errmsg": "ok", "data": rows}


def service_templates(rules: WeChatRules, appid: str) -> Body:
    """``cgi-bin/template/get_all_private_template`` of the service account; no errcode in it."""
    if appid == rules.settings.mini_app_id:
        raise Refused(48001, "api unauthorized")
    rows: list[Body] = []
    for template_id in sorted(rules.settings.templates):
        title, fields = SERVICE.get(template_id.rpartition("-")[2], ("", ()))
        if fields:
            rows.append({
                "template_id": template_id, "title": title, "primary_industry": "政府",
                "deputy_industry": "公共事业", "content": _content(fields),
                "example": _example(fields),
            })  # fmt: skip
    return {"template_list": rows}


def _content(fields: _Fields) -> str:
    return "".join(f"{label}:{{{{{key}.DATA}}}}\n" for label, key, _ in fields)


def _example(fields: _Fields) -> str:
    return "".join(f"{label}:{example}\n" for label, _, example in fields)
