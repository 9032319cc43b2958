"""« Prévenez-moi de la prochaine » : asked for on a page, confirmed and ended from a mail or from one's own space."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.limits import limiter
from openmap.core.web import get_or_404, select_language
from openmap.events.queries import find_series, next_edition
from openmap.series import queries
from openmap.series.forms import ButtonForm, WishForm
from openmap.series.models import NextEditionWish
from openmap.series.operations import wishes
from openmap.series.views.blueprint import blueprint, secret_key
from openmap.series.views.reading import series_answer

HOURLY_LIMIT = "30 per hour"  # of one address: an office is many people behind one
MAILBOX_LIMIT = "5 per hour;10 per day"  # a stranger's mailbox is not to be filled


def _mailbox() -> str:
    return request.form.get("email", "").strip().lower() or str(get_remote_address())


@blueprint.post("/series/<slug>/wish")
@limiter.limit(HOURLY_LIMIT, key_func=get_remote_address)
@limiter.limit(MAILBOX_LIMIT, key_func=_mailbox)
def wish(slug: str) -> ResponseReturnValue:
    """Note who wants to hear of the next morning; the answer is the same whether the mailbox is known or not."""
    series, form = get_or_404(find_series(slug)), WishForm()
    form.offer()
    if not form.validate_on_submit():
        return series_answer(series, form), 422
    with unit_of_work():
        wishes.make_wish(
            series,
            email=form.email.data or "",
            sector=form.chosen(),
            locale=select_language(),
            secret_key=secret_key(),
            at=now(),
        )
    flash(
        _("Un courriel part vers %(email)s : appuyez sur son bouton, et c’est fait.", email=form.email.data), "success"
    )
    return redirect(url_for("series.show", slug=slug))


@blueprint.route("/next-editions/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Show a button; only its POST confirms, since mail scanners open every link."""
    found = queries.wish_of_token(token, queries.CONFIRM, key=secret_key())
    if found is not None and request.method == "POST":
        with unit_of_work():
            wishes.confirm_wish(found, at=now())
    return _link_page("series/confirm.html", found, token)


@blueprint.route("/next-editions/end/<token>", methods=["GET", "POST"])
def end(token: str) -> ResponseReturnValue:
    """Show a button; its POST ends the mails of this series to this mailbox.

    Mail programs post here by themselves when their reader presses « Se désabonner » (RFC 8058): they bring no cookie,
    follow no redirect, and need no page.
    """
    found = queries.wish_of_token(token, queries.END, key=secret_key())
    if found is not None and request.method == "POST":
        with unit_of_work():
            wishes.end_wishes(found, by=None, at=now())
        if request.form.get("List-Unsubscribe") == "One-Click":
            return Response(_("C’est fait : nous ne vous écrirons plus pour ces matinales."), mimetype="text/plain")
        flash(_("C’est fait : nous ne vous écrirons plus pour ces matinales."), "success")
        return redirect(url_for("series.show", slug=found.series.slug))
    return _link_page("series/end.html", found, token)


@blueprint.get("/my-space/next-editions")
@person_required
def mine() -> ResponseReturnValue:
    """What the person signed in wants to hear of."""
    own = queries.wishes_of(the_person().email)
    return render_template("series/mine.html", wishes=own, series=queries.all_series())


@blueprint.post("/my-space/next-editions/<int:wish_id>/end")
@person_required
def end_mine(wish_id: int) -> ResponseReturnValue:
    """End one's own mails of a series."""
    own = next((each for each in queries.wishes_of(the_person().email) if each.id == wish_id), None)
    found = get_or_404(own)
    with unit_of_work():
        wishes.end_wishes(found, by=the_person(), at=now())
    flash(_("C’est fait : nous ne vous écrirons plus pour ces matinales."), "success")
    return redirect(url_for("series.mine"))


def _link_page(template: str, found: NextEditionWish | None, token: str) -> ResponseReturnValue:
    coming = next_edition(found.series, now()) if found else None
    page = render_template(template, wish=found, token=token, form=ButtonForm(formdata=None), coming=coming)
    answer = make_response(page, 200 if found else 410)
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer
