"""What in a name or a mail address tells one organisation from another."""

from collections.abc import Mapping
from types import MappingProxyType

from openmap.core.text import plain

PUBLIC_DOMAINS = frozenset({
    "9business.fr", "aliceadsl.fr", "aol.com", "bbox.fr", "cegetel.net", "club-internet.fr", "dbmail.com", "free.fr",
    "gmail.com", "gmx.com", "gmx.fr", "googlemail.com", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net",
    "live.com", "live.fr", "mac.com", "mail.com", "mailo.com", "me.com", "msn.com", "neuf.fr", "noos.fr",
    "numericable.fr", "orange.fr", "outlook.com", "outlook.fr", "pm.me", "proton.me", "protonmail.com", "sfr.fr",
    "wanadoo.fr", "yahoo.com", "yahoo.fr", "ymail.com", "zaclys.net",
})  # fmt: skip
"""Mailboxes that anyone may open: sharing one says nothing."""

EMPTY_WORDS = frozenset({
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "sur",
    "asso", "association", "cooperative", "ei", "eirl", "entreprise", "eurl", "fondation", "gie", "groupe", "sa",
    "sarl", "sas", "sasu", "sci", "scic", "scop", "snc", "societe",
})  # fmt: skip
"""Articles and legal forms, which people write or leave out."""

SAME_WORDS: Mapping[str, str] = MappingProxyType(
    {"mairie": "ville", "commune": "ville", "st": "saint", "ste": "sainte"}
)


def core_of(name: str) -> tuple[str, ...]:
    """The words that make a name: no accents, no legal form, no article; all of them when nothing else is left."""
    words = plain(name).split()
    kept = [SAME_WORDS.get(word, word) for word in words if word not in EMPTY_WORDS]
    return tuple(kept or words)
