"""Words shown to people: marking them for translation, and cleaning what people type."""

import unicodedata


def mark(message: str) -> str:
    """Mark a French sentence for the catalogues; it is translated where it is shown."""
    return message


def clean_text(text: str) -> str:
    """Return `text` in NFC without control characters, lone surrogates or line separators other than a newline."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs", "Co"})
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def plain(text: str) -> str:
    """Return `text` as it is searched for: lower case without accents, words parted by one space."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = (char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return " ".join("".join(kept).split())
