"""Blueprints whose routes all live below /api/v1 and show up in the OpenAPI document."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask_smorest import Blueprint

from backend.http.parsing import StrictParser

F = TypeVar("F", bound=Callable[..., Any])


class Routes(Blueprint):  # type: ignore[misc]  # untyped upstream
    """flask-smorest's, with our reading of bodies and queries, and with the types it lacks."""

    ARGUMENTS_PARSER = StrictParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {  # noqa: RUF012 - as flask-smorest declares it
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING, "upload": "multipart/form-data",
    }  # fmt: skip

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        """As upstream's: the path below /api/v1 and its methods."""
        return cast(Callable[[F], F], super().route(rule, **options))

    def arguments(self, schema: Any, **options: Any) -> Callable[[F], F]:
        """As upstream's: parse the body (or `location`) by `schema`."""
        return cast(Callable[[F], F], super().arguments(schema, **options))

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[F], F]:
        """As upstream's: serialise the answer by `schema`."""
        return cast(Callable[[F], F], super().response(status_code, schema, **options))

    def alt_response(self, status_code: int, **options: Any) -> Callable[[F], F]:
        """As upstream's: document another answer."""
        return cast(Callable[[F], F], super().alt_response(status_code, **options))

    def doc(self, **options: Any) -> Callable[[F], F]:
        """As upstream's: add to the operation's documentation."""
        return cast(Callable[[F], F], super().doc(**options))


def blueprint(name: str, description: str) -> Routes:
    """A blueprint for one domain; `description` heads its part of the API page."""
    return Routes(name, f"backend.{name}", url_prefix="/api/v1", description=description)
