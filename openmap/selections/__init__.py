"""Choosing the pitches: the board, the proposal with its proof, the release of decisions, the reserve."""
