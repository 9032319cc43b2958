"""`python -m scheduler`."""

import sys

try:
    from scheduler.cli import main

    code = main()
except KeyboardInterrupt:  # while modules were still being loaded: there is nothing to save, and nothing to say
    code = 1
sys.exit(code)
