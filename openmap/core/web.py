"""What every answer shares: language, security headers, safe redirects, rows or 404."""

from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask_babel import Babel, get_locale
from flask_login import current_user

LANGUAGES = {"fr": "Français", "en": "English"}
LANGUAGE_COOKIE = "openmap_language"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

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
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def wants_fragment() -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def add_headers(response: Response) -> Response:
    """Say what browsers may do with an answer; pages of signed-in people are never kept by caches."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store" if getattr(g, "person_seen", False) else "no-cache")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_web(app: Flask) -> None:
    """Give the application its languages and headers."""
    babel.init_app(app, locale_selector=select_language)
    app.add_template_global(get_locale)
    app.after_request(add_headers)
