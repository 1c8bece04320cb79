"""briefing subscribers restore: undo removals."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, prompts
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

if TYPE_CHECKING:
    from briefing.subscribers.named_reader import NamedReader
    from briefing.subscribers.restoring import RestorePlan
    from briefing.subscribers.suppression import Removal

EXAMPLES = """\
briefing subscribers restore --file -
briefing subscribers restore 9f86d081884c7d659a2feaa0c55ad0
"""


@decorators.command("restore", examples=EXAMPLES)
@named_readers.arguments
@click.option(
    "--force",
    is_flag=True,
    help="Also restore readers who reported an email as spam.",
)
@decorators.json_option
@decorators.pass_newsletter
def restore(
    newsletter: Newsletter,
    names: named_readers.Names,
    force: bool,
    as_json: bool,
) -> None:
    """Resubscribe readers who were unsubscribed by mistake.

    Give addresses or tokens, as for 'subscribers remove'. A reader who asked to
    leave must ask to come back. For one who reported an email as spam (a reason
    with 'complaint', 'spam' or 'abuse'), you are asked first in a terminal;
    otherwise --force is needed.
    """
    from briefing.keys import Key
    from briefing.subscribers import restoring
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.suppression import Suppression

    named = names.parse(sure=force)
    key = Key.of(newsletter)
    subscribers = names.open_list(newsletter)
    suppression = Suppression.of(newsletter)
    moves = Moves.of(newsletter)
    planned = restoring.plan_restoring(
        named, key, suppression, subscribers, moves
    )
    may_ask = prompts.is_interactive() and not as_json
    if planned.complaints and may_ask:
        named = [_ask(reader, dict(planned.complaints)) for reader in named]
        planned = restoring.plan_restoring(
            named, key, suppression, subscribers, moves
        )
    today = clock.today()
    count = restoring.restore(planned, suppression, moves, today)
    name = subscribers.name if subscribers else ""
    if as_json:
        output.print_json(_as_json(count, planned))
    else:
        for sentence in restoring.describe(count, planned, name):
            output.say(sentence)
    _fail_unless_all(planned, name, was_asked=may_ask)


def _ask(
    reader: "NamedReader", complaints: "dict[NamedReader, Removal]"
) -> "NamedReader":
    removal = complaints.get(reader)
    if removal is None:
        return reader
    output.echo(
        f"The reader in {reader.place} was unsubscribed on {removal.date}: {removal.reason}.\n"
        "Emails to people who reported them as spam can get all your email blocked."
    )
    return replace(reader, sure=prompts.ask_yes_no("Restore them?"))


def _fail_unless_all(
    planned: "RestorePlan", list_name: str, *, was_asked: bool
) -> None:
    for reader in planned.unknown:
        unlisted = f", and isn't on {list_name} either" if list_name else ""
        output.error(
            f"the reader in {reader.place} isn't unsubscribed{unlisted}; compare it with the address or token you meant"
        )
    for reader, removal in () if was_asked else planned.complaints:
        output.error(
            f"the reader in {reader.place} reported an email as spam ({removal.date}: {removal.reason}); "
            "--force restores them"
        )
    left = len(planned.unknown) + len(planned.complaints)
    if left:
        output.fail(f"{counted(left, 'reader')} not restored")


def _as_json(count: int, planned: "RestorePlan") -> dict[str, object]:
    not_removed = [*planned.subscribed, *planned.unknown]
    return {
        "restored": count,
        "on_list": planned.on_list,
        "not_unsubscribed": [reader.place for reader in not_removed],
        "complaints": [reader.place for reader, _ in planned.complaints],
    }
