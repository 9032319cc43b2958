"""What each side is told."""

from openmap.accounts.models import Person
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.organisations.delegating import Delegation
from openmap.organisations.models import Organisation


def delegation_told(delegation: Delegation, person: Person, *, body: Organisation, what: str) -> Mail:
    """`what` is asked, given or ended; `body` is the one whose person is told."""
    return render_mail(
        "delegation",
        key=f"delegation:{delegation.id}:{what}:{body.id}",
        recipient=person.email,
        locale=person.locale,
        person=person,
        delegation=delegation,
        body=body,
        what=what,
    )
