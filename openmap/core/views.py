"""Pages that belong to no feature: language, statements, health, and the mails of a demonstration."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select, text

from openmap.core.db import page_of, session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.core.web import LANGUAGE_COOKIE, LANGUAGES, get_or_404, safe_path
from openmap.core.worker import worker_is_alive

blueprint = Blueprint("core", __name__)
MAILS_A_PAGE = 20


@blueprint.post("/language/<code>")
def set_language(code: str) -> ResponseReturnValue:
    """Remember the language in this browser, and for the mails of someone signed in; go back to the page."""
    if code not in LANGUAGES:
        abort(404)
    if current_user.is_authenticated:
        with unit_of_work():
            current_user.person.locale = code
    answer = redirect(safe_path(request.form.get("next"), url_for("events.index")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(LANGUAGE_COOKIE, code, max_age=31536000, secure=secure, httponly=True, samesite="Lax")
    return answer


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """What can be used by whom, and whom to tell when it cannot."""
    return render_template("core/accessibility.html")


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Which personal data, why, how long."""
    return render_template("core/privacy.html")


@blueprint.get("/mails")
def mailbox() -> ResponseReturnValue:
    """Every mail of a demonstration: nothing leaves the machine, everything can be read."""
    if not current_app.config["IS_DEMO"]:
        abort(404)
    recipient = request.args.get("to", "").strip().lower()
    found = select(OutboxMail).order_by(OutboxMail.id.desc())
    if recipient:
        found = found.where(OutboxMail.recipient.contains(recipient, autoescape=True))
    page = page_of(found, page=request.args.get("page", 1, type=int), size=MAILS_A_PAGE)
    return render_template("core/mailbox.html", page=page, recipient=recipient)


@blueprint.get("/mails/<int:mail_id>")
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail of a demonstration, as its reader sees it."""
    if not current_app.config["IS_DEMO"]:
        abort(404)
    return render_template("core/mail.html", mail=get_or_404(session.get(OutboxMail, mail_id)))


@blueprint.get("/livez")
def livez() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Everything that work needs is there: the database with its tables, and a worker.

    503 with Retry-After otherwise; the database's absence is answered by its own error page.
    """
    session.execute(text("SELECT version_num FROM alembic_version"))
    if not worker_is_alive(current_app):
        return {"status": "no worker"}, 503, {"Retry-After": "10"}
    return {"status": "ok"}
