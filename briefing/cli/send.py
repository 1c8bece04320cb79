"""briefing send: email an issue to the list."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing import clock
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.transports import registry

from . import decorators, output, send_dialog, words

if TYPE_CHECKING:
    from briefing.sending.preflight.facts import SendRequest

SCHEDULERS = " or ".join(provider.title for provider in registry.schedulers())

EXAMPLES = """\
briefing send                                         a rehearsal
briefing send --via smtp --test
briefing send --via smtp --limit 50                   only 50 for a start
briefing send --via smtp --yes --expect 2500          for cron
briefing send --via sendgrid --at '2026-11-27 08:00'
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
    help=f"Send later, through {SCHEDULERS}: '18:30' today, or '2026-11-27 08:00'.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Send only N emails; the next send continues with the rest.",
)
@click.option(
    "--late",
    is_flag=True,
    help="Also send to readers who joined after the first emails were sent.",
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
    "--open",
    "open_",
    is_flag=True,
    help="After a rehearsal, open its first email.",
)
@click.option(
    "--clear-rehearsals",
    is_flag=True,
    help="Send nothing; delete the emails of all rehearsals.",
)
@click.option(
    "--retry-rejected",
    is_flag=True,
    help="Send again to readers that the server rejected.",
)
@click.option(
    "--corrected",
    is_flag=True,
    help="Send the edited version to readers who don't have the issue yet.",
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
    "--no-wait",
    is_flag=True,
    help="Don't wait (up to an hour) to retry emails that the server has deferred.",
)
@click.option(
    "--no-sync",
    is_flag=True,
    help="Don't sync first; until you do, new readers can't unsubscribe with their link.",
)
@click.option(
    "--show-answer",
    is_flag=True,
    help="If the server refuses, show its whole answer, which may name readers.",
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
    mark_delivered: bool,
    no_sync: bool,
    open_: bool,
    clear_rehearsals: bool,
    yes: bool,
    **options: Any,
) -> None:
    """Email an issue to everyone on the list, each in their language.

    With --via outbox (the default), this is a rehearsal: the emails are written to files on this
    computer, in rehearsal/. With any other --via, they are really sent. If a send stops halfway, run
    the same command again. No reader gets an issue twice unless you ask for it.
    """
    from briefing.issue import store
    from briefing.sending.ledger import records
    from briefing.sending.plan import Mailing, Plan
    from briefing.sending.preflight import gathering
    from briefing.sending.preflight.facts import SendRequest

    from . import trial

    if clear_rehearsals:
        _clear_rehearsals(newsletter)
        return
    folder = store.find(newsletter, issue)
    if mark_delivered:
        _mark_delivered(newsletter, folder.name)
        return
    is_test = test or bool(test_to)
    request = SendRequest(
        via=via or newsletter.settings.send.via,
        test=is_test,
        unattended=yes,
        **options,
    )
    if open_:
        _require_rehearsal(request)
    _refuse_at_once(newsletter, request, needs_test_address=not test_to)
    now = clock.local_now()
    mailing = Mailing.of(newsletter, folder, now.date())
    without_list = gathering.examine_mailing(mailing, request, now)
    if is_test or without_list.has("unsafe-folder"):
        # In an unsafe folder, not even a ledger is created.
        send_dialog.show_obstacles(without_list)
    _sync_first(newsletter, list_, request, wanted=not no_sync)
    with (
        records.open_ledger(
            newsletter,
            mailing.key,
            rehearsal=request.rehearsal,
        ) as ledger,
        send_dialog.showing_answers(request),
    ):
        if is_test:
            trial.send_test(mailing, ledger, request.via, test_to)
            return
        plan = Plan.read(mailing, list_ or newsletter.subscribers, tag)
        send_dialog.send(plan, ledger, request, open_mail=open_)


def _sync_first(
    newsletter: Newsletter,
    list_: Path | None,
    request: "SendRequest",
    *,
    wanted: bool,
) -> None:
    """Find out who has left, before emails go out to the list."""
    if not wanted or request.test or request.rehearsal or request.dry_run:
        return
    from . import sync_dialog

    sync_dialog.sync_before_send(
        newsletter, list_, unattended=request.unattended
    )


def _require_rehearsal(request: "SendRequest") -> None:
    if not request.rehearsal:
        raise RefusedError(
            "only a rehearsal has emails to open; leave out --open, or use --via outbox"
        )


def _refuse_at_once(
    newsletter: Newsletter, request: "SendRequest", *, needs_test_address: bool
) -> None:
    """Exit if another command is sending or settings are missing: that is known before the slow checks
    of the issue.
    """
    from briefing.sending.ledger import send_lock
    from briefing.sending.preflight import missing_settings

    from .setup_hints import fail_for_missing

    if not request.test:
        send_lock.require_free(newsletter)
    fail_for_missing(
        missing_settings.find_for_send(
            newsletter,
            request.via,
            needs_test_address=request.test and needs_test_address,
        )
    )


def _clear_rehearsals(newsletter: Newsletter) -> None:
    from briefing.sending import rehearsals

    issues = rehearsals.clear_all(newsletter)
    if issues:
        output.echo(
            f"Deleted the rehearsals of {', '.join(issues)}. Nothing was sent."
        )
    else:
        output.echo("There is no rehearsal to delete.")


def _mark_delivered(newsletter: Newsletter, issue: str) -> None:
    from briefing.keys import Key
    from briefing.sending import delivery
    from briefing.sending.ledger import records

    with records.open_ledger(
        newsletter, Key.of(newsletter), rehearsal=False
    ) as ledger:
        count = delivery.mark_delivered(newsletter, ledger, issue)
    if count:
        marked = f"{words.mails(count)} of issue {issue} marked as delivered"
    else:
        marked = f"No delivery of issue {issue} is uncertain"
    output.echo(f"{marked}; nothing was sent.")
