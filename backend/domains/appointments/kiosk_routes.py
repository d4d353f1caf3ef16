"""Machines at the door over HTTP: set up by a hall, used with the machine's own key."""

from typing import Any
from uuid import UUID

from backend.domains.appointments import kiosk_schemas as k
from backend.domains.appointments import kiosks
from backend.domains.appointments import staff_schemas as s
from backend.domains.appointments.door import Comer
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation

staff_bp = blueprint("staff_kiosks", "自助机：登记、停用")
bp = blueprint("kiosks", "自助机：签到、现场取号")


@staff_bp.route("/staff/halls/<uuid:hall_id>/kiosks", methods=["GET"])
@guards.staff("appointments.view")
@staff_bp.response(200, k.KioskListSchema)
def list_kiosks(hall_id: UUID) -> dict[str, Any]:
    """The hall's machines, those in use first."""
    return {"items": kiosks.listed(uow(), principal(), hall_id)}


@staff_bp.route("/staff/halls/<uuid:hall_id>/kiosks", methods=["POST"])
@guards.staff("schedules.edit")
@mutation(replay=False)
@staff_bp.arguments(k.NewKioskSchema)
@staff_bp.response(201, k.MadeKioskSchema)
def make_kiosk(body: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """A new machine; its key is told once."""
    return kiosks.make(uow(), principal(), hall_id, body["name"])


@staff_bp.route("/staff/halls/<uuid:hall_id>/kiosks/<uuid:kiosk_id>", methods=["DELETE"])
@guards.staff("schedules.edit")
@mutation
@staff_bp.response(204)
def end_kiosk(hall_id: UUID, kiosk_id: UUID) -> None:
    """The machine's key opens nothing from now on."""
    kiosks.end(uow(), principal(), hall_id, kiosk_id)


@bp.route("/kiosk/hall", methods=["GET"])
@guards.kiosk
@bp.response(200, k.KioskHomeSchema)
def show_hall() -> dict[str, Any]:
    """The hall, its business with the queues, and what is done here."""
    return kiosks.home(uow(), principal())


@bp.route("/kiosk/check-ins", methods=["POST"])
@guards.kiosk
@mutation
@bp.arguments(s.CheckInSchema)
@bp.response(200, k.KioskTicketSchema)
def check_in(body: dict[str, Any]) -> dict[str, Any]:
    """The ticket of today's booking for a QR code, six digits or an identity card."""
    return kiosks.check_in(uow(), principal(), **body)


@bp.route("/kiosk/walk-ins", methods=["POST"])
@guards.kiosk
@mutation
@bp.arguments(k.KioskWalkInSchema)
@bp.response(201, k.KioskTicketSchema)
def walk_in(body: dict[str, Any]) -> dict[str, Any]:
    """A ticket for who has no booking."""
    comer = Comer(body["name"], body["id_number"])
    return kiosks.walk_in(uow(), principal(), comer, item_id=body["item_id"], group=body["group"])
