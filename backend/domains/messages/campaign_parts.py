"""Who acts on a campaign, how it moves, and how it is reached: for every use case of campaigns."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.messages import campaign_rules as c
from backend.domains.messages.campaign_model import Campaign
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, NotFound, Stale
from backend.kernel.parts import Part, Ways
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

WRITE, RELEASE = "campaigns.write", "campaigns.release"
KIND = "campaign"


class Person(Part):
    """A member of staff before a campaign."""

    def __init__(self, who: Principal) -> None:
        self._may = {
            part
            for part, permission in ((c.WRITER, WRITE), (c.RELEASER, RELEASE))
            if at_the_district(who, permission)
        }

    def plays(self, part: str) -> bool:
        """Whether they write, or release."""
        return part in self._may


class System(Part):
    """The worker."""

    def plays(self, part: str) -> bool:
        """Only its own part."""
        return part == c.SYSTEM_PART


def _not_yours() -> Forbidden:
    return Forbidden(
        "not_your_step", title="这一步不由您操作", detail="这项操作不在您的岗位权限内",
        action="请由负责的人操作",
    )  # fmt: skip


def _meanwhile() -> Conflict:
    return Conflict("changed_meanwhile", title="别人刚处理过", action="请刷新后再看")


WAYS = Ways(_not_yours, _meanwhile)


def at_the_district(who: Principal, permission: str) -> bool:
    """Whether the permission is held for the whole district, as campaigns ask for."""
    return permission in who.permissions and who.scope_ids(permission, "district") is None


def subject(campaign_id: UUID) -> Subject:
    """The campaign as a subject of trace, check and messages."""
    return Subject(KIND, campaign_id)


def reach(uow: UnitOfWork, who: Principal, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """The campaign; `NotFound` for none, `Forbidden` to whoever is not at the district."""
    admitted(who, WRITE)
    query = select(Campaign).where(Campaign.id == campaign_id)
    if lock:
        query = query.with_for_update()
    row = uow.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("campaign_unknown", title="没有找到这条群发", action="请返回列表刷新后再看")
    return row


def admitted(who: Principal, permission: str) -> None:
    """Raise `Forbidden` unless the permission is held for the district."""
    if not at_the_district(who, permission):
        raise Forbidden(detail="群发由区里统一管理", action="请联系区里的系统管理员")


def seen(uow: UnitOfWork, who: Principal, campaign_id: UUID, version: str | None) -> Campaign:
    """The campaign, held, if it still is as the caller saw it."""
    row = reach(uow, who, campaign_id, lock=True)
    if (version or "").strip().removeprefix("W/").strip('"') != str(row.version):
        raise Stale(detail="这条群发刚被改过", action="请刷新后再操作")
    return row


def note(
    uow: UnitOfWork,
    row: Campaign,
    action: str,
    before: str,
    *,
    reason: str = "",
    internal: str = "",
) -> None:
    """A trace entry for a move that was taken."""
    trace.record(
        uow, subject=subject(row.id), action=action, from_state=before, to_state=row.state,
        reason=reason, internal_text=internal,
    )  # fmt: skip
