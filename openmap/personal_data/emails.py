"""What leaves when someone changes address."""

from openmap.accounts.models import Person
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.personal_data.models import MailChange


def confirm_address(change: MailChange, person: Person, *, token: str) -> Mail:
    """To the new address: the link that proves it is theirs; the only place where it stands in clear."""
    key, locale = f"mail_change:{change.id}", person.locale
    return render_mail("confirm_address", key=key, recipient=change.email, locale=locale, person=person, token=token)


def address_changing(change: MailChange, person: Person) -> Mail:
    """To the present address: somebody asked for another one."""
    key, locale = f"mail_change:{change.id}", person.locale
    return render_mail("address_changing", key=key, recipient=person.email, locale=locale, person=person, change=change)
