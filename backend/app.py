"""The composition root: the only place that knows every part."""

import importlib
from pathlib import Path

from flask import Flask
from flask_smorest import Blueprint
from werkzeug.middleware.proxy_fix import ProxyFix

from backend.config import Settings
from backend.domains.appointments import wiring as appointments
from backend.domains.catalog import wiring as catalog
from backend.domains.community import wiring as community
from backend.domains.content import wiring as content
from backend.domains.deliberation import wiring as deliberation
from backend.domains.dispatch import messages_source
from backend.domains.dispatch import wiring as dispatch
from backend.domains.dispatch.routing_source import EventExamples
from backend.domains.grid import wiring as grid
from backend.domains.hotline import ports as hotline_ports
from backend.domains.hotline import wiring as hotline
from backend.domains.identity import wiring as identity
from backend.domains.insight import ports as insight_ports
from backend.domains.insight import wiring as insight
from backend.domains.knowledge import service as knowledge_service
from backend.domains.knowledge import wiring as knowledge
from backend.domains.messages import push_routes, report_routes
from backend.domains.messages import wiring as messages
from backend.domains.neighbourhood import wiring as neighbourhood
from backend.domains.open311 import wiring as open311
from backend.domains.patrols import wiring as patrols
from backend.domains.progress import routes as progress
from backend.domains.retrieval import wiring as retrieval
from backend.domains.routing import ports as routing_ports
from backend.domains.routing import wiring as routing
from backend.http import health, metrics, mutation, openapi, pages, problems, requests
from backend.kernel import sessions, trace_audit
from backend.kernel.clock import Clock, SystemClock
from backend.kernel.database import Database
from backend.kernel.files import FileStore
from backend.kernel.limits import Limiter
from backend.kernel.privacy import Privacy
from backend.kernel.redis import RedisLink
from backend.kernel.services import Services


def compose(
    settings: Settings, *, database: Database | None = None, clock: Clock | None = None
) -> Services:
    """Everything long-lived, wired together, without Flask; for web, worker, cli and tests."""
    services = Services(
        settings=settings,
        db=database or Database(settings.database_url),
        privacy=Privacy(settings.privacy_keys, settings.privacy_key_current),
        redis=RedisLink(settings.redis_url),
        limiter=Limiter(settings.redis_url or None),
        files=FileStore(Path(settings.data_dir) / "files"),
        clock=clock or SystemClock(),
    )
    services.extensions["principals"] = {}
    _wire_identity(services)
    grid.wire(services)
    patrols.wire(services)
    _wire_retrieval(services)
    _wire_catalog(services)
    _wire_knowledge(services)
    _wire_appointments(services)
    _wire_dispatch(services)
    _wire_hotline(services)
    _wire_community(services)
    _wire_messages(services)
    _wire_content(services)
    _wire_deliberation(services)
    _wire_neighbourhood(services)
    _wire_insight(services)
    _wire_routing(services)
    if settings.demo:
        _wire_demo(services)
    services.upkeep.add("purge", 3600, _purge)
    services.upkeep.add("trace checkpoint", 3600, _checkpoint)
    services.upkeep.add("unnamed files", 86400, _sweep)
    return services


def _purge(services: Services) -> None:
    """Forget what is kept for a day only: answers to repeated calls, ended sessions."""
    with services.unit() as uow:
        mutation.purge(uow)
        sessions.purge(uow)


def _sweep(services: Services) -> None:
    """Remove the bytes of files whose record is gone."""
    with services.unit() as uow:
        services.files.sweep(uow.session)


def _checkpoint(services: Services) -> None:
    """Close a period of the trace, so that later changes to it are found."""
    with services.unit() as uow:
        trace_audit.checkpoint(uow)


def _wire_identity(services: Services) -> None:
    """Identity: principals of residents and staff, the real-name provider."""
    identity.wire(services)


def _wire_retrieval(services: Services) -> None:
    """The search over everything that can answer; before those who register with it."""
    retrieval.wire(services)


def _wire_catalog(services: Services) -> None:
    """Catalogue: the search index and its embedder."""
    catalog.wire(services)


def _wire_knowledge(services: Services) -> None:
    """The knowledge base: days that come, corrections, what the search may find."""
    knowledge.wire(services)
    hotline_ports.register_articles(
        services,
        hotline_ports.Articles(
            knowledge_service.pinned, knowledge_service.live, knowledge_service.used
        ),
    )


def _wire_appointments(services: Services) -> None:
    """Appointments and progress: timers and presenters."""
    appointments.wire(services)


def _wire_dispatch(services: Services) -> None:
    """Events: deadlines, people's own calls, the live feed."""
    dispatch.wire(services)


def _wire_hotline(services: Services) -> None:
    """Tickets: deadlines, people's own matters, events that go on as tickets."""
    hotline.wire(services)


def _wire_community(services: Services) -> None:
    """The register of communities: people's own homes, proxies that run out."""
    community.wire(services)


def _wire_messages(services: Services) -> None:
    """WeChat and SMS clients, the delivery engine, and messages for domain events."""
    messages.wire(services)


def _wire_content(services: Services) -> None:
    """The check of what residents write, before others see it."""
    content.wire(services)


def _wire_deliberation(services: Services) -> None:
    """Topics and votes: deadlines, content checks, opinion maps, sealing."""
    deliberation.wire(services)


def _wire_neighbourhood(services: Services) -> None:
    """Community life: deadlines, content checks, people's own part in it."""
    neighbourhood.wire(services)


def _wire_insight(services: Services) -> None:
    """Hot issues, found among the events of dispatch."""
    insight.wire(services)
    insight_ports.register_source(services, messages_source.recent_messages)


def _wire_routing(services: Services) -> None:
    """Suggestions of categories and departments, learned from the events of dispatch."""
    routing.wire(services)
    routing_ports.register_source(services, EventExamples())


def _wire_demo(services: Services) -> None:
    """The demo's own providers; production never gets here.

    By name, because nothing in production imports the demo and a package may leave it out.
    """
    importlib.import_module("backend.demo.wiring").wire(services)


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """The web application: every route, one error shape, one OpenAPI document."""
    services = services or compose(settings)
    app = Flask(__name__, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["huying"] = services
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's documented way
    requests.register(app)
    api = openapi.make_api(app)
    problems.register(app)
    for blueprint in _blueprints(settings):
        api.register_blueprint(blueprint)
    _register_plain_routes(app)
    openapi.register(app, api)
    health.register(app)
    metrics.register(app)
    pages.register(app)
    return app


def _blueprints(settings: Settings) -> list[Blueprint]:
    """The routes of every domain, in the order the API page shows them."""
    found: list[Blueprint] = [*identity.blueprints(), *catalog.blueprints()]
    found += knowledge.blueprints()
    found += [*appointments.blueprints(), progress.bp]
    found += [*grid.blueprints(), *patrols.blueprints(), *dispatch.blueprints()]
    found += hotline.blueprints()
    found += community.blueprints()
    found += content.blueprints()
    found += deliberation.blueprints()
    found += neighbourhood.blueprints()
    found += [*messages.blueprints(), *insight.blueprints(), *open311.blueprints()]
    if settings.demo:
        found += importlib.import_module("backend.demo.wiring").blueprints()
    return found


def _register_plain_routes(app: Flask) -> None:
    """Routes outside /api/v1: WeChat's push, SMS reports, Open311."""
    app.register_blueprint(push_routes.bp)
    app.register_blueprint(report_routes.bp)
    for blueprint in [*open311.plain_blueprints(), *hotline.plain_blueprints()]:
        app.register_blueprint(blueprint)
