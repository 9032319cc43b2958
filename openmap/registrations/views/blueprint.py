"""The blueprint of registrations, and the drafts that a browser holds."""

from flask import Blueprint, abort, current_app
from flask import session as browser

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.tokens import fingerprint, same
from openmap.core.web import get_or_404
from openmap.events.models import Event
from openmap.organisations.departements import departement_label
from openmap.organisations.enums import OrganisationKind
from openmap.registrations import queries
from openmap.registrations.models import RegistrationDraft

blueprint = Blueprint("registrations", __name__, url_prefix="/events/<slug>/registrations")
blueprint.add_app_template_filter(departement_label, "departement")

# The word of each kind in addresses, which is the name of its first page too.
ENDPOINTS = {
    OrganisationKind.STRUCTURE: "structure",
    OrganisationKind.BUYER: "desk",
    OrganisationKind.PARTNER: "partner",
    OrganisationKind.VISITOR: "visitor",
}
DRAFTS = "drafts"
HELD_LIMIT = 6  # the cookie is small


def secret_key() -> str:
    """The key under which tokens are stored."""
    return str(current_app.config["SECRET_KEY"])


def hold(draft: RegistrationDraft, token: str) -> None:
    """Let this browser open a draft."""
    held = {**_held(), str(draft.id): token}
    browser[DRAFTS] = dict(list(held.items())[-HELD_LIMIT:])


def let_go(draft_id: int) -> None:
    """Forget a draft that is over."""
    browser[DRAFTS] = {key: token for key, token in _held().items() if key != str(draft_id)}


def held_draft_or_404(event: Event, draft_id: int) -> RegistrationDraft:
    """A draft that this browser holds, or that stands under the proven address of whoever is signed in."""
    draft = get_or_404(queries.find_draft(event, draft_id, at=now()))
    if not _is_held(draft) and not _is_own(draft):
        abort(404)
    return draft


def held_drafts(event: Event) -> list[RegistrationDraft]:
    """The drafts of a morning that this browser may open, the last one first."""
    keys = [int(key) for key in _held() if key.isdecimal()]
    found = (queries.find_draft(event, key, at=now()) for key in reversed(keys))
    held = [draft for draft in found if draft is not None and _is_held(draft)]
    person = current_person()
    own = queries.drafts_of(person, at=now()) if person else []
    return held + [draft for draft in own if draft.event_id == event.id and draft not in held]


def _held() -> dict[str, str]:
    held = browser.get(DRAFTS)
    return held if isinstance(held, dict) else {}


def _is_held(draft: RegistrationDraft) -> bool:
    token = _held().get(str(draft.id), "")
    return bool(token) and same(draft.browser_hash, fingerprint(token, key=secret_key()))


def _is_own(draft: RegistrationDraft) -> bool:
    person = current_person()
    return person is not None and draft.entered_by_id is None and draft.email == person.email
