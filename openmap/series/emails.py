"""The two mails of a series: confirm that you want to hear of the next morning, and the next morning."""

from dataclasses import replace
from datetime import datetime

from flask import current_app

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.events.models import Event, Series
from openmap.series.models import NextEditionWish
from openmap.series.queries import CONFIRM, END, wish_token


def confirm_wish(wish: NextEditionWish, series: Series, *, secret_key: str, at: datetime) -> Mail:
    """The link that confirms; the same hour's second mail is the first one."""
    return render_mail(
        "confirm_wish",
        key=f"wish:{wish.nonce}:{at:%Y-%m-%dT%H}",
        recipient=wish.email,
        locale=wish.locale,
        series=series,
        sector=wish.sector,
        token=wish_token(wish.nonce, CONFIRM, key=secret_key),
    )


def next_edition(event: Event, *, recipient: str, locale: str, token: str) -> Mail:
    """The morning that somebody waited for, with the link that ends these mails."""
    mail = render_mail(
        "next_edition", key=f"edition:{event.id}", recipient=recipient, locale=locale, event=event, token=token
    )
    path = current_app.url_map.bind("").build("series.end", {"token": token})
    return replace(mail, unsubscribe=f"{current_app.config['PUBLIC_URL']}{path}")


def next_edition_to(wish: NextEditionWish, event: Event, *, secret_key: str) -> Mail:
    """The same for one mailbox."""
    token = wish_token(wish.nonce, END, key=secret_key)
    return next_edition(event, recipient=wish.email, locale=wish.locale, token=token)
