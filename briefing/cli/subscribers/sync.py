"""briefing subscribers sync: find out who left, joined or became unreachable, and act on it."""

from pathlib import Path

import click

from briefing.cli import decorators
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers sync
briefing subscribers sync --dry-run
briefing subscribers sync --yes
briefing subscribers sync --seen
"""


@decorators.command("sync", examples=EXAMPLES)
@decorators.list_option
@click.option(
    "--seen",
    is_flag=True,
    help="You have read the emails that earlier syncs listed; don't list them again.",
)
@click.option(
    "--discard-unreadable",
    is_flag=True,
    help="Give up the requests that your key can't open.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would happen; change nothing."
)
@click.option("--yes", is_flag=True, help="Change the list without asking.")
@decorators.json_option
@decorators.pass_newsletter
def sync(
    newsletter: Newsletter,
    list_: Path | None,
    seen: bool,
    discard_unreadable: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Find out who left, joined or can't be reached, and act on it.

    It reads your server, the mailbox and SendGrid's lists, as far as they are
    set up. Readers who left are unsubscribed at once. Then it
    shows what would change in the list, such as new readers, and asks you.
    Nothing is deleted at the source, and syncing twice does no harm.

    Emails and requests that it can't act on are listed for you to read. Emails
    are listed by each sync until you unsubscribe their reader or use --seen.
    """
    from briefing.cli import sync_dialog
    from briefing.syncing import run

    with run.alone(newsletter):
        running = sync_dialog.begin(newsletter, list_, seen=seen)
        sync_dialog.read_sources(running, quiet=as_json)
        waiting = sync_dialog.finish(
            running,
            dry_run=dry_run,
            yes=yes,
            discard=discard_unreadable,
            as_json=as_json,
        )
    sync_dialog.fail_if_incomplete(running, waiting)
