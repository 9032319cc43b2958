"""Pages anyone may read, composed from every feature."""
