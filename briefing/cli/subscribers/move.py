"""briefing subscribers move: give readers other addresses."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, prompts, words
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers, similar_addresses

if TYPE_CHECKING:
    from briefing.subscribers.moving import MovePlan
    from briefing.subscribers.named_reader import NamedMove
    from briefing.subscribers.subscriber_list import SubscriberList

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
@decorators.json_option
@decorators.pass_newsletter
def move(
    newsletter: Newsletter, names: named_readers.Names, as_json: bool
) -> None:
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
    from briefing.subscribers.suppression import Suppression

    named = _parse(names)
    key = Key.of(newsletter)
    path = names.list_ or newsletter.subscribers
    now = clock.local_now()
    with list_update.editing(newsletter, key, now, path) as editing:
        record = Suppression.of(newsletter), Moves.of(newsletter)
        subscribers = editing.subscribers
        planned = moving.plan_moving(named, key, *record, subscribers)
        if planned.unlisted and prompts.is_interactive() and not as_json:
            named = _ask_about(planned.unlisted, named, subscribers)
            planned = moving.plan_moving(named, key, *record, subscribers)
        count = counted(len(planned.changes), "address")
        editing.apply(planned.changes, f"{count} changed")
    if as_json:
        output.print_json(_as_json(planned, path))
    else:
        for sentence in moving.describe(planned):
            output.say(sentence)
        if planned.changes:
            output.echo(words.UNDO)
    _fail_unless_all(planned, subscribers)


def _parse(names: named_readers.Names) -> "list[NamedMove]":
    from briefing.subscribers.named_reader import parse_move

    if names.typed and len(names.typed) != 2:
        raise click.UsageError(USAGE)
    pair = (" ".join(names.typed),) if names.typed else ()
    return replace(names, typed=pair).parse_as(
        parse_move, USAGE, "the file contains no addresses"
    )


def _ask_about(
    unlisted: "tuple[NamedMove, ...]",
    named: "list[NamedMove]",
    subscribers: "SubscriberList",
) -> "list[NamedMove]":
    """Return the changes as the editor decides about readers who aren't on the list."""
    similar = similar_addresses.find(
        [move.reader.identity for move in unlisted], subscribers
    )
    decided: list[NamedMove] = []
    for move in named:
        found = similar.get(move.reader.identity, [])
        meant = None
        if move in unlisted and found:
            output.echo(f"{move.reader.identity} isn't on {subscribers.name}.")
            meant = similar_addresses.choose(found)
        if meant:
            reader = replace(move.reader, identity=meant.identity)
            move = replace(move, reader=reader)  # noqa: PLW2901
        decided.append(move)
    return decided


def _fail_unless_all(
    planned: "MovePlan", subscribers: "SubscriberList"
) -> None:
    unlisted = [
        replace(move.reader, place=move.place) for move in planned.unlisted
    ]
    similar_addresses.report_unlisted(unlisted, subscribers)
    for move, row in planned.taken:
        output.error(
            f"the new address in {move.place} is already on {subscribers.name}, on line {row}; if both rows are the "
            f"same reader, delete line {row} and run the command again; if not, correct the new address"
        )
    for move in planned.repeated:
        output.error(f"{move.place} repeats a reader or a new address")
    left = len(planned.unlisted) + len(planned.taken) + len(planned.repeated)
    if left:
        output.fail(f"{counted(left, 'reader')} not moved")


def _as_json(planned: "MovePlan", path: Path) -> dict[str, object]:
    return {
        "moved": len(planned.changes),
        "suppressed": planned.suppressed,
        "list": str(path),
        "not_on_list": [move.place for move in planned.unlisted],
        "taken": [
            {"place": move.place, "line": row} for move, row in planned.taken
        ],
        "repeated": [move.place for move in planned.repeated],
    }
