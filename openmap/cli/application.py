"""The application as commands open it: migrated, and with errors told in a sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_babel import force_locale
from flask_migrate import upgrade
from sqlalchemy.exc import DatabaseError

from openmap.app import create_app
from openmap.core.db import db, session
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.events.models import Event
from openmap.events.queries import find_event


@contextmanager
def opened_application(*, migrates: bool = False) -> Iterator[Flask]:
    """The application with its context; a broken rule or a database that is away ends the command with a sentence."""
    app = create_app()
    with app.app_context():
        try:
            if migrates:
                upgrade()
            else:
                _check_migrated(app)
            yield app
        except RuleBroken as broken:
            with force_locale("en"):
                raise click.ClickException(told(broken)) from broken
        except DatabaseError as trouble:
            raise click.ClickException(f"the database does not answer as it should: {trouble.orig}") from trouble
        finally:
            session.remove()
            db.engine.dispose()


def _check_migrated(app: Flask) -> None:
    wanted = ScriptDirectory(app.extensions["migrate"].directory).get_current_head()
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise click.ClickException("the database is not that of this version: run `openmap migrate` first")


def known_event(slug: str) -> Event:
    """The morning `slug`; the command ends when there is none."""
    event = find_event(slug)
    if event is None:
        raise click.BadParameter(f"there is no morning {slug!r}", param_hint="EVENT")
    return event


def cannot_listen(error: OSError, host: str, port: int) -> click.ClickException:
    """Say why a port can't be served."""
    if error.errno == errno.EADDRINUSE:
        return click.ClickException(
            f"port {port} of {host} is in use: stop the program that uses it, or choose another with --port"
        )
    return click.ClickException(f"can't listen on port {port} of {host}: {error.strerror}")
