"""Every failure has a page that says what to do; only the service's own faults are logged as errors."""

import logging

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from openmap.core.errors import RowGone, RuleBroken
from openmap.core.forms import told
from openmap.core.logs import redacted, request_id

PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
logger = logging.getLogger(__name__)


def init_error_pages(app: Flask) -> None:
    """Answer every failure of `app` with its page."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RuleBroken, _broken_rule)
    app.register_error_handler(ObjectDeletedError, _row_gone)
    app.register_error_handler(StaleDataError, _row_gone)
    app.register_error_handler(IntegrityError, _too_late)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(Exception, _own_fault)


def _page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code == 401:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=wanted))
    if code < 400:
        return error.get_response()
    kept = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}]
    return _words(code if code in PAGES else 400), code, kept


def _foreign_host(_error: SecurityError) -> ResponseReturnValue:
    """No page: its links would be built on the address that is refused."""
    return "This service does not answer to that address.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return render_template("errors/400.html"), 400


def _broken_rule(broken: RuleBroken) -> ResponseReturnValue:
    """A rule broken behind a single button: there is no form to show it at."""
    return render_template("core/rule_broken.html", sentence=told(broken)), broken.status


def _row_gone(error: ObjectDeletedError | StaleDataError) -> ResponseReturnValue:
    """What this request had read, another deleted before it could write."""
    logger.warning("a row is gone: %s", error)
    return _broken_rule(RowGone())


def _too_late(error: IntegrityError) -> ResponseReturnValue:
    """The database refused what another request had just stored: nothing of this one was kept."""
    logger.warning("refused by a constraint: %s", error.orig)
    return _words(409), 409


def _database_away(error: Exception) -> ResponseReturnValue:
    logger.error("the database does not answer: %s", error)
    return _words(503), 503, {"Retry-After": "10"}


def _own_fault(error: Exception) -> ResponseReturnValue:
    logger.error("unhandled error on %s %s", request.method, redacted(request.path), exc_info=error)
    return _words(500), 500


def _words(code: int) -> str:
    """The page of a failure; the service's own come without the account, whose reading may be what failed."""
    template = current_app.jinja_env.get_template(f"errors/{code}.html")
    return template.render(reference=request_id()) if code >= 500 else render_template(template)
