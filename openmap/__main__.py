"""`python -m openmap` is the `openmap` command."""

from openmap.cli import main

main()
