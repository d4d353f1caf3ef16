"""Two accounts of one person, joined before, during and after a campaign: it is told once."""

import pytest

from backend.domains.identity import persons
from backend.domains.messages import campaign_running, campaign_view
from notifications.channels import inbox
from notifications.control_model import MessageDayCount
from notifications.kinds import SERVICE, SMS
from notifications.model import InboxMessage
from tests.campaign_world import Campaigns, make
from tests.engines.conftest import BUSY, WRONG, Scripted


@pytest.fixture
def world(services) -> Campaigns:
    return make(services)


def join(world, first, second):
    """The accounts become one; the id that stays."""
    with world.services.unit() as uow:
        return persons.join(uow, first, second)


def shown(world, person):
    """What the person sees in the inbox."""
    with world.services.unit() as uow:
        return list(uow.session.scalars(inbox.visible(person, uow.now)))


def states(world, id_):
    return sorted(one.status for one in world.messages(id_))


def test_written_to_both_and_sent_to_neither_one_is_sent(world):
    first, second = world.residents(2)
    id_ = world.released()
    world.run()
    kept = join(world, first, second)
    assert states(world, id_) == ["created", "suppressed"]
    assert {one.last_errcode for one in world.messages(id_)} == {"", "merged"}
    assert len(shown(world, kept)) == 1
    sender = Scripted(SMS)
    world.delivery(sender).run_once()
    assert len(sender.sent) == 1
    world.run()
    assert world.row(id_).state == "done"


def test_sent_to_one_the_other_is_not_sent_and_a_read_one_stays_read(world):
    first, second = world.residents(2)
    id_ = world.released()
    world.run()
    sender = Scripted(SMS)
    world.delivery(sender).run_once(limit=1)
    (waiting,) = [one for one in world.messages(id_) if one.status == "created"]
    with world.services.unit() as uow:
        uow.session.get_one(InboxMessage, waiting.id).read_at = uow.now
    kept = join(world, first, second)
    world.delivery(sender).run_once()
    assert len(sender.sent) == 1
    assert states(world, id_) == ["accepted", "suppressed"]
    (one,) = shown(world, kept)
    assert one.read_at is not None
    assert one.id != waiting.id


def test_what_failed_under_one_account_is_still_tried_under_the_other(world):
    first, second = world.residents(2)
    id_ = world.released()
    world.run()
    world.delivery(Scripted(SMS, WRONG)).run_once(limit=1)
    join(world, first, second)
    assert states(world, id_) == ["created", "permanent_failure"]
    sender = Scripted(SMS)
    world.delivery(sender).run_once()
    assert len(sender.sent) == 1


def test_sent_to_both_before_the_inbox_shows_one(world):
    first, second = world.residents(2)
    id_ = world.released()
    world.run()
    world.delivery().run_once()
    kept = join(world, first, second)
    assert states(world, id_) == ["accepted", "accepted"]
    assert len(shown(world, kept)) == 1


def test_what_is_on_its_way_twice_is_the_end_of_one_of_them(world):
    first, second = world.residents(2)
    with world.services.unit() as uow:
        for number, person in enumerate((first, second)):
            persons.attach(uow, person, "service_openid", f"o-follower-{number}")
    id_ = world.released()
    world.run()
    world.delivery(Scripted(SERVICE)).run_once()
    join(world, first, second)
    lost, kept = sorted(world.messages(id_), key=lambda one: len(one.ladder))
    assert (lost.ladder, kept.ladder) == ([SERVICE], [SERVICE, SMS])
    assert lost.expires_at == world.services.clock.now()


def test_joined_while_it_is_written_nobody_is_written_to_twice(world, monkeypatch):
    monkeypatch.setattr(campaign_running, "BATCH", 1)
    monkeypatch.setattr(campaign_running, "_TURN", 0.0)
    (first,) = world.residents(1)
    # The one whose turn comes later is the one that stays.
    verified = world.person(phone="13900001234")
    assert first < verified
    id_ = world.released()
    world.run()
    assert [one.person_key for one in world.messages(id_)] == [first]
    assert join(world, first, verified) == verified
    for _ in range(3):
        world.run()
    assert [one.person_key for one in world.messages(id_)] == [verified]
    assert world.row(id_).written == 1
    assert len(shown(world, verified)) == 1


def test_places_of_the_day_and_grants_of_the_dropped_one_come_back(world):
    first, second = world.residents(2)
    world.released()
    world.run()
    world.delivery(Scripted(SMS, BUSY, BUSY)).run_once()
    kept = join(world, first, second)
    with world.services.unit() as uow:
        counts = uow.session.query(MessageDayCount).filter_by(person_key=kept).all()
    assert {one.scope: one.sent for one in counts} == {"*": 1}


def test_two_campaigns_of_one_person_stay_two(world):
    first, second = world.residents(2)
    one, two = world.released(), world.released(title="后天停水")
    world.run()
    kept = join(world, first, second)
    assert len(shown(world, kept)) == 2
    assert states(world, one) == states(world, two) == ["created", "suppressed"]


def test_the_figures_name_those_that_were_dropped(world):
    first, second = world.residents(2)
    id_ = world.released()
    world.run()
    join(world, first, second)
    with world.services.unit() as uow:
        found = campaign_view.show(uow, world.staff["second"], world.row(id_))
    assert "账号合并" in str(found["progress"])
