"""Leaving a morning, or an approval taken back: what goes with it, across features."""
