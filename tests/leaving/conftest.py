"""A published morning, and the people who leave it."""

from tests.allocation.conftest import solved, solved_app, solved_folder

__all__ = ["solved", "solved_app", "solved_folder"]
