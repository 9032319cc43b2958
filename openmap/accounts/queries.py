"""People and their sign-ins."""

from datetime import datetime

from sqlalchemy import select

from openmap.accounts.models import LoginSession, Person, SignInChallenge
from openmap.core.db import session


def person_with_email(email: str) -> Person | None:
    """The person known by this address, whatever its case."""
    return session.scalars(select(Person).filter_by(email=email.strip().lower())).one_or_none()


def challenge_of_link(link_hash: str, *, at: datetime, locked: bool = False) -> SignInChallenge | None:
    """The challenge this link still opens at `at`; `locked` holds it until the end of the unit of work."""
    found = select(SignInChallenge).where(
        SignInChallenge.link_hash == link_hash,
        SignInChallenge.used_at.is_(None),
        SignInChallenge.expires_at > at,
    )
    return session.scalars(found.with_for_update() if locked else found).one_or_none()


def challenge(challenge_id: int) -> SignInChallenge | None:
    """One challenge by its key, held until the end of the unit of work."""
    return session.scalars(select(SignInChallenge).filter_by(id=challenge_id).with_for_update()).one_or_none()


def open_login_session(key_hash: str, *, at: datetime) -> LoginSession | None:
    """The session this key opens at `at`, unless it was ended."""
    found = select(LoginSession).where(
        LoginSession.key_hash == key_hash, LoginSession.ended_at.is_(None), LoginSession.expires_at > at
    )
    return session.scalars(found).one_or_none()
