"""The command line: `python -m scheduler solve | check | explain | bound | what-if | select | generate | …`.

Exit codes: 0 done; 1 something else failed; 2 invalid input; 3 infeasible; 4 the check failed.
"""

from __future__ import annotations

from time import monotonic

import click

from scheduler.cli import asking, measuring, selecting, solving, sources, supposing
from scheduler.cli.base import CHECK_FAILED, DONE, FAILED, INFEASIBLE, INVALID_INPUT, commands, say
from scheduler.errors import InvalidInput, WrongResult

__all__ = ["CHECK_FAILED", "DONE", "FAILED", "INFEASIBLE", "INVALID_INPUT", "main"]

MODULES = (solving, asking, supposing, selecting, sources, measuring)  # each adds its commands to the group


def main(arguments: list[str] | None = None, *, started: float | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is said in a sentence on standard error.

    A time limit runs from `started` (`time.monotonic()`), now by default.
    """
    begun = monotonic() if started is None else started
    try:
        return commands.main(arguments, prog_name="python -m scheduler", standalone_mode=False, obj=begun) or DONE
    except click.ClickException as wrong:
        wrong.show()
        return INVALID_INPUT
    except InvalidInput as wrong:
        return say(str(wrong), INVALID_INPUT)
    except SystemExit:
        return FAILED  # click's answer, outside its standalone mode, to a reader of standard output that has gone
    except MemoryError:
        return say("not enough memory for this instance", FAILED)
    except (click.Abort, KeyboardInterrupt, OSError, WrongResult) as wrong:
        return say(str(wrong) or "stopped", FAILED)
