"""What workers and callers write is checked before the public pages show it."""

import pytest
from sqlalchemy import select

from backend.domains.content import asking, checking
from backend.domains.dispatch import events, public, published, showing, telling
from backend.domains.dispatch.model import Event
from backend.domains.hotline import asking as hotline_asking
from backend.domains.hotline import publishing
from backend.domains.identity.staff_model import StaffAccount
from backend.integrations.wechat import Fault, WeChatError
from backend.kernel.access import Actor
from backend.kernel.trace import Subject, TraceEntry
from notifications.model import InboxMessage, OutboxMessage
from tests.dispatch_world import make_world
from tests.people import sign_in_person
from tests.topics_world import FakeJudge

OPENID = "o" + "t" * 27


@pytest.fixture
def judge(services):
    services.wechat = FakeJudge()
    return services.wechat


def ask(services, title, **person):
    who = sign_in_person(services, **person).id
    with services.unit(Actor("person", who)) as uow:
        return hotline_asking.ask(uow, who, title, "").id


def shown(services, ticket_id):
    with services.unit() as uow:
        ticket = uow.session.get_one(publishing.Ticket, ticket_id)
        return bool(publishing.fit(uow, [ticket]))


def test_a_consultation_s_title_is_published_after_it_passed(services, judge):
    good = ask(services, "医保卡丢了怎么补", mini_openid=OPENID)
    assert not shown(services, good), "not before the check"
    asking.run(services)
    assert shown(services, good)
    assert judge.asked[0][0].startswith("医保卡丢了")


@pytest.mark.parametrize(("title", "experience"), [
    ("违规内容怎么办", "refused"), ("复核一下这个", "under_review"),
])  # fmt: skip
def test_a_refused_or_doubtful_title_is_never_published(services, judge, title, experience):
    ticket_id = ask(services, title, mini_openid=OPENID)
    asking.run(services)
    with services.unit() as uow:
        check = checking.current(uow, Subject(publishing.KIND, ticket_id))
        assert checking.notice(check)["experience"] == experience
    assert not shown(services, ticket_id)


def test_while_wechat_is_away_a_title_waits(services, judge):
    judge.down = WeChatError("wxa/msg_sec_check", Fault.UNREACHABLE)
    ticket_id = ask(services, "怎么办居住证", mini_openid=OPENID)
    asking.run(services)
    with services.unit() as uow:
        check = checking.current(uow, Subject(publishing.KIND, ticket_id))
        assert checking.notice(check)["experience"] == "unavailable"
    assert not shown(services, ticket_id)


def test_a_title_nobody_can_be_asked_about_is_not_published(services, judge):
    assert not shown(services, ask(services, "怎么办居住证"))
    assert judge.asked == []


@pytest.fixture
def street(services, judge):
    """A street whose worker 陈 works with a phone of the mini-program."""
    world = make_world(services)
    phone = sign_in_person(services, mini_openid=OPENID).id
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, world.id("chen")).person_id = phone
    return world


def result(world, event_id):
    with world.services.unit() as uow:
        return public.show(uow, event_id)["public_result"]


def put(world, event_id, words="路灯修好了"):
    with world.services.unit() as uow:
        event = uow.session.get_one(Event, event_id)
        event.public_result = words
        showing.put(uow, event)


def test_a_result_from_a_phone_is_on_the_map_after_it_passed(street):
    event_id = street.verified()
    assert result(street, event_id), "a result of the office is there at once"
    put(street, event_id)
    assert result(street, event_id) == ""
    asking.run(street.services)
    assert result(street, event_id) == "路灯修好了"


def test_a_refused_result_is_told_to_the_callers_alone(street):
    event_id = street.verified()
    put(street, event_id, "违规内容")
    asking.run(street.services)
    assert result(street, event_id) == ""
    with street.services.unit() as uow:
        (shown_event,) = published.events(uow, ids=[event_id], limit=1)
    assert (shown_event.result, shown_event.photo_path) == ("", None)


def told(world):
    """What the worker 陈's phone was told about results, and how it leaves."""
    with world.services.unit() as uow:
        phone = uow.session.get_one(StaffAccount, world.id("chen")).person_id
        rows = uow.session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.person_key == phone, OutboxMessage.kind == "event_result_refused"
            )
        ).all()
        letters = uow.session.scalars(
            select(InboxMessage).where(
                InboxMessage.person_key == phone, InboxMessage.kind == "event_result_refused"
            )
        ).all()
        return rows, letters


def refusals(world, event_id):
    with world.services.unit() as uow:
        query = select(TraceEntry).where(
            TraceEntry.subject_id == event_id, TraceEntry.action == "refuse_result"
        )
        return uow.session.scalars(query).all()


def test_whoever_wrote_a_refused_result_is_told_why_with_the_way_to_the_event(street):
    event_id = street.verified()
    put(street, event_id, "违规内容")
    asking.run(street.services)
    (row,), (letter,) = told(street)
    assert letter.title.startswith("处置结果没有公开：")
    assert "原因：内容" in letter.body
    assert letter.link == f"/worker/events/{event_id}"
    assert row.ladder == ["wechat_subscribe", "wechat_service"]
    assert row.payload["unfit"] == []
    assert row.payload["wechat_service"]["thing5"].startswith("内容")
    assert row.payload["page"] == f"packages/worker/event?id={event_id}"
    (entry,) = refusals(street, event_id)
    assert entry.reason and entry.reason in entry.internal_text
    assert entry.public_text == "", "what was refused is not told to callers"


def test_a_result_that_a_person_refuses_is_told_with_that_persons_words(street):
    event_id = street.verified()
    put(street, event_id, "复核一下这个")
    asking.run(street.services)
    assert told(street) == ([], []), "nothing is decided yet"
    with street.services.unit(Actor("staff", street.id("he"), "何平")) as uow:
        check = checking.current(uow, Subject(showing.KIND, event_id))
        checking.change(uow, check, "refuse", reason="照片里有人脸", decided_by=street.id("he"))
    (_,), (letter,) = told(street)
    assert letter.body.endswith("原因：照片里有人脸")
    assert len(refusals(street, event_id)) == 1


def test_a_result_that_passed_is_told_to_nobody(street):
    event_id = street.verified()
    put(street, event_id)
    asking.run(street.services)
    assert told(street) == ([], [])
    assert refusals(street, event_id) == []


def test_work_that_goes_on_ends_the_message_about_the_old_result(street):
    event_id = street.verified()
    put(street, event_id, "违规内容")
    asking.run(street.services)
    with street.services.unit() as uow:
        event = uow.session.get_one(Event, event_id)
        uow.emit(events.EventSentBack(**telling.facts(uow, event), staff_ids=(), reason="没修好"))
    (row,), _ = told(street)
    assert row.status == "suppressed"


def test_a_result_written_at_a_console_is_the_office_s_word(street):
    event_id = street.verified()
    with street.services.unit() as uow:
        uow.session.get_one(StaffAccount, street.id("chen")).person_id = None
    put(street, event_id)
    assert result(street, event_id) == "路灯修好了"
