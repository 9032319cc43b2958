"""What people get when they sign in."""

from openmap.accounts.models import SignInChallenge
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail


def sign_in(challenge: SignInChallenge, *, token: str, code: str) -> Mail:
    """The link and the code; the only place where both stand in clear."""
    person = challenge.person
    return render_mail(
        "sign_in",
        key=f"challenge:{challenge.id}",
        recipient=person.email,
        locale=person.locale,
        person=person,
        token=token,
        code=code,
    )
