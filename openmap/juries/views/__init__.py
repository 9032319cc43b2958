"""The organiser's pages of the jury, a guest's answer, and the reviewers' own pages."""

from openmap.juries.views import answering, assigning, managing, results, reviewing
from openmap.juries.views.blueprint import blueprint

__all__ = ["answering", "assigning", "blueprint", "managing", "results", "reviewing"]
