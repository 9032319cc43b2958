"""The organiser's pages across features."""
