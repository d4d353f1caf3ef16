"""A full day on the phone: two wait, a place comes free, one tap takes it, a no passes it on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.bookings import RELIEF, Manager, Walk, afresh, booked, open_days
from tests.e2e.conftest import Watched
from tests.e2e.console import HALL
from tests.e2e.demo import Demo
from tests.e2e.life import PATIENT, patience, yes
from tests.e2e.people import Person

OpenPage = Callable[..., Watched]
assert patience  # used by pytest


def kept_for(person: Person) -> list[dict[str, Any]]:
    """The places that are kept for this person now."""
    return [one for one in person.get("/slot-offers")["items"] if one["state"] == "open"]


def wait_for(walk: Walk, day: str, name: str) -> None:
    """On the full day: join those who wait for a place of it."""
    phone = walk.phone
    phone.show(f"/packages/appointments/book?item={RELIEF}&hall={HALL}")
    phone.top(f"#day-{day}").click()
    expect(phone.top("#wait")).to_be_visible(timeout=PATIENT)
    walk.look(f"{name}-full-day")
    phone.top("#wait").click()
    expect(phone.top("[role=dialog]").filter(has_text="什么时间来得了")).to_be_visible()
    walk.look(f"{name}-wait-ask")
    yes(phone, "开始候补")
    expect(phone.says(re.compile("正在候补"))).to_be_visible(timeout=PATIENT)


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_a_place_that_comes_free_is_kept_for_the_first_who_waits(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    keys = ("chen-zhiyuan", "he-jiayi", "li-xi", "worker-liu")
    holder, first, second, third = people = [Person(demo, key) for key in keys]
    for person in people:
        afresh(person, RELIEF)
    day = open_days(holder, RELIEF)[-2]
    manager = Manager(demo)
    slot = manager.leave_one(day)
    try:
        holder.post("/appointments", {"slot_id": slot, "item_id": str(RELIEF)})
        hers = Walk(open_page(), demo, "he-jiayi", elder=elder)
        wait_for(hers, day, "waits")
        expect(hers.phone.says("您排在最前面")).to_be_visible()
        hers.look("waits-first")
        his = Walk(open_page(), demo, "li-xi", elder=elder)
        wait_for(his, day, "waits-behind")
        expect(his.phone.says(re.compile("前面还有 1 人"))).to_be_visible()
        his.look("waits-second")
        wanted = {"hall_id": str(HALL), "item_id": str(RELIEF), "date": day}
        third.post("/waitlist", wanted)

        # Somebody cancels: the page that waits says so by itself.
        holder.post(f"/appointments/{booked(holder, RELIEF)[0]['id']}/cancel", {"reason": ""})
        expect(hers.phone.top("#to-offer")).to_be_visible(timeout=PATIENT)
        hers.look("waits-turn")
        hers.phone.top("#to-offer").click()
        expect(hers.phone.says("轮到您了，有一个名额")).to_be_visible()
        expect(hers.phone.top("[role=timer]")).to_contain_text("分")
        hers.look("offer")
        # Meanwhile the other's place in the line stays what it was: he is not asked.
        assert kept_for(second) == []
        hers.phone.top("#accept").click()
        expect(hers.phone.says(re.compile("约好了"))).to_be_visible(timeout=PATIENT)
        hers.look("offer-accepted")
        expect(his.phone.says("您排在最前面")).to_be_visible(timeout=PATIENT)
        (kept,) = booked(first, RELIEF)
        assert kept["start"][:10] == day

        # She gives it back; he is asked, says no, and it goes on to the next.
        first.post(f"/appointments/{kept['id']}/cancel", {"reason": ""})
        expect(his.phone.top("#to-offer")).to_be_visible(timeout=PATIENT)
        his.phone.show("/packages/appointments/waitlist")
        his.phone.top(".kept").click()
        his.phone.top("#decline").click()
        expect(his.phone.top("[role=dialog]")).to_contain_text("您仍在候补")
        his.look("offer-decline")
        yes(his.phone, "不要了")
        expect(his.phone.says("您没有要这个时间")).to_be_visible(timeout=PATIENT)
        his.look("offer-declined")
        (offer,) = kept_for(third)
        his.phone.show("/packages/appointments/waitlist")
        expect(his.phone.says("您排在最前面")).to_be_visible(timeout=PATIENT)
        his.look("waitlist")
        third.post(f"/slot-offers/{offer['id']}/accept", {})
        assert (len(booked(third, RELIEF)), booked(second, RELIEF)) == (1, [])
    finally:
        for person in people:
            afresh(person, RELIEF)
        manager.give_back()
