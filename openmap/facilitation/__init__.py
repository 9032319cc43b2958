"""Facilitators of social clauses look after structures that let them act, one page for all of them."""
