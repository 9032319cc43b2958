"""Who meets whom, without when: the minimum-cost flow, its bounds and what could be exchanged."""
