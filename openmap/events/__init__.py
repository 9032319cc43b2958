"""Series, mornings, programmes, meeting sessions, slots and tables."""
