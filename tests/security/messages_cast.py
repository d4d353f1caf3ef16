"""What the routes of messages take: a group of staff, a provider that reports."""

from typing import TYPE_CHECKING

from backend.domains.messages import hooks
from backend.kernel.access import Actor, Principal

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=f0000000-0000-4000-8000-000000000000"


def furnish(world: "DemoWorld") -> None:
    """One robot, and nobody it may be confused with."""
    by = Principal(Actor("staff", world.people["staff"].id, "管理员", "administrator"))
    with world.services.unit(by.actor) as uow:
        shown = hooks.add(uow, by, {
            "name": "城管局工作群", "dialect": "wecom", "unit_id": None, "address": ROBOT,
            "secret": "", "kinds": ["room_event_whistle"],
        })  # fmt: skip
    world.ids.update(staff_hook_id=shown["id"], sms_provider="sms_a")
