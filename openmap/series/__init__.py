"""Series of mornings: editions in a row, the next one copied from the last, and those who want to hear of it."""
