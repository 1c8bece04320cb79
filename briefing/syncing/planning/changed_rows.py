"""What readers change in their rows, and which of them undo a change of address. No I/O."""

from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal
from briefing.syncing.reports import Changed, MoveUndone

from .facts import HomeFacts
from .listed import token_of_address
from .reasons import MOVE_UNDONE, Ignored
from .subscriptions import Subscriptions


class ChangedRows:
    """What the reports so far change in the list's rows. A later change of a cell replaces an earlier one."""

    def __init__(self, facts: HomeFacts, subscriptions: Subscriptions) -> None:
        self._key = facts.key
        self._readers = facts.listed.readers
        self._subscriptions = subscriptions
        self.changes: dict[tuple[str, str], Changed] = {}
        """By token and column."""
        self.moved_back: dict[str, Subscriber] = {}
        """Readers who get their earlier address back, as they will be on the list, by token."""
        self.fixed = {*facts.fixed}
        """Readers whose links change nothing any more, by their tokens."""
        self.replaced: dict[str, MoveUndone] = {}
        """Why others no longer get the newsletter in their place, by the tokens of these."""

    def change(self, token: str, change: Changed) -> Ignored | None:
        """Change a cell, or return why not."""
        reader = self._readers.get(token)
        if reader is None:
            return Ignored.UNKNOWN
        if token in self.fixed or token in self.replaced:
            return Ignored.FIXED
        if change.column == "email":
            reason = self._why_not_moved(token, change.value)
        else:
            is_same = reader.value(change.column) == change.value
            reason = Ignored.KNOWN if is_same else None
        if reason is None:
            self.changes[token, change.column] = change
        elif reason is Ignored.KNOWN:
            # They have changed their mind since an earlier report.
            self.forget(token, change.column)
        return reason

    def undo_move(self, other: str, wish: MoveUndone) -> Ignored | None:
        """Give a reader the earlier address back, as one more reader: whatever happened in the meantime to
        the other address, whose token is `other`, doesn't concern them. Return why not, if so.
        """
        token = token_of_address(wish.address, self._key)
        replaced = self._readers.get(other)
        self.fixed.add(token)
        if replaced:
            self.replaced[other] = wish
        if token in self._readers:
            # Perhaps they were only told about a change that wasn't made yet.
            self.forget(token)
            return Ignored.KNOWN
        columns = replaced.columns if replaced else {}
        self.moved_back[token] = Subscriber(
            wish.address, wish.name, wish.lang, columns
        )
        self.forget(other)
        subscriptions = self._subscriptions
        if own := subscriptions.by_earlier_address.get(token):
            subscriptions.remove(token, own)
        # A wish to leave might have to wait for an editor's answer, and this never does.
        if replaced and not subscriptions.was_suppressed(other):
            removal = Removal(wish.day.isoformat(), MOVE_UNDONE)
            subscriptions.left[other] = removal
        return None

    def forget(self, token: str, *columns: str) -> None:
        """Forget what a reader's link was to change in these columns; in all, if none are given."""
        for column in columns or ("email", "name", "lang"):
            self.changes.pop((token, column), None)

    def _why_not_moved(self, token: str, address: str) -> Ignored | None:
        """Return why a reader's address stays; None if it changes."""
        new = token_of_address(address, self._key)
        if new == token:
            return Ignored.KNOWN
        if not new or new in self._readers:
            return Ignored.UNUSABLE
        if self._subscriptions.has_complained(new):
            return Ignored.COMPLAINED
        return None
