"""The door for gunicorn: `gunicorn backend.wsgi:app`."""

from backend import config
from backend.app import compose, create_app
from backend.domains.appointments.gate import Gate
from backend.domains.appointments.glances import Glances
from backend.kernel import logs

_settings = config.load()
logs.configure(_settings.log_level)
_services = compose(_settings)
app = create_app(_settings, _services)
_seen = Glances(app.wsgi_app, _services)
app.wsgi_app = Gate(_seen, _services)  # type: ignore[method-assign, assignment]  # Flask's documented way; its type is narrower
