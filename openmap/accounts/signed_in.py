"""Flask-Login's view of a session kept on the server."""

from flask import Flask, current_app, g
from flask_login import LoginManager, UserMixin

from openmap.accounts.models import LoginSession, Person
from openmap.accounts.queries import open_login_session
from openmap.core.clock import now
from openmap.core.tokens import fingerprint

login_manager = LoginManager()


class SignedIn(UserMixin):
    """The person behind the current request, through one open session."""

    def __init__(self, key: str, login_session: LoginSession) -> None:
        self.key = key
        self.login_session = login_session

    def get_id(self) -> str:
        """What the browser keeps: the session's key, never the person's."""
        return self.key

    @property
    def person(self) -> Person:
        """Who is signed in."""
        return self.login_session.person

    @property
    def name(self) -> str:
        """How pages call the person."""
        return self.person.display_name

    @property
    def locale(self) -> str:
        """The language of the person's mails and pages."""
        return self.person.locale

    @property
    def is_organiser(self) -> bool:
        """Whether pages show the organiser's doors."""
        return self.person.is_organiser


def _load(key: str) -> SignedIn | None:
    g.person_seen = True  # an answer that may name its reader is kept by no cache
    found = open_login_session(fingerprint(key, key=current_app.config["SECRET_KEY"]), at=now())
    return SignedIn(key, found) if found else None


def init_sign_in(app: Flask) -> None:
    """Let requests know who is signed in."""
    login_manager.session_protection = None  # the session is on the server: there is nothing to protect in a cookie
    login_manager.user_loader(_load)
    login_manager.init_app(app)
