"""OpenMap beside the two models that it is measured against, each in a process of its own."""
