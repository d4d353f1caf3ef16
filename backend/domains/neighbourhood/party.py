"""Party members' report-in (党员报到) and the posts (岗位) they take."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update

from backend.domains.neighbourhood import access, events, moves, party_rules, ports
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport, PostClaim
from backend.domains.neighbourhood.rules import PERSON, STAFF, SYSTEM
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.uow import UnitOfWork


def is_reported(uow: UnitOfWork, person_id: UUID, area_id: UUID) -> bool:
    """Whether the community has confirmed the person's report-in."""
    return bool(
        uow.session.scalar(
            select(
                exists().where(
                    PartyReport.person_id == person_id,
                    PartyReport.area_id == area_id,
                    PartyReport.state == party_rules.CONFIRMED,
                )
            )
        )
    )


def report(
    uow: UnitOfWork, person_id: UUID, *, area_id: UUID, branch: str, skills: str
) -> PartyReport:
    """Ask to be known as a party member at a community; its staff confirm."""
    if area_id not in ports.communities(uow):
        text = "请选一个社区"
        raise Invalid("area_unknown", title=text, fields={"area_id": [text]})
    live = select(PartyReport.id).where(
        PartyReport.person_id == person_id,
        PartyReport.area_id == area_id,
        PartyReport.state.in_(party_rules.REPORT_LIVE),
    )
    if uow.session.scalar(live) is not None:
        raise Conflict("already_reported", title="您已经报到过了", action="请等社区确认或查看结果")
    seal = uow.services.privacy.seal
    row = PartyReport(
        area_id=area_id, person_id=person_id, branch_sealed=seal(branch),
        skills_sealed=seal(skills) if skills else None, state=party_rules.REQUESTED, at=uow.now,
    )  # fmt: skip
    moves.begin(uow, row, public="报到")
    uow.emit(
        events.ReportRequested(row.id, _name(uow, area_id), tuple(ports.staff_of(uow, area_id)))
    )
    return row


def end_own(uow: UnitOfWork, person_id: UUID, report_id: UUID) -> PartyReport:
    """End one's own report-in; posts at that community are given up with it."""
    row = moves.locked(uow, PartyReport, report_id)
    if row is None or row.person_id != person_id:
        raise access.unknown()
    return _end(uow, row, (PERSON,))


def decide(
    uow: UnitOfWork, by: Principal, report_id: UUID, *, confirmed: bool, reason: str
) -> PartyReport:
    """The community's staff know the member, or not (then with a reason)."""
    row = access.staff_row(uow, by, PartyReport, report_id)
    if not confirmed and not reason:
        text = "请写明原因，会告诉本人"
        raise Invalid("reason_needed", title=text, fields={"reason": [text]})
    changed = moves.move(
        uow, row, "confirm" if confirmed else "refuse", (STAFF,),
        public="报到已确认" if confirmed else "报到未通过", decided_by=by.actor.id,
        decided_at=uow.now,
    )  # fmt: skip
    changed.reason = reason
    uow.session.flush()
    if changed.person_id is not None:
        area = _name(uow, row.area_id)
        uow.emit(events.ReportDecided(row.id, area, changed.person_id, confirmed, reason))
    return changed


def end(uow: UnitOfWork, by: Principal, report_id: UUID) -> PartyReport:
    """The member has moved away, or asked the staff to end it."""
    return _end(uow, access.staff_row(uow, by, PartyReport, report_id), (STAFF,))


def _end(uow: UnitOfWork, row: PartyReport, parts: tuple[str, ...]) -> PartyReport:
    changed = moves.move(uow, row, "end", parts, public="报到结束")
    posts = select(PartyPost.id).where(PartyPost.area_id == changed.area_id)
    held = select(PostClaim).where(
        PostClaim.person_id == changed.person_id,
        PostClaim.state == party_rules.HELD,
        PostClaim.post_id.in_(posts),
    )
    for claim in list(uow.session.scalars(held)):
        post = moves.locked(uow, PartyPost, claim.post_id)
        assert post is not None
        _release(uow, post, claim, (SYSTEM,))
    return changed


