"""The door for gunicorn: `gunicorn backend.wsgi:app`."""

import sys

from backend import config
from backend.app import create_app
from backend.kernel import logs

# A thread that comes back from the database waits for its turn at the interpreter; with the
# default of 5 ms and a dozen statements a request, that wait would be most of the request.
sys.setswitchinterval(0.0005)
_settings = config.load()
logs.configure(_settings.log_level)
app = create_app(_settings)
