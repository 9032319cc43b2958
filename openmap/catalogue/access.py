"""Who may read the catalogue of a morning: those let in, and organisers."""

from flask import abort, request

from openmap.accounts.access import the_person
from openmap.events.models import Event
from openmap.registrations.models import Registration
from openmap.registrations.queries import registrations_at


def readers_or_404(event: Event) -> list[Registration]:
    """The participants for whom the person signed in may read; none for an organiser who takes part in nothing."""
    person = the_person()
    own = [registration for registration in registrations_at(event, person) if registration.is_approved]
    if not own and not person.is_organiser:
        abort(404)
    return own


def chosen_reader(readers: list[Registration]) -> Registration | None:
    """The participant that the address names (`for=S001`), else the first one."""
    wanted = request.args.get("for", "")
    return next((reader for reader in readers if reader.ref == wanted), readers[0] if readers else None)
