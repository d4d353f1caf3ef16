"""Activities: limits, the waiting line, offers, check-in, hours, points and certificates."""

from datetime import timedelta

import pytest

from backend.domains.neighbourhood import (
    activities,
    attendance,
    certificate_page,
    certificates,
    checking_in,
    code_rules,
    events,
    hours_view,
    points,
    rules,
    signups,
)
from backend.domains.neighbourhood import activity_view as view
from backend.domains.neighbourhood.model import (
    Activity,
    ActivitySignup,
    PointEntry,
    ServiceCertificate,
)
from backend.kernel.clock import local_date
from backend.kernel.database import table_of
from backend.kernel.errors import NotFound
from tests.neighbourhood_world import HALL_POINT, HOME, NEXT, World, check, count, make_world


@pytest.fixture
def world(services) -> World:
    return make_world(services)


def signup_of(world: World, activity_id, name: str) -> ActivitySignup:
    with world.unit() as uow:
        found = signups.mine(uow, world.person(name), activity_id)
        assert found is not None
        return found


def shown(world: World, activity_id, name: str) -> dict:
    with world.unit() as uow:
        return view.show(uow, activity_id, world.person(name))


@pytest.mark.requirement("004.11")
def test_the_last_place_is_taken_and_who_comes_later_waits_in_order(world):
    walk = world.activity(places=2, most_waiting=2)
    world.sign_up(walk, "王", "李", "赵", "钱")
    assert [world.state(walk, name) for name in "王李赵钱"] == [
        "confirmed", "confirmed", "waitlisted", "waitlisted",
    ]  # fmt: skip
    assert shown(world, walk, "钱")["mine"]["ahead"] == 1
    assert world.refused("孙", signups.sign_up, walk) == "activity_full"
    assert world.refused("王", signups.sign_up, walk) == "already_signed_up"
    check(world, walk)


def test_a_place_that_falls_free_is_offered_in_order_and_lapses_to_the_next(world):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李", "赵")
    world.act("王", signups.cancel, walk)
    assert (world.state(walk, "李"), world.state(walk, "赵")) == ("offered", "waitlisted")
    assert world.told(events.PlaceOffered)[-1].person_ids == (world.person("李"),)
    assert "accept" in shown(world, walk, "李")["can"]
    # A newcomer does not jump the line.
    world.sign_up(walk, "钱")
    assert world.state(walk, "钱") == "waitlisted"
    world.later(hours=12, minutes=1)
    assert (world.state(walk, "李"), world.state(walk, "赵")) == ("", "offered")
    assert world.refused("李", signups.accept, walk) == "not_signed_up"
    world.act("赵", signups.accept, walk)
    assert world.state(walk, "赵") == "confirmed"
    check(world, walk)


def test_an_offer_that_is_over_cannot_be_accepted_even_before_the_timer(world, clock):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    world.act("王", signups.cancel, walk)
    clock.advance(timedelta(hours=12, minutes=1))
    assert world.refused("李", signups.accept, walk) == "offer_over"


def test_near_the_start_a_free_place_goes_to_whoever_comes(world):
    walk = world.activity(places=1, sign_up_until=world.values()["starts_at"])
    world.sign_up(walk, "王", "李")
    world.later(days=2, hours=-1)
    world.act("王", signups.cancel, walk)
    assert world.state(walk, "李") == "waitlisted"
    world.sign_up(walk, "赵")
    assert world.state(walk, "赵") == "confirmed"
    check(world, walk)


def test_the_line_ends_with_the_start(world):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    world.later(days=2)
    assert world.row(Activity, walk).state == rules.RUNNING
    assert world.state(walk, "李") == ""
    assert not world.told(events.PlaceGone)[-1].lapsed
    assert world.refused("王", signups.cancel, walk) == "sign_up_over"
    assert world.refused("赵", signups.sign_up, walk) == "sign_up_over"
    check(world, walk)


