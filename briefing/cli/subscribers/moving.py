"""briefing subscribers move: give readers other addresses."""

from dataclasses import replace

import click

from briefing import clock
from briefing.cli import decorators, output, words
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

EXAMPLES = """\
briefing subscribers move --file -
briefing subscribers move --file moves.txt
"""
USAGE = (
    "give the old and the new address of one reader, or use --file FILE with both on each line "
    "(- reads standard input)"
)


@decorators.command("move", examples=EXAMPLES)
@named_readers.arguments_for("[OLD NEW]", "pairs of old and new address")
@decorators.pass_newsletter
def move(newsletter: Newsletter, names: named_readers.Names) -> None:
    """Change readers' addresses, and nothing else about them.

    They keep their row with name, language and tags. The links in their old
    emails still work. If they unsubscribed, they stay unsubscribed. They aren't
    sent an issue that they already have, and an email that is still to be sent
    goes to the new address.

    OLD can also be a token. In a file, each line has OLD and NEW with a space
    between. Addresses that you type here stay in the shell's history: use
    --file - for them. 'subscribers undo' undoes the change.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import moving
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.named_reader import parse_move
    from briefing.subscribers.suppression import Suppression

    if names.typed and len(names.typed) != 2:
        raise click.UsageError(USAGE)
    pair = (" ".join(names.typed),) if names.typed else ()
    named = replace(names, typed=pair).parse_as(
        parse_move, USAGE, "the file contains no addresses"
    )
    key = Key.of(newsletter)
    with list_update.editing(
        newsletter, key, clock.local_now(), names.list_
    ) as editing:
        list_name = editing.subscribers.name
        planned = moving.plan_moving(
            named,
            key,
            Suppression.of(newsletter),
            Moves.of(newsletter),
            editing.subscribers,
        )
        count = counted(len(planned.changes), "address")
        editing.apply(planned.changes, f"{count} changed")
    for sentence in moving.describe(planned):
        output.say(sentence)
    if planned.changes:
        output.echo(words.UNDO)
    for move in planned.unlisted:
        output.error(f"the reader in {move.place} isn't on {list_name}")
    for move, row in planned.taken:
        output.error(
            f"the new address in {move.place} is already on {list_name}, on line {row}; if both rows are the "
            f"same reader, delete line {row} and run the command again; if not, correct the new address"
        )
    for move in planned.repeated:
        output.error(f"{move.place} repeats a reader or a new address")
    left = len(planned.unlisted) + len(planned.taken) + len(planned.repeated)
    if left:
        output.fail(f"{counted(left, 'reader')} not moved")
