"""briefing send: email an issue to the list."""

from pathlib import Path
from typing import Any

import click

from briefing.newsletter import Newsletter
from briefing.sending.transports import registry

from . import decorators, output, prompts, words

EXAMPLES = """\
briefing send                                         a rehearsal
briefing send --via smtp --test
briefing send --via smtp --limit 50                   only 50 for a start
briefing send --via smtp --yes --expect 2500          for cron
briefing send --via smtp --at '2026-11-27 08:00'
briefing send 2020-10-09 --tag board --dry-run
"""


@decorators.command("send", examples=EXAMPLES)
@decorators.issue_argument
@decorators.list_option
@click.option(
    "--tag",
    default="",
    metavar="TAG",
    help="Send only to readers with TAG in the column 'tags'.",
)
@click.option(
    "--via",
    type=click.Choice(registry.NAMES),
    help="How to send (default: 'via' under [send] in briefing.toml).",
)
@click.option(
    "--test",
    is_flag=True,
    help="Send only to your test addresses ('test' under [send]).",
)
@click.option(
    "--test-to",
    multiple=True,
    metavar="ADDRESS",
    help="Send only to this address; can be used several times.",
)
@click.option(
    "--at",
    metavar="TIME",
    help="Wait here until TIME: '18:30' today, or '2026-11-27 08:00'.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Send only N emails; the next send continues with the rest.",
)
@click.option(
    "--resend-uncertain",
    is_flag=True,
    help="Send again to readers whose delivery is uncertain; some may get it twice.",
)
@click.option(
    "--mark-delivered",
    is_flag=True,
    help="Send nothing; count uncertain emails as delivered.",
)
@click.option(
    "--end",
    is_flag=True,
    help="Send nothing; give up the readers who don't have the issue yet.",
)
@click.option(
    "--retry-rejected",
    is_flag=True,
    help="Send again to readers that the server rejected.",
)
@click.option(
    "--untested",
    is_flag=True,
    help="Send even if this version wasn't sent as a test.",
)
@click.option(
    "--skip-bad-rows",
    is_flag=True,
    help="Skip rows without a usable address or language.",
)
@click.option(
    "--no-sync",
    is_flag=True,
    help="Don't sync first; until you do, new readers can't unsubscribe with their link.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would happen; send nothing."
)
@click.option(
    "--expect",
    type=click.IntRange(min=0),
    metavar="N",
    help="Send only if exactly N emails would be sent.",
)
@click.option(
    "--yes", is_flag=True, help="Don't ask. A real send also needs --expect N."
)
@decorators.pass_newsletter
def command(
    newsletter: Newsletter,
    /,
    issue: str | None,
    list_: Path | None,
    tag: str,
    via: str | None,
    test: bool,
    test_to: tuple[str, ...],
    at: str | None,
    mark_delivered: bool,
    end: bool,
    no_sync: bool,
    yes: bool,
    **options: Any,
) -> None:
    """Email an issue to everyone on the list, each in their language.

    With --via outbox (the default), this is a rehearsal: the emails are written to files on this
    computer, in rehearsal/. With any other --via, they are really sent. If a send stops halfway, run
    the same command again. No reader gets an issue twice unless you ask for it.
    """
    from briefing.issue import store
    from briefing.sending.preflight.facts import SendRequest

    from .send_dialog import Send

    folder = store.find(newsletter, issue)
    if mark_delivered:
        _mark_delivered(newsletter, folder.name)
        return
    if end:
        _end(newsletter, folder.name, yes=yes)
        return
    request = SendRequest(
        via=via or newsletter.settings.send.via,
        test=test or bool(test_to),
        unattended=yes,
        **options,
    )
    send = Send(newsletter, folder, request, list_, tag, wants_sync=not no_sync)
    if request.test:
        send.test(test_to)
    elif at:
        send.wait_and_send(at)
    else:
        send.now()


def _mark_delivered(newsletter: Newsletter, issue: str) -> None:
    from briefing.keys import Key
    from briefing.sending import delivery
    from briefing.sending.ledger import records

    with records.open_ledger(newsletter, Key.of(newsletter)) as ledger:
        count = delivery.mark_delivered(newsletter, ledger, issue)
    if count:
        marked = f"{words.mails(count)} of issue {issue} marked as delivered"
    else:
        marked = f"No delivery of issue {issue} is uncertain"
    output.echo(f"{marked}; nothing was sent.")


def _end(newsletter: Newsletter, issue: str, *, yes: bool) -> None:
    from briefing.keys import Key
    from briefing.sending import delivery
    from briefing.sending.ledger import records

    if not yes:
        prompts.confirm(
            f"Give up all readers who don't have issue {issue} yet? This can't be undone.",
            option="--yes",
        )
    with records.open_ledger(newsletter, Key.of(newsletter)) as ledger:
        count = delivery.end(newsletter, ledger, issue)
    if not count:
        output.echo(f"Every reader has been sent issue {issue}.")
        return
    output.echo(f"{words.readers(count)} won't get issue {issue}.")
    output.say(
        f"To correct an error in it, write 'corrects: {issue}' below the title of your next issue: it reaches everyone "
        "on the list."
    )
