"""Choosing the sectors one is told of, and ending it from a mail without signing in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.web import get_or_404
from openmap.organisations.enums import Sector
from openmap.roadmaps import operations, queries
from openmap.roadmaps.emails import follower_in
from openmap.roadmaps.forms import FollowForm, StateForm, member
from openmap.roadmaps.models import Follower
from openmap.roadmaps.views.blueprint import blueprint


@blueprint.route("/roadmaps/follow", methods=["GET", "POST"])
@person_required
def follow() -> ResponseReturnValue:
    """The sectors whose new needs come by mail."""
    follower = queries.follower_of(the_person())
    if request.method != "POST":
        wanted = member(Sector, request.args.get("sector"))
        followed = sorted({*(follower.sectors if follower else ()), *([wanted] if wanted else ())})
        return render_template("roadmaps/follow.html", form=FollowForm(sectors=followed), follower=follower)
    form = FollowForm()
    if not form.validate_on_submit():
        return render_template("roadmaps/follow.html", form=form, follower=follower), 422
    with unit_of_work():
        operations.follow_sectors(the_person(), form.chosen(), by=the_person(), at=now())
    if form.chosen():
        flash(_("C’est noté : vous recevrez un courriel par jour au plus, seulement s’il y a du nouveau."), "success")
    else:
        flash(_("Vous ne suivez plus aucun secteur."), "success")
    return redirect(url_for("roadmaps.follow"))


@blueprint.route("/roadmaps/unfollow/<token>", methods=["GET", "POST"])
def unfollow(token: str) -> ResponseReturnValue:
    """End the mails from a mail's link; opening it changes nothing, since mail scanners open every link."""
    follower_id, person_id = get_or_404(follower_in(token))
    follower = _follower(follower_id, person_id)
    if request.method == "POST" and follower is not None and StateForm().validate_on_submit():
        with unit_of_work():
            operations.unfollow(follower, by=None, at=now())
        follower = None
    return render_template("roadmaps/unfollow.html", follower=follower, token=token)


def _follower(follower_id: int, person_id: int) -> Follower | None:
    found = queries.follower_with(follower_id)
    return found if found is not None and found.person_id == person_id else None