def new_post(uow: UnitOfWork, by: Principal, values: dict[str, Any]) -> PartyPost:
    """A post for reported-in members."""
    access.own_area(uow, by, values["area_id"])
    assert by.actor.id is not None
    row = PartyPost(**values, state=party_rules.OPEN, staff_id=by.actor.id, created_at=uow.now)
    return moves.begin(uow, row, public="发布岗位")


def close_post(uow: UnitOfWork, by: Principal, post_id: UUID) -> PartyPost:
    """The post is over; whoever holds it has served."""
    post = access.staff_row(uow, by, PartyPost, post_id)
    changed = moves.move(uow, post, "close", (STAFF,), public="岗位结束")
    for claim in claims(uow, post_id):
        moves.move(uow, claim, "serve", (SYSTEM,), public="岗位完成", ended_at=uow.now)
    return changed


def claim(uow: UnitOfWork, person_id: UUID, post_id: UUID) -> PartyPost:
    """Take a post of a community one has reported in at."""
    post = _seen(uow, person_id, post_id)
    if post.state != party_rules.OPEN:
        raise Conflict("post_closed", title="这个岗位已经结束了")
    if _claim_of(uow, person_id, post_id) is not None:
        raise Conflict("already_claimed", title="您已经认领了这个岗位")
    if post.taken >= post.places:
        raise Conflict("post_full", title="这个岗位人够了", action="看看别的岗位吧")
    _count(uow, post, 1)
    row = PostClaim(post_id=post_id, person_id=person_id, state=party_rules.HELD, at=uow.now)
    moves.begin(uow, row, public="认领岗位")
    return post


def release(uow: UnitOfWork, person_id: UUID, post_id: UUID) -> PartyPost:
    """Give the post up."""
    post = _seen(uow, person_id, post_id)
    found = _claim_of(uow, person_id, post_id)
    if found is None:
        raise Conflict("not_claimed", title="您没有认领这个岗位", action="请刷新后再看")
    _release(uow, post, found, (PERSON,))
    return post


def claims(uow: UnitOfWork, post_id: UUID) -> list[PostClaim]:
    """Who holds the post, the earliest first."""
    query = select(PostClaim).where(
        PostClaim.post_id == post_id, PostClaim.state == party_rules.HELD
    )
    return list(uow.session.scalars(query.order_by(PostClaim.at, PostClaim.id)))


def _release(uow: UnitOfWork, post: PartyPost, found: PostClaim, parts: tuple[str, ...]) -> None:
    moves.move(uow, found, "release", parts, public="退出岗位", ended_at=uow.now)
    _count(uow, post, -1)


def _count(uow: UnitOfWork, post: PartyPost, by: int) -> None:
    """Change the number of takers of a post that is held."""
    uow.session.scalars(
        update(PartyPost)
        .where(PartyPost.id == post.id)
        .values(taken=PartyPost.taken + by)
        .returning(PartyPost)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one()


def _seen(uow: UnitOfWork, person_id: UUID, post_id: UUID) -> PartyPost:
    post = moves.locked(uow, PartyPost, post_id)
    if post is None:
        raise access.unknown()
    if not is_reported(uow, person_id, post.area_id):
        raise Forbidden(
            "party_only", title="只限已报到的党员", detail="您还没有在这个社区报到",
            action="到「党员报到」登记，社区确认后就可以认领",
        )  # fmt: skip
    return post


def _claim_of(uow: UnitOfWork, person_id: UUID, post_id: UUID) -> PostClaim | None:
    return uow.session.scalar(
        select(PostClaim).where(
            PostClaim.post_id == post_id,
            PostClaim.person_id == person_id,
            PostClaim.state == party_rules.HELD,
        )
    )


def _name(uow: UnitOfWork, area_id: UUID) -> str:
    return ports.area_names(uow, [area_id]).get(area_id, "")