def test_members_and_party_activities_are_for_those(world):
    inside = world.activity(audience="members")
    party = world.activity(audience="party")
    world.person("远", NEXT)
    assert world.refused("远", signups.sign_up, inside) == "members_only"
    assert world.refused("王", signups.sign_up, inside) == ""
    assert world.refused("王", signups.sign_up, party) == "party_only"


def test_sign_up_opens_and_closes_at_its_moments(world, clock):
    now = clock.now()
    walk = world.activity(sign_up_from=now + timedelta(hours=1))
    assert world.refused("王", signups.sign_up, walk) == "sign_up_not_open"
    assert shown(world, walk, "王")["state_text"] == "即将报名"
    world.later(hours=1)
    assert world.refused("王", signups.sign_up, walk) == ""
    world.later(days=1, hours=22, minutes=30)
    assert world.refused("李", signups.sign_up, walk) == "sign_up_over"
    assert shown(world, walk, "李")["state_text"] == "报名截止"


def test_a_draft_is_for_the_staff_of_its_community_alone(world):
    draft = world.act("fang", activities.create, world.values()).id
    with world.unit() as uow, pytest.raises(NotFound):
        view.show(uow, draft, None)
    assert world.refused("王", signups.sign_up, draft) == "not_there"
    assert world.refused("zhu", activities.publish, draft) == "not_there"
    assert world.refused("zhu", activities.create, world.values()) == "area_unknown"
    assert world.refused("luo", activities.publish, draft) == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": -1}, "starts_at"), ({"ends_at": 40}, "ends_at"),
        ({"ends_at": 24 * 6}, "ends_at"), ({"sign_up_until": 49}, "sign_up_until"),
        ({"sign_up_from": 47.5}, "sign_up_from"),
    ],
)  # fmt: skip
def test_impossible_times_are_refused_at_their_field(world, changes, field):
    hours = {name: world.services.clock.now() + timedelta(hours=by) for name, by in changes.items()}
    with pytest.raises(Exception, match="invalid") as caught:
        world.act("fang", activities.create, world.values(**hours))
    assert list(caught.value.fields) == [field]


def test_an_edit_tells_of_another_time_and_offers_new_places(world):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    row = world.row(Activity, walk)
    wider = world.values(places=2, starts_at=row.starts_at + timedelta(hours=1),
                         ends_at=row.ends_at + timedelta(hours=1))  # fmt: skip
    world.act("fang", activities.edit, walk, row.version, wider)
    assert world.state(walk, "李") == "offered"
    assert set(world.told(events.ActivityChanged)[-1].person_ids) == {
        world.person("王"), world.person("李"),
    }  # fmt: skip
    assert world.refused("fang", activities.edit, walk, row.version, wider) == "stale"
    version = world.row(Activity, walk).version
    narrower = {**wider, "places": 1}
    assert world.refused("fang", activities.edit, walk, version, narrower) == "invalid"
    check(world, walk)


def test_calling_it_off_tells_all_and_ends_every_sign_up(world):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    world.act("fang", activities.cancel, walk, "台风")
    told = world.told(events.ActivityCancelled)[-1]
    assert set(told.person_ids) == {world.person("王"), world.person("李")}
    assert told.reason == "台风"
    row = world.row(Activity, walk)
    assert (row.state, row.taken, row.waiting) == (rules.CANCELLED, 0, 0)
    assert world.refused("赵", signups.sign_up, walk) == "activity_cancelled"
    assert "台风" in shown(world, walk, "王")["next_text"]
    check(world, walk)


def arrive(world: World, name: str, activity_id, **given) -> str:
    return world.refused(name, checking_in.check_in, activity_id, {"system": "wgs84", **given})


def code(world: World, activity_id) -> dict:
    with world.unit("fang") as uow:
        return checking_in.shown(uow, world.staff["fang"], activity_id)


