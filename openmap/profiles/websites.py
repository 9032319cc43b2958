"""Addresses of sites as people write them."""

from urllib.parse import urlsplit

LONGEST = 300


def read_website(text: str) -> str | None:
    """Return `exemple.fr` as « https://exemple.fr », None for what is no address of a public site."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    plain_host = host.replace("-", "").replace(".", "").isalnum() and "." in host.strip(".")
    if parts.scheme not in {"http", "https"} or not plain_host or parts.username is not None or port == 0:
        return None
    return address if address.isprintable() and " " not in address and len(address) <= LONGEST else None
