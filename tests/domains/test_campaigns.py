"""Campaigns: two people, exactly those the filter means, each once, and a stop that stops."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.domains.content import service as content
from backend.domains.content.model import ContentCheck
from backend.domains.messages import (
    campaign_audience,
    campaign_reach,
    campaign_running,
    campaign_view,
    campaigns,
)
from backend.domains.messages.campaign_parts import subject
from backend.kernel import trace
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from notifications import preferences
from notifications.channels.base import Outcome
from notifications.kinds import SERVICE, SMS
from notifications.rules import Verdict
from tests.campaign_world import Campaigns, body, make
from tests.engines.conftest import BUSY, SPENT, Scripted


@pytest.fixture
def world(services) -> Campaigns:
    return make(services)


def test_a_campaign_goes_from_its_writer_over_a_second_person_to_everybody(world):
    people = world.residents(3)
    id_ = world.released()
    assert world.row(id_).counted == 3
    assert world.run() == 3
    assert [one.person_key for one in world.messages(id_)] == sorted(people)
    assert {one.payload["sms"] for one in world.messages(id_)} == {body()["sms"]}
    assert len(world.inboxes(id_)) == 3
    assert world.row(id_).state == "running"
    world.delivery().run_once()
    world.run()
    row = world.row(id_)
    assert (row.state, row.written) == ("done", 3)
    with world.services.unit() as uow:
        entries = trace.entries(uow.session, subject(id_))
    assert [one.action for one in entries] == [
        "create", "submit", "release", "start", "finish",
    ]  # fmt: skip
    assert "3人" in entries[2].internal_text


def test_whoever_wrote_or_submitted_it_cannot_release_it(world):
    id_ = world.write("writer2")
    world.step("writer", campaigns.submit, id_)
    for same in ("writer", "writer2"):
        with pytest.raises(Forbidden):
            world.step(same, campaigns.release, id_, read=True)
    assert world.step("second", campaigns.release, id_, read=True).state == "released"


def test_only_the_version_that_was_seen_is_released(world):
    id_ = world.submitted()
    seen = str(world.row(id_).version)
    world.step("writer", campaigns.recall, id_)
    row = world.row(id_)
    world.act("writer", campaigns.save, id_, body(title="后天停水"), str(row.version))
    world.step("writer", campaigns.submit, id_)
    with pytest.raises(Stale):
        world.act("second", campaigns.release, id_, seen, read=True)


def test_a_campaign_that_is_sent_back_carries_the_reason_and_can_be_submitted_anew(world):
    id_ = world.submitted()
    with pytest.raises(Invalid):
        world.step("second", campaigns.send_back, id_, "")
    world.step("second", campaigns.send_back, id_, "请写清停水范围")
    assert world.row(id_).reason == "请写清停水范围"
    assert world.row(id_).submitted_by is None
    row = world.row(id_)
    saved = world.act("writer", campaigns.save, id_, body(title="后天停水"), f'"{row.version}"')
    assert saved.title == "后天停水"
    world.step("writer", campaigns.submit, id_)
    assert world.row(id_).reason == ""


@pytest.mark.parametrize("who", ["street", "operator"])
def test_only_staff_of_the_district_reach_campaigns(world, who):
    id_ = world.submitted()
    with pytest.raises(Forbidden):
        campaigns.query_all(world.staff[who], None)
    with pytest.raises(Forbidden):
        world.act(who, campaigns.create, body())
    with pytest.raises(Forbidden):
        world.step(who, campaigns.release, id_, read=True)
    with pytest.raises(Forbidden):
        world.act(who, campaigns.stop, id_, "错了", withdraw=False)
    with pytest.raises(NotFound):
        world.act("writer", campaigns.stop, uuid4(), "错了", withdraw=False)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": ""}, "title"),
        ({"sms": ""}, "sms"),
        ({"send_at": "2026-11-23T07:00:00+08:00"}, "send_at"),
        ({"expires_at": "2026-11-23T08:30:00+08:00"}, "expires_at"),
        # Nothing leaves in the night: between these two it could not be sent at all.
        ({"send_at": "2026-11-23T22:30:00+08:00", "expires_at": "2026-11-24T07:00:00+08:00"},
         "expires_at"),
    ],
)  # fmt: skip
def test_what_is_not_ready_is_not_submitted(world, words, field):
    id_ = world.write(**words)
    with pytest.raises(Invalid) as refused:
        world.step("writer", campaigns.submit, id_)
    assert set(refused.value.fields) == {field}
    assert world.row(id_).state == "draft"


def test_a_filter_that_names_what_is_not_there_is_refused(world):
    gone = {"streets": ["00000000-0000-0000-0000-000000000001"]}
    with pytest.raises(Invalid):
        world.write(audience=gone)


def test_scheduled_it_starts_when_its_time_has_come(world):
    world.residents(2)
    id_ = world.released(send_at="2026-11-23T10:00:00+08:00")
    assert world.run() == 0
    assert world.row(id_).state == "released"
    world.services.clock.advance(timedelta(hours=2))
    assert world.run() == 2


def test_what_nobody_started_in_time_is_not_sent(world):
    world.residents(1)
    id_ = world.released(expires_at="2026-11-23T10:00:00+08:00")
    world.services.clock.advance(timedelta(hours=3))
    assert world.run() == 0
    row = world.row(id_)
    assert (row.state, row.reason) == ("stopped", "过了截止时间，没有发")


def test_what_waited_long_for_its_release_goes_out_at_once(world):
    world.residents(1)
    id_ = world.submitted(send_at="2026-11-23T09:00:00+08:00")
    world.services.clock.advance(timedelta(hours=2))
    world.step("second", campaigns.release, id_, read=True)
    assert world.run() == 1
    assert world.row(id_).send_at == world.services.clock.now()


def test_a_worker_that_dies_goes_on_where_it_was_and_writes_to_nobody_twice(world, monkeypatch):
    people = world.residents(7)
    monkeypatch.setattr(campaign_running, "BATCH", 3)
    id_ = world.released()
    real, turns = campaign_running.outbox.enqueue_letters, []

    def dying(session, now, letters):
        turns.append(1)
        told = real(session, now, letters)
        if len(turns) == 2:
            raise RuntimeError("killed")
        return told

    monkeypatch.setattr(campaign_running.outbox, "enqueue_letters", dying)
    with pytest.raises(RuntimeError):
        world.run()
    assert world.row(id_).written == len(world.messages(id_)) == 3
    assert world.run() == 4
    assert [one.person_key for one in world.messages(id_)] == sorted(people)


def test_people_without_a_living_account_are_left_out(world):
    from backend.domains.identity.model import Person

    people = world.residents(3)
    with world.services.unit() as uow:
        row = uow.session.get_one(Person, people[0])
        row.state, row.phone_sealed, row.phone_fingerprint = "closed", None, None
    id_ = world.released()
    world.run()
    assert [one.person_key for one in world.messages(id_)] == sorted(people[1:])


def test_a_stop_cancels_what_has_not_left_and_says_what_went_out(world):
    world.residents(5)
    id_ = world.released()
    world.run()
    world.delivery().run_once(limit=2)
    with pytest.raises(Invalid):
        world.act("second", campaigns.stop, id_, "", withdraw=False)
    world.act("second", campaigns.stop, id_, "时间写错了", withdraw=False)
    assert (
        sorted(one.status for one in world.messages(id_)) == ["accepted"] * 2 + ["suppressed"] * 3
    )
    sender = Scripted(SMS)
    assert world.delivery(sender).run_once() == 0
    assert not sender.sent
    assert all(one.withdrawn_at is None for one in world.inboxes(id_))
    with world.services.unit(world.staff["second"].actor) as uow:
        shown = campaign_view.show(uow, world.staff["second"], world.row(id_))
    progress = shown["progress"]
    assert (progress["handed"], progress["stopped"], progress["waiting"]) == (2, 3, 0)
    assert (progress["failed"], progress["inbox_only"]) == (0, 0)
    assert progress["reasons"] == [{"text": "群发已停止，不再发送", "messages": 3}]
    assert shown["can"] == []
    assert "停下3条" in shown["entries"][0]["words"]


def test_a_stop_can_take_it_out_of_the_inboxes(world):
    world.residents(2)
    id_ = world.released()
    world.run()
    world.act("writer", campaigns.stop, id_, "写错了", withdraw=True)
    assert all(one.withdrawn_at is not None for one in world.inboxes(id_))


@pytest.mark.parametrize("answer", [BUSY, SPENT, Outcome(Verdict.UNCLEAR, text="ReadTimeout")])
def test_a_call_under_way_when_it_is_stopped_is_the_last_one(world, answer):
    world.person(phone="13700000001", service_openid="o" + "1" * 27)
    id_ = world.released()
    world.run()

    class Stopping(Scripted):
        def send(self, parcel, to):
            world.act("second", campaigns.stop, id_, "写错了", withdraw=False)
            return super().send(parcel, to)

    sms = Scripted(SMS)
    sender = world.delivery(Stopping(SERVICE, answer), sms)
    sender.run_once()
    world.services.clock.advance(timedelta(hours=3))
    sender.run_once()
    assert not sms.sent
    assert world.messages(id_)[0].status in (
        "expired", "permanent_failure", "technical_failure",
    )  # fmt: skip


def test_a_stop_before_the_start_writes_to_nobody(world):
    world.residents(2)
    id_ = world.released(send_at="2026-11-23T10:00:00+08:00")
    world.act("writer2", campaigns.stop, id_, "不发了", withdraw=False)
    world.services.clock.advance(timedelta(hours=3))
    assert world.run() == 0
    assert world.messages(id_) == []


def test_two_campaigns_take_turns(world, monkeypatch):
    monkeypatch.setattr(campaign_running, "BATCH", 2)
    world.residents(5)
    first, second = world.released(), world.released(name="第二条")
    monkeypatch.setattr(campaign_running, "_TURN", -1.0)
    for _ in range(2):
        world.run()
    assert {world.row(first).written, world.row(second).written} == {2}


class TestContent:
    """The words are checked before a release; the three outcomes are three things."""

    def check(self, world, id_, state, reason="") -> None:
        with world.services.unit() as uow:
            row = content.current(uow, subject(id_))
            uow.session.get_one(ContentCheck, row.id).state = state
            uow.session.get_one(ContentCheck, row.id).reason = reason

    def release(self, world, id_, *, read):
        return world.step("second", campaigns.release, id_, read=read)

    def test_without_a_machine_the_second_person_must_have_read_it(self, world):
        id_ = world.submitted()
        with pytest.raises(Conflict) as refused:
            self.release(world, id_, read=False)
        assert refused.value.code == "content_unread"
        self.release(world, id_, read=True)
        with world.services.unit() as uow:
            row = content.current(uow, subject(id_))
            assert (row.state, row.decided_by) == ("passed", world.staff["second"].actor.id)

    def test_risky_words_are_not_released_by_anybody(self, world):
        id_ = world.submitted()
        self.check(world, id_, "refused", "内容可能涉及广告")
        with pytest.raises(Conflict) as refused:
            self.release(world, id_, read=True)
        assert refused.value.code == "content_refused"
        assert "广告" in refused.value.detail

    def test_while_the_machine_looks_it_waits(self, world):
        id_ = world.submitted()
        self.check(world, id_, "waiting")
        with pytest.raises(Conflict) as refused:
            self.release(world, id_, read=True)
        assert refused.value.code == "content_checking"

    def test_when_the_machine_cannot_be_asked_the_second_person_reads_it(self, world):
        id_ = world.submitted()
        self.check(world, id_, "unavailable")
        self.release(world, id_, read=True)
        assert world.row(id_).state == "released"

    def test_what_the_machine_passed_needs_no_tick(self, world):
        id_ = world.submitted()
        self.check(world, id_, "passed")
        assert self.release(world, id_, read=False).state == "released"

    def test_taking_it_back_ends_the_check(self, world):
        id_ = world.submitted()
        world.step("writer", campaigns.recall, id_)
        with world.services.unit() as uow:
            assert content.current(uow, subject(id_)) is None


class TestReach:
    """The dry run says what would happen, and sends nothing."""

    @pytest.fixture
    def world(self, base_environ, postgres, db, clock, valkey) -> Campaigns:
        from backend import config
        from backend.app import compose

        environ = {
            **base_environ, "DATABASE_URL": postgres.url_of("shared"),
            "WECHAT_SERVICE_APP_ID": "wx1", "WECHAT_SERVICE_APP_SECRET": "s",
            "WECHAT_SERVICE_TEMPLATE": "t1", "WECHAT_TEMPLATE_NEWS": "n1",
        }  # fmt: skip
        made = compose(config.load(environ), database=db, clock=clock)
        made.redis.client.flushall()
        return make(made)

    def dry(self, world, id_) -> dict:
        with world.services.unit(world.staff["writer"].actor) as uow:
            return campaign_reach.dry_run(uow, world.row(id_))

    def test_each_is_counted_where_they_are_reached_first(self, world):
        from notifications import consent

        now = world.services.clock.now()
        world.person(name=None)
        both = world.person(service_openid="o" + "2" * 27, phone="13700000002")
        asked = world.person(mini_openid="o" + "3" * 27, phone="13700000003")
        muted = world.person(phone="13700000004")
        with world.services.db.transaction() as session:
            consent.report(session, now, asked, "n1", "accept", source="page")
            preferences.mute(session, now, muted, "news", [SERVICE, SMS, "wechat_subscribe"])
        id_ = world.write(ladder=["wechat_subscribe", "wechat_service", "sms"])
        found = self.dry(world, id_)
        assert [(one["channel"], one["people"]) for one in found["reach"]] == [
            ("wechat_subscribe", 1), ("wechat_service", 1), ("sms", 0), ("inbox", 2),
        ]  # fmt: skip
        assert (found["total"], found["muted"]) == (4, 1)
        assert found["audience_text"] == campaign_audience.EVERYBODY
        assert world.messages(id_) == []
        with world.services.db.transaction() as session:
            preferences.mute(session, now, both, "news", [SERVICE])
        assert [one["people"] for one in self.dry(world, id_)["reach"]] == [1, 0, 1, 2]

    def test_the_sample_is_masked_and_stays_the_same(self, world):
        world.person(name="王小兰", phone="13812345678")
        id_ = world.write()
        sample = self.dry(world, id_)["sample"]
        assert sample == [{"name": "王*兰", "phone": "138****5678", "channel_text": "短信"}]
        assert self.dry(world, id_)["sample"] == sample

    def test_at_night_it_says_when_the_first_leaves(self, world):
        id_ = world.write(send_at="2026-11-23T23:00:00+08:00", ladder=[])
        found = self.dry(world, id_)
        assert found["first_at"].isoformat() == "2026-11-24T00:00:00+00:00"
        assert (found["reach"], found["sms_parts"]) == (
            [{"channel": "inbox", "channel_text": "只放站内消息", "people": 0}], 0,
        )  # fmt: skip
