"""What guests get: the invitation and its reminders, each with the personal link and the way to say no."""

from dataclasses import replace
from datetime import datetime

from markupsafe import escape

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.events.models import Event
from openmap.invitations.models import Invitation
from openmap.invitations.reading import Guest


def guest_invited(event: Event, guest: Guest, *, nonce: str, token: str, message: str, locale: str) -> Mail:
    """The morning, why to come, the link; `message` is the organiser's own word, "" for none."""
    return render_mail(
        "guest_invited",
        key=f"invitation:{nonce}",
        recipient=guest.email,
        locale=locale,
        event=event,
        guest=guest,
        token=token,
        message=message,
    )


def personal(mail: Mail, guest: Guest, *, nonce: str, token: str, blank: Guest, blank_token: str) -> Mail:
    """The invitation `mail` of a guest named `blank` made another guest's: a long list is not rendered line by line."""
    text = mail.text.replace(blank_token, token)
    html = mail.html.replace(blank_token, token)
    if blank.name:
        text, html = text.replace(blank.name, guest.name), html.replace(blank.name, escape(guest.name))
    return replace(mail, key=f"invitation:{nonce}", recipient=guest.email, text=text, html=html)


def guest_reminded(invitation: Invitation, *, token: str, at: datetime) -> Mail:
    """The same link again, with the time that is left."""
    return render_mail(
        "guest_reminded",
        key=f"invitation:{invitation.nonce}:{invitation.reminder_count + 1}",
        recipient=invitation.email,
        locale=invitation.locale,
        event=invitation.event,
        guest=invitation,
        token=token,
        at=at,
    )
