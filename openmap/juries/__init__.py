"""The jury of a call for pitches: who reviews which files, the scores, and what they say together."""
