"""Named people who use OpenMap as people do: through its pages, their forms and their mails.

`Visitor` opens pages and fills their forms over HTTP (WebTest on the real application); nothing is called behind
the page's back, so CSRF tokens, form keys and buttons are those of the page.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import Context
from typing import Any

from flask import Flask
from sqlalchemy import select
from webtest import Form, TestApp, TestResponse

from openmap.core.db import session
from openmap.core.outbox import OutboxMail

LINK = re.compile(r"/accounts/link/[\w-]+")
CODE = re.compile(r"\b\d{6}\b")


class Visitor:
    """A person at a browser of their own; `email` is where their mails arrive."""

    def __init__(self, app: Flask, email: str = "") -> None:
        self.email = email
        self.browser = TestApp(_as_served(app), extra_environ={"HTTP_HOST": "localhost"})

    def sees(self, path: str, *, status: int = 200) -> TestResponse:
        """Open a page, as its last redirect shows it."""
        answer = self.browser.get(path, expect_errors=True)
        while answer.status_int in {301, 302, 303, 307, 308}:
            answer = self.browser.get(answer.location, expect_errors=True)
        assert answer.status_int == status, f"{path}: {answer.status}\n{_readable(answer)}"
        return answer

    def submits(self, page: TestResponse | str, action: str = "", *, status: int = 200, **fields: Any) -> TestResponse:
        """Fill the form of `page` whose action contains `action`, send it, and follow where it leads."""
        opened = self.sees(page) if isinstance(page, str) else page
        form = the_form(opened, action)
        for name, value in fields.items():
            form[name] = value
        return self._follow(form.submit(expect_errors=True), status)

    def sends_again(self, form: Form, *, status: int = 200) -> TestResponse:
        """Send the same rendered form once more: a double click."""
        return self._follow(form.submit(expect_errors=True), status)

    def fills(self, path: str, fields: dict[str, Any], *, status: int = 200) -> TestResponse:
        """Go through the steps of a registration from its first page; stop at its end, or where something is wrong.

        `status` is what the page where one stops answers; fields of no step are left out.
        """
        page = self.sees(path)
        while not _asks_to_send(page):
            form = the_form(page)
            for name in form.fields.keys() & fields.keys():
                form[name] = fields[name]
            answer = form.submit(expect_errors=True)
            page = self._follow(answer, status if answer.status_int not in {302, 303} else 200)
            if answer.status_int not in {302, 303}:
                return page
        return page

    def registers(self, path: str, fields: dict[str, Any], *, status: int = 200) -> TestResponse:
        """Fill every step from the first page on, read it again, send it."""
        return self.submits(self.fills(path, fields), "/send", status=status)

    def posts(self, path: str, fields: dict[str, Any] | None = None, *, status: int = 200) -> TestResponse:
        """Send what no form offered, with a valid token: a hand-made request."""
        token = self.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
        sent = {"csrf_token": token} | (fields or {})
        return self._follow(self.browser.post(path, sent, expect_errors=True), status)

    def signs_in(self) -> "Visitor":
        """Ask for a link, read the mail, press the button of the link's page."""
        self.submits("/accounts/sign-in?next=/accessibility", email=self.email)
        link = LINK.search(self.latest_mail().text)
        assert link, "no link in the mail"
        self.submits(link.group())
        return self

    def latest_mail(self) -> OutboxMail:
        """The last mail to this person, as the outbox holds it."""
        session.rollback()
        mine = select(OutboxMail).filter_by(recipient=self.email).order_by(OutboxMail.id.desc()).limit(1)
        return session.scalars(mine).one()

    def _follow(self, answer: TestResponse, status: int) -> TestResponse:
        while answer.status_int in {301, 302, 303}:
            answer = self.browser.get(answer.location, expect_errors=True)
        assert answer.status_int == status, f"{answer.request.path}: {answer.status}\n{_readable(answer)}"
        return answer


def _as_served(app: Flask) -> Callable[..., Iterable[bytes]]:
    """The application without the test's own context: what one request keeps in `g`, the next must not see."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return Context().run(app, environ, start_response)

    return serve


def the_form(page: TestResponse, action: str = "") -> Form:
    """The one form of a page's main part that posts to an address containing `action`."""
    tags = page.html.find("main").find_all("form", attrs={"method": "post"})
    found = [Form(page, str(tag)) for tag in tags if action in tag.get("action", "")]
    assert len(found) == 1, f"{len(found)} forms post to {action!r}: {[tag.get('action') for tag in tags]}"
    return found[0]


def _asks_to_send(page: TestResponse) -> bool:
    return any("/send" in tag.get("action", "") for tag in page.html.find("main").find_all("form"))


def _readable(answer: TestResponse) -> str:
    text = answer.html.get_text(" ", strip=True) if "html" in answer.content_type else answer.text
    return str(text)[:2000]
