"""What residents write is looked at first: three experiences, appeals, pictures, lost answers."""

import io
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from backend.domains.content import asking, checking, desk, picture_links, rules
from backend.domains.content.events import ContentDecided
from backend.domains.content.model import ContentCheck, ContentItem
from backend.domains.messages.events import MediaChecked
from backend.integrations.wechat import Fault, WeChatError
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.trace import Subject
from tests.people import sign_in_person
from tests.topics_world import FakeJudge

AREA, STREET = uuid4(), uuid4()
OPENID = "o" + "x" * 27


class Stage:
    def __init__(self, services):
        self.services, self.judge, self.heard = services, FakeJudge(), []
        services.wechat = self.judge
        services.events.subscribe(ContentDecided, lambda _, told: self.heard.append(told.state))
        self.person = sign_in_person(services, mini_openid=OPENID).id

    def put(self, text="好建议", files=(), person="own", subject=None):
        subject = subject or Subject("probe", uuid4())
        who = self.person if person == "own" else person
        with self.services.unit(Actor("person", who)) as uow:
            checking.check(
                uow, subject, texts=[text], files=files, person_id=who,
                place=checking.Place(AREA, STREET),
            )  # fmt: skip
        return subject

    def run(self, **later):
        if later:
            self.services.clock.advance(timedelta(**later))
        return asking.run(self.services)

    def now(self, subject):
        with self.services.unit() as uow:
            return checking.current(uow, subject)

    def experience(self, subject):
        found = checking.notice(self.now(subject))
        return found["experience"] if found else None

    def photo(self):
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(out, "JPEG")
        out.seek(0)
        with self.services.unit(Actor("person", self.person)) as uow:
            return self.services.files.store(uow, out, "topic_photo").id

    def staff(self, permission="topics.moderate", kind="community", scope=AREA):
        grant = Grant("x", frozenset({permission}), kind, scope)
        return Principal(Actor("staff", uuid4(), "方敏", "x"), grants=(grant,))

    def decide(self, subject, by, passed, reason=""):
        with self.services.unit(by.actor) as uow:
            desk.decide(uow, by, self.now(subject).id, passed=passed, reason=reason)


@pytest.fixture
def stage(services):
    return Stage(services)


def test_a_good_text_passes_and_is_not_kept_twice(stage):
    subject = stage.put("小区里加一盏灯")
    assert stage.experience(subject) == "checking"
    assert stage.run() == 1
    assert stage.now(subject).state == rules.PASSED
    assert stage.experience(subject) is None
    assert stage.judge.asked == [("小区里加一盏灯", OPENID, 2)]
    with stage.services.unit() as uow:
        assert uow.session.scalars(select(ContentItem.text)).all() == [""]
    assert stage.heard == ["passed"]


@pytest.mark.requirement("004.13")
def test_refused_under_review_and_unavailable_are_told_apart(stage):
    refused, doubtful = stage.put("违规内容"), stage.put("复核一下")
    stage.run()
    stage.judge.down = WeChatError("wxa/msg_sec_check", Fault.UNREACHABLE)
    waiting = stage.put("连不上时写的")
    stage.run()
    shown = {name: checking.notice(stage.now(one)) for name, one in
             (("refused", refused), ("review", doubtful), ("unavailable", waiting))}  # fmt: skip
    assert shown["refused"]["experience"] == "refused"
    assert shown["refused"]["can"] == ["edit", "appeal"]
    assert "辱骂" in shown["refused"]["text"]
    assert shown["review"]["experience"] == "under_review"
    assert "11月24日（周二）18:00" in shown["review"]["text"]
    assert shown["review"]["by_when"] is not None
    assert shown["unavailable"]["experience"] == "unavailable"
    assert shown["unavailable"]["can"] == []
    assert stage.heard == ["refused", "review", "unavailable"]


def test_what_could_not_be_checked_is_asked_again_and_passes(stage):
    stage.judge.down = WeChatError("wxa/msg_sec_check", Fault.BUSY, -1)
    subject = stage.put()
    stage.run()
    assert stage.run() == 0, "not before the pause is over"
    stage.judge.down = None
    assert stage.run(seconds=31) == 1
    assert stage.now(subject).state == rules.PASSED
    assert stage.heard == ["unavailable", "passed"]


def test_after_two_hours_without_an_answer_a_person_looks(stage):
    stage.judge.down = WeChatError("wxa/msg_sec_check", Fault.UNREACHABLE)
    subject = stage.put()
    stage.run()
    stage.run(hours=2)
    assert stage.experience(subject) == "under_review"


def test_whoever_has_no_openid_is_looked_at_by_a_person(stage):
    other = sign_in_person(stage.services).id
    assert stage.experience(stage.put(person=other)) == "under_review"


def test_an_installation_without_wechat_asks_a_person(stage):
    stage.services.wechat = None
    assert stage.experience(stage.put()) == "under_review"


@pytest.mark.parametrize("error", [
    WeChatError("wxa/msg_sec_check", Fault.BAD_OPENID, 40003),
    WeChatError("wxa/msg_sec_check", Fault.OTHER, 61010),
])  # fmt: skip
def test_who_was_not_in_the_mini_program_lately_is_looked_at_by_a_person(stage, error):
    stage.judge.down = error
    subject = stage.put()
    stage.run()
    assert stage.experience(subject) == "under_review"


