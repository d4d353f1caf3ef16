"""What editors, reviewers and correctors are told when something happens to an article."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from backend.domains.identity.staff_model import StaffAccount
from backend.domains.knowledge import events as e
from backend.domains.organisation import service as organisation
from backend.kernel.access import Actor
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from notifications.model import InboxMessage, OutboxMessage
from tests.people import sign_in_person, sign_in_staff

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
ARTICLE, CORRECTION = uuid4(), uuid4()
RSJ, CGJ = stable_id("department", "rsj"), stable_id("department", "cgj")


def base() -> dict[str, Any]:
    return {"article_id": ARTICLE, "number": "K000012", "title": "失业金怎么领",
            "department_id": RSJ}  # fmt: skip


def member(services: Services, role: str, at: UUID | None) -> tuple[UUID, UUID]:
    """A member of staff and the person whose phone is bound."""
    with services.unit() as uow:
        organisation.put(uow.session, "department", [("rsj", "人社局"), ("cgj", "城管局")])
    scope = "department" if at else "district"
    staff = sign_in_staff(services, (role, scope, at)).id
    person = sign_in_person(services).id
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, staff).person_id = person
    return staff, person


def emit(services: Services, event: object, by: str = "余华") -> None:
    with services.unit(Actor("staff", uuid4(), by)) as uow:
        uow.emit(event)


def told(services: Services, person: UUID) -> list[str]:
    with services.unit() as uow:
        query = select(InboxMessage).where(InboxMessage.person_key == person)
        return [f"{row.title}|{row.body}" for row in uow.session.scalars(query)]


def test_a_step_of_the_review_asks_its_reviewers_and_never_the_author(services: Services) -> None:
    head, head_phone = member(services, "department_head", RSJ)
    _, other_phone = member(services, "department_head", CGJ)
    _, centre_phone = member(services, "hotline_reviewer", None)
    emit(services, e.ArticleSubmitted(**base(), stage="department_review", author_id=uuid4()))
    assert "请审核：失业金怎么领" in told(services, head_phone)[0]
    assert told(services, other_phone) == told(services, centre_phone) == []
    emit(services, e.ArticleSubmitted(**base(), stage="department_review", author_id=head))
    assert len(told(services, head_phone)) == 1
    emit(services, e.ArticleSubmitted(**base(), stage="centre_review", author_id=head))
    assert "待热线中心审核" in told(services, centre_phone)[0]


def test_the_author_reads_why_an_article_came_back(services: Services) -> None:
    author, phone = member(services, "department_handler", RSJ)
    emit(services, e.ArticleReturned(**base(), reason="缺少文号", author_id=author), by="许蓉")
    assert told(services, phone) == ["知识退回修改：失业金怎么领|许蓉退回了K000012：缺少文号。"]


def test_the_department_hears_before_an_article_expires(services: Services) -> None:
    _, phone = member(services, "department_handler", RSJ)
    _, elsewhere = member(services, "department_handler", CGJ)
    emit(services, e.ArticleExpiring(**base(), days=7, expires_on=date(2026, 11, 30)))
    assert "2026年11月30日失效" in told(services, phone)[0]
    assert told(services, elsewhere) == []


def test_the_department_hears_what_callers_are_no_longer_answered_with(services: Services) -> None:
    keeper, keeper_phone = member(services, "department_head", RSJ)
    _, phone = member(services, "department_handler", RSJ)
    emit(services, e.ArticleExpiring(**base(), days=1, expires_on=date(2026, 11, 24)))
    emit(services, e.ArticleEnded(**base(), state="expired", reason=""), by="")
    expired = "知识已失效：失业金怎么领|知识K000012到期了，话务员和居民都搜不到。还适用请续期。"
    assert expired in told(services, phone)
    down = e.ArticleEnded(**base(), state="withdrawn", reason="政策变了")
    with services.unit(Actor("staff", keeper, "许蓉")) as uow:
        uow.emit(down)
    assert "知识已下架：失业金怎么领|许蓉下架了知识K000012：政策变了。" in told(services, phone)
    # Whoever took it down is not told, and nobody hears of the archive.
    count = len(told(services, keeper_phone))
    emit(services, e.ArticleEnded(**base(), state="archived", reason=""))
    assert (count, len(told(services, keeper_phone)), len(told(services, phone))) == (2, 2, 3)
    with services.unit() as uow:
        query = select(OutboxMessage.status).where(OutboxMessage.kind == "article_expiring")
        assert set(uow.session.scalars(query)) <= {"suppressed", "delivered"}


def test_a_correction_is_the_departments_task_and_its_answer_the_askers_news(
    services: Services,
) -> None:
    asker, asker_phone = member(services, "operator", None)
    _, phone = member(services, "department_handler", RSJ)
    due = EIGHT + timedelta(days=2)
    asked = e.CorrectionAsked(**base(), correction_id=CORRECTION, words="电话变了", due_at=due)
    emit(services, asked, by="韩梅")
    emit(services, e.CorrectionDue(**base(), correction_id=CORRECTION, overdue=True))
    titles = sorted(line.split("|")[0] for line in told(services, phone))
    assert titles == ["有人纠错：失业金怎么领", "纠错已超时：失业金怎么领"]
    answer = e.CorrectionAnswered(
        **base(), correction_id=CORRECTION, accepted=True, answer="", asked_by=asker
    )
    emit(services, answer)
    assert told(services, asker_phone) == ["纠错已采纳：失业金怎么领|部门会改正这篇文章。"]
    # What the department was asked to do no longer goes out.
    with services.unit() as uow:
        query = select(OutboxMessage.status).where(OutboxMessage.subject_id == CORRECTION)
        assert set(uow.session.scalars(query)) == {"suppressed", "delivered"}
