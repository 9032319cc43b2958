"""The command line's own work: files, progress, sentences."""
