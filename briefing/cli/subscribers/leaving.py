"""briefing subscribers remove and restore: unsubscribe readers, and undo that."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

if TYPE_CHECKING:
    from briefing.subscribers.restoring import RestorePlan

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
    newsletter: Newsletter, names: named_readers.Names, reason: str, force: bool
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
    from briefing.sending import departures, list_update
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
    removals = planned.removals(reason, clock.today())
    what = f"{counted(len(removals), 'reader')} unsubscribed"
    now = clock.local_now()
    with list_update.suppressing(newsletter, key, now, what):
        done = departures.unsubscribe(
            newsletter, key, removals, suppression, moves
        )
    name = subscribers.name if subscribers else ""
    recorded = replace(planned, new=done.new)
    for sentence in unsubscribing.describe(recorded, name):
        output.say(sentence)
    if done.rehearsed:
        deleted = counted(done.rehearsed, "email")
        output.echo(f"{deleted} deleted from rehearsal/.")
    if recorded.tokens:
        output.echo(
            "'briefing send' skips them from now on.\n"
            "'briefing subscribers restore' undoes this."
        )
    for reader in recorded.unlisted:
        output.error(f"the reader in {reader.place} isn't on {name}")
    if recorded.unlisted:
        left = counted(len(recorded.unlisted), "reader")
        output.fail(
            f"{left} not unsubscribed; correct the address, or use --force in case a later list contains it"
        )


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
    what = f"{counted(len(planned.tokens), 'reader')} restored"
    now = clock.local_now()
    with list_update.suppressing(newsletter, key, now, what):
        count = restoring.restore(planned, suppression, moves, now.date())
    name = subscribers.name if subscribers else ""
    for sentence in restoring.describe(count, planned, name):
        output.say(sentence)
    _fail_unless_all(planned, name)


def _fail_unless_all(planned: "RestorePlan", list_name: str) -> None:
    for reader in planned.unknown:
        unlisted = f", and isn't on {list_name} either" if list_name else ""
        output.error(
            f"the reader in {reader.place} isn't unsubscribed{unlisted}; compare it with the address or token you meant"
        )
    for reader, removal in planned.complaints:
        output.error(
            f"the reader in {reader.place} reported an email as spam ({removal.date}: {removal.reason}); emails to "
            "people who did can get all your email blocked; --force restores them"
        )
    left = len(planned.unknown) + len(planned.complaints)
    if left:
        output.fail(f"{counted(left, 'reader')} not restored")
