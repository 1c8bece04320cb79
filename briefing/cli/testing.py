"""A test send, for briefing send --test and --test-to: the mails that readers will get, to the editors first."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from briefing.cli import output, words
from briefing.errors import RefusedError, TransportError

if TYPE_CHECKING:
    from briefing.sending.ledger import Ledger
    from briefing.sending.plan import Mailing
    from briefing.sending.transports.base import Outcome, Transport


def send_test(mailing: "Mailing", ledger: "Ledger", transport: "Transport", addresses: Sequence[str]) -> None:
    """Send each edition once to each address; nothing is asked. An address that the server refuses is an error."""
    from briefing.sending import trial
    from briefing.sending.schema import State

    output.echo(f"Issue      {mailing.issue}, a test through {transport.name}: {', '.join(mailing.editions)}")
    outcomes = trial.send(mailing, ledger, transport, addresses, dt.datetime.now(dt.UTC))
    for state in State:
        here = [one for one in outcomes if one.state is state]
        if here and state is not State.ACCEPTED:
            for line in sorted({_line(one) for one in here}):
                output.error(line)
    accepted = sum(one.state is State.ACCEPTED for one in outcomes)
    if accepted < len(mailing.editions) * len(addresses):
        raise TransportError(f"{accepted} of {words.mails(len(mailing.editions) * len(addresses))} were accepted")
    output.echo(f"{words.mails(accepted)} accepted by the server, each edition to each address.", fg="green")
    output.echo("Look at them in several mail programs; 'briefing check --received FILE' checks one as it arrived.")


def addresses_of(given: Sequence[str], standing: Sequence[str]) -> list[str]:
    """Where a test goes: the given addresses, else the standing ones. Raises RefusedError for none, or a bad one."""
    from briefing.subscribers.subscriber import parse_address

    if not (given or standing):
        raise RefusedError("there is no test address; name one with --test-to, or write some into [send] test")
    addresses = []
    for number, text in enumerate(given or standing, start=1):
        try:
            addresses.append(parse_address(text))
        except ValueError as error:
            raise RefusedError(f"test address {number}: {error}") from None
    return list(dict.fromkeys(addresses))


def _line(outcome: "Outcome") -> str:
    return f"{outcome.mail.envelope.address}: {words.OUTCOMES[outcome.state]}: {outcome.reason}".rstrip(": ")
