"""Small WSGI applications that the house is measured beside, under the same gunicorn."""
