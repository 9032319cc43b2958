"""A morning's programme: its lines, who speaks in which, and the slots in which that keeps them from meeting."""
