"""briefing subscribers find and export: look readers up, and write those who get emails to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output, words
from briefing.errors import RefusedError, display_path
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

if TYPE_CHECKING:
    from briefing.subscribers.reader_status import ReaderStatus

FIND_EXAMPLES = """\
briefing subscribers find --file -
briefing subscribers find 9f86d081884c7d659a2feaa0c55ad0
"""
EXPORT_EXAMPLES = """\
briefing subscribers export ~/readers.csv
"""


@decorators.command("find", examples=FIND_EXAMPLES)
@named_readers.arguments
@decorators.list_option
@decorators.json_option
@decorators.pass_newsletter
def find(
    newsletter: Newsletter,
    names: named_readers.Names,
    list_: Path | None,
    as_json: bool,
) -> None:
    """Show readers: their row on the list, and whether they get mail.

    Give each reader's address, even an earlier one, or the token in a link, an
    address or a subject line; you can paste all of it. This prints addresses, so
    mind who can see your screen.
    """
    from briefing.keys import Key
    from briefing.subscribers import reader_status
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.named_reader import parse_reader
    from briefing.subscribers.subscriber_list import open_list
    from briefing.subscribers.suppression import Suppression

    named = names.parse(parse_reader)
    subscribers = open_list(list_ or newsletter.subscribers)
    statuses = reader_status.find(
        named,
        Key.of(newsletter),
        Suppression.of(newsletter),
        Moves.of(newsletter),
        subscribers,
    )
    if as_json:
        output.print_json([_as_json(*entry) for entry in statuses.items()])
    else:
        for place, status in statuses.items():
            for line in reader_status.describe(
                named[place], status, subscribers.name
            ):
                output.echo(line)
            output.echo()
    missing = sum(status.subscriber is None for status in statuses.values())
    if missing:
        output.fail(f"{counted(missing, 'reader')} not on {subscribers.name}")


def _as_json(place: str, status: "ReaderStatus") -> dict[str, object]:
    listed = status.subscriber
    removal = status.removal
    return {
        "place": place,
        "row": listed
        and {
            "line": listed.line,
            "email": listed.address,
            "name": listed.name,
            "lang": listed.lang,
            **listed.columns,
        },
        "moved": status.moved,
        "suppressed": removal
        and {"date": removal.date, "reason": removal.reason},
    }


@decorators.command("export", examples=EXPORT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@decorators.list_option
@decorators.pass_newsletter
def export(newsletter: Newsletter, file: Path, list_: Path | None) -> None:
    """Write the readers who get mail to a new CSV file.

    It has all their columns. Those who unsubscribed and rows that can't be used
    are left out. Only you can read the file (mode 0600). Delete it when you no
    longer need it.
    """
    from briefing.keys import Key
    from briefing.storage import files
    from briefing.subscribers import exporting
    from briefing.subscribers.subscriber_list import open_list
    from briefing.subscribers.suppression import Suppression

    readers = list(
        exporting.active(
            open_list(list_ or newsletter.subscribers),
            Key.of(newsletter),
            Suppression.of(newsletter),
        )
    )
    shown = display_path(file)
    try:
        files.create(file, exporting.as_csv(readers), mode=files.PRIVATE_FILE)
    except FileExistsError:
        raise RefusedError(f"{shown} exists; choose another file") from None
    output.echo(f"{words.readers(len(readers))} written to {shown}.")
    output.echo("Only you can read it. Delete it when you no longer need it.")
