"""Runs: freeze the input, solve, review, compare, publish."""
