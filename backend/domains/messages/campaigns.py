"""Writing a campaign, handing it to a second person, releasing and stopping it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.content import service as content
from backend.domains.identity import service as identity
from backend.domains.messages import campaign_audience, campaign_reach, rules
from backend.domains.messages import campaign_rules as c
from backend.domains.messages.campaign_model import Campaign
from backend.domains.messages.campaign_parts import (
    RELEASE,
    WAYS,
    WRITE,
    Person,
    System,
    admitted,
    note,
    reach,
    seen,
    subject,
)
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.uow import UnitOfWork
from notifications import campaigns as engine
from notifications.kinds import SMS
from notifications.rules import NIGHT, Priority, after_quiet

_WORDS = {
    "name": "名称", "title": "标题", "body": "正文", "link": "链接", "sms": "短信",
    "ladder": "方式", "audience": "对象", "send_at": "发送时间", "expires_at": "截止时间",
}  # fmt: skip


def query_all(who: Principal, state: str | None) -> Select[Any]:
    """All campaigns, or those in one state."""
    admitted(who, WRITE)
    query = select(Campaign)
    return query if state is None else query.where(Campaign.state == state)


def create(uow: UnitOfWork, who: Principal, body: Mapping[str, Any]) -> Campaign:
    """A draft."""
    admitted(who, WRITE)
    _check_names(uow, body["audience"])
    assert who.actor.id is not None
    row = Campaign(**body, state=c.DRAFT, created_by=who.actor.id, created_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    trace.record(uow, subject=subject(row.id), action="create", to_state=c.DRAFT, first=True)
    return row


def save(
    uow: UnitOfWork, who: Principal, campaign_id: UUID, body: Mapping[str, Any], version: str | None
) -> Campaign:
    """Change a draft; `Stale` when somebody saved meanwhile."""
    row = seen(uow, who, campaign_id, version)
    _check_names(uow, body["audience"])
    changed = [word for key, word in _WORDS.items() if getattr(row, key) != body[key]]
    before = WAYS.move(uow, row, c.TRANSITIONS, "save", Person(who), **body)
    note(uow, row, "save", before, internal=f"改了{'、'.join(changed)}" if changed else "没有改动")
    return row


def submit(uow: UnitOfWork, who: Principal, campaign_id: UUID, version: str | None) -> Campaign:
    """Ask for its release; its words are put to the content check."""
    row = seen(uow, who, campaign_id, version)
    _check_ready(uow, row)
    before = WAYS.move(
        uow, row, c.TRANSITIONS, "submit", Person(who), submitted_by=who.actor.id,
        submitted_at=uow.now, counted=campaign_reach.count(uow, row), reason="",
    )  # fmt: skip
    assert who.actor.id is not None
    content.check(
        uow, subject(row.id), texts=[row.title, row.body, row.sms],
        person_id=identity.bound_phones(uow, [who.actor.id]).get(who.actor.id),
        place=content.Place(),
    )  # fmt: skip
    note(uow, row, "submit", before, internal=_for_whom(uow, row))
    return row


def recall(uow: UnitOfWork, who: Principal, campaign_id: UUID, version: str | None) -> Campaign:
    """Take it back to change it."""
    return _back(uow, who, seen(uow, who, campaign_id, version), "recall", "")


def send_back(
    uow: UnitOfWork, who: Principal, campaign_id: UUID, version: str | None, reason: str
) -> Campaign:
    """Back to its writer, with the reason."""
    admitted(who, RELEASE)
    row = seen(uow, who, campaign_id, version)
    return _back(uow, who, row, "return", _reason(reason))


def discard(uow: UnitOfWork, who: Principal, campaign_id: UUID, version: str | None) -> Campaign:
    """Give a draft up."""
    row = seen(uow, who, campaign_id, version)
    before = WAYS.move(uow, row, c.TRANSITIONS, "discard", Person(who), **_ended(uow, who, ""))
    note(uow, row, "discard", before)
    return row


def release(
    uow: UnitOfWork, who: Principal, campaign_id: UUID, version: str | None, *, read: bool
) -> Campaign:
    """The second person lets it go: exactly the version they saw, its words checked.

    `read` says that they read it all, which is asked for where the machine gave no verdict.
    """
    admitted(who, RELEASE)
    row = seen(uow, who, campaign_id, version)
    WAYS.allowed(c.TRANSITIONS, row.state, "release", Person(who))
    same = c.releaser_problem(
        who.actor.id, created_by=row.created_by, submitted_by=row.submitted_by
    )
    if same:
        raise Forbidden("same_person", title="请换一个人放行", detail=same, action="请同事来放行")
    _check_ready(uow, row)
    found = content.current(uow, subject(row.id))
    problem = c.read_problem(
        found.state if found else None, found.reason if found else "", read=read
    )
    if problem:
        raise Conflict(problem[0], title="还不能放行", detail=problem[1])
    if found is not None and found.state != content.PASSED:
        content.read_by_staff(uow, found)
    begin = max(row.send_at or uow.now, uow.now)
    before = WAYS.move(
        uow, row, c.TRANSITIONS, "release", Person(who), released_by=who.actor.id,
        released_at=uow.now, send_at=begin, expires_at=c.end_of(begin, row.expires_at),
        counted=campaign_reach.count(uow, row),
    )  # fmt: skip
    note(uow, row, "release", before, internal=_for_whom(uow, row))
    return row


def stop(
    uow: UnitOfWork, who: Principal, campaign_id: UUID, reason: str, *, withdraw: bool
) -> Campaign:
    """Send nothing more, from this moment on; with `withdraw` it leaves the inboxes too.

    No version is asked for: whoever sees that something is wrong stops it.
    """
    row = reach(uow, who, campaign_id, lock=True)
    why = _reason(reason)
    before = WAYS.move(uow, row, c.TRANSITIONS, "stop", Person(who), **_ended(uow, who, why))
    stopped = engine.stop(uow.session, uow.now, row.id, "群发已停止，不再发送")
    taken = engine.withdraw(uow.session, uow.now, row.id) if withdraw else 0
    said = f"停下{stopped}条还没发的" + (f"，收回{taken}条站内消息" if withdraw else "")
    note(uow, row, "stop", before, reason=why, internal=said)
    return row


def begin(uow: UnitOfWork, row: Campaign) -> None:
    """Its time has come, or is over already. The caller holds the row."""
    late = row.expires_at is not None and row.expires_at <= uow.now
    values: dict[str, Any] = {"ended_at": uow.now, "reason": "过了截止时间，没有发"} if late else {}
    action = "lapse" if late else "start"
    before = WAYS.move(uow, row, c.TRANSITIONS, action, System(), **values)
    note(uow, row, action, before)


def finish(uow: UnitOfWork, row: Campaign) -> None:
    """Nothing of it is left to be sent. The caller holds the row."""
    before = WAYS.move(uow, row, c.TRANSITIONS, "finish", System(), ended_at=uow.now)
    note(uow, row, "finish", before, internal=f"写给{row.written}人")


def _back(uow: UnitOfWork, who: Principal, row: Campaign, action: str, reason: str) -> Campaign:
    before = WAYS.move(
        uow, row, c.TRANSITIONS, action, Person(who), submitted_by=None, submitted_at=None,
        reason=reason,
    )  # fmt: skip
    content.drop(uow, subject(row.id))
    note(uow, row, action, before, reason=reason)
    return row


def _ended(uow: UnitOfWork, who: Principal, reason: str) -> dict[str, Any]:
    return {"ended_by": who.actor.id, "ended_at": uow.now, "reason": reason}


def _reason(text: str) -> str:
    if not text:
        raise Invalid("missing", detail="请写明原因", fields={"reason": ["请写明原因"]})
    return text


def _check_ready(uow: UnitOfWork, row: Campaign) -> None:
    waited = row.state == c.SUBMITTED and row.send_at is not None and row.send_at < uow.now
    found = c.problems(
        title=row.title, body=row.body, sms=row.sms, by_sms=SMS in row.ladder,
        # What waited too long for its release goes out at once.
        send_at=None if waited else row.send_at, expires_at=row.expires_at, now=uow.now,
    )  # fmt: skip
    night = NIGHT if uow.services.settings.quiet_hours else None
    begin = max(row.send_at or uow.now, uow.now)
    if not found and after_quiet(begin, Priority.NEWS, night) >= c.end_of(begin, row.expires_at):
        found["expires_at"] = "夜里 22 点到早上 8 点不打扰，这样一条也发不出，请把截止时间改晚"
    if found:
        raise Invalid(
            "campaign_not_ready", title="还不能提交", detail="；".join(found.values()),
            action="请按提示修改", fields={key: [text] for key, text in found.items()},
        )  # fmt: skip


def _check_names(uow: UnitOfWork, audience: Mapping[str, Any]) -> None:
    """Whatever the filter names must exist."""
    known = campaign_audience.choices(uow)
    for field in ("streets", "communities", "halls", "items"):
        listed = {str(one["id"]) for one in known[field]}
        if not set(audience[field]) <= listed:
            text = "选的地方或事项不在了，请重新选"
            raise Invalid("unknown_choice", detail=text, fields={"audience": [text]})


def _for_whom(uow: UnitOfWork, row: Campaign) -> str:
    ways = "、".join(rules.CHANNEL_TEXT[one] for one in row.ladder) or "只放站内消息"
    return f"{campaign_audience.said(uow, row.audience)}，{row.counted}人；{ways}"
