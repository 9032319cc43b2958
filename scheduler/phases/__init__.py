"""The way through a solve: start, search, polish, report, within the time there is."""
