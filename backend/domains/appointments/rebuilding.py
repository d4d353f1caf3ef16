"""After a change of a hall's supply: who waits is asked, and the maker hears what came of it."""

from typing import Any

from appointments import waitlist
from appointments.model import Hall
from appointments.rebuilt import Rebuilt
from backend.domains.appointments import planning, staff, waiting, wording
from backend.kernel.uow import UnitOfWork


def feed(uow: UnitOfWork, hall: Hall) -> None:
    """Ask those who wait at a hall about places that came with a change of its supply."""
    for slot_id in waitlist.with_places(uow.session, hall, uow.now, uow.now):
        waiting.place_freed(uow, slot_id)


def settle(uow: UnitOfWork, hall: Hall, rebuilt: Rebuilt) -> dict[str, Any]:
    """Keep the new places for those who wait, and say which slots could not shrink."""
    planning.arm_slots(uow, hall.id)
    if rebuilt.grown:
        feed(uow, hall)
    names = {row.code: row.name for row in staff.groups(uow)}
    return {
        "changed": rebuilt.changed,
        "kept": [
            {
                "slot_id": one.slot_id,
                "group": one.group,
                "group_name": names.get(one.group, one.group),
                "channel": one.channel,
                "channel_text": wording.CHANNEL_TEXT[one.channel],
                "start": one.start,
                "end": one.end,
                "wanted": one.wanted,
                "taken": one.taken,
            }
            for one in rebuilt.kept
        ],
    }
