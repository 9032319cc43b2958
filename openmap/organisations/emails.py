"""What a colleague gets who is asked to become a contact."""

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import ColleagueInvitation


def colleague_invited(invitation: ColleagueInvitation, *, token: str) -> Mail:
    """Who asks, for what, and the link; the only place where it stands in clear."""
    return render_mail(
        "colleague_invited",
        key=f"colleague:{invitation.token_hash[:32]}",
        recipient=invitation.email,
        invitation=invitation,
        roles=[role for role in ContactRole if role in invitation.roles],
        token=token,
    )
