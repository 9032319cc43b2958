"""The organiser's board of the selection, and the page on which a selected structure confirms."""

from openmap.selections.views import answering, board, constraints, files, proposals, release
from openmap.selections.views.blueprint import blueprint

__all__ = ["answering", "blueprint", "board", "constraints", "files", "proposals", "release"]
