"""Wishes, neighbours' help, party members' report-in: who sees what, who may do what, and ends."""

from datetime import timedelta

import pytest

from backend.domains.neighbourhood import (
    care_rules,
    care_view,
    events,
    helping,
    party,
    party_rules,
    party_view,
    points,
    staff_view,
    texts,
    wishes,
)
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest, Wish
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport, PostClaim
from tests.neighbourhood_world import HOME, NEXT, World, count, make_world

WISH = {"area_id": HOME, "title": "想要一副老花镜", "words": "看报纸用", "share_phone": True}


@pytest.fixture
def world(services) -> World:
    made = make_world(services)
    made.person("王", phone="13800001111")
    made.person("远", NEXT)
    return made


def tell(world: World, *, passed: bool = True, **changes) -> object:
    row = world.act("王", wishes.tell, {**WISH, **changes})
    if passed:
        world.passed("wish", row.id)
    return row.id


def reported(world: World, name: str = "党", area=HOME, by: str = "fang") -> None:
    """A member whose report-in is confirmed."""
    row = world.act(name, party.report, area_id=area, branch="测试支部", skills="修电器")
    world.act(by, party.decide, row.id, confirmed=True, reason="")


def seen(world: World, name: str, *, mine: bool = False) -> list[dict]:
    with world.unit() as uow:
        person = world.person(name)
        rows = list(uow.session.scalars(care_view.wishes_query(uow, person, mine=mine)))
        return care_view.wishes(uow, rows, person)


def helps_seen(world: World, name: str, *, mine: bool = False) -> list[dict]:
    with world.unit() as uow:
        person = world.person(name)
        rows = list(uow.session.scalars(care_view.helps_query(uow, person, mine=mine)))
        return care_view.helps(uow, rows, person)


def test_a_wish_is_seen_by_neighbours_only_once_its_words_have_passed(world):
    wish = tell(world, passed=False)
    assert seen(world, "李") == []
    (own,) = seen(world, "王", mine=True)
    assert own["notice"]["experience"] == "under_review"
    assert world.refused("李", wishes.seen, wish) == "not_there"
    world.passed("wish", wish)
    (other,) = seen(world, "李")
    assert other["author"] == "王*试" and other["notice"] is None and other["phone"] == ""
    assert seen(world, "远") == []
    assert world.refused("远", wishes.seen, wish) == "not_there"


def test_refused_words_can_be_written_anew_or_appealed_once(world):
    wish = tell(world, passed=False)
    world.passed("wish", wish, "refuse", reason="内容可能涉及广告")
    (own,) = seen(world, "王", mine=True)
    assert own["notice"]["experience"] == "refused" and "广告" in own["notice"]["text"]
    assert own["can"] == ["rewrite", "appeal", "withdraw"]
    assert world.refused("李", wishes.appeal, wish, "不是") == "not_there"
    world.act("王", wishes.appeal, wish, "不是广告")
    assert world.refused("王", wishes.rewrite, wish, "新", "新") == "not_refused"
    world.passed("wish", wish, "refuse", reason="还是不行")
    assert world.refused("王", wishes.appeal, wish, "再看看") == "appealed"
    world.act("王", wishes.rewrite, wish, "想要老花镜", "旧的也行")
    world.passed("wish", wish)
    assert seen(world, "李")[0]["title"] == "想要老花镜"


def test_words_hidden_later_are_hidden_from_neighbours(world):
    wish = tell(world)
    with world.unit() as uow:
        row = uow.session.get_one(Wish, wish)
        assert row.visible
    world.passed("wish", wish, "replace")
    with world.unit() as uow:
        texts.put(uow, uow.session.get_one(Wish, wish))
    assert not world.row(Wish, wish).visible
    assert seen(world, "李") == []


@pytest.mark.requirement("004.11")
def test_a_reported_in_member_fulfils_a_wish_and_the_wisher_confirms(world):
    wish = tell(world)
    assert world.refused("党", wishes.claim, wish) == "party_only"
    reported(world)
    reported(world, "王")
    assert world.refused("王", wishes.claim, wish) == "own_wish"
    world.act("党", wishes.claim, wish)
    assert world.refused("党", wishes.claim, wish) == "wrong_state"
    (held,) = seen(world, "党", mine=True)
    assert held["phone"] == "13800001111" and held["can"] == ["grant", "release"]
    assert [one["phone"] for one in seen(world, "李")] == [""]
    world.act("党", wishes.release, wish)
    assert world.told(events.WishReleased)[-1].person_id == world.person("王")
    world.act("党", wishes.claim, wish)
    world.act("党", wishes.grant, wish)
    world.act("王", wishes.not_yet, wish)
    assert world.told(events.WishNotYet)[-1].person_id == world.person("党")
    world.act("党", wishes.grant, wish)
    world.act("王", wishes.confirm, wish, "great")
    assert world.told(events.WishConfirmed)[-1].thanks == care_rules.THANKS_TEXT["great"]
    with world.unit() as uow:
        assert points.total(uow, world.person("党")) == 5
    assert seen(world, "李") == []


