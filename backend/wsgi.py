"""The door for gunicorn: `gunicorn backend.wsgi:app`."""

from backend import config
from backend.app import create_app
from backend.http.turns import Turns
from backend.kernel import logs

_settings = config.load()
logs.configure(_settings.log_level)
app = create_app(_settings)
app.wsgi_app = Turns(app.wsgi_app, _settings.web_threads)  # type: ignore[method-assign, assignment]  # Flask's documented way; its type is narrower
