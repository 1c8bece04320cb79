"""Who leaves, complains, joins or comes back, according to reports. No I/O."""

import datetime as dt

from briefing.subscribers.adding import JOINED
from briefing.subscribers.suppression import Removal
from briefing.syncing.reports import Joined

from .facts import HomeFacts
from .listed import token_of_address
from .reasons import Ignored, why_kept_out


class Subscriptions:
    """What the reports so far mean for who gets the newsletter, by token. A later report about a reader
    replaces an earlier one.
    """

    def __init__(self, facts: HomeFacts) -> None:
        self._key = facts.key
        self._removals = facts.removals
        self._readers = facts.listed.readers
        self.left: dict[str, Removal] = {}
        self.withdrawn: dict[str, Removal] = {}
        """Wishes to leave that readers withdrew by joining again."""
        self.complained: dict[str, Removal] = {}
        self.by_earlier_address: dict[str, Removal] = {}
        """Why readers who have moved get no emails, if that was said of their earlier address, by its token: it still
        counts if the move is undone.
        """
        self.restored: dict[str, Joined] = {}
        self.joins: dict[str, Joined] = {}
        """Also of people who have left since: whether that counts is decided later."""
        self.reached: dict[str, dt.date] = {}
        """When people confirmed that they wish to join: mail reached them then."""

    def remove(self, token: str, removal: Removal) -> Ignored | None:
        """Unsubscribe a reader, or return why that changes nothing."""
        if reason := self.why_settled(token, removal):
            return reason
        removals = self.complained if removal.is_complaint else self.left
        removals[token] = removal
        return None

    def join(self, join: Joined) -> Ignored | None:
        """Add someone to the list or subscribe them again; otherwise, return why not."""
        token = token_of_address(join.address, self._key)
        if not token:
            return Ignored.UNUSABLE
        if reason := why_kept_out(self.removal(token), join.day):
            return reason
        if token in self.left:
            self.withdrawn[token] = self.left.pop(token)
        earlier = self.by_earlier_address.get(token)
        if earlier and not earlier.is_complaint:
            del self.by_earlier_address[token]
        self.reached[token] = join.day
        is_listed = token in self._readers
        if not is_listed:
            self.joins[token] = join
        if self._comes_back(token, join):
            self.restored[token] = join
            return None
        return Ignored.KNOWN if is_listed else None

    def follow_departure(self, token: str) -> None:
        """Forget joins that came before a departure which an earlier sync carried out."""
        if self._removals.find(token):
            self.joins.pop(token, None)
            self.restored.pop(token, None)

    def follow_join(self, join: Joined) -> None:
        """Forget a departure that came before a join which an earlier sync carried out."""
        token = token_of_address(join.address, self._key)
        # Otherwise an editor rejected the join as a fake.
        if self._removals.restored_on(token) == join.day.isoformat():
            self.left.pop(token, None)

    def was_suppressed(self, token: str) -> bool:
        """Whether a reader got no emails before this sync, and hasn't come back."""
        if token in self.restored:
            return False
        return self._removals.find(token) is not None

    def is_outdated(self, token: str, day: str) -> bool:
        """Whether what happened on a day was before the reader's return."""
        # SendGrid's lists never forget who once unsubscribed: they also report readers who have come back since.
        return day < self._removals.restored_on(token)

    def why_settled(self, token: str, removal: Removal) -> Ignored | None:
        """Return why unsubscribing a reader changes nothing; None if it does."""
        if self.is_outdated(token, removal.date):
            return Ignored.OUTDATED
        if removal.is_complaint:
            # It replaces any other reason: no one who complained is subscribed again by a form.
            is_known = self.has_complained(token)
        else:
            # An editor may reject a complaint as a fake; a reader who left has left all the same.
            is_known = self._removal_besides_complaint(token) is not None
        return Ignored.KNOWN if is_known else None

    def has_complained(self, token: str) -> bool:
        removal = self.removal(token)
        return removal is not None and removal.is_complaint

    def removal(self, token: str) -> Removal | None:
        """Return why a reader gets no emails, after the reports so far."""
        return self.complained.get(token) or self._removal_besides_complaint(
            token
        )

    def _removal_besides_complaint(self, token: str) -> Removal | None:
        """Return why a reader gets no emails even if complaints in the reports so far are fakes."""
        removal = self.left.get(token)
        if removal or token in self.restored:
            return removal
        return self._removals.find(token)

    def _comes_back(self, token: str, join: Joined) -> bool:
        """Whether someone who joins had left."""
        if self._removals.find(token):
            return True
        day = join.day.isoformat()
        if self._removals.restored_on(token) != day:
            return token in self.withdrawn
        # Although they were restored, the list may still lack what they chose.
        reader = self._readers.get(token)
        return reader is None or reader.value(JOINED) != day
