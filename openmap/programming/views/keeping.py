"""What takes the last change back waits in the browser's signed cookie, for this morning only."""

import json
from dataclasses import asdict

from flask import session as browser

from openmap.events.models import Event
from openmap.programming.undoing import Undo

LONGEST = 2500  # characters: a cookie holds about four thousand, and is not ours alone
_NAME = "programme_undo"


def keep(event: Event, undo: Undo) -> None:
    """Offer it on the next page; what does not fit into a cookie is not offered."""
    text = json.dumps([event.id, asdict(undo)])
    if len(text) <= LONGEST:
        browser[_NAME] = text
    else:
        forget()


def keep_unless(confirmed: str | None, event: Event, undo: Undo) -> None:
    """What was confirmed after reading its cost is no slip: taking it back would cost, or free, in its turn."""
    if confirmed:
        forget()
    else:
        keep(event, undo)


def kept(event: Event) -> Undo | None:
    """What can be taken back at this morning."""
    event_id, undo = json.loads(browser.get(_NAME, "[0, {}]"))
    return Undo(**undo) if event_id == event.id else None


def forget() -> None:
    """Nothing is to be taken back any more."""
    browser.pop(_NAME, None)
