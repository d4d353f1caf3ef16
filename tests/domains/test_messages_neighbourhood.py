"""What neighbours are told: in the inbox at once, by the service account where they must answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domains.messages import kinds_community as k
from backend.domains.neighbourhood import activities, helping, party, signups, wishes
from notifications.channels import inbox
from notifications.model import InboxMessage, OutboxMessage
from tests.neighbourhood_world import HOME, World, make_world


@pytest.fixture
def world(services) -> World:
    return make_world(services)


def inbox_of(world: World, name: str) -> list[InboxMessage]:
    with world.unit() as uow:
        query = inbox.visible(world.person(name), uow.now).order_by(InboxMessage.visible_from)
        return list(uow.session.scalars(query))


def titles(world: World, name: str) -> list[str]:
    return [row.title for row in inbox_of(world, name)]


def open_kinds(world: World, name: str) -> set[str]:
    with world.unit() as uow:
        query = select(OutboxMessage.kind, OutboxMessage.status).where(
            OutboxMessage.person_key == world.person(name)
        )
        return {kind for kind, status in uow.session.execute(query) if status == "created"}


def test_every_kind_has_a_page_or_is_for_the_console():
    for kind in k.KINDS:
        assert kind.link or kind.key == k.REPORT_DUE.key


def test_a_place_that_falls_free_is_told_and_its_card_stops_with_the_answer(world):
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    assert titles(world, "王") == ["报名成功：清洁家园"]
    assert titles(world, "李") == ["已候补：清洁家园"]
    world.later(minutes=1)
    world.act("王", signups.cancel, walk)
    assert titles(world, "李")[-1] == "有名额了：清洁家园"
    assert inbox_of(world, "李")[-1].link == f"/activities/{walk}"
    world.later(minutes=1)
    world.act("李", signups.accept, walk)
    assert k.OFFERED.key not in open_kinds(world, "李")
    assert titles(world, "李")[-1] == "报名成功：清洁家园"


def test_a_cancelled_activity_is_told_with_its_reason(world):
    walk = world.activity()
    world.sign_up(walk, "王")
    world.later(minutes=1)
    world.act("fang", activities.cancel, walk, "台风")
    assert "台风" in inbox_of(world, "王")[-1].body


def test_wishes_help_and_report_ins_lead_to_their_pages(world):
    report = world.act("党", party.report, area_id=HOME, branch="支部", skills="")
    world.later(minutes=1)
    world.act("fang", party.decide, report.id, confirmed=True, reason="")
    assert inbox_of(world, "党")[-1].link == "/neighbourhood/party"
    wish = world.act("王", wishes.tell, {"area_id": HOME, "title": "老花镜", "words": "看报"})
    world.passed("wish", wish.id)
    world.later(minutes=1)
    world.act("党", wishes.claim, wish.id)
    world.later(minutes=1)
    world.act("党", wishes.grant, wish.id)
    assert titles(world, "王")[-2:] == ["心愿有人认领：老花镜", "心愿完成了吗：老花镜"]
    assert inbox_of(world, "王")[-1].link == f"/neighbourhood/wishes?id={wish.id}"
    world.later(minutes=1)
    world.act("王", wishes.confirm, wish.id, "thanks")
    assert "谢谢您" in inbox_of(world, "党")[-1].body
    asked = world.act("王", helping.ask, {
        "area_id": HOME, "kind": "carry", "title": "搬桌子", "words": "一张",
        "until": world.services.clock.now() + timedelta(days=1),
    })  # fmt: skip
    world.passed("help_request", asked.id)
    world.later(minutes=1)
    world.act("李", helping.offer, asked.id, share_phone=False)
    assert titles(world, "王")[-1] == "有邻居愿意帮忙：搬桌子"
