"""Sentences in the language of the moment, for the modules that put figures and reasons in words."""

from flask_babel import gettext


def say(message: str, **facts: object) -> str:
    """Return `message` translated, as a plain text; modules import it as `_`, which is what the catalogues look for."""
    return str(gettext(message, **facts))
