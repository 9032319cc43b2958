"""Everyone's own page: what to do now, programme, requests."""
