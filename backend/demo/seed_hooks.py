"""Two groups of staff at the stand-in, so that the demo shows what units are told."""

from sqlalchemy import select

from backend.demo import register
from backend.demo.standin_hooks import WEBHOOK_SECRET
from backend.domains.messages import hooks, kinds_rooms
from backend.domains.messages.hook_model import StaffHook
from backend.domains.messages.hook_rules import WEBHOOK, WECOM, WECOM_PATH
from backend.kernel.access import Actor, Principal
from backend.kernel.ids import stable_id
from backend.kernel.services import Services

_ROBOT = "越和街工作群"
_SYSTEM = "区热线中心值班系统"


def seed(services: Services) -> int:
    """Add them once, where a stand-in listens; how many were new."""
    base = services.settings.standin_url
    by = Principal(Actor("staff", register.staff_id("wulei"), "吴磊", "administrator"))
    with services.unit(by.actor) as uow:
        if not base or uow.session.scalar(select(StaffHook.id).limit(1)) is not None:
            return 0
        street = {kinds_rooms.CALL, kinds_rooms.ESCALATED, kinds_rooms.DOUBT}
        centre = {kinds_rooms.TICKET, kinds_rooms.TICKET_OVERDUE, kinds_rooms.REVIEW}
        hooks.add(uow, by, {
            "name": _ROBOT, "dialect": WECOM, "unit_id": stable_id("street", "yuehe"),
            "address": f"{base}{WECOM_PATH}?key=demo-robot-yuehe", "secret": "",
            "kinds": [kind.key for kind in street],
        })  # fmt: skip
        hooks.add(uow, by, {
            "name": _SYSTEM, "dialect": WEBHOOK, "unit_id": None, "secret": WEBHOOK_SECRET,
            "address": f"{base}/hooks/receive", "kinds": [kind.key for kind in centre],
        })  # fmt: skip
        return 2
