"""briefing subscribers remove: unsubscribe readers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, prompts
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers, similar_addresses

if TYPE_CHECKING:
    from briefing.subscribers.named_reader import NamedReader
    from briefing.subscribers.subscriber import Subscriber
    from briefing.subscribers.subscriber_list import SubscriberList
    from briefing.subscribers.unsubscribing import UnsubscribePlan

EXAMPLES = """\
briefing subscribers remove --file -
briefing subscribers remove --file bounces.txt --reason bounced
briefing subscribers remove 9f86d081884c7d659a2feaa0c55ad0
"""


@decorators.command("remove", examples=EXAMPLES)
@named_readers.arguments
@click.option(
    "--reason",
    default="asked",
    metavar="TEXT",
    help="Why, for the record (default: 'asked').",
)
@click.option(
    "--force",
    is_flag=True,
    help="Also unsubscribe addresses that aren't on the list, in case a later list contains them.",
)
@decorators.json_option
@decorators.pass_newsletter
def remove(
    newsletter: Newsletter,
    names: named_readers.Names,
    reason: str,
    force: bool,
    as_json: bool,
) -> None:
    """Unsubscribe readers for good, even if a later list contains them.

    Give each reader's address, or the token in the link, address or subject line
    that they unsubscribed with; you can paste all of it. They are recorded in
    .briefing/suppressions.csv by their tokens, without addresses. The list itself
    isn't changed. 'subscribers restore' undoes this.

    An address that isn't on the list may be mistyped. In a terminal, you are shown
    similar ones and asked; otherwise it isn't recorded unless you use --force.

    Addresses that you type here stay in the shell's history: use --file - for
    them. In a file, empty lines and lines that begin with # are skipped.
    """
    from briefing.keys import Key
    from briefing.sending import departures
    from briefing.subscribers import unsubscribing
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.suppression import Suppression

    named = names.parse(sure=force)
    key = Key.of(newsletter)
    subscribers = names.open_list(newsletter)
    suppression = Suppression.of(newsletter)
    moves = Moves.of(newsletter)
    planned = unsubscribing.plan_unsubscribing(
        named, key, suppression, subscribers, moves
    )
    may_ask = prompts.is_interactive() and not as_json
    if planned.unlisted and subscribers and may_ask:
        named = list(_ask_about(planned.unlisted, named, subscribers))
        planned = unsubscribing.plan_unsubscribing(
            named, key, suppression, subscribers, moves
        )
    today = clock.today()
    done = departures.unsubscribe(
        newsletter, key, planned.removals(reason, today), suppression, moves
    )
    recorded = replace(planned, new=done.new)
    if as_json:
        output.print_json(
            _as_json(recorded, names.list_ or newsletter.subscribers)
        )
    else:
        _show(recorded, subscribers, done.rehearsed)
    if recorded.unlisted and subscribers:
        if may_ask:
            output.fail(
                f"{counted(len(recorded.unlisted), 'reader')} not unsubscribed"
            )
        _fail_for_unlisted(recorded.unlisted, subscribers)


def _show(
    recorded: "UnsubscribePlan",
    subscribers: "SubscriberList | None",
    deleted: int,
) -> None:
    """Print what was recorded; `deleted` is the number of emails of rehearsals."""
    from briefing.subscribers import unsubscribing

    name = subscribers.name if subscribers else ""
    for sentence in unsubscribing.describe(recorded, name):
        output.say(sentence)
    if deleted:
        output.echo(f"{counted(deleted, 'email')} deleted from rehearsal/.")
    if recorded.tokens:
        output.echo(
            "'briefing send' skips them from now on.\n"
            "'briefing subscribers restore' undoes this."
        )


def _ask_about(
    unlisted: "tuple[NamedReader, ...]",
    named: "list[NamedReader]",
    subscribers: "SubscriberList",
) -> "Iterator[NamedReader]":
    """Yield the named readers as the editor decides about those who aren't on the list."""
    similar = similar_addresses.find(
        [reader.identity for reader in unlisted], subscribers
    )
    for reader in named:
        if reader in unlisted:
            yield _ask(
                reader, similar.get(reader.identity, []), subscribers.name
            )
        else:
            yield reader


def _ask(
    reader: "NamedReader", similar: "list[Subscriber]", list_name: str
) -> "NamedReader":
    output.echo(f"{reader.identity} isn't on {list_name}.")
    if similar:
        meant = similar_addresses.choose(similar)
        if meant:
            return replace(reader, identity=meant.identity)
    question = (
        "Unsubscribe this address anyway, in case a later list contains it?"
    )
    return replace(reader, sure=prompts.ask_yes_no(question))


def _fail_for_unlisted(
    unlisted: "tuple[NamedReader, ...]", subscribers: "SubscriberList"
) -> None:
    similar_addresses.report_unlisted(unlisted, subscribers)
    name = subscribers.name
    subject = f"1 address isn't on {name}"
    were = "wasn't"
    them = "it"
    if len(unlisted) > 1:
        subject = f"{len(unlisted):,} addresses aren't on {name}"
        were = "weren't"
        them = "them"
    output.fail(
        f"{subject} and {were} unsubscribed; correct {them}, or use --force in case a later list contains {them}"
    )


def _as_json(recorded: "UnsubscribePlan", path: Path) -> dict[str, object]:
    return {
        "suppressed": recorded.new,
        "already": recorded.already,
        "list": None if recorded.on_list is None else str(path),
        "on_list": recorded.on_list,
        "unknown_tokens": recorded.unknown_tokens,
        "not_on_list": [reader.place for reader in recorded.unlisted],
    }
