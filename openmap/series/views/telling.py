"""The organiser tells those who wait for a morning, once its mail was read."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.series import emails, queries
from openmap.series.forms import ButtonForm
from openmap.series.operations import wishes
from openmap.series.views.blueprint import blueprint, secret_key

SOMEBODYS_LINK = "LIEN-PERSONNEL"  # organisers read the mail, not the secret of whoever gets it


@blueprint.route("/manage/<slug>/news", methods=["GET", "POST"])
@organiser_required
def tell(slug: str) -> ResponseReturnValue:
    """How many wait, the mail as they will read it, and the button."""
    event, form = event_or_404(slug), ButtonForm()
    if not form.is_submitted():
        return _page(event, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    answer = url_for("series.tell", slug=slug)
    prepared = wishes.prepare_news(event, secret_key=secret_key())
    try:
        with unit_of_work():
            count = wishes.tell_of_edition(event, prepared, by=the_person(), at=now())
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(event, form), broken.status
    flash(ngettext("%(num)d courriel part.", "%(num)d courriels partent.", count), "success")
    return redirect(answer)


def _page(event: Event, form: ButtonForm) -> str:
    return render_template(
        "series/tell.html",
        event=event,
        form=form,
        count=len({wish.email for wish in queries.waiting_wishes(event)}),
        mail=emails.next_edition(event, recipient="", locale="fr", token=SOMEBODYS_LINK),
        told_count=queries.told_count(event),
        is_past=event.is_past(now()),
    )
