"""Asking for a meeting, ranking, answering, withdrawing."""
