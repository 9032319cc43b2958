"""The organiser takes a past morning away, for the archive."""

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required
from openmap.core.clock import now
from openmap.events.access import event_or_404
from openmap.series.archive import morning_archive
from openmap.series.views.blueprint import blueprint, secret_key


@blueprint.get("/manage/<slug>/archive.zip")
@organiser_required
def archive(slug: str) -> ResponseReturnValue:
    """One file with everything of a past morning but people; none before its day is over."""
    event = event_or_404(slug)
    if not event.is_past(now()):
        abort(404)
    answer = Response(morning_archive(event, key=secret_key(), worded=_), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{slug}-archive.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
