"""Whose roadmap it is: the buyer's own people, and organisers on their behalf."""

from flask import abort

from openmap.accounts.access import the_person
from openmap.core.web import get_or_404
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import find_roadmap, may_write, need_of


def own_roadmap_or_404(slug: str) -> Roadmap:
    """The roadmap `slug`, if the person signed in may write it; someone else's and an absent one look alike."""
    roadmap = get_or_404(find_roadmap(slug))
    if not may_write(the_person(), roadmap.organisation_id):
        abort(404)
    return roadmap


def own_need_or_404(slug: str, need_id: int) -> Need:
    """One need of a roadmap that the person signed in may write."""
    return get_or_404(need_of(own_roadmap_or_404(slug), need_id))
