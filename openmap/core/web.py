"""What every answer shares: language, security headers, safe redirects, rows or 404."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_babel import Babel, get_locale
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = {"fr": "Français", "en": "English"}
LANGUAGE_COOKIE = "openmap_language"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LARGEST_KEY = 2**31 - 1
LONGEST_PATH = 500  # what a row keeps

babel = Babel()
Row = TypeVar("Row")


def get_or_404(row: Row | None) -> Row:
    """Return `row`; what is absent and what is someone else's look alike."""
    if row is None:
        abort(404)
    return row


def select_language() -> str:
    """The language chosen in this browser, else the person's own, else French: the service is French first."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    own = getattr(current_user, "locale", "fr")
    return own if own in LANGUAGES else "fr"


def safe_path(target: str | None, default: str) -> str:
    """Return `target` when it is a path of this site, else `default`: the one helper for every redirect."""
    if not target or len(target) > LONGEST_PATH or not target.isprintable():  # browsers drop tabs and line ends
        return default
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def wants_fragment() -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def add_headers(response: Response) -> Response:
    """Say what browsers may do with an answer; pages of signed-in people are never kept by caches."""
    headers = response.headers
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store" if getattr(g, "person_seen", False) else "no-cache")
    if current_app.config["SESSION_COOKIE_SECURE"]:  # a proxy may end TLS: the public address decides
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a key that a row can have; a larger one is no address, not a database error."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_KEY)


def only_readable_addresses(serve: "WSGIApplication") -> "WSGIApplication":
    """An address is text: raw bytes, and the NUL that no row can hold, are refused before anything reads them."""

    def checked(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if query.isascii() and "%00" not in query and "\0" not in environ.get("PATH_INFO", ""):
            return serve(environ, start_response)
        return Response("This address is no text.\n", 400, HEADERS, mimetype="text/plain")(environ, start_response)

    return checked


def trust_proxies(app: Flask, hops: int) -> None:
    """Take the client's address from the `hops` web servers in front; whatever else forwarded headers say is ignored.

    Links are built on PUBLIC_URL and cookies are Secure by it, so that host and scheme need no one's word.
    """
    if hops:
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign] # Flask's way


def init_web(app: Flask) -> None:
    """Give the application its languages, addresses and headers."""
    app.url_map.converters["int"] = RowNumber
    app.wsgi_app = only_readable_addresses(app.wsgi_app)  # type: ignore[method-assign, assignment] # Flask's way
    babel.init_app(app, locale_selector=select_language)
    app.add_template_global(get_locale)
    app.after_request(add_headers)
