"""Names for made-up people: the data has addresses only."""

from functools import cache
from hashlib import sha256
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@cache
def _names(file: str) -> tuple[str, ...]:
    return tuple((DATA / file).read_text(encoding="utf-8").splitlines())


def name_of(email: str) -> str:
    """A first and a last name, always the same for an address."""
    first_names, last_names = _names("first_names.txt"), _names("last_names.txt")
    drawn = int.from_bytes(sha256(email.encode()).digest()[:8])
    rest, first = divmod(drawn, len(first_names))
    return f"{first_names[first]} {last_names[rest % len(last_names)]}"
