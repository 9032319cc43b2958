"""Which versions an answer was made with."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def versions() -> dict[str, str]:
    """Return the versions of OpenMap and of the library that solves; "unknown" where it isn't installed as such."""
    found = {}
    for name in ("openmap", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found
