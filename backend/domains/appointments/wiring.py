"""How appointments join the application: deadlines, progress, places, people's own data."""

from flask_smorest import Blueprint

from backend.domains.appointments import (
    calendar_routes,
    calendars,
    consent_routes,
    consents,
    deadlines,
    fairness_routes,
    hall_routes,
    halls,
    keeping,
    kiosk_routes,
    kiosks,
    limit_routes,
    paper_routes,
    reconciling,
    roster_routes,
    routes,
    service,
    staff_routes,
    supply_routes,
    video_routes,
    visit_routes,
    waiting_routes,
    workday_routes,
)
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed
from backend.domains.organisation import service as organisation
from backend.domains.organisation.service import Place
from backend.domains.progress.service import register_presenter
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


def wire(services: Services) -> None:
    """Tell the timers, progress, organisation and identity what they can ask here."""
    deadlines.register(services.timers)
    reconciling.register(services)
    keeping.register(services)
    register_presenter(services, "appointment", service.matters)
    organisation.register_places(services.extensions, "hall", _places)
    services.extensions["principals"]["kiosk"] = kiosks.principal_of
    identity.register_exporter("appointments", service.export)
    identity.register_exporter("calendar_feed", calendars.export)
    identity.register_exporter("agent_consents", consents.export)
    identity.register_exporter("waiting", keeping.export)
    identity.register_open_matters("appointments", service.open_matters)
    services.events.subscribe(PersonClosed, _forget)


def blueprints() -> list[Blueprint]:
    """The routes for residents and for the hall's staff."""
    return [
        routes.bp,
        calendar_routes.bp,
        waiting_routes.bp,
        fairness_routes.bp,
        staff_routes.bp,
        hall_routes.bp,
        kiosk_routes.bp,
        kiosk_routes.staff_bp,
        limit_routes.bp,
        paper_routes.bp,
        consent_routes.bp,
        visit_routes.bp,
        supply_routes.bp,
        workday_routes.bp,
        roster_routes.bp,
        video_routes.bp,
    ]


def _places(uow: UnitOfWork) -> list[Place]:
    return [Place(hall.id, hall.code, hall.name) for hall in halls.all_halls(uow)]


def _forget(uow: UnitOfWork, event: PersonClosed) -> None:
    service.forget_person(uow, event.person_id)
    calendars.forget(uow, event.person_id)
    consents.forget_person(uow, event.person_id)
    keeping.forget_person(uow, event.person_id)
