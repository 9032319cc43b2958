"""People, how they sign in, and for how long."""
