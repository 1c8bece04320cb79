"""The dialog of a send: show, ask, wait for its time, send, show the outcome."""

import datetime as dt
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import click

from briefing import clock
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending import delivery, waiting
from briefing.sending.delivery import Result
from briefing.sending.ledger import records, send_lock
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.plan import Mailing, Plan
from briefing.sending.preflight import gathering, missing_settings
from briefing.sending.preflight.facts import SendRequest
from briefing.sending.preflight.gates import Preflight
from briefing.sending.transports import registry
from briefing.sending.transports.base import Transport
from briefing.sending.transports.outbox import Outbox
from briefing.sending.waiting import Wait, WatchedFiles

from . import output, prompts, send_summary, sync_dialog, trial, words
from .send_progress import show_countdown, show_progress
from .setup_hints import fail_for_missing
from .signals import INTERRUPTED, stop_on_signal


@dataclass
class Send:
    """A send as it was asked for on the command line."""

    newsletter: Newsletter
    folder: Path
    """Of the issue."""
    request: SendRequest
    list_: Path | None
    """The subscriber list, if it isn't the newsletter's."""
    tag: str
    wants_sync: bool

    @property
    def _readers(self) -> Path:
        """The subscriber list."""
        return self.list_ or self.newsletter.subscribers

    def test(self, addresses: Sequence[str]) -> None:
        """Send each edition to test addresses: those given, or else those in the settings."""
        self._refuse_at_once(needs_test_address=not addresses)
        mailing = self._examined_mailing()
        with self._ledger(mailing) as ledger:
            trial.send_test(mailing, ledger, self.request.via, addresses)

    def now(self) -> None:
        """Show what would happen, ask, send, show the outcome."""
        self._refuse_at_once()
        mailing = self._examined_mailing()
        self._sync()
        with self._ledger(mailing) as ledger:
            plan, preflight = self._ask(mailing, ledger)
            if self.request.dry_run:
                return
            stop = threading.Event()
            result = self._deliver(plan, ledger, preflight, stop)
            send_summary.show_result(
                plan, preflight, result, interrupted=stop.is_set()
            )

    def wait_and_send(self, text: str) -> None:
        """The same, but wait until a time between asking and sending: everything is examined again
        then.
        """
        if self.request.rehearsal:
            raise RefusedError(
                "a rehearsal is written at once; leave out --at, or choose a provider with --via"
            )
        at = waiting.parse_time(text, clock.local_now())
        self._refuse_at_once()
        mailing = self._examined_mailing()
        has_synced = self._sync()
        with self._ledger(mailing) as ledger:
            _, agreed = self._ask(mailing, ledger, at)
        if self.request.dry_run:
            return
        wait = Wait(
            issue=mailing.issue,
            at=at,
            via=self.request.via,
            count=agreed.count,
        )
        watched = WatchedFiles(self.newsletter, mailing.issue, self._readers)
        stop = threading.Event()
        with waiting.announce(self.newsletter, wait):
            self._wait(at, watched)
            self._refuse_at_once()
            mailing = self._mailing()
            if has_synced:
                sync_dialog.sync_again(self.newsletter, self.list_)
            with self._ledger(mailing) as ledger:
                plan, preflight = self._examine(mailing, ledger)
                preflight.refuse_if_blocked()
                waiting.require_agreed(preflight.count, agreed.count)
                result = self._deliver(plan, ledger, preflight, stop)
        send_summary.show_result(
            plan, preflight, result, interrupted=stop.is_set()
        )

    def _refuse_at_once(self, *, needs_test_address: bool = False) -> None:
        """Exit if another command is sending or settings are missing: that is known before the slow
        checks of the issue.
        """
        if not self.request.test:
            send_lock.require_free(self.newsletter)
        fail_for_missing(
            missing_settings.find_for_send(
                self.newsletter,
                self.request.via,
                needs_test_address=self.request.test and needs_test_address,
            )
        )

    def _mailing(self) -> Mailing:
        return Mailing.of(self.newsletter, self.folder, clock.today())

    def _examined_mailing(self) -> Mailing:
        """Render and check the issue. Exits if it can't be tested, or if not even a ledger may be
        created here.
        """
        mailing = self._mailing()
        without_list = gathering.examine_mailing(
            mailing, self.request, clock.local_now()
        )
        if self.request.test or without_list.has("unsafe-folder"):
            show_obstacles(without_list)
        return mailing

    def _sync(self) -> bool:
        """Find out who has left, before emails go out to the list. Return whether that was done."""
        request = self.request
        if not self.wants_sync or request.rehearsal or request.dry_run:
            return False
        return sync_dialog.sync_before_send(
            self.newsletter, self.list_, unattended=request.unattended
        )

    def _ledger(self, mailing: Mailing) -> AbstractContextManager[Ledger]:
        if self.request.rehearsal and not self.request.test:
            return Ledger(None, mailing.key)
        return records.open_ledger(self.newsletter, mailing.key)

    def _examine(
        self, mailing: Mailing, ledger: Ledger
    ) -> tuple[Plan, Preflight]:
        plan = Plan.read(mailing, self._readers, self.tag)
        now = clock.local_now()
        return plan, gathering.examine(plan, ledger, self.request, now)

    def _ask(
        self,
        mailing: Mailing,
        ledger: Ledger,
        at: dt.datetime | None = None,
    ) -> tuple[Plan, Preflight]:
        """Show what would happen, and go on only if nothing prevents it and the editor agrees."""
        plan, preflight = self._examine(mailing, ledger)
        send_summary.show_plan(plan, preflight, at)
        show_obstacles(preflight)
        if self.request.dry_run:
            output.echo("This was a dry run; nothing was sent.")
        elif preflight.count and not self.request.unattended:
            _confirm(preflight)
        return plan, preflight

    def _wait(self, at: dt.datetime, watched: WatchedFiles) -> None:
        """Wait until a time. Exits if the editor stops it, or doesn't want to send so late."""
        try:
            with show_countdown(waiting.format_time(at)) as show:
                in_time = waiting.until(at, watched, show)
        except KeyboardInterrupt:
            output.fail(
                "stopped before its time; nothing was sent", INTERRUPTED
            )
        if in_time:
            return
        late = f"{waiting.format_time(at)} has passed, and this computer was asleep then"
        if self.request.unattended or not prompts.is_interactive():
            raise RefusedError(
                f"{late}; nothing was sent, run the command again to send now"
            )
        if not click.confirm(f"{late[0].upper()}{late[1:]}. Send now?"):
            raise click.Abort

    def _deliver(
        self,
        plan: Plan,
        ledger: Ledger,
        preflight: Preflight,
        stop: threading.Event,
    ) -> Result:
        label = "Writing" if self.request.rehearsal else "Sending"
        with show_progress(label) as show:
            return delivery.send(
                plan,
                ledger,
                _transport(plan.mailing, preflight),
                preflight,
                stop=stop,
                show_progress=show,
                while_handing_over=stop_on_signal(stop),
            )


def show_obstacles(preflight: Preflight) -> None:
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


def _confirm(preflight: Preflight) -> None:
    count = preflight.count
    if preflight.request.rehearsal:
        prompts.confirm(
            f"Write {words.mails(count)} to files on this computer?",
            option="--yes",
        )
    else:
        prompts.confirm_number(
            "To send them, type the number of emails",
            count,
            option="--yes --expect N",
        )


def _transport(mailing: Mailing, preflight: Preflight) -> Transport:
    newsletter = mailing.newsletter
    if preflight.request.rehearsal:
        return Outbox(newsletter, mailing.issue, preflight.count)
    provider = registry.provider(preflight.request.via)
    return provider.connect(newsletter, mailing.key)
