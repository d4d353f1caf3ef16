"""The door for gunicorn: `gunicorn backend.wsgi:app`."""

from backend import config
from backend.app import create_app
from backend.kernel import logs

_settings = config.load()
logs.configure(_settings.log_level)
app = create_app(_settings)
