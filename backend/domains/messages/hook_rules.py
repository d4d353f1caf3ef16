"""Decisions about addresses of groups and systems of staff, and what their answers mean. Pure."""

import hashlib
import hmac
import ipaddress
import json
from urllib.parse import parse_qs, urlsplit

from notifications.rules import Verdict

WECOM, WEBHOOK = "wecom", "webhook"
DIALECT_TEXT = {WECOM: "企业微信群机器人", WEBHOOK: "网址（带签名）"}
WECOM_HOST, WECOM_PATH = "qyapi.weixin.qq.com", "/cgi-bin/webhook/send"
#: The most bytes of a robot's markdown (error 45002 otherwise).
MOST_BYTES = 4096
#: The most characters of an address.
MOST_CHARACTERS = 500
_WRONG_ADDRESS = "地址写得不对"
_NOT_A_ROBOT = f"请粘贴群机器人的地址，像 https://{WECOM_HOST}{WECOM_PATH}?key=…"
_INSIDE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet", ".corp")
TOO_MANY = 45009
_CODE_TEXT = {
    TOO_MANY: "群机器人一分钟最多20条，稍后再发",
    93000: "群机器人的地址无效，可能已被移出群",
    40008: "群机器人不认这种消息",
    40058: "群机器人不认这些内容",
    44004: "内容是空的",
    45002: "内容太长",
}
#: What would be the same tomorrow. Busy (-1), too many (45009) and what is not known here pass.
_WRONG = frozenset({93000, 40008, 40058, 44004, 45002})
# What would make a word a link, a mention or a colour in a robot's markdown.
_MARKS = str.maketrans({
    "<": "＜", ">": "＞", "[": "［", "]": "］", "(": "（", ")": "）", "*": "＊", "`": "｀",
    "_": "＿", "#": "＃", "@": "＠", "\\": "＼",
})  # fmt: skip


def address_problem(dialect: str, url: str, trusted: str) -> str:
    """Why an address cannot be used, in words; empty when it can.

    ``trusted`` is the origin of the demo's stand-in. Whether a name leads to a public address
    is seen when it is called.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return _WRONG_ADDRESS
    if not host or port == 0 or len(url) > MOST_CHARACTERS:
        return _WRONG_ADDRESS
    if dialect == WECOM and (parts.path != WECOM_PATH or not _key(url)):
        return _NOT_A_ROBOT
    if trusted and f"{parts.scheme}://{parts.netloc}" == trusted:
        return ""
    found = [
        (parts.scheme != "https", "地址要以 https:// 开头"),
        (parts.username is not None or bool(parts.fragment), "地址里不能有用户名、密码或 #"),
        (dialect == WECOM and (host != WECOM_HOST or port not in (None, 443)), _NOT_A_ROBOT),
        (_inside(host), "地址不能指向本机或内网"),
    ]
    return next((text for wrong, text in found if wrong), "")


def shown(dialect: str, url: str) -> str:
    """What may be seen of an address: the host, and the last four characters of a robot's key."""
    host = urlsplit(url).netloc
    return (f"{host} …{_key(url)[-4:]}" if dialect == WECOM else f"{host}/…")[:80]


def plain(text: str) -> str:
    """Words that stay words in a robot's markdown."""
    return text.translate(_MARKS)


def markdown(title: str, text: str, url: str) -> str:
    """A robot's message: title, words, the way to the console; within its limit of bytes."""
    foot = f"\n[打开工作台]({url})" if url else ""
    room = MOST_BYTES - len(foot.encode())
    head = f"**{plain(title)}**\n{plain(text)}"
    return head.encode()[:room].decode(errors="ignore") + foot


def hook_signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook: hex HMAC-SHA256 of ``timestamp.body`` under its secret."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def robot_verdict(status: int, body: bytes) -> tuple[Verdict, str, str]:
    """What a robot's answer means: verdict, code and words. It says 200 to almost everything."""
    if status >= 500 or status == 429:
        return Verdict.RETRY, f"HTTP {status}", "企业微信忙，稍后再发"
    try:
        code = int(json.loads(body)["errcode"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Verdict.UNCLEAR, f"HTTP {status}", "企业微信的答复看不懂"
    if code == 0:
        return Verdict.ACCEPTED, "", ""
    text = _CODE_TEXT.get(code, "企业微信没有收下")
    if code == TOO_MANY:
        return Verdict.QUOTA, f"wecom {code}", text
    return (Verdict.FINAL if code in _WRONG else Verdict.RETRY), f"wecom {code}", text


def webhook_verdict(status: int) -> tuple[Verdict, str, str]:
    """What a webhook's answer means: any 2xx is taken; redirects are not followed."""
    if 200 <= status < 300:
        return Verdict.ACCEPTED, "", ""
    if status >= 500 or status in (408, 425, 429):
        return Verdict.RETRY, f"HTTP {status}", "对方忙，稍后再发"
    return Verdict.FINAL, f"HTTP {status}", "对方不收，请核对地址和密钥"


def _key(url: str) -> str:
    return (parse_qs(urlsplit(url).query).get("key") or [""])[0]


def _inside(host: str) -> bool:
    """Whether a host is an address inside by its looks alone."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_INSIDE)
