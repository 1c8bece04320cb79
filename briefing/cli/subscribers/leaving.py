"""briefing subscribers remove and restore: unsubscribe readers, and undo that."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output
from briefing.errors import BriefingError
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

if TYPE_CHECKING:
    from briefing.subscribers.subscriber_list import SubscriberList

REMOVE_EXAMPLES = """\
briefing subscribers remove --file -
briefing subscribers remove --file bounces.txt --reason bounced
briefing subscribers remove 9f86d081884c7d659a2feaa0c55ad0
"""
RESTORE_EXAMPLES = """\
briefing subscribers restore --file -
briefing subscribers restore 9f86d081884c7d659a2feaa0c55ad0
"""


@decorators.command("remove", examples=REMOVE_EXAMPLES)
@named_readers.arguments
@decorators.list_option
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
@decorators.pass_newsletter
def remove(
    newsletter: Newsletter,
    names: named_readers.Names,
    list_: Path | None,
    reason: str,
    force: bool,
) -> None:
    """Unsubscribe readers for good, even if a later list contains them.

    Give each reader's address, or the token in the link, address or subject line
    that they unsubscribed with; you can paste all of it. They are recorded in
    .briefing/suppressions.csv by their tokens, without addresses. The list itself
    isn't changed. 'subscribers restore' or 'subscribers undo' undoes this.

    An address that isn't on the list may be mistyped: it isn't recorded unless
    you use --force.

    Addresses that you type here stay in the shell's history: use --file - for
    them. In a file, empty lines and lines that begin with # are skipped.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import plans, unsubscribing
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.named_reader import parse_reader
    from briefing.subscribers.suppression import Removal, Suppression

    named = names.parse(parse_reader)
    key = Key.of(newsletter)
    suppression, moves = Suppression.of(newsletter), Moves.of(newsletter)
    planned = plans.plan_unsubscribing(
        named,
        key,
        suppression,
        moves,
        _open_list(newsletter, list_),
        is_sure=force,
    )
    now = clock.local_now()
    removal = Removal(now.date().isoformat(), reason)
    count = counted(len(planned.changes), "reader")
    with list_update.suppressing(newsletter, key, now, f"{count} unsubscribed"):
        removals = dict.fromkeys(planned.changes, removal)
        unsubscribing.record(removals, suppression, moves)
    done = f"{count} unsubscribed. They get no emails, even if a later list contains them."
    named_readers.report(planned, done, "unsubscribed")


def _open_list(
    newsletter: Newsletter, list_: Path | None
) -> "SubscriberList | None":
    """Return the list to look readers up in. Only one that was named with --list must exist."""
    from briefing.subscribers.subscriber_list import open_list

    try:
        return open_list(list_ or newsletter.subscribers)
    except BriefingError as error:
        if list_:
            raise
        output.warn(f"couldn't find out which of them are on the list: {error}")
        return None


@decorators.command("restore", examples=RESTORE_EXAMPLES)
@named_readers.arguments
@click.option(
    "--force",
    is_flag=True,
    help="Also restore readers who reported an email as spam.",
)
@decorators.pass_newsletter
def restore(
    newsletter: Newsletter, names: named_readers.Names, force: bool
) -> None:
    """Resubscribe readers who were unsubscribed by mistake.

    Give addresses or tokens, as for 'subscribers remove'. A reader who asked to
    leave must ask to come back. For one who reported an email as spam (a reason
    with 'complaint', 'spam' or 'abuse'), --force is needed.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import plans, unsubscribing
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.named_reader import parse_reader
    from briefing.subscribers.suppression import Suppression

    named = names.parse(parse_reader)
    key = Key.of(newsletter)
    suppression, moves = Suppression.of(newsletter), Moves.of(newsletter)
    planned = plans.plan_restoring(
        named, key, suppression, moves, is_sure=force
    )
    now = clock.local_now()
    count = counted(len(planned.changes), "reader")
    with list_update.suppressing(newsletter, key, now, f"{count} restored"):
        unsubscribing.restore(planned.changes, suppression, moves, now.date())
    done = f"{count} restored. Those who are on the list get emails again."
    named_readers.report(planned, done, "restored")
