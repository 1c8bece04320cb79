"""briefing subscribers find: show what the list and the record say about readers."""

from dataclasses import replace
from typing import TYPE_CHECKING

from briefing.cli import decorators, output
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers, similar_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.subscribers.named_reader import NamedReader
    from briefing.subscribers.reader_status import ReaderStatus
    from briefing.subscribers.subscriber import Subscriber

EXAMPLES = """\
briefing subscribers find --file -
briefing subscribers find 9f86d081884c7d659a2feaa0c55ad0
"""


@decorators.command("find", examples=EXAMPLES)
@named_readers.arguments
@decorators.json_option
@decorators.pass_newsletter
def find(
    newsletter: Newsletter, names: named_readers.Names, as_json: bool
) -> None:
    """Show readers: their row on the list, and whether they get mail.

    Give each reader's address, even an earlier one, or the token in a link, an
    address or a subject line; you can paste all of it. For an address that
    isn't on the list, similar ones are shown. This prints addresses, so mind who
    can see your screen.
    """
    from briefing.keys import Key
    from briefing.subscribers import reader_status
    from briefing.subscribers.formats import open_list
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.suppression import Suppression

    named = list(dict.fromkeys(replace(names, outcome="").parse()))
    key = Key.of(newsletter)
    subscribers = open_list(names.list_ or newsletter.subscribers)
    record = Suppression.of(newsletter), Moves.of(newsletter)
    statuses = reader_status.find(named, key, *record, subscribers)
    missing = [
        reader.identity
        for reader, status in statuses.items()
        if status.subscriber is None
    ]
    similar = similar_addresses.find(missing, subscribers)
    if as_json:
        output.print_json([_as_json(*entry) for entry in statuses.items()])
    else:
        _show(statuses, similar, subscribers.name)
    if missing:
        output.fail(
            f"{counted(len(missing), 'reader')} not on {subscribers.name}"
        )


def _show(
    statuses: "Mapping[NamedReader, ReaderStatus]",
    similar: "Mapping[str, Sequence[Subscriber]]",
    list_name: str,
) -> None:
    from briefing.subscribers import reader_status

    for reader, status in statuses.items():
        for line in reader_status.describe(reader, status, list_name):
            output.echo(line)
        if status.subscriber is None and similar.get(reader.identity):
            output.echo("Similar addresses there:")
            similar_addresses.show(similar[reader.identity])
        output.echo()


def _as_json(
    reader: "NamedReader", status: "ReaderStatus"
) -> dict[str, object]:
    listed = status.subscriber
    removal = status.removal
    row = None
    if listed:
        row = {
            "line": listed.line,
            "email": listed.address,
            "name": listed.name,
            "lang": listed.lang,
            **listed.columns,
        }
    return {
        "place": reader.place,
        "row": row,
        "moved": status.moved,
        "suppressed": removal
        and {"date": removal.date, "reason": removal.reason},
    }
