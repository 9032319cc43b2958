"""What was published: versions and their meetings."""
