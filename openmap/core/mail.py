"""Mails from templates: subject, text and HTML in the recipient's language, with addresses of this service only."""

from flask import current_app, render_template
from flask_babel import force_locale

from openmap.core.outbox import Mail
from openmap.core.text import clean_text


def render_mail(
    name: str, *, key: str, recipient: str, locale: str = "fr", calendar: str | None = None, **facts: object
) -> Mail:
    """Render `templates/emails/<name>.{subject.txt,txt,html}` with `facts`.

    Links are built on PUBLIC_URL, whatever host the current request claims.
    """
    with current_app.test_request_context(base_url=current_app.config["PUBLIC_URL"]), force_locale(locale):
        subject = render_template(f"emails/{name}.subject.txt", **facts)
        text = render_template(f"emails/{name}.txt", **facts)
        html = render_template(f"emails/{name}.html", **facts)
    return Mail(
        kind=name,
        key=key,
        recipient=recipient,
        subject=" ".join(clean_text(subject).split()),
        text=clean_text(text) + "\n",
        html=html,
        locale=locale,
        calendar=calendar,
    )