def test_a_refusal_is_appealed_once_and_a_person_decides(stage):
    subject = stage.put("违规")
    stage.run()
    with stage.services.unit() as uow:
        checking.appeal(uow, checking.current(uow, subject), "这是小区名")
    assert stage.experience(subject) == "under_review"
    stage.decide(subject, stage.staff(), passed=False, reason="有骂人的话")
    found = checking.notice(stage.now(subject))
    assert found["can"] == ["edit"]
    with stage.services.unit() as uow, pytest.raises(Conflict):
        checking.appeal(uow, checking.current(uow, subject), "再看看")


def test_who_refused_does_not_decide_on_the_appeal(stage):
    subject = stage.put("复核")
    stage.run()
    first = stage.staff()
    stage.decide(subject, first, passed=False, reason="含电话号码")
    with stage.services.unit() as uow:
        checking.appeal(uow, checking.current(uow, subject), "是公开电话")
    for by in (first, stage.staff()):
        with pytest.raises(Conflict):
            stage.decide(subject, by, passed=True)
    stage.decide(subject, stage.staff("topics.decide", "street", STREET), passed=True)
    assert stage.now(subject).state == rules.PASSED


def test_a_refusal_by_a_person_says_why(stage):
    subject = stage.put("复核")
    stage.run()
    with pytest.raises(Invalid):
        stage.decide(subject, stage.staff(), passed=False, reason=" ")


def test_staff_elsewhere_see_nothing(stage):
    subject = stage.put("复核")
    stage.run()
    for by in (stage.staff(scope=uuid4()), stage.staff("topics.view"), stage.staff("x", "street")):
        with stage.services.unit() as uow:
            assert uow.session.scalars(desk.query_waiting(by)).all() == []
        with pytest.raises(NotFound):
            stage.decide(subject, by, passed=True)
    for by in (stage.staff(), stage.staff("topics.decide", "district", None)):
        with stage.services.unit() as uow:
            rows = uow.session.scalars(desk.query_waiting(by)).all()
            (shown,) = desk.shown(uow, by, rows)
        assert shown["texts"] == ["复核"]
        assert shown["author"] == "测*甲"


def test_two_moderators_decide_once(stage):
    subject = stage.put("复核")
    stage.run()
    stage.decide(subject, stage.staff(), passed=True)
    with pytest.raises(Conflict):
        stage.decide(subject, stage.staff(), passed=False, reason="不行")


def test_an_edited_text_replaces_what_was_checked(stage):
    subject = stage.put("违规")
    stage.run()
    stage.put("改好了", subject=subject)
    assert stage.experience(subject) == "checking"
    stage.run()
    assert stage.now(subject).state == rules.PASSED
    with stage.services.unit() as uow:
        assert len(uow.session.scalars(select(ContentCheck)).all()) == 2
        assert len(uow.session.scalars(select(ContentItem)).all()) == 1


def with_address(stage, monkeypatch):
    monkeypatch.setattr(
        "backend.domains.content.picture_links.link", lambda *_: "https://hy.example/x"
    )


def test_a_picture_passes_when_the_push_says_so(stage, monkeypatch):
    with_address(stage, monkeypatch)
    subject = stage.put("看图", files=[stage.photo()])
    stage.run()
    assert stage.experience(subject) == "checking"
    with stage.services.unit() as uow:
        asking.media_answered(uow, MediaChecked("trace-1", "pass", 100))
        asking.media_answered(uow, MediaChecked("trace-1", "risky", 20002))
    assert stage.now(subject).state == rules.PASSED


def test_a_risky_picture_refuses_the_whole(stage, monkeypatch):
    with_address(stage, monkeypatch)
    subject = stage.put("看图", files=[stage.photo()])
    stage.run()
    with stage.services.unit() as uow:
        asking.media_answered(uow, MediaChecked("trace-1", "risky", 20002))
        asking.media_answered(uow, MediaChecked("unknown", "risky", 20002))
    assert "色情" in checking.notice(stage.now(subject))["text"]


def test_a_push_that_never_comes_gives_the_picture_to_a_person(stage, monkeypatch):
    with_address(stage, monkeypatch)
    subject = stage.put("看图", files=[stage.photo()])
    stage.run()
    stage.run(minutes=31)
    assert stage.experience(subject) == "under_review"


def test_without_a_public_address_a_person_looks_at_pictures(stage):
    subject = stage.put("看图", files=[stage.photo()])
    stage.run()
    assert stage.experience(subject) == "under_review"


def test_a_picture_link_is_good_for_an_hour_and_for_one_picture(stage):
    stage.services.settings = SimpleNamespace(public_url="https://hy.example/")
    photo, other = stage.photo(), stage.photo()
    link = picture_links.link(stage.services, photo, stage.services.clock.now())
    *_, until, signature = link.split("/")
    with stage.services.unit() as uow:
        assert picture_links.opened(uow, photo, int(until), signature).id == photo
        for wrong in ((other, int(until), signature), (photo, int(until) + 1, signature)):
            with pytest.raises(NotFound):
                picture_links.opened(uow, *wrong)
    stage.services.clock.advance(timedelta(hours=1, seconds=1))
    with stage.services.unit() as uow, pytest.raises(NotFound):
        picture_links.opened(uow, photo, int(until), signature)


def test_old_refusals_are_forgotten_after_a_month(stage):
    stage.put("违规")
    stage.run()
    stage.services.clock.advance(timedelta(days=31))
    with stage.services.unit() as uow:
        checking.purge(uow)
        assert uow.session.scalars(select(ContentItem)).all() == []
