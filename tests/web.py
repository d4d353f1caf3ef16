"""The web application for tests, without making its hundreds of routes anew for each of them."""

import copy

from flask import Flask

from backend.app import create_app
from backend.kernel.services import Services

# By whether it is the demo, which is all that the routes depend on.
_made: dict[bool, Flask] = {}


def web_app(services: Services) -> Flask:
    """The application over `services`, as `create_app` makes it.

    Making the routes takes most of a second, and they are the same for every installation of a
    kind. Each caller gets an application of its own (settings, extensions, client class) that
    shares the map of routes; whoever adds a route of a test's own calls `create_app`.
    """
    if services.settings.trusted_proxies:
        # The middleware for proxies is bound to the one application it was made for.
        return create_app(services.settings, services)
    made = _made.get(services.settings.demo)
    if made is None:
        made = _made[services.settings.demo] = create_app(services.settings, services)
        # It serves nobody itself, and keeps no installation alive.
        made.extensions["huying"] = None
    app = copy.copy(made)
    app.config = copy.copy(made.config)
    app.extensions = {**made.extensions, "huying": services}
    return app
