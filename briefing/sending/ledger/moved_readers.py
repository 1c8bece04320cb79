"""Readers whose address changed, in the ledger: their rows get the digests of the new addresses, so
that nobody gets an issue twice and nobody is left out.
"""

from collections.abc import Iterable

from .ledger_file import LedgerFile, as_ledger_error
from .recipients import Recipients
from .schema import State

_FURTHEST = (
    State.ACCEPTED,
    State.UNCERTAIN,
    State.SENDING,
    State.REJECTED,
    State.DEFERRED,
    State.QUEUED,
    State.RECALLED,
    State.SKIPPED,
)
"""Which of two rows of the same reader counts: the one whose email got further."""


class MovedReaders(LedgerFile):
    """The statements about them. All raise LedgerError if the file can't be read or written."""

    @as_ledger_error
    def move_readers(self, moves: Iterable[tuple[bytes, bytes]]) -> list[str]:
        """Give the rows of readers, in all issues, the digests of their new addresses, in one commit.

        `moves`: what `recipients.reader_digest` makes of the old and the new identity. Return the
        issues in which someone had a row under each; one of them stays. Repeating it changes nothing.
        """
        merged: list[str] = []
        with self._transaction():
            for (issue,) in self._db.execute(
                "SELECT issue FROM issue ORDER BY issue"
            ).fetchall():
                recipients = Recipients(self._key, issue)
                for old, new in moves:
                    before = recipients.rekey(old)
                    after = recipients.rekey(new)
                    if self._merge(issue, before, after):
                        merged.append(issue)
                    self._db.execute(
                        "UPDATE delivery SET recipient = ? WHERE issue = ? AND recipient = ?",
                        (after, issue, before),
                    )
        return list(dict.fromkeys(merged))

    def _merge(self, issue: str, before: bytes, after: bytes) -> bool:
        """If both digests have a row, delete the one whose email got less far; return whether that was so."""
        states = dict(
            self._db.execute(
                "SELECT recipient, state FROM delivery WHERE issue = ? AND recipient IN (?, ?)",
                (issue, before, after),
            ).fetchall()
        )
        if len(states) < 2:
            return False

        def rank(recipient: bytes) -> int:
            return _FURTHEST.index(State(states[recipient]))

        less_far = max(after, before, key=rank)
        self._db.execute(
            "DELETE FROM delivery WHERE issue = ? AND recipient = ?",
            (issue, less_far),
        )
        return True
