"""`python -m scheduler`."""

import sys
from time import monotonic, process_time

from scheduler.cli import main

sys.exit(main(started=monotonic() - process_time()))  # a time limit counts what was imported, too
