"""Public buyers, structures and partners, with their contacts."""
