"""Become the scheduler, confined: `python -m openmap.allocation.confined PARENT BYTES ARGUMENT…`.

The limits are set here and survive the exec, so nothing runs between the fork and the exec of a worker that has
threads. The process dies with its parent (on Linux), cannot take more memory than BYTES, and yields to all others.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
NICENESS = 19  # the lowest: pages answered while a proposal is computed come first


def main(arguments: list[str]) -> None:
    """Confine this process, then run `python -m scheduler ARGUMENT…` in its place."""
    parent, memory_limit = int(arguments[0]), int(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    os.nice(NICENESS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it could be followed
            sys.exit(1)
    os.execv(sys.executable, [sys.executable, "-m", "scheduler", *arguments[2:]])  # noqa: S606 - our own program


if __name__ == "__main__":
    main(sys.argv[1:])
