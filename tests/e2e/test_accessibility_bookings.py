"""The pages of what is booked, waited for and kept, with somebody's own behind them, for axe."""

from collections.abc import Callable

import pytest

from backend.kernel.ids import stable_id
from tests.e2e.bookings import RELIEF, Manager, afresh, booked, open_days
from tests.e2e.conftest import Watched
from tests.e2e.console import HALL, item
from tests.e2e.demo import Demo
from tests.e2e.life import patience, walker
from tests.e2e.people import Person
from tests.e2e.test_accessibility import walk

OpenPage = Callable[..., Watched]
DISTRICT = stable_id("hall", "district")
RESIDENCE, URGENT, VIDEO = item("GA006"), item("MZJ004"), item("GA003")
assert patience  # used by pytest


def visit_of(person: Person, day: str) -> str:
    """Two items one after the other, the last time of the day."""
    query = {"date": day, "item_ids": f"{RESIDENCE},{RELIEF}"}
    time = person.get(f"/halls/{HALL}/visit-times", **query)["items"][-1]
    parts = [{key: one[key] for key in ("item_id", "slot_id")} for one in time["parts"]]
    made: str = person.post("/visits", {"kind": "items", "parts": parts})["id"]
    return made


def video_of(person: Person) -> str:
    """A booking by video, not on the visit's day: three of a day are the most."""
    query = {"item_id": str(VIDEO), "video": "true"}
    days = person.get(f"/halls/{DISTRICT}/days", **query)["items"]
    date = [day["date"] for day in days if day["status"] == "open"][-2]
    slots = person.get(f"/halls/{DISTRICT}/slots", **query, date=date)["items"]
    slot = [one["id"] for one in slots if one["status"] == "open"][-1]
    wanted = {"slot_id": slot, "item_id": str(VIDEO), "video": True}
    made: str = person.post("/appointments", wanted)["id"]
    return made


def kept_and_waiting(person: Person, holder: Person, slot: str, day: str) -> tuple[str, str]:
    """A place kept for this person, and her waiting for another of the same day."""
    wanted = {"hall_id": str(HALL), "date": day}
    held = holder.post("/appointments", {"slot_id": slot, "item_id": str(RELIEF)})
    person.post("/waitlist", wanted | {"item_id": str(RELIEF)})
    holder.post(f"/appointments/{held['id']}/cancel", {"reason": ""})
    (offer,) = [one for one in person.get("/slot-offers")["items"] if one["state"] == "open"]
    entry = person.post("/waitlist", wanted | {"item_id": str(URGENT)})
    return offer["id"], entry["id"]


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_what_is_booked_waited_for_and_kept_is_accessible(
    demo: Demo, open_page: OpenPage, elder: bool
) -> None:
    key = "wang-xiulan" if elder else "he-jiayi"
    person, holder, manager = Person(demo, key), Person(demo, "li-xi"), Manager(demo)
    ours = (RELIEF, RESIDENCE, URGENT, VIDEO)
    for one in (person, holder):
        afresh(one, *ours)
    days = open_days(person, RELIEF)
    try:
        visit, video = visit_of(person, days[-1]), video_of(person)
        slot = manager.leave_one(days[-3])
        offer, entry = kept_and_waiting(person, holder, slot, days[-3])
        part = booked(person, RELIEF)[0]["id"]
        pages = [
            f"book?item={RELIEF}&hall={HALL}",
            f"several?item={RELIEF}&hall={HALL}",
            f"several?visit={visit}",
            f"visit?id={visit}",
            f"ticket?id={part}",
            f"ticket?id={video}",
            f"booked?id={part}",
            f"reschedule?id={part}",
            f"offer?id={offer}",
            f"waiting?id={entry}",
            "waitlist",
            f"agent?as=agent&item={RELIEF}&name=最低生活保障申请",
        ]
        phone = walker(open_page(), demo, key, elder=elder)
        mark = f"{'elder' if elder else 'normal'}-bookings"
        walk(demo, phone.watched, [f"/packages/appointments/{one}" for one in pages], mark)
    finally:
        for one in (person, holder):
            afresh(one, *ours)
        manager.give_back()