@pytest.mark.requirement("004.12")
def test_the_code_at_the_entrance_checks_in_and_a_photograph_of_it_does_not(world, clock):
    walk = world.activity(check_in="code")
    world.sign_up(walk, "王", "李")
    world.later(days=2, minutes=-29)
    seen = code(world, walk)
    assert arrive(world, "李", walk) == "code_needed"
    assert arrive(world, "李", walk, code=seen["token"]) == ""
    assert arrive(world, "李", walk) == ""
    assert world.state(walk, "李") == "attended"
    clock.advance(timedelta(seconds=2 * code_rules.SECONDS))
    assert arrive(world, "王", walk, code=seen["token"]) == "code_wrong"
    assert arrive(world, "王", walk, code=code(world, walk)["digits"]) == ""
    assert arrive(world, "赵", walk, code=code(world, walk)["digits"]) == "not_signed_up"


def test_a_code_of_another_activity_is_worth_nothing(world):
    one, other = world.activity(check_in="code"), world.activity(check_in="code")
    world.sign_up(one, "王")
    world.later(days=2, minutes=-10)
    assert arrive(world, "王", one, code=code(world, other)["token"]) == "code_wrong"


def test_the_place_checks_in_within_the_radius_in_either_system(world):
    walk = world.activity(check_in="place")
    world.sign_up(walk, "王", "李")
    world.later(days=2)
    latitude, longitude = HALL_POINT
    assert arrive(world, "王", walk) == "place_needed"
    assert arrive(world, "王", walk, latitude=latitude + 0.01, longitude=longitude) == "too_far"
    assert arrive(world, "王", walk, latitude=latitude + 0.001, longitude=longitude) == ""
    told = shown(world, walk, "李")["gcj02"]
    assert arrive(world, "李", walk, **told, system="gcj02") == ""


def test_nobody_checks_in_too_early_or_after_the_end(world):
    walk = world.activity(check_in="code")
    world.sign_up(walk, "王")
    assert arrive(world, "王", walk, code="000000") == "check_in_too_early"
    assert world.refused("fang", checking_in.shown, walk) == "check_in_too_early"
    world.later(days=2, hours=2)
    assert arrive(world, "王", walk, code="000000") == "check_in_over"


def test_digits_cannot_be_guessed_by_trying(world):
    walk = world.activity(check_in="code")
    world.sign_up(walk, "王")
    world.later(days=2)
    tries = [arrive(world, "王", walk, code=f"{n:06d}x"[:6]) for n in range(11)]
    assert tries[-1] == "rate_limited"


def served(world: World, **changes) -> tuple:
    """An activity whose end has come: 王 came, 李 did not."""
    walk = world.activity(**changes)
    world.sign_up(walk, "王", "李")
    world.later(days=2)
    assert arrive(world, "王", walk, code=code(world, walk)["token"]) == ""
    world.later(hours=2)
    return walk, signup_of(world, walk, "王").id, signup_of(world, walk, "李").id


@pytest.mark.requirement("004.12")
def test_hours_are_recorded_looked_through_and_credited_a_day_later(world):
    walk, came, missing = served(world)
    assert world.row(ActivitySignup, came).minutes == 120
    assert count(world, PointEntry) == 0
    world.act("fang", attendance.mark, walk, came, attended=True, minutes=90)
    world.later(hours=24)
    assert world.row(Activity, walk).state == rules.SETTLED
    assert world.row(ActivitySignup, missing).state == rules.ABSENT
    with world.unit() as uow:
        mine = hours_view.show(uow, world.person("王"))
    assert (mine["minutes"], mine["points"], mine["hours_text"]) == (90, 3, "1小时30分钟")
    assert world.told(events.HoursRecorded)[-1].points == 3


def test_a_correction_after_settling_is_a_line_of_its_own(world):
    walk, came, missing = served(world)
    world.act("fang", activities.settle, walk)
    world.act("fang", attendance.mark, walk, came, attended=False, minutes=None)
    world.act("fang", attendance.mark, walk, missing, attended=True, minutes=60)
    with world.unit() as uow:
        assert points.total(uow, world.person("王")) == 0
        assert points.total(uow, world.person("李")) == 2
    assert count(world, PointEntry) == 3
    assert (
        world.refused("zhu", attendance.mark, walk, came, attended=True, minutes=1) == "not_there"
    )


