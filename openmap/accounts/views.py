"""Sign in with a mailed link or code; sign out."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from openmap.accounts import operations, queries
from openmap.accounts.forms import CodeForm, SignInForm
from openmap.accounts.models import Person
from openmap.accounts.signed_in import SignedIn
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.limits import limiter
from openmap.core.tokens import fingerprint, hidden_number, shown_number
from openmap.core.web import safe_path

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")
CHALLENGE = "challenge"


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _address() -> str:
    return request.form.get("email", "").strip().lower()[:254]


def _no_address() -> bool:
    return not _address()


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20 per hour", key_func=_address, methods=["POST"], exempt_when=_no_address)
def sign_in() -> ResponseReturnValue:
    """Ask for the mail address; known and unknown ones get the same answer."""
    form = SignInForm()
    if form.validate_on_submit():
        challenge_id = 0
        with unit_of_work():
            person = queries.person_with_email(form.email.data or "")
            if person is not None:
                path = safe_path(request.args.get("next"), "")
                challenge = operations.start_sign_in(person, next_path=path, secret_key=_secret_key(), at=now())
                challenge_id = challenge.id
        browser[CHALLENGE] = hidden_number(challenge_id, key=_secret_key())  # the cookie can be read: it tells nothing
        return redirect(url_for("accounts.enter_code"))
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@blueprint.route("/code", methods=["GET", "POST"])
def enter_code() -> ResponseReturnValue:
    """Ask for the six digits, beside the link that the same mail carries."""
    form = CodeForm()
    if form.validate_on_submit():
        with unit_of_work():
            challenge = queries.challenge(shown_number(browser.get(CHALLENGE, ""), key=_secret_key()))
            code = form.code.data or ""
            if challenge and operations.try_code(challenge, code, secret_key=_secret_key(), at=now()):
                key = operations.open_session(challenge.person, secret_key=_secret_key(), at=now())
            else:
                key = ""
        if challenge and key:
            return _welcome(challenge.person, key, challenge.next_path)
        form.code.errors = [_("Ce code n’est pas le bon, ou il a expiré. Vérifiez le dernier courriel reçu.")]
    return render_template("accounts/enter_code.html", form=form), 422 if form.errors else 200


@blueprint.route("/link/<token>", methods=["GET", "POST"])
def open_link(token: str) -> ResponseReturnValue:
    """Show a button; only its POST consumes the link, since mail scanners open every address."""
    if request.method == "POST":
        try:
            with unit_of_work():
                challenge = operations.use_link(token, secret_key=_secret_key(), at=now())
                key = operations.open_session(challenge.person, secret_key=_secret_key(), at=now())
        except operations.LinkNoLongerValid as broken:
            return render_template("accounts/open_link.html", person=None), broken.status
        return _welcome(challenge.person, key, challenge.next_path)
    challenge_found = queries.challenge_of_link(fingerprint(token, key=_secret_key()), at=now())
    person = challenge_found.person if challenge_found else None
    answer = current_app.make_response(render_template("accounts/open_link.html", person=person))
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer, 200 if person else 410


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session on the server, then forget it in the browser."""
    if current_user.is_authenticated:
        with unit_of_work():
            operations.end_session(current_user.login_session, at=now())
    logout_user()
    browser.clear()
    flash(_("À bientôt : la session est fermée."), "success")
    return redirect(url_for("events.index"))


def _welcome(person: Person, key: str, next_path: str) -> ResponseReturnValue:
    browser.clear()
    found = queries.open_login_session(fingerprint(key, key=_secret_key()), at=now())
    if found is not None:
        login_user(SignedIn(key, found))
    home = url_for("manage.index") if person.is_organiser else url_for("my_space.show")
    return redirect(safe_path(next_path, home))
