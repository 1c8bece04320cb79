"""Who gets an email because someone asked for it: readers their links, others a confirmation. No I/O."""

from collections import defaultdict
from typing import TypeVar

from briefing.subscribers.subscriber import Subscriber
from briefing.syncing.records.mailed import MailedState
from briefing.syncing.reports import AskedToJoin, Reported

from .facts import HomeFacts
from .listed import token_of_address
from .reasons import Ignored, why_kept_out
from .subscriptions import Subscriptions

Addressee = TypeVar("Addressee", Subscriber, AskedToJoin)


class RequestedMail:
    """Who gets an email of their own, by token, and what asks for it."""

    def __init__(self, facts: HomeFacts, subscriptions: Subscriptions) -> None:
        self._key = facts.key
        self._readers = facts.listed.readers
        self._mailed = facts.mailed
        self._subscriptions = subscriptions
        self.links: dict[str, Subscriber] = {}
        self.asked_to_join: dict[str, AskedToJoin] = {}
        self.asking: dict[str, set[Reported]] = defaultdict(set)
        self.postponed: set[Reported] = set()
        """What can be done only on another day."""

    def add_link(self, address: str, reported: Reported) -> Ignored | None:
        """Send a reader their links, or return why not."""
        token = token_of_address(address, self._key)
        reader = self._readers.get(token)
        if reader is None:
            return Ignored.UNKNOWN
        if self._subscriptions.has_complained(token):
            return Ignored.COMPLAINED
        if self._subscriptions.removal(token):
            return Ignored.KNOWN
        return self._mail_once(self.links, token, reader, reported)

    def add_confirmation(
        self, asked: AskedToJoin, reported: Reported
    ) -> Ignored | None:
        """Ask someone to confirm that they join, or return why not."""
        token = token_of_address(asked.address, self._key)
        if not token:
            return Ignored.UNUSABLE
        removal = self._subscriptions.removal(token)
        if reason := why_kept_out(removal, asked.day):
            return reason
        if token in self._readers and not removal:
            return Ignored.KNOWN
        return self._mail_once(self.asked_to_join, token, asked, reported)

    def _mail_once(
        self,
        mails: dict[str, Addressee],
        token: str,
        addressee: Addressee,
        reported: Reported,
    ) -> Ignored | None:
        """Add someone to `mails`, unless they got one today. If that isn't known, they wait for another
        day.
        """
        state = self._mailed.get(token)
        if state is MailedState.MAILED:
            return Ignored.KNOWN
        if state is MailedState.BEGUN:
            self.postponed.add(reported)
        else:
            mails[token] = addressee
            self.asking[token].add(reported)
        return None
