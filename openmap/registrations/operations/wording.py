"""What the trail says of someone who acts for another."""

from openmap.accounts.models import Person
from openmap.registrations.models import Registration


def on_behalf(registration: Registration, by: Person | None) -> dict[str, str]:
    """What an action done in a participant's name by somebody else adds: an organiser on the phone, for instance."""
    if by is None or by.id == registration.contact.person_id:
        return {}
    return {"on_behalf_of": registration.ref}
