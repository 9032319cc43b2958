"""Someone calls and won't log in: an organiser enters their requests or answers in one line, on record."""
