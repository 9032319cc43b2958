"""The application for a WSGI server: `waitress-serve wsgi:app`, `gunicorn wsgi:app`."""

from openmap.app import create_app
from openmap.core.logs import start_logging

start_logging(shows_requests=True)
app = create_app()
