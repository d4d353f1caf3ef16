"""The stand-in's side of signing in: access tokens, one-time codes, phone numbers."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping

from backend.demo.standin_checks import (
    CODE_LIFE,
    FORCED_A_DAY,
    FORCED_APART,
    TOKEN_LIFE,
    Body,
    Refused,
    WeChatRules,
)
from backend.demo.standin_followers import unionid

#: A token with less than this (seconds) to live is replaced by the next plain call.
_NEARLY_OVER = 300


def stable_token(rules: WeChatRules, body: Body) -> Body:
    """One token an account, the same for everybody; a forced call replaces it at once."""
    appid = str(body.get("appid", ""))
    if body.get("grant_type") != "client_credential":
        raise Refused(40002, "invalid grant_type")
    rules.check_secret(appid, str(body.get("secret", "")))
    rules.count("/cgi-bin/stable_token")
    now = rules.now()
    if body.get("force_refresh"):
        _count_forced(rules, appid)
    else:
        rows = rules.store.rows(
            "SELECT token, expires FROM token WHERE appid = ? AND expires > ?"
            " ORDER BY expires DESC LIMIT 1",
            appid,
            now + _NEARLY_OVER,
        )
        if rows:
            left = int(rows[0]["expires"] - now)
            return {"access_token": rows[0]["token"], "expires_in": left}
    token = f"standin-{secrets.token_urlsafe(48)}"
    # A forced call ends the token there was; a plain one leaves the old its last minutes.
    since = float("inf") if body.get("force_refresh") else now - TOKEN_LIFE
    rules.store.change("DELETE FROM token WHERE appid = ? AND expires < ?", appid, since)
    rules.store.change("INSERT INTO token VALUES (?, ?, ?)", token, appid, now + TOKEN_LIFE)
    return {"access_token": token, "expires_in": TOKEN_LIFE}


def _count_forced(rules: WeChatRules, appid: str) -> None:
    now = rules.now()
    recent = rules.store.rows(
        "SELECT at FROM forced WHERE appid = ? AND at > ? ORDER BY at", appid, now - 86_400
    )
    if len(recent) >= FORCED_A_DAY or (recent and recent[-1]["at"] > now - FORCED_APART):
        raise Refused(45009, "reach max api daily quota limit")
    rules.store.insert("INSERT INTO forced VALUES (?, ?)", appid, now)


def code_to_session(rules: WeChatRules, args: Mapping[str, str]) -> Body:
    """The openid of a code of ``wx.login``; whoever signs in has opened the mini-program."""
    if not args.get("appid"):
        raise Refused(41002, "appid missing")
    if not args.get("secret"):
        raise Refused(41004, "appsecret missing")
    rules.check_secret(args["appid"], args["secret"])
    if args.get("grant_type") != "authorization_code":
        raise Refused(40002, "invalid grant_type")
    if not args.get("js_code"):
        raise Refused(41008, "missing code")
    openid, code = rules.store.use_code(args["js_code"], "js", rules.now())
    if code:
        raise Refused(code, "code been used" if code == 40163 else "invalid code")
    rules.visited(openid)
    session_key = base64.b64encode(secrets.token_bytes(16)).decode()
    return {"session_key": session_key, "openid": openid, "unionid": unionid(openid)}


def phone_number(rules: WeChatRules, appid: str, body: Body) -> Body:
    """The phone of a code of ``getPhoneNumber``."""
    phone, code = rules.store.use_code(str(body.get("code", "")), "phone", rules.now())
    if code:
        raise Refused(40029, "invalid code")
    info = {
        "phoneNumber": f"+86{phone}",
        "purePhoneNumber": phone,
        "countryCode": "86",
        "watermark": {"timestamp": int(rules.now()), "appid": appid},
    }
    return {"errcode": 0, "errmsg": "ok", "phone_info": info}


def mint(rules: WeChatRules, kind: str, value: str) -> Body:
    """A fresh one-time code, as the phone would get it from WeChat."""
    code = f"demo-{kind}-{secrets.token_urlsafe(18)}"
    rules.store.change(
        "INSERT INTO code (code, kind, value, expires) VALUES (?, ?, ?, ?)",
        code,
        kind,
        value,
        rules.now() + CODE_LIFE,
    )
    return {"code": code, "expires_in": CODE_LIFE}
