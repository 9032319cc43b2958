"""`python -m scheduler`."""

import gc
import sys

gc.disable()  # the process ends with its command: it would look for cycles among a million rows that hold none
try:
    from scheduler.cli import main

    code = main()
except KeyboardInterrupt:  # while modules were still being loaded: there is nothing to save, and nothing to say
    code = 1
sys.exit(code)
