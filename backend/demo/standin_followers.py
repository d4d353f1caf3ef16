"""The stand-in's side of following the service account."""

from __future__ import annotations

from functools import cache

from backend.demo import register
from backend.demo.openids import demo_openid
from backend.demo.standin_checks import Body, Refused, WeChatRules
from backend.demo.standin_push import event


def unionid(mini_openid: str) -> str:
    """What both accounts know the person by whose mini-program's openid this is."""
    return "u" + mini_openid[1:]


@cache
def _same_person() -> dict[str, str]:
    """The demo's persons: by their openid at the service account, that of the mini-program."""
    keys = [person.key for person in register.persons()]
    return {demo_openid(key, "service"): demo_openid(key) for key in keys}


def info(rules: WeChatRules, appid: str, openid: str) -> Body:
    """As ``cgi-bin/user/info``: of those who do not follow, nothing but that."""
    if appid == rules.settings.mini_app_id:
        raise Refused(48001, "api unauthorized")
    if len(openid) != 28 or not openid.startswith("o"):
        raise Refused(40003, "invalid openid")
    if rules.store.rows("SELECT 1 FROM stranger WHERE openid = ?", openid):
        return {"subscribe": 0, "openid": openid}
    own = _same_person().get(openid, openid)
    return {"subscribe": 1, "openid": openid, "unionid": unionid(own), "language": "zh_CN"}


def change(rules: WeChatRules, body: Body) -> Body:
    """Somebody follows the service account or leaves it: kept, and pushed as an event."""
    openid, following = str(body.get("openid", "")), bool(body.get("following"))
    sql = (
        "DELETE FROM stranger WHERE openid = ?"
        if following
        else "INSERT OR IGNORE INTO stranger VALUES (?)"
    )
    rules.store.change(sql, openid)
    pushed = event(openid, "subscribe" if following else "unsubscribe", [{}])
    del pushed["List"]
    accounts = rules.settings.accounts
    service = next((one for one in accounts if one != rules.settings.mini_app_id), None)
    if service:
        rules.pusher.push(service, {**pushed, "EventKey": ""})
    return {"following": following}
