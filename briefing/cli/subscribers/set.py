"""briefing subscribers set: change the language, the name or another column of readers."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, words
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers, similar_addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.subscribers.assignments import Assignment
    from briefing.subscribers.named_reader import NamedReader
    from briefing.subscribers.subscriber_list import SubscriberList

EXAMPLES = """\
briefing subscribers set --file - lang=de
briefing subscribers set --file board.txt tags+=board tags-=press
briefing subscribers set 9f86d081884c7d659a2feaa0c55ad0 name="Amina Yusuf"
"""


@decorators.command("set", examples=EXAMPLES)
@named_readers.arguments_for(
    "[ADDRESS|TOKEN]... COLUMN=VALUE...", "addresses and tokens"
)
@click.option(
    "--new-column",
    "new_columns",
    is_flag=True,
    help="Add a column that the list doesn't have.",
)
@decorators.json_option
@decorators.pass_newsletter
def set_(
    newsletter: Newsletter,
    names: named_readers.Names,
    new_columns: bool,
    as_json: bool,
) -> None:
    """Change what the list says about readers.

    lang=de, name=… or city=… replace what is in that column; tags+=press adds a
    tag, tags-=press removes it. Nothing else in the file changes. To change an
    address, use 'subscribers move'.

    Addresses that you type here stay in the shell's history: use --file - for
    them. 'subscribers undo' undoes the change.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import assignments
    from briefing.subscribers.lookup import find_listed
    from briefing.subscribers.moves import Moves

    wanted, names = _split(names)
    named = names.parse()
    key = Key.of(newsletter)
    path = names.list_ or newsletter.subscribers
    now = clock.local_now()
    with list_update.editing(newsletter, key, now, path) as editing:
        subscribers = editing.subscribers
        assignments.refuse_unknown(
            wanted, subscribers.headings, new_columns=new_columns
        )
        moves = Moves.of(newsletter)
        found = find_listed(named, key, moves, subscribers)
        readers = {reader.identity: reader for reader in found.values()}
        changes = assignments.changes(readers.values(), wanted)
        changed = len({change.identity for change in changes})
        editing.apply(changes, f"{counted(changed, 'reader')} changed")
    unlisted = [reader for reader in named if reader not in found]
    if as_json:
        output.print_json(
            {
                "changed": changed,
                "unchanged": len(readers) - changed,
                "list": str(path),
                "not_on_list": [reader.place for reader in unlisted],
            }
        )
    else:
        _show(changed, len(readers) - changed)
    _fail_for_unlisted(unlisted, subscribers)


def _split(
    names: named_readers.Names,
) -> "tuple[list[Assignment], named_readers.Names]":
    """Return the changes among the arguments, and the names without them."""
    from briefing.subscribers import assignments

    texts = [text for text in names.typed if assignments.is_assignment(text)]
    if not texts:
        raise click.UsageError(
            "say what to change, as in lang=de or tags+=press"
        )
    readers = tuple(text for text in names.typed if text not in texts)
    parsed = [assignments.parse_assignment(text) for text in texts]
    return parsed, replace(names, typed=readers)


def _show(changed: int, unchanged: int) -> None:
    if changed:
        output.echo(f"{counted(changed, 'reader')} changed.")
        output.echo(words.UNDO)
    if unchanged:
        output.echo(f"{counted(unchanged, 'reader')} already had these values.")


def _fail_for_unlisted(
    unlisted: "Sequence[NamedReader]", subscribers: "SubscriberList"
) -> None:
    similar_addresses.report_unlisted(unlisted, subscribers)
    if unlisted:
        output.fail(f"{counted(len(unlisted), 'reader')} not changed")
