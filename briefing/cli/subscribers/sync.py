"""briefing subscribers sync: find out who left, joined, complained or became unreachable, and act on it."""

from pathlib import Path

import click

from briefing.cli import decorators, output
from briefing.newsletter import Newsletter
from briefing.syncing import sources

EXAMPLES = """\
briefing subscribers sync
briefing subscribers sync --dry-run
briefing subscribers sync sendgrid --yes
briefing subscribers sync --accept example.net
"""


@decorators.command("sync", examples=EXAMPLES)
@click.argument(
    "names",
    nargs=-1,
    metavar="[SOURCE]...",
    type=click.Choice(sources.NAMES),
)
@decorators.list_option
@click.option(
    "--accept",
    multiple=True,
    metavar="WHAT",
    help="Make changes that are held back: a provider's domain, or one of the words above. "
    "'unreadable' requests are discarded for good.",
)
@click.option(
    "--reject",
    multiple=True,
    metavar="WHAT",
    help="Don't make changes that are held back, and don't ask again. "
    "'unreadable' requests stay on the server, and the next sync asks again.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would happen; change nothing."
)
@click.option(
    "--yes",
    is_flag=True,
    help="Don't ask. Changes that are held back stay held back.",
)
@decorators.json_option
@decorators.pass_newsletter
def sync(
    newsletter: Newsletter,
    names: tuple[str, ...],
    list_: Path | None,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Find out who left, joined or reported spam, and act on it.

    It reads every SOURCE that is set up (server, mailbox, sendgrid), or only
    those that you choose. Then it shows what would change, and you are asked.
    Nothing is deleted at the source, and syncing twice does no harm.

    If unusually many readers left, joined, complained or changed something at
    once, those changes are held back until you decide, even with --yes. To
    --accept or --reject them, give a provider's domain (many addresses there no
    longer exist), or 'departures', 'complaints', 'joins', 'changes' or 'links'.
    Also held back are 'queued' (people who used the form while it was closed),
    'unverified' (returned mail and complaints that anyone could have written)
    and 'unreadable' (requests that your key can't open).
    """
    from briefing.cli import sync_dialog
    from briefing.syncing import run
    from briefing.syncing.planning.questions import Answers

    chosen = sources.names_for(newsletter.settings, names)
    if not chosen:
        output.fail(sources.NOTHING_SET_UP)
    answers = Answers(accept, reject)
    with run.alone(newsletter):
        running = sync_dialog.begin(newsletter, chosen, list_)
        sync_dialog.read_sources(running, quiet=as_json)
        if as_json:
            plan = sync_dialog.finish_as_json(
                running, answers, carry_out=yes and not dry_run
            )
        else:
            plan = sync_dialog.finish(
                running, answers, dry_run=dry_run, yes=yes
            )
    sync_dialog.fail_for_failures(running, plan)
