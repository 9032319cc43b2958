"""My data: see it, take it away, correct it, be forgotten."""

import io

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.limits import limiter
from openmap.core.tokens import fingerprint
from openmap.core.web import get_or_404
from openmap.personal_data import operations, queries
from openmap.personal_data.archive import build_archive
from openmap.personal_data.forms import AddressForm, DetailsForm, ErasureForm

blueprint = Blueprint("personal_data", __name__, url_prefix="/my-space/data")


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])


@blueprint.get("")
@person_required
def show() -> ResponseReturnValue:
    """What is kept about me, why and how long."""
    return _page(_details(), AddressForm())


@blueprint.get("/export.zip")
@person_required
@limiter.limit("20 per hour")
def export() -> ResponseReturnValue:
    """Everything in one file."""
    holdings = queries.everything_about(the_person())
    introduction = _("Tout ce qu’OpenMap garde sur vous, au %(day)s.", day=now().date().isoformat())
    packed = build_archive(holdings, queries.files_of(holdings), worded=_, introduction=introduction)
    return send_file(io.BytesIO(packed), "application/zip", as_attachment=True, download_name="openmap-mes-donnees.zip")


@blueprint.post("/details")
@person_required
def correct() -> ResponseReturnValue:
    """Correct my name, phone and language."""
    form, person = _details(), the_person()
    if not form.validate_on_submit():
        return _page(form, AddressForm()), 422
    details = {"name": form.name.data, "phone": form.phone.data, "locale": form.locale.data}
    with unit_of_work():
        operations.correct_details(person, **details, by=person, at=now())
    flash(_("C’est corrigé."), "success")
    return redirect(url_for("personal_data.show"))


@blueprint.post("/address")
@person_required
@limiter.limit("10 per hour")
def ask_address() -> ResponseReturnValue:
    """Mail a link to a new address."""
    form, person = AddressForm(), the_person()
    if not form.validate_on_submit():
        return _page(_details(), form), 422
    try:
        with unit_of_work():
            operations.ask_mail_change(person, email=form.email.data or "", secret_key=_secret_key(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(_details(), form), broken.status
    flash(_("Un lien est parti à cette adresse : ouvrez-le pour confirmer."), "success")
    return redirect(url_for("personal_data.show"))


@blueprint.get("/address/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show a button; only its POST changes the address, since mail scanners open every link."""
    change = queries.mail_change(fingerprint(token, key=_secret_key()), at=now())
    page = render_template("personal_data/confirm.html", change=change, token=token)
    answer = current_app.make_response(page)
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer, 200 if change else 410


@blueprint.post("/address/<token>")
def change(token: str) -> ResponseReturnValue:
    """Take the new address."""
    try:
        with unit_of_work():
            operations.change_address(token, secret_key=_secret_key(), at=now())
    except RuleBroken as broken:
        return render_template("personal_data/confirm.html", change=None, token=token), broken.status
    flash(_("Votre adresse est changée : connectez-vous avec la nouvelle la prochaine fois."), "success")
    return redirect(url_for("events.index"))


@blueprint.post("/sessions/end")
@person_required
def sign_out_everywhere() -> ResponseReturnValue:
    """Close every browser, this one too."""
    person = the_person()
    with unit_of_work():
        operations.end_sessions(person)
    logout_user()
    browser.clear()
    flash(_("Toutes vos connexions sont fermées."), "success")
    return redirect(url_for("events.index"))


@blueprint.get("/erasure")
@person_required
def ask_erasure() -> ResponseReturnValue:
    """What goes, what stays and why, before anything happens."""
    return _erasure(ErasureForm())


@blueprint.post("/erasure")
@person_required
def erase() -> ResponseReturnValue:
    """Forget me: now, or after the morning."""
    form, person = ErasureForm(), the_person()
    if not form.validate_on_submit():
        return _erasure(form), 422
    is_later = form.when.data == "after" and bool(operations.coming_registrations(person, at=now()))
    try:
        with unit_of_work():
            erasure = operations.ask_erasure(person, after_mornings=is_later, at=now())
            if not is_later:
                operations.erase(erasure, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _erasure(form), broken.status
    if is_later:
        flash(_("C’est noté : nous vous oublierons le lendemain de la matinale."), "success")
        return redirect(url_for("personal_data.show"))
    logout_user()
    browser.clear()
    flash(_("C’est fait : votre nom, votre adresse et votre téléphone ne sont plus ici."), "success")
    return redirect(url_for("events.index"))


@blueprint.post("/erasure/keep")
@person_required
def keep() -> ResponseReturnValue:
    """Stay after all."""
    erasure = get_or_404(queries.erasure_of(the_person()))
    with unit_of_work():
        operations.keep_after_all(erasure, at=now())
    flash(_("Votre demande d’effacement est retirée."), "success")
    return redirect(url_for("personal_data.show"))


def _details() -> DetailsForm:
    person = the_person()
    return DetailsForm(data={"name": person.name, "phone": queries.phone_of(person), "locale": person.locale})


def _page(details: DetailsForm, address: AddressForm) -> str:
    person = the_person()
    return render_template(
        "personal_data/show.html",
        person=person,
        details=details,
        address=address,
        holdings=queries.everything_about(person),
        erasure=queries.erasure_of(person),
    )


def _erasure(form: ErasureForm) -> str:
    person = the_person()
    coming = operations.coming_registrations(person, at=now())
    return render_template(
        "personal_data/erasure.html", person=person, form=form, coming=coming, holdings=queries.everything_about(person)
    )