def test_silence_confirms_a_fulfilled_wish_after_a_week(world):
    reported(world)
    wish = tell(world)
    world.act("党", wishes.claim, wish)
    world.act("党", wishes.grant, wish)
    world.later(days=7)
    assert world.row(Wish, wish).state == care_rules.CONFIRMED


def test_a_claim_nobody_ends_lapses_and_so_does_a_wish_nobody_claims(world):
    reported(world)
    wish = tell(world)
    world.act("党", wishes.claim, wish)
    world.later(days=30)
    assert world.row(Wish, wish).state == care_rules.OPEN
    world.later(days=90)
    assert world.row(Wish, wish).state == care_rules.LAPSED
    with world.unit() as uow:
        wishes.due(uow, wish)


def test_three_wishes_at_once_and_only_to_ones_own_community(world):
    for _ in range(3):
        tell(world)
    assert world.refused("王", wishes.tell, WISH) == "too_many_wishes"
    assert world.refused("远", wishes.tell, WISH) == "members_only"


def test_staff_take_a_wish_down_with_a_reason_and_its_holder_hears_of_it(world):
    reported(world)
    wish = tell(world)
    world.act("党", wishes.claim, wish)
    assert world.refused("zhu", wishes.remove, wish, "不合适") == "not_there"
    world.act("fang", wishes.remove, wish, "不合适")
    assert world.told(events.CareRemoved)[-1].reason == "不合适"
    assert world.told(events.CareParted)[-1].person_id == world.person("党")
    with world.unit("fang") as uow:
        query = staff_view.query(uow, world.staff["fang"], Wish, None, None)
        (row,) = staff_view.care(uow, list(uow.session.scalars(query)))
        assert row["state_text"] == "已撤回" and row["can"] == []
        none = staff_view.query(uow, world.staff["zhu"], Wish, HOME, None)
        assert list(uow.session.scalars(none)) == []


def ask(world: World, **changes) -> object:
    values = {"area_id": HOME, "kind": "carry", "title": "搬一张桌子", "words": "三楼到一楼",
              "until": world.services.clock.now() + timedelta(days=2), "share_phone": True,
              **changes}  # fmt: skip
    row = world.act("王", helping.ask, values)
    world.passed("help_request", row.id)
    return row.id


def offer_of(world: World, help_id, name: str):
    with world.unit() as uow:
        return helping.mine(uow, world.person(name), help_id)


@pytest.mark.requirement("004.11")
def test_neighbours_offer_one_is_chosen_and_thanked(world):
    world.person("李", phone="13800002222")
    table = ask(world)
    world.act("李", helping.offer, table, share_phone=False)
    world.act("赵", helping.offer, table, share_phone=True)
    assert world.refused("李", helping.offer, table, share_phone=False) == "already_offered"
    assert world.refused("王", helping.offer, table, share_phone=False) == "own_request"
    assert world.refused("远", helping.offer, table, share_phone=False) == "not_there"
    (mine,) = helps_seen(world, "王", mine=True)
    assert [one["name"] for one in mine["offers"]] == ["李*试", "赵*试"]
    assert mine["can"] == ["choose", "withdraw"]
    assert helps_seen(world, "钱")[0]["offers"] == []
    chosen = offer_of(world, table, "李")
    assert world.refused("李", helping.choose, table, chosen.id) == "not_there"
    world.act("王", helping.choose, table, chosen.id)
    assert world.refused("钱", helping.offer, table, share_phone=False) == "help_over"
    (helper,) = helps_seen(world, "李", mine=True)
    assert helper["phone"] == "13800001111" and helper["can"] == ["take_back"]
    (mine,) = helps_seen(world, "王", mine=True)
    assert mine["phone"] == "" and mine["partner"] == "李*试"
    assert offer_of(world, table, "赵").state == care_rules.PASSED
    world.act("王", helping.finish, table, "kind")
    assert world.told(events.HelpDone)[-1].person_id == world.person("李")
    with world.unit() as uow:
        assert points.total(uow, world.person("李")) == 2
    assert world.refused("王", helping.finish, table, "kind") == "wrong_state"


def test_a_helper_who_cannot_after_all_makes_room_for_the_others(world):
    table = ask(world)
    for name in ("李", "赵"):
        world.act(name, helping.offer, table, share_phone=False)
    world.act("王", helping.choose, table, offer_of(world, table, "李").id)
    world.act("李", helping.take_back, table)
    assert world.told(events.CareParted)[-1].person_id == world.person("王")
    row = world.row(HelpRequest, table)
    assert (row.state, row.helper_id) == (care_rules.ASKED, None)
    assert offer_of(world, table, "赵").state == care_rules.STANDING
    assert world.refused("李", helping.take_back, table) == "not_there"
    world.act("王", helping.choose, table, offer_of(world, table, "赵").id)
    world.act("王", helping.part, table)
    assert world.told(events.CareParted)[-1].person_id == world.person("赵")
    world.act("李", helping.offer, table, share_phone=False)
    world.act("李", helping.take_back, table)
    assert count(world, HelpOffer, HelpOffer.state == care_rules.STANDING) == 0


def test_a_request_lapses_when_its_time_is_over_and_can_be_withdrawn_before(world):
    first, second = ask(world), ask(world)
    world.act("王", helping.withdraw, second)
    world.later(days=2)
    assert world.row(HelpRequest, first).state == care_rules.LAPSED
    assert world.row(HelpRequest, second).state == care_rules.WITHDRAWN
    late = world.services.clock.now() + timedelta(days=31)
    assert world.refused("王", helping.ask, {
        "area_id": HOME, "kind": "carry", "title": "x", "words": "x", "until": late,
    }) == "invalid"  # fmt: skip


def test_refused_words_of_a_request_are_written_anew(world):
    table = ask(world)
    assert world.refused("王", helping.rewrite, table, "a", "b") == "not_refused"
    row = world.act("王", helping.ask, {
        "area_id": HOME, "kind": "other", "title": "测试", "words": "测试",
        "until": world.services.clock.now() + timedelta(days=1),
    })  # fmt: skip
    world.passed("help_request", row.id, "refuse", reason="看不懂")
    world.act("王", helping.appeal, row.id, "看得懂")
    world.passed("help_request", row.id, "refuse", reason="看不懂")
    world.act("王", helping.rewrite, row.id, "借梯子", "换灯泡")
    world.act("fang", helping.remove, row.id, "重复")
    assert world.row(HelpRequest, row.id).title == "借梯子"


@pytest.mark.requirement("004.11")
def test_a_report_in_is_confirmed_by_the_communitys_staff_and_opens_its_posts(world):
    row = world.act("党", party.report, area_id=HOME, branch="市第一医院支部", skills="")
    assert world.told(events.ReportRequested)[-1].staff_ids
    stored = world.row(PartyReport, row.id)
    assert "医院" not in repr(stored.branch_sealed)
    assert world.refused("党", party.report, area_id=HOME, branch="x", skills="") == (
        "already_reported"
    )
    post = world.act("fang", party.new_post, {
        "area_id": HOME, "title": "楼道长", "words": "看看楼道", "when_text": "周末", "places": 1,
    })  # fmt: skip
    assert world.refused("党", party.claim, post.id) == "party_only"
    assert world.refused("zhu", party.decide, row.id, confirmed=True, reason="") == "not_there"
    assert world.refused("fang", party.decide, row.id, confirmed=False, reason="") == (
        "reason_needed"
    )
    world.act("fang", party.decide, row.id, confirmed=True, reason="")
    world.act("党", party.claim, post.id)
    assert world.refused("党", party.claim, post.id) == "already_claimed"
    reported(world, "员")
    assert world.refused("员", party.claim, post.id) == "post_full"
    with world.unit() as uow:
        shown = party_view.show(uow, world.person("党"))
    assert shown["reports"][0]["branch"] == "市第一医院支部"
    assert shown["posts"][0]["can"] == ["release"]
    world.act("党", party.release, post.id)
    world.act("员", party.claim, post.id)
    assert world.refused("党", party.release, post.id) == "not_claimed"
    world.act("fang", party.close_post, post.id)
    assert count(world, PostClaim, PostClaim.state == party_rules.SERVED) == 1
    assert world.refused("员", party.claim, post.id) == "post_closed"


def test_who_ends_the_report_in_gives_up_the_posts_with_it(world):
    reported(world)
    post = world.act("fang", party.new_post, {
        "area_id": HOME, "title": "楼道长", "words": "x", "places": 2,
    })  # fmt: skip
    world.act("党", party.claim, post.id)
    with world.unit() as uow:
        report = party_view.show(uow, world.person("党"))["reports"][0]["id"]
    assert world.refused("王", party.end_own, report) == "not_there"
    world.act("fang", party.end, report)
    assert world.row(PartyPost, post.id).taken == 0
    row = world.act("党", party.report, area_id=HOME, branch="x", skills="")
    world.act("fang", party.decide, row.id, confirmed=False, reason="查无此支部")
    assert world.told(events.ReportDecided)[-1].reason == "查无此支部"
    assert world.refused("党", party.report, area_id=row.id, branch="x", skills="") == (
        "area_unknown"
    )
