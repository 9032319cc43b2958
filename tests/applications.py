"""The application that stories share: built once, with fresh data, settings and limits for each of them.

To build it takes longer than most stories, and each new one reads its templates and compiles its queries again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from openmap.app import create_app
from openmap.config import Config, read_config
from openmap.core import clock
from openmap.core.db import db
from openmap.core.limits import limiter

DATABASE = "openmap.sqlite"
SECRET = "secret_key"


class SharedApp:
    """One application with its data folder, for one story after the other."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.config = settings_for(folder, **settings)
        self._app = create_app(self.config)
        self._settings = dict(self._app.config)

    def forget(self) -> None:
        """Empty the data folder: nothing of an earlier story is left, but the secret that both sign with."""
        for path in self.config.data_dir.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != SECRET:
                path.unlink()

    @contextmanager
    def story(self) -> Iterator[Flask]:
        """The application as it was built, with its context open so that a story can look at the rows."""
        clock.shift(self.config.clock_offset)
        limiter.reset()
        try:
            with open_rows(self._app):
                yield self._app
        finally:
            self._app.config.clear()
            self._app.config.update(self._settings)


@contextmanager
def open_rows(app: Flask) -> Iterator[None]:
    """The context of `app`; no connection outlives it."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def settings_for(folder: Path, **settings: str) -> Config:
    """Settings read from an environment as in real life."""
    environ = {
        "OPENMAP_DATA_DIR": str(folder),
        "OPENMAP_MAIL_DELIVERY": "site",
        "OPENMAP_PUBLIC_URL": "http://localhost",
    }
    return read_config(environ | settings)
