"""When: slots by alternating chains, tables, and fewer breaks."""
