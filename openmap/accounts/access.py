"""Who is asking, and whether they may: the first two lines of every view."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from openmap.accounts.models import Person

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]


def current_person() -> Person | None:
    """The person signed in on this browser, if any."""
    g.person_seen = True  # such an answer is never kept by a cache
    signed_in = current_user.person if current_user.is_authenticated else None
    return signed_in if isinstance(signed_in, Person) else None


def the_person() -> Person:
    """The person signed in; views that call it are behind `person_required` or `organiser_required`."""
    person = current_person()
    if person is None:
        abort(401)
    return person


def person_required(view: View[Arguments]) -> View[Arguments]:
    """Let signed-in people in; others sign in first and come back to the page they wanted."""

    @wraps(view)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        if current_person() is None:
            return redirect(_sign_in_path())
        return view(*args, **kwargs)

    return checked


def organiser_required(view: View[Arguments]) -> View[Arguments]:
    """Let organisers in; for anyone else signed in, the page does not exist."""

    @wraps(view)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        person = current_person()
        if person is None:
            return redirect(_sign_in_path())
        if not person.is_organiser:
            abort(404)
        return view(*args, **kwargs)

    return checked


def _sign_in_path() -> str:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return url_for("accounts.sign_in", next=wanted)
