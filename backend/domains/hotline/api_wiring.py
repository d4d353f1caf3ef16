"""How the desks' side of the hotline joins the application."""

from flask import Blueprint
from flask_smorest import Blueprint as ApiBlueprint

from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import (
    action_routes,
    calls,
    cti_routes,
    drafts,
    limit_routes,
    own_data,
    progress_view,
    question_routes,
    resident_routes,
    script_routes,
    staff_routes,
)
from backend.domains.hotline.hot_source import recent_messages
from backend.domains.hotline.ticket_door import Door
from backend.domains.hotline.training_source import TicketExamples
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.insight import ports as insight
from backend.domains.progress.service import register_presenter
from backend.domains.routing import ports as routing
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Progress, people's own data, events that go on as tickets, learning, old drafts."""
    register_presenter(services, "ticket", progress_view.matters)
    identity.register_exporter("tickets", own_data.export)
    identity.register_open_matters("tickets", own_data.open_matters)
    services.events.subscribe(PersonClosed, own_data.forget)
    services.events.subscribe(PersonMerged, own_data.move)
    dispatch.register_tickets(services, Door())
    routing.register_source(services, TicketExamples())
    insight.register_source(services, recent_messages)
    services.upkeep.add("ticket drafts", 86400, drafts.purge)
    services.upkeep.add("call numbers", 86400, calls.purge)


def blueprints() -> list[ApiBlueprint]:
    """The routes in the order the API page shows them: residents, operators, staff."""
    return [
        resident_routes.bp,
        question_routes.bp,
        cti_routes.bp,
        staff_routes.bp,
        action_routes.bp,
        limit_routes.bp,
        script_routes.bp,
    ]


def plain_blueprints() -> list[Blueprint]:
    """The exchange's own door, outside /api/v1."""
    return [cti_routes.plain]
