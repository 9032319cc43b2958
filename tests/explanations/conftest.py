"""The morning with a proposal that the tests of the allocation share."""

from tests.allocation.conftest import olga, solved, solved_app, solved_folder

__all__ = ["olga", "solved", "solved_app", "solved_folder"]
