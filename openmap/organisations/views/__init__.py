"""The people of an organisation, the organiser's directory, and organisations that are the same."""

from openmap.organisations.views import contacts, directory, duplicates, joining
from openmap.organisations.views.blueprint import blueprint

__all__ = ["blueprint", "contacts", "directory", "duplicates", "joining"]
