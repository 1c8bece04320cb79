"""briefing subscribers export: write the readers who get mail to a file."""

import os
from pathlib import Path

import click

from briefing.cli import decorators, output, prompts, words
from briefing.errors import RefusedError, display_path
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers export ~/readers.csv
"""


@decorators.command("export", examples=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@decorators.list_option
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--yes",
    is_flag=True,
    help="Don't ask, even if others could read the file in that folder.",
)
@decorators.json_option
@decorators.pass_newsletter
def export(
    newsletter: Newsletter,
    file: Path,
    list_: Path | None,
    force: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Write the readers who get mail to a CSV file.

    It has all their columns. Those who unsubscribed and rows that can't be used
    are left out. Only you can read the file (mode 0600). If it would go into a
    folder that a program synchronises, that others share, or that is in git, you
    are asked first; without a terminal, --yes is needed. Delete the file when
    you no longer need it.
    """
    from briefing.keys import Key
    from briefing.sending import export_places
    from briefing.storage import files
    from briefing.subscribers import exporting
    from briefing.subscribers.formats import open_list
    from briefing.subscribers.suppression import Suppression

    path = list_ or newsletter.subscribers
    subscribers = open_list(path)
    suppression = Suppression.of(newsletter)
    readers = list(
        exporting.active(subscribers, Key.of(newsletter), suppression)
    )
    _refuse_unusable(file, path, force=force)
    risk = export_places.find_risk(file)
    if risk and not yes:
        prompts.confirm(f"{risk} Write it anyway?", option="--yes")
    data = exporting.as_csv(readers)
    if force:
        files.write_atomically(file, data, mode=files.PRIVATE_FILE)
    else:
        files.create(file, data, mode=files.PRIVATE_FILE)
    if as_json:
        output.print_json({"exported": len(readers), "file": str(file)})
        return
    output.echo(
        f"{words.readers(len(readers))} written to {display_path(file)}."
    )
    output.echo("Only you can read it. Delete it when you no longer need it.")


def _refuse_unusable(file: Path, path: Path, *, force: bool) -> None:
    """Raise RefusedError if the list at `path` can't be exported to a file."""
    shown = display_path(file)
    if file.is_dir():
        raise RefusedError(f"{shown} is a folder; choose a file in it")
    if file.resolve() == path.resolve():
        raise RefusedError(f"{shown} is the list itself; choose another file")
    # A link may lead to a file that doesn't exist yet.
    if os.path.lexists(file) and not force:
        raise RefusedError(
            f"{shown} exists; choose another file, or use --force to overwrite it"
        )
