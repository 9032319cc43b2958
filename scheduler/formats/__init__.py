"""Instances and solutions as text: our JSON, and the public meeting scheduling files."""
