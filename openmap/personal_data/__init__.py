"""What the service keeps about one person: shown, handed over, corrected, erased."""
