"""OpenMap: who meets whom, and when."""
