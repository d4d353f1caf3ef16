"""A resident moves a booking to another time on the phone, in normal and in large letters."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.life import PATIENT, patience, walker, yes
from tests.e2e.people import Person
from tests.e2e.test_accessibility import ITEM, serious
from tests.e2e.test_journeys import HALL

OpenPage = Callable[..., Watched]
assert patience  # used by pytest


def free(person: Person, places: int = 1) -> dict[str, Any]:
    """A time on the last open day that still has so many places."""
    days = person.get(f"/halls/{HALL}/days", item_id=ITEM)["items"]
    date = [day["date"] for day in days if day["status"] == "open"][-1]
    slots = person.get(f"/halls/{HALL}/slots", item_id=ITEM, date=date)["items"]
    found: dict[str, Any] = next(
        slot for slot in slots if slot["status"] == "open" and slot["remaining"] >= places
    )
    return found


@pytest.mark.requirement("card.02")
@pytest.mark.parametrize(
    ("key", "elder"), [("chen-zhiyuan", False), ("wang-xiulan", True)], ids=["normal", "elder"]
)
def test_a_booking_is_moved_to_another_time(
    demo: Demo, open_page: OpenPage, key: str, elder: bool
) -> None:
    person = Person(demo, key)
    # A second try begins where the first did.
    for one in person.get("/appointments", state="live")["items"]:
        if one["item"]["id"] == str(ITEM) and one["can_cancel"]:
            person.post(f"/appointments/{one['id']}/cancel", {"reason": ""})
    slot = free(person)
    booked = person.post("/appointments", {"slot_id": slot["id"], "item_id": str(ITEM)})
    watched = open_page()
    phone = walker(watched, demo, key, elder=elder)
    mark = "-elder" if elder else ""
    phone.show(f"/packages/appointments/ticket?id={booked['id']}")
    phone.top("#reschedule").click()
    expect(phone.says(re.compile("还能改 3 次"))).to_be_visible(timeout=PATIENT)
    other = phone.top(".slot.open").last
    expect(other).to_be_visible()
    assert not serious(watched)
    assert watched.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    other.click()
    watched.shot(f"phone-reschedule{mark}", full=True)
    phone.top("#next").click()
    expect(phone.top("[role=dialog]")).to_contain_text("改到")
    watched.shot(f"phone-reschedule-confirm{mark}")
    yes(phone, "确认改期")
    watched.page.wait_for_url(re.compile("appointments/ticket"))
    expect(phone.top("#reschedule")).to_be_visible()
    watched.shot(f"phone-rescheduled{mark}")
    now = person.get(f"/appointments/{booked['id']}")
    assert now["start"] != booked["start"]
    assert (now["reschedules_left"], now["receipt_number"]) == (2, booked["receipt_number"])
    person.post(f"/appointments/{booked['id']}/cancel", {"reason": ""})
