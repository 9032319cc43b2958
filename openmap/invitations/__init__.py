"""Whom organisers invite to a morning, by list or one by one, and how far each has come."""
