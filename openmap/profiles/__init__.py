"""What organisations say of themselves, from one morning to the next."""
