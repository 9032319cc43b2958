"""Whose organisation it is: its own people, and organisers on its behalf."""

from flask import abort

from openmap.accounts.access import the_person
from openmap.core.web import get_or_404
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Organisation
from openmap.organisations.queries import find_organisation, main_contact, may_act


def own_organisation_or_404(organisation_id: int, role: ContactRole | None = None) -> Organisation:
    """The organisation, if the person signed in may do `role` for it, or anything when no role is named.

    Someone else's and an absent one look alike. Organisers may act for anyone, on record.
    """
    person = the_person()
    organisation = get_or_404(find_organisation(organisation_id))
    if not person.is_organiser and not may_act(person, organisation.id, role):
        abort(404)
    return organisation


def speaks_for(organisation: Organisation) -> bool:
    """Whether the person signed in decides who the contacts are: the main contact, or an organiser."""
    person = the_person()
    main = main_contact(organisation)
    return person.is_organiser or (main is not None and main.person_id == person.id)


def own_to_manage_or_404(organisation_id: int) -> Organisation:
    """The organisation, for those who decide who its contacts are."""
    organisation = own_organisation_or_404(organisation_id)
    if not speaks_for(organisation):
        abort(404)
    return organisation
