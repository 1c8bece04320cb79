"""Send a test email from the page, by the same code as `briefing send --test`.

Only tests: a real send stays a command, which the page shows to be copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing import clock
from briefing.newsletter import Newsletter
from briefing.sending import trial
from briefing.sending.ledger import records
from briefing.sending.ledger.schema import State
from briefing.sending.plan import Mailing
from briefing.sending.preflight import gathering, missing_settings
from briefing.sending.preflight.facts import SendRequest
from briefing.sending.preflight.missing_settings import MissingSetting
from briefing.sending.transports import registry
from briefing.text.counts import counted

NO_ADDRESS = "no test address is set; type one below, or add some to ‘test’ under [send] in briefing.toml"
"""The command names an option instead."""


@dataclass(frozen=True, slots=True)
class TrialMail:
    """What became of a test."""

    accepted: int = 0
    """How many emails the server accepted."""
    problems: tuple[str, ...] = ()
    """What has to be done before a test can be sent, or why the server didn't accept an email; one line
    each.
    """

    @property
    def summary(self) -> str:
        mails = counted(self.accepted, "email")
        return f"{mails} accepted by the server"


def send(
    newsletter: Newsletter, folder: Path, typed: Sequence[str] = ()
) -> TrialMail:
    """Send each edition of an issue to the typed addresses, else to those in the settings.

    The typed addresses aren't kept. If anything is missing or prevents the test, nothing is sent,
    and all of it is listed. Raises RefusedError for something typed that isn't an address, and
    TransportError if the server can't be reached or refuses all emails.
    """
    via = missing_settings.provider_in_use(newsletter)
    needs_address = not typed
    missing = missing_settings.find_for_send(
        newsletter, via, needs_test_address=needs_address
    )
    if missing:
        return TrialMail(problems=tuple(map(_message_for, missing)))
    addresses = trial.parse_addresses(typed, newsletter.settings.send.test)
    now = clock.local_now()
    mailing = Mailing.of(newsletter, folder, now.date())
    request = SendRequest(via=via, test=True)
    preflight = gathering.examine_mailing(mailing, request, now)
    if preflight.blocking:
        messages = (obstacle.message for obstacle in preflight.blocking)
        return TrialMail(problems=tuple(messages))
    with records.open_ledger(newsletter, mailing.key) as ledger:
        transport = registry.provider(via).connect(newsletter, mailing.key)
        outcomes = trial.send(mailing, ledger, transport, addresses)
    problems = {
        f"{outcome.mail.envelope.address}: {outcome.reason}"
        for outcome in outcomes
        if outcome.state is not State.ACCEPTED
    }
    accepted = sum(outcome.state is State.ACCEPTED for outcome in outcomes)
    return TrialMail(accepted, tuple(sorted(problems)))


def missing(newsletter: Newsletter) -> list[str]:
    """Return what a first test still needs, with what to write where: as one list."""
    via = missing_settings.provider_in_use(newsletter)
    return [
        _message_for(entry) for entry in missing_settings.find(newsletter, via)
    ]


def _message_for(missing: MissingSetting) -> str:
    if missing == missing_settings.NO_TEST_ADDRESS:
        return NO_ADDRESS
    return missing.message
