"""`python -m scheduler`."""

import gc
import os
import sys
from contextlib import suppress

gc.disable()  # the process ends with its command: it would look for cycles among a million rows that hold none
try:
    from scheduler.cli import main

    code = main()
except KeyboardInterrupt:  # while modules were still being loaded: there is nothing to save, and nothing to say
    code = 1
with suppress(OSError):  # nobody listens any more
    sys.stdout.flush()
    sys.stderr.flush()
os._exit(code)  # to take a million rows apart one by one would take as long as to write them
