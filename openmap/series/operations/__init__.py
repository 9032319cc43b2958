"""What people and organisers do with a series and its mornings."""
