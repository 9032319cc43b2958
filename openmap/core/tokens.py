"""Secrets in addresses and codes: drawn at random or derived, compared in constant time, stored hashed at most."""

import hashlib
import hmac
import secrets


def random_token() -> str:
    """Return 256 bits for an address, as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def random_code() -> str:
    """Return a six-digit code."""
    return f"{secrets.randbelow(1_000_000):06d}"


def fingerprint(secret: str, *, key: str) -> str:
    """Return the keyed hash (HMAC-SHA256, 64 hexadecimal digits) under which `secret` may be stored."""
    return hmac.new(key.encode(), secret.encode(), hashlib.sha256).hexdigest()


def same(first: str, second: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())


def hidden_number(number: int, *, key: str) -> str:
    """Return `number`, a row's key or 0, as 24 hexadecimal digits that tell nobody else which it is."""
    nonce = secrets.token_hex(8)
    return f"{nonce}{number ^ _mask(nonce, key):08x}"


def shown_number(text: str, *, key: str) -> int:
    """Return the number that `hidden_number` hid under the same key, 0 for "" (the text comes from a signed cookie)."""
    return int(text[16:], 16) ^ _mask(text[:16], key) if text else 0


def _mask(nonce: str, key: str) -> int:
    return int(fingerprint(f"number:{nonce}", key=key)[:8], 16)
