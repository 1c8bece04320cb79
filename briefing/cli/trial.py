"""Test sends for 'briefing send --test' and '--test-to': editors get the emails that readers would
get.
"""

from collections.abc import Sequence

from briefing.errors import TransportError
from briefing.sending import issue_status, trial
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.schema import State
from briefing.sending.plan import Mailing
from briefing.sending.transports import registry
from briefing.sending.transports.base import Outcome, Transport

from . import output, words


def send_test(
    mailing: Mailing,
    ledger: Ledger,
    via: str,
    test_to: Sequence[str],
) -> None:
    """Send each edition once to each address, those in [send] test unless others are given, and show the
    outcomes. Raises TransportError unless all were accepted, RefusedError for text that isn't an address.
    """
    newsletter = mailing.newsletter
    addresses = trial.parse_addresses(test_to, newsletter.settings.send.test)
    transport = registry.provider(via).connect(newsletter, mailing.key)
    output.echo(
        f"Issue      {mailing.issue}, a test with {transport.name}: {', '.join(mailing.editions)}"
    )
    outcomes = trial.send(mailing, ledger, transport, addresses)
    failed = [
        outcome for outcome in outcomes if outcome.state is not State.ACCEPTED
    ]
    for line in sorted({_describe(outcome) for outcome in failed}):
        output.error(line)
    accepted = len(outcomes) - len(failed)
    total = len(mailing.editions) * len(addresses)
    if accepted < total:
        raise TransportError(
            f"the server accepted {accepted} of {words.mails(total)}"
        )
    output.echo(
        f"{words.mails(accepted)} accepted by the server: each edition, to each test address.",
        fg="green",
    )
    output.echo(
        "Look at them in several mail apps.\n"
        "'briefing check --received FILE' checks one as it arrived."
    )
    output.say(f"Next: {_next_step(mailing, transport)}")


def _next_step(mailing: Mailing, transport: Transport) -> str:
    issue = mailing.issue
    if issue_status.was_sent(mailing.newsletter, issue):
        return (
            f"'briefing status {issue}' shows how far the issue has been sent."
        )
    option = words.via_option(mailing.newsletter, transport.name)
    return f"'briefing send{option} --limit 50' sends it to at most 50 readers."


def _describe(outcome: Outcome) -> str:
    line = f"{outcome.mail.envelope.address}: {words.OUTCOMES[outcome.state]}"
    return f"{line}: {outcome.reason}" if outcome.reason else line
