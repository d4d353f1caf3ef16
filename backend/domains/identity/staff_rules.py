"""Decisions about staff accounts: roles and their scope, passwords, one-time codes, lock-out.

Pure: standard library only. A `…_problem` function answers None or a Chinese sentence.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.kernel.state import Transition

ENROLLING, ACTIVE, DISABLED = "enrolling", "active", "disabled"

STAFF_STATES = (ENROLLING, ACTIVE, DISABLED)

STAFF_TRANSITIONS = {
    (ENROLLING, "enrol"): Transition(to=ACTIVE),
    (ACTIVE, "reset_totp"): Transition(to=ENROLLING),
    (ENROLLING, "reset_totp"): Transition(to=ENROLLING),
    (ENROLLING, "disable"): Transition(to=DISABLED),
    (ACTIVE, "disable"): Transition(to=DISABLED),
    # Who comes back proves the second factor anew.
    (DISABLED, "enable"): Transition(to=ENROLLING),
}

SCOPE_KINDS = ("hall", "department", "community", "street", "district")


@dataclass(frozen=True)
class Role:
    """A job: its name on the screen, what it may do, and where it can be held."""

    text: str
    permissions: tuple[str, ...]
    scopes: tuple[str, ...]


_CLERK = ("queue.operate", "appointments.view", "personal.reveal")

# fmt: off
ROLES: dict[str, Role] = {
    "clerk": Role("窗口人员", _CLERK, ("hall",)),
    "hall_manager": Role(
        "大厅管理员",
        (*_CLERK, "schedules.edit", "windows.edit", "staff.view", "limits.edit", "fairness.decide"),
        ("hall", "district"),
    ),
    "item_editor": Role("事项编辑", ("items.edit", "items.publish"), ("department", "district")),
    "grid_worker": Role("网格员", ("events.handle",), ("street",)),
    "grid_leader": Role("网格长", ("events.handle", "events.view"), ("street",)),
    "street_leader": Role(
        "街道负责人",
        (
            "events.handle", "events.view", "events.whistle", "events.approve",
            "rosters.edit", "reports.view", "topics.view", "topics.decide",
        ),
        ("street",),
    ),
    "dispatcher": Role(
        "调度员",
        (
            "events.view", "events.dispatch", "events.approve", "events.whistle",
            "rosters.edit", "reports.view", "topics.view", "topics.decide",
        ),
        ("street", "district"),
    ),
    "community_worker": Role(
        "社区工作者",
        (
            "community.view", "community.edit", "community.confirm", "topics.view",
            "topics.manage", "topics.moderate", "ballots.paper", "activities.manage",
        ),
        ("community",),
    ),
    "community_auditor": Role(
        "监票员", ("topics.view", "votes.audit"), ("community", "street")
    ),
    "department_handler": Role(
        "部门经办",
        (
            "events.handle", "whistles.answer", "tickets.handle",
            "knowledge.read", "knowledge.edit",
        ),
        ("department",),
    ),
    "department_head": Role(
        "部门负责人",
        (
            "tickets.handle", "tickets.review", "knowledge.read", "knowledge.edit",
            "knowledge.review", "reports.view",
        ),
        ("department",),
    ),
    "operator": Role(
        "话务员",
        ("tickets.intake", "tickets.view", "knowledge.read", "knowledge.correct"),
        ("district",),
    ),
    "hotline_dispatcher": Role(
        "热线派单员",
        (
            "tickets.view", "tickets.dispatch", "tickets.approve", "knowledge.read",
            "knowledge.correct", "reports.view",
        ),
        ("district",),
    ),
    "hotline_reviewer": Role(
        "热线审核员",
        (
            "tickets.view", "tickets.audit", "tickets.callback", "tickets.judge",
            "knowledge.read", "knowledge.correct", "knowledge.publish", "reports.view",
        ),
        ("district",),
    ),
    "callback_agent": Role(
        "回访员",
        ("tickets.view", "tickets.callback", "knowledge.read", "knowledge.correct"),
        ("district",),
    ),
    "supervisor": Role(
        "监督员",
        (
            "audit.view", "messages.view", "appointments.view", "items.view",
            "events.view", "events.supervise", "reports.view", "tickets.view",
            "tickets.supervise", "tickets.judge", "tickets.arbitrate", "tickets.reopen",
            "tickets.settings", "knowledge.read", "topics.view", "votes.audit",
            "campaigns.write", "campaigns.release",
        ),
        ("department", "street", "district"),
    ),
    "administrator": Role(
        "系统管理员",
        (
            "accounts.edit", "messages.view", "audit.view", "items.view", "events.view",
            "grid.edit", "rosters.edit", "categories.edit", "api_keys.edit",
            "tickets.view", "tickets.settings", "knowledge.read", "knowledge.manage",
            "messages.manage", "campaigns.write", "campaigns.release", "limits.edit", "fairness.decide",
            "calendar.edit",
        ),
        ("district",),
    ),
}
# fmt: on

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")

PASSWORD_LEAST, PASSWORD_MOST = 12, 128
_COMMON = ("password", "123456", "qwerty", "admin", "letmein", "888888", "111111", "iloveyou")

TOTP_PERIOD = 30
FREE_FAILURES = 4
LONGEST_LOCK = timedelta(hours=1)
STAFF_SIGN_INS_PER_ADDRESS_A_MINUTE = 30


def permissions_of(roles: list[str]) -> list[str]:
    """All permissions of the roles, sorted, each once; an unknown role gives none."""
    return sorted({p for role in roles if role in ROLES for p in ROLES[role].permissions})


def role_problem(role: str, scope_kind: str) -> str | None:
    """Whether this role can be held at this kind of place."""
    if role not in ROLES:
        return "没有这个角色"
    if scope_kind not in ROLES[role].scopes:
        return f"“{ROLES[role].text}”不能设在这一级"
    return None


def clean_username(text: str) -> str:
    """User names are compared without regard to case or blanks around them."""
    return text.strip().lower()


def username_problem(username: str) -> str | None:
    """What is wrong with a cleaned user name."""
    if _USERNAME.fullmatch(username):
        return None
    return "用户名用 3 到 32 个小写字母、数字或 . _ -，以字母开头"


def password_problem(password: str, username: str) -> str | None:
    """NIST SP 800-63B in spirit: length over rules of composition, no obvious choices."""
    # A Chinese character is guessed less easily than a letter: eight of them will do.
    weight = len(password) + sum(char >= "\u3400" for char in password) // 2
    if weight < PASSWORD_LEAST:
        return f"密码至少 {PASSWORD_LEAST} 位，也可以用一句至少八个汉字、只有您知道的话"
    if len(password) > PASSWORD_MOST:
        return f"密码最多 {PASSWORD_MOST} 位"
    plain = password.lower()
    if username and username.lower() in plain:
        return "密码里不能含有用户名"
    if len(set(plain)) < 5:
        return "密码里重复的字符太多，请换一个"
    rest = plain
    for word in _COMMON:
        rest = rest.replace(word, "")
    # What is left after the words every guesser tries must itself be long enough.
    if len(rest) < PASSWORD_LEAST // 2:
        return "这个密码太常见，请换一个"
    return None


def totp_problem(matched_step: int | None, last_step: int | None) -> str | None:
    """RFC 6238 §5.2: a one-time code opens the door once.

    `matched_step` is the time step whose code was given (None: no such step),
    `last_step` the last one accepted for this account.
    """
    if matched_step is None:
        return "用户名、密码或动态码不对"
    if last_step is not None and matched_step <= last_step:
        return "这个动态码用过了，请等下一个（最多 30 秒）"
    return None


def lock_after(failures: int) -> timedelta:
    """How long the account rests after so many failures in a row: 1 min, doubling, ≤ 1 h."""
    if failures <= FREE_FAILURES:
        return timedelta()
    return min(timedelta(minutes=2.0 ** min(failures - FREE_FAILURES - 1, 10)), LONGEST_LOCK)


def locked_for(now: datetime, locked_until: datetime | None) -> int:
    """Whole seconds the account still rests; 0 when it may be tried."""
    if locked_until is None or locked_until <= now:
        return 0
    return int((locked_until - now).total_seconds()) + 1
