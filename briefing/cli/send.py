"""briefing send: mail an issue to the list."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing import clock
from briefing.cli import decorators, output, prompts, words
from briefing.cli.opening import open_file
from briefing.cli.signals import stop_on_signal
from briefing.errors import RefusedError, TransportError, display_path
from briefing.newsletter import Newsletter
from briefing.sending.transports import registry

if TYPE_CHECKING:
    from briefing.sending.facts import SendRequest
    from briefing.sending.ledger import Ledger
    from briefing.sending.plan import Mailing, Plan
    from briefing.sending.preflight import Preflight
    from briefing.sending.transports.base import Transport

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
    help="How to send (default: [send] via in briefing.toml).",
)
@click.option(
    "--test", is_flag=True, help="Send only to the addresses in [send] test."
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
    help="Send only N mails; the next send continues.",
)
@click.option(
    "--late",
    is_flag=True,
    help="Also send to readers who joined after the first mails were sent.",
)
@click.option(
    "--resend-uncertain",
    is_flag=True,
    help="Send again to uncertain readers; some may get it twice.",
)
@click.option(
    "--mark-delivered",
    is_flag=True,
    help="Send nothing; count uncertain mails as delivered.",
)
@click.option(
    "--open",
    "open_",
    is_flag=True,
    help="After a rehearsal, open its first mail.",
)
@click.option(
    "--clear-rehearsals",
    is_flag=True,
    help="Send nothing; delete the mails of all rehearsals.",
)
@click.option(
    "--retry-rejected",
    is_flag=True,
    help="Send again to readers the server rejected.",
)
@click.option(
    "--corrected",
    is_flag=True,
    help="Send the edited version to readers who have no version yet.",
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
    help="Don't wait up to an hour for servers that want mails later.",
)
@click.option(
    "--no-sync",
    is_flag=True,
    help="Don't sync first; until you do, new readers can't leave by their link.",
)
@click.option(
    "--show-answer",
    is_flag=True,
    help="If the server refuses, show all it says; that may name readers.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would happen; send nothing."
)
@click.option(
    "--expect",
    type=click.IntRange(min=0),
    metavar="N",
    help="Send only if it is exactly N mails.",
)
@click.option(
    "--yes", is_flag=True, help="Don't ask. A real send also needs --expect N."
)
@click.pass_obj
def command(
    directory: Path,
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
    """Mail an issue to everyone on the list, each in their language.

    With the outbox, this is a rehearsal: mails become files on this computer, in rehearsal/. With
    any other --via, they are really sent. If a send stops halfway, run the same command again. No
    reader gets an issue twice.
    """
    from briefing.issue import store
    from briefing.sending import gathering, records
    from briefing.sending.facts import SendRequest
    from briefing.sending.plan import Mailing, Plan

    newsletter = Newsletter.find(directory)
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
    early = gathering.examine_mailing(mailing, request, now)
    if is_test or early.has("unsafe-folder"):
        # In an unsafe folder, not even a ledger is created.
        _show_obstacles(early)
    _sync_first(newsletter, list_, request, wanted=not no_sync)
    with (
        records.open_ledger(
            newsletter,
            mailing.key,
            rehearsal=request.rehearsal,
        ) as ledger,
        _showing_answers(request),
    ):
        if is_test:
            _send_test(mailing, ledger, request.via, test_to)
            return
        plan = Plan.read(mailing, list_ or newsletter.subscribers, tag)
        _send(plan, ledger, request, open_mail=open_)


def _sync_first(
    newsletter: Newsletter,
    list_: Path | None,
    request: "SendRequest",
    *,
    wanted: bool,
) -> None:
    """Look who has left since, before mails go out to the list."""
    from briefing.cli import sync_dialog

    is_real = not (request.test or request.rehearsal or request.dry_run)
    if wanted and is_real:
        sync_dialog.sync_before_send(
            newsletter, list_, unattended=request.unattended
        )


def _require_rehearsal(request: "SendRequest") -> None:
    if not request.rehearsal:
        raise RefusedError(
            "only a rehearsal has mails to open; leave out --open, or use --via outbox"
        )


@contextmanager
def _showing_answers(request: "SendRequest") -> Iterator[None]:
    """Show the whole answer of a server that refuses, if that was asked for."""
    try:
        yield
    except TransportError as error:
        _show_answer(request, error.answer)
        raise


def _show_answer(request: "SendRequest", answer: str) -> None:
    if request.show_answer and answer:
        output.warn(f"the server's whole answer, which isn't kept: {answer}")


def _refuse_at_once(
    newsletter: Newsletter, request: "SendRequest", *, needs_test_address: bool
) -> None:
    """Exit if another command is sending or settings are missing: that is known before the slow checks
    of the issue.
    """
    from briefing.cli.setup import fail_for_missing
    from briefing.sending import lock, missing_settings

    if not request.test:
        lock.require_free(newsletter)
    fail_for_missing(
        missing_settings.find_for_send(
            newsletter,
            request.via,
            needs_test_address=request.test and needs_test_address,
        )
    )


def _send(
    plan: "Plan", ledger: "Ledger", request: "SendRequest", *, open_mail: bool
) -> None:
    """Show what would happen, ask, send, show the outcome."""
    from briefing.cli import summary
    from briefing.cli.progress import show_progress
    from briefing.sending import delivery, gathering

    preflight = gathering.examine(plan, ledger, request, clock.local_now())
    summary.show_plan(plan, preflight)
    _show_obstacles(preflight)
    if request.dry_run:
        output.echo("This was a dry run; nothing was sent.")
        return
    if preflight.count and not request.unattended:
        _confirm(preflight)
    transport = _transport(plan.mailing, preflight)
    stop = threading.Event()
    with show_progress("Writing" if request.rehearsal else "Sending") as show:
        result = delivery.send(
            plan,
            ledger,
            transport,
            preflight,
            stop=stop,
            show_progress=show,
            while_handing_over=stop_on_signal(stop),
        )
    _show_answer(request, result.answer)
    if request.rehearsal:
        summary.show_rehearsal(
            plan, preflight, result, interrupted=stop.is_set()
        )
        if preflight.count and (open_mail or _wants_to_look(request)):
            _open_first_mail(plan.mailing)
    else:
        summary.show_result(plan, preflight, result, interrupted=stop.is_set())


def _show_obstacles(preflight: "Preflight") -> None:
    """Print every obstacle. Exit if any of them prevents the send."""
    blocking = preflight.blocking
    for obstacle in preflight.obstacles:
        report = output.error if obstacle.blocks else output.warn
        for detail in obstacle.details:
            report(detail)
        if not obstacle.blocks or len(blocking) > 1:
            report(obstacle.message)
    if len(blocking) == 1:
        output.fail(blocking[0].message, 1)
    elif blocking:
        output.fail(
            f"issue {preflight.facts.issue} can't be sent for these {len(blocking)} reasons",
            1,
        )


def _confirm(preflight: "Preflight") -> None:
    count = preflight.count
    if preflight.request.rehearsal:
        prompts.confirm(
            f"Write {words.mails(count)} to files on this computer?",
            option="--yes",
        )
    else:
        if preflight.amounts and preflight.amounts.corrected:
            _confirm_correction(preflight.facts.issue)
        prompts.confirm_number(
            "Type the number of mails to send them",
            count,
            option="--yes --expect N",
        )


def _confirm_correction(issue: str) -> None:
    """Ask whether it is a slip: readers who have an error of fact must learn of it."""
    output.echo(
        "Readers who have the issue keep it as it is, and won't learn of the change.\n"
        "That is right for a slip. For an error of fact, answer no, and compose another\n"
        f"issue with 'corrects: {issue}', which reaches everyone."
    )
    prompts.confirm(
        "Send the corrected version to the others?", option="--yes --expect N"
    )


def _wants_to_look(request: "SendRequest") -> bool:
    may_ask = prompts.is_interactive() and not request.unattended
    return may_ask and click.confirm("Open the first of them now?")


def _open_first_mail(mailing: "Mailing") -> None:
    """Open a mail in the program that this computer uses for them."""
    from briefing.sending import rehearsals

    mails = rehearsals.mails(
        rehearsals.folder_of(mailing.newsletter, mailing.issue)
    )
    first = mails[0]
    if not open_file(first):
        output.warn(
            f"no program on this computer opens mails; the first is in {display_path(first)}"
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


def _transport(mailing: "Mailing", preflight: "Preflight") -> "Transport":
    from briefing.sending.transports.outbox import Outbox

    newsletter = mailing.newsletter
    if preflight.request.rehearsal:
        return Outbox(newsletter, mailing.issue, preflight.count)
    provider = registry.provider(preflight.request.via)
    if preflight.at and provider.scheduling:
        return provider.scheduling.connect(newsletter, mailing.key)
    return provider.connect(newsletter, mailing.key)


def _send_test(
    mailing: "Mailing",
    ledger: "Ledger",
    via: str,
    test_to: tuple[str, ...],
) -> None:
    from briefing.cli import testing
    from briefing.sending import trial

    newsletter = mailing.newsletter
    addresses = trial.parse_addresses(test_to, newsletter.settings.send.test)
    transport = registry.provider(via).connect(newsletter, mailing.key)
    testing.send_test(mailing, ledger, transport, addresses)


def _mark_delivered(newsletter: Newsletter, issue: str) -> None:
    from briefing.keys import Key
    from briefing.sending import delivery, records

    with records.open_ledger(
        newsletter, Key.of(newsletter), rehearsal=False
    ) as ledger:
        count = delivery.mark_delivered(newsletter, ledger, issue)
    output.echo(
        f"{words.readers(count)} of issue {issue} marked as delivered; nothing was sent."
    )
