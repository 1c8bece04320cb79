"""briefing recall: stop what is scheduled."""

from pathlib import Path

import click

from briefing.cli import decorators, output, words
from briefing.errors import NotFoundError
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing recall
briefing recall 2020-10-09
"""


@decorators.command("recall", examples=EXAMPLES)
@decorators.issue_argument
@click.pass_obj
def command(directory: Path, issue: str | None) -> None:
    """Call back an issue that was scheduled with 'send --at' and hasn't gone out yet.

    The newest that was sent, unless one is named. It is sure until 10 minutes before the time. Given again,
    it does no harm; the issue can then be corrected and sent anew.
    """
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.sending import delivery, schedule
    from briefing.sending.transports import registry

    newsletter = Newsletter.find(directory)
    wanted = store.find(newsletter, issue).name if issue else None
    if not delivery.ledger_path(newsletter, rehearsal=False).exists():
        raise NotFoundError("nothing was sent yet, so there is nothing to call back")
    key = Key.of(newsletter)
    with delivery.ledger_of(newsletter, key, rehearsal=False) as ledger:
        name = wanted or next(iter(ledger.issues()), None)
        if name is None:
            raise NotFoundError("nothing was sent yet, so there is nothing to call back")
        sure, unsure = schedule.recall(newsletter, ledger, name, lambda: registry.connect_scheduler(newsletter, key))
    if sure:
        output.echo(f"{words.mails(sure)} of issue {name} called back; nobody gets {words.them(sure)}.", fg="green")
    if unsure:
        output.echo(
            f"{words.mails(unsure)} called back less than 10 minutes before the time: that isn't promised any more.\n"
            "They count as uncertain; a test address that was on the list tells.",
            fg="yellow",
        )
    if not (sure or unsure):
        output.echo(f"What was scheduled of issue {name} is called back already.")
