"""What happened, one JSON object a line, with the number of the request it happened in and without any secret."""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from flask import Flask, has_request_context, request
from werkzeug.wsgi import get_path_info

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "openmap.request_id"  # its place in the WSGI environment
FACTS = ("request_id", "client", "method", "path", "status", "ms")
SECRET_AFTER = "/accounts/link/", "/a/", "/resume/", "/unfollow/", "/address/", "/join/", "/invitations/"
SECRET_IN_PATH = re.compile(f"({'|'.join(SECRET_AFTER)})" + r"[^\s/?#\"'<>.]+")

requests = logging.getLogger("openmap.requests")


def redacted(text: str) -> str:
    """Return `text` without the secrets that stand in addresses: sign-in links, calendars, drafts, invitations."""
    return SECRET_IN_PATH.sub(r"\1***", text)


class JsonLines(logging.Formatter):
    """One JSON object a line, ASCII only: what people type can neither forge a line nor hide one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of `record`, its traceback included."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        line |= {fact: getattr(record, fact) for fact in FACTS if hasattr(record, fact)}
        if "request_id" not in line and (number := request_id()):
            line["request_id"] = number
        if record.exc_info:
            line["error"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line)


def start_logging(*, shows_requests: bool, stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream`, standard error if none is given."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler])
    requests.setLevel(logging.INFO if shows_requests else logging.WARNING)


def request_id() -> str | None:
    """The number of the request being answered, if any."""
    return request.environ.get(REQUEST_ID) if has_request_context() else None


def numbered(serve: "WSGIApplication") -> "WSGIApplication":
    """Give each request a number, which its answer carries, and log one line for it; query strings stay out."""

    def logged(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        number = environ[REQUEST_ID] = secrets.token_hex(8)
        began = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            facts = {
                "request_id": number,
                "client": environ.get("REMOTE_ADDR", ""),
                "method": environ.get("REQUEST_METHOD", ""),
                "path": redacted(get_path_info(environ)),
                "status": int(status[:3]),
                "ms": round((time.perf_counter() - began) * 1000, 1),
            }
            requests.info("request", extra=facts)
            return start_response(status, [*headers, ("X-Request-ID", number)], *failure)

        return serve(environ, start)

    return logged


def init_logs(app: Flask) -> None:
    """Number the requests of `app`."""
    app.wsgi_app = numbered(app.wsgi_app)  # type: ignore[method-assign, assignment] # Flask's way
