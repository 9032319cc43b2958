"""Erasing what is kept no longer; the worker does it too, twice a day."""

from collections import Counter

import click

from openmap.cli.application import opened_application
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.questions.operations import purge_answers
from openmap.questions.queries import expired_answers
from openmap.registrations.operations import purge_drafts
from openmap.registrations.queries import expired_drafts


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
def purge(*, dry_run: bool) -> None:
    """Erase the answers whose time is over, by the retention of their question, and drafts that are too old."""
    with opened_application():
        answers = Counter((each.question.event.slug, each.question.label) for each in expired_answers(now()))
        drafts = Counter(draft.event.slug for draft in expired_drafts(now()))
        for (slug, label), count in sorted(answers.items()):
            click.echo(f"{slug}: {count} answers to {label!r}")
        for slug, count in sorted(drafts.items()):
            click.echo(f"{slug}: {count} drafts")
        if not dry_run:
            with unit_of_work():
                purge_answers(at=now())
            with unit_of_work():
                purge_drafts(at=now())
        total = answers.total() + drafts.total()
        click.echo(f"{total} things {'would be' if dry_run else 'are'} erased")
