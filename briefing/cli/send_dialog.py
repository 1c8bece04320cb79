"""The dialog of a send to the list: show, ask, send, show the outcome."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from briefing import clock
from briefing.errors import TransportError, display_path
from briefing.sending.transports import registry

from . import output, prompts, words
from .opening import open_file
from .signals import stop_on_signal

if TYPE_CHECKING:
    from briefing.sending.ledger.ledger import Ledger
    from briefing.sending.plan import Mailing, Plan
    from briefing.sending.preflight.facts import SendRequest
    from briefing.sending.preflight.preflight import Preflight
    from briefing.sending.transports.base import Transport


def send(
    plan: "Plan", ledger: "Ledger", request: "SendRequest", *, open_mail: bool
) -> None:
    """Show what would happen, ask, send, show the outcome."""
    from briefing.sending.preflight import gathering

    from . import send_summary

    preflight = gathering.examine(plan, ledger, request, clock.local_now())
    send_summary.show_plan(plan, preflight)
    show_obstacles(preflight)
    if request.dry_run:
        output.echo("This was a dry run; nothing was sent.")
        return
    if preflight.count and not request.unattended:
        _confirm(preflight)
    # A dry run needs neither.
    from briefing.sending import delivery

    from .send_progress import show_progress

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
        send_summary.show_rehearsal(
            plan, preflight, result, interrupted=stop.is_set()
        )
        if preflight.count and (open_mail or _wants_to_look(request)):
            _open_first_mail(plan.mailing)
    else:
        send_summary.show_result(
            plan, preflight, result, interrupted=stop.is_set()
        )


def show_obstacles(preflight: "Preflight") -> None:
    """Print every obstacle. Exit if any of them prevents the send."""
    blocking = preflight.blocking
    for obstacle in preflight.obstacles:
        report = output.error if obstacle.blocks else output.warn
        for detail in obstacle.details:
            report(detail)
        if not obstacle.blocks or len(blocking) > 1:
            report(obstacle.message)
    if len(blocking) == 1:
        output.fail(blocking[0].message)
    elif blocking:
        output.fail(
            f"issue {preflight.facts.issue} can't be sent yet, for the {len(blocking)} reasons above"
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
            "To send them, type the number of emails",
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
        "Send the edited version to readers who don't have the issue yet?",
        option="--yes --expect N",
    )


def _wants_to_look(request: "SendRequest") -> bool:
    may_ask = prompts.is_interactive() and not request.unattended
    return may_ask and prompts.ask_yes_no("Open the first of them now?")


def _open_first_mail(mailing: "Mailing") -> None:
    """Open an email in the program that this computer uses for them."""
    from briefing.sending import rehearsals

    mails = rehearsals.mails(
        rehearsals.folder_of(mailing.newsletter, mailing.issue)
    )
    first = mails[0]
    if not open_file(first):
        output.warn(
            f"no program on this computer opens emails; the first is in {display_path(first)}"
        )


def _transport(mailing: "Mailing", preflight: "Preflight") -> "Transport":
    from briefing.sending.transports.outbox import Outbox

    newsletter = mailing.newsletter
    if preflight.request.rehearsal:
        return Outbox(newsletter, mailing.issue, preflight.count)
    provider = registry.provider(preflight.request.via)
    if preflight.at and provider.scheduling:
        return provider.connect_for_later(newsletter, mailing.key)
    return provider.connect(newsletter, mailing.key)


@contextmanager
def showing_answers(request: "SendRequest") -> Iterator[None]:
    """Show the whole answer of a server that refuses, if that was asked for."""
    try:
        yield
    except TransportError as error:
        _show_answer(request, error.answer)
        raise


def _show_answer(request: "SendRequest", answer: str) -> None:
    if request.show_answer and answer:
        output.warn(f"the server's whole answer, which isn't saved: {answer}")