def test_a_lecture_counts_no_hours(world):
    walk, came, _ = served(world, kind="lecture")
    world.act("fang", activities.settle, walk)
    assert world.row(ActivitySignup, came).state == rules.ATTENDED
    assert count(world, PointEntry) == 0


def test_ending_early_counts_to_the_moment_it_ended(world):
    walk = world.activity()
    world.sign_up(walk, "王")
    world.later(days=2)
    arrive(world, "王", walk, code=code(world, walk)["token"])
    world.later(hours=1)
    world.act("fang", activities.end, walk)
    assert signup_of(world, walk, "王").minutes == 60


def certificate(world: World, name: str = "王") -> ServiceCertificate:
    today = local_date(world.services.clock.now())
    return world.act(name, certificates.issue, today - timedelta(days=30), today)


@pytest.mark.requirement("004.12")
def test_a_certificate_is_checked_by_its_number_and_tells_nothing_of_the_person(world):
    walk, _, _ = served(world)
    assert world.refused("王", certificates.issue, *[local_date(world.services.clock.now())] * 2)
    world.act("fang", activities.settle, walk)
    made = certificate(world)
    with world.unit() as uow:
        found = certificates.public(uow, made.number.lower().replace("-", " "), "1.1.1.1")
        told = hours_view.public_certificate(found)
        own = hours_view.certificate(uow, found)
    assert (told["minutes"], told["state"]) == (120, "valid")
    assert "王测试" not in str(told)
    assert own["name"] == "王测试"
    page = certificate_page.page({**own, "name": "<b>王</b>"}, "今天")
    assert "<b>" not in page and made.number in page and "清洁家园" in page
    wrong = made.number[:-1] + ("2" if made.number[-1] != "2" else "3")
    for typed in ("", "HY", wrong):
        with world.unit() as uow, pytest.raises(NotFound):
            certificates.public(uow, typed, "1.1.1.1")


def test_a_certificate_whose_hours_were_corrected_no_longer_holds(world):
    walk, came, _ = served(world)
    world.act("fang", activities.settle, walk)
    made = certificate(world)
    world.act("fang", attendance.mark, walk, came, attended=True, minutes=30)
    assert world.row(ServiceCertificate, made.id).state == "withdrawn"
    assert certificate(world).minutes == 30


def test_ones_own_certificate_can_be_taken_back_and_nobody_elses(world):
    walk, _, _ = served(world)
    world.act("fang", activities.settle, walk)
    made = certificate(world)
    assert world.refused("李", certificates.withdraw, made.id) == "not_there"
    world.act("王", certificates.withdraw, made.id)
    assert world.row(ServiceCertificate, made.id).reason == "本人作废"
    assert world.refused("李", certificates.issue, made.first_day, made.last_day)


def test_the_ledger_is_append_only(world):
    walk, _, _ = served(world)
    world.act("fang", activities.settle, walk)
    ledger = table_of(PointEntry)
    for statement in (ledger.update().values(points=100), ledger.delete()):
        with pytest.raises(Exception, match="append-only"), world.unit() as uow:
            uow.session.execute(statement)


def test_nobody_stands_in_the_list_unless_they_wish(world):
    walk, _, _ = served(world)
    world.act("fang", activities.settle, walk)
    with world.unit() as uow:
        assert points.ranking(uow, HOME, world.person("王")) == []
    with world.unit(world.person("王")) as uow:
        points.set_ranked(uow, world.person("王"), wish=True)
        (line,) = points.ranking(uow, HOME, world.person("王"))
    assert line["me"] and line["points"] == 4 and line["name"] == "王*试"
    with world.unit() as uow:
        assert points.ranking(uow, NEXT, world.person("王")) == []


def test_a_reminder_goes_to_those_who_come(world):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    world.later(days=1)
    assert world.told(events.ActivitySoon)[-1].person_ids == (world.person("王"),)
