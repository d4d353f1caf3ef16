"""Prometheus metrics, summed over all web processes, readable only by whom they concern."""

import hmac
from collections.abc import Callable
from functools import cache

from flask import Flask, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from prometheus_client.registry import REGISTRY
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.http import context
from backend.kernel.errors import NotFound
from backend.kernel.services import Services

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REQUESTS = Counter("huying_requests_total", "HTTP requests", ["method", "route", "status"])
SECONDS = Histogram(
    "huying_request_seconds",
    "Seconds to answer",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    # A made-up method must not make a new series each time.
    method = method if method in METHODS else "OTHER"
    _count(method, route, status).inc()
    _seconds(method, route).observe(seconds)


# Methods, routes and states are few; looking a series up by its labels costs more than counting.
@cache
def _count(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@cache
def _seconds(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


def figure(services: Services, name: str, about: str, ask: Callable[[Session], int]) -> None:
    """Show a domain's figure too: `ask(session)` is called whenever the metrics are read."""
    services.extensions.setdefault("figures", {})[name] = about, ask


def register(app: Flask) -> None:
    """Serve /metrics to loopback, or to whoever holds METRICS_TOKEN."""

    @app.get("/metrics")
    def show_metrics() -> Response:
        services = context.services()
        token = services.settings.metrics_token
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        known = bool(token) and hmac.compare_digest(given.encode(), token.encode())
        # A proxy on this machine passes strangers on; what it forwards is not local.
        forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
        local = not token and not forwarded and request.remote_addr in ("127.0.0.1", "::1")
        if not (known or local):
            raise NotFound
        body = generate_latest(_registry()) + _from_database(services)
        return Response(body, content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    if "Mmap" not in getattr(values.ValueClass, "__name__", ""):
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped upstream
    return registry


def _from_database(services: Services) -> bytes:
    """Figures that belong to the whole installation, asked when scraped."""
    registry = CollectorRegistry()
    overdue = Gauge("huying_timers_overdue", "Timers past due", registry=registry)
    with services.db.transaction() as session:
        query = text("SELECT count(*) FROM timer WHERE fired_at IS NULL AND due < now()")
        overdue.set(session.scalar(query) or 0)
        for name, (about, ask) in services.extensions.get("figures", {}).items():
            Gauge(name, about, registry=registry).set(ask(session))
    return generate_latest(registry)
