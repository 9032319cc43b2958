"""What the independent checker reads, recomputes and holds against a solution; it knows no solver."""
