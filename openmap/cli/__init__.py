"""The `openmap` command."""

import sys

import click

from openmap.cli.demo import demo
from openmap.cli.mornings import export_instance, import_morning
from openmap.cli.processes import migrate, serve, worker
from openmap.cli.purging import purge
from openmap.cli.schedules import publish, solve
from openmap.config import BadSetting
from openmap.mornings.lines import BadMorning

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def openmap() -> None:
    """OpenMap: who meets whom, and when.

    Settings come from the environment: see docs/operations.md.
    """


for command in (demo, serve, worker, migrate, import_morning, export_instance, solve, publish, purge):
    openmap.add_command(command)


def main() -> None:
    """Run one command and end the process: 0 done, 2 bad input, 130 interrupted, 1 anything else."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong is one sentence on the standard error."""
    try:
        code = openmap.main(arguments, prog_name="openmap", standalone_mode=False)
    except click.ClickException as error:
        return _fail(error.format_message(), code=error.exit_code)
    except (BadSetting, BadMorning) as bad_input:
        return _fail(str(bad_input), code=2)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", code=INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has gone
        sys.stderr.close()
        return 1
    except Exception as error:  # noqa: BLE001 - a person at a terminal is told in a sentence, whatever it is
        return _fail(f"unexpected {type(error).__name__}: {error}".splitlines()[0], code=1)
    return code if isinstance(code, int) else 0


def _fail(sentence: str, *, code: int) -> int:
    for line in sentence.splitlines():
        click.echo(f"openmap: {line}", err=True)
    return code
