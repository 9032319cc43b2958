"""Signing in without a password: a mailed link or code, used once, then a session kept on the server."""

from datetime import datetime, timedelta

from openmap.accounts import emails, queries
from openmap.accounts.models import LoginSession, Person, SignInChallenge
from openmap.core import audit, outbox
from openmap.core.db import session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark
from openmap.core.tokens import fingerprint, random_code, random_token, same

LINK_LIFETIME = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(days=14)
CODE_TRIES = 5


class LinkNoLongerValid(RuleBroken):
    """The link was used, is too old, or never existed."""

    message = mark("Ce lien n’est plus valable : il a déjà servi, ou il est trop ancien. Demandez-en un nouveau.")
    status = 410


def start_sign_in(person: Person, *, next_path: str, secret_key: str, at: datetime) -> SignInChallenge:
    """Mail `person` a link and a code, both good for half an hour."""
    token, code = random_token(), random_code()
    challenge = _challenge(
        person, token=token, code=code, next_path=next_path, lifetime=LINK_LIFETIME, secret_key=secret_key, at=at
    )
    outbox.enqueue(emails.sign_in(challenge, token=token, code=code), at=at)
    return challenge


def issue_link(person: Person, *, lifetime: timedelta, secret_key: str, at: datetime, next_path: str = "") -> str:
    """Return the token of a link handed over by other means than mail (a demonstration's terminal)."""
    token, code = random_token(), random_code()
    _challenge(person, token=token, code=code, next_path=next_path, lifetime=lifetime, secret_key=secret_key, at=at)
    return token


def use_link(token: str, *, secret_key: str, at: datetime) -> SignInChallenge:
    """Consume a link; raises LinkNoLongerValid."""
    challenge = queries.challenge_of_link(fingerprint(token, key=secret_key), at=at, locked=True)
    if challenge is None:
        raise LinkNoLongerValid
    challenge.used_at = at
    audit.record(challenge.person, "person.signed_in", challenge.person, at=at, by_what="link")
    return challenge


def try_code(challenge: SignInChallenge, code: str, *, secret_key: str, at: datetime) -> bool:
    """Count one try and tell whether `code` opens the door; after five tries no code does any more.

    A wrong code is no exception: its try must be stored.
    """
    if challenge.used_at or at >= challenge.expires_at or challenge.tries >= CODE_TRIES:
        return False
    challenge.tries += 1
    if not same(challenge.code_hash, fingerprint(code, key=secret_key)):
        return False
    challenge.used_at = at
    audit.record(challenge.person, "person.signed_in", challenge.person, at=at, by_what="code")
    return True


def open_session(person: Person, *, secret_key: str, at: datetime) -> str:
    """Open a session on the server and return the key that the browser keeps."""
    key = random_token()
    session.add(
        LoginSession(
            person_id=person.id,
            key_hash=fingerprint(key, key=secret_key),
            created_at=at,
            expires_at=at + SESSION_LIFETIME,
        )
    )
    return key


def end_session(login_session: LoginSession, *, at: datetime) -> None:
    """Sign out: the key opens nothing any more."""
    login_session.ended_at = at


def _challenge(
    person: Person,
    *,
    token: str,
    code: str,
    next_path: str,
    lifetime: timedelta,
    secret_key: str,
    at: datetime,
) -> SignInChallenge:
    challenge = SignInChallenge(
        person=person,
        link_hash=fingerprint(token, key=secret_key),
        code_hash=fingerprint(code, key=secret_key),
        next_path=next_path,
        created_at=at,
        expires_at=at + lifetime,
    )
    session.add(challenge)
    session.flush()
    return challenge
