"""Readers whose address changed, in the ledger: their rows get the digests of the new addresses, so
that nobody gets an issue twice and nobody is left out.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .ledger_file import LedgerFile, raise_ledger_errors
from .recipients import Recipients
from .schema import State

_FURTHEST = (
    State.ACCEPTED,
    State.UNCERTAIN,
    State.SENDING,
    State.REJECTED,
    State.DEFERRED,
    State.QUEUED,
    State.CANCELLED,
    State.SKIPPED,
)
"""Which of two rows of the same reader counts: the one whose email got further."""


@raise_ledger_errors
class MovedReaders(LedgerFile):
    """The statements about them. All raise LedgerError if the file can't be read or written."""

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

    def sends(self) -> str:
        """Return a text that differs once an issue is frozen or an email is claimed."""
        query = "SELECT issue, frozen_at, claimed FROM issue ORDER BY issue"
        issues = self._db.execute(query).fetchall()
        return hashlib.sha256(repr(issues).encode()).hexdigest()

    def rows_of(
        self, digests: Sequence[bytes]
    ) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of readers, by issue and column, with the digests in them as hexadecimal texts.

        `digests`: what `recipients.reader_digest` makes of their identities.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        for issue, recipient in self._recipients_of(digests):
            rows = self._db.execute(
                "SELECT * FROM delivery WHERE issue = ? AND recipient = ?",
                (issue, recipient),
            )
            names = [column for column, *_ in rows.description]
            for row in rows:
                values = dict(zip(names, row, strict=True))
                values["recipient"] = recipient.hex()
                found.setdefault(issue, []).append(values)
        return found

    def put_back_rows(
        self,
        digests: Sequence[bytes],
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> None:
        """Replace the rows of readers by those that `rows_of` returned, in one commit."""
        with self._transaction():
            for recipient in self._recipients_of(digests):
                self._db.execute(
                    "DELETE FROM delivery WHERE issue = ? AND recipient = ?",
                    recipient,
                )
            for values in [row for same in rows.values() for row in same]:
                columns = ", ".join(values)
                marks = ", ".join("?" for _ in values)
                stored = {
                    **values,
                    "recipient": bytes.fromhex(values["recipient"]),
                }
                self._db.execute(
                    f"INSERT INTO delivery ({columns}) VALUES ({marks})",  # noqa: S608  # our own columns
                    tuple(stored.values()),
                )

    def _recipients_of(
        self, digests: Sequence[bytes]
    ) -> list[tuple[str, bytes]]:
        """Return each issue with the digests that readers have in it."""
        if not digests:
            return []
        issues = self._db.execute("SELECT issue FROM issue ORDER BY issue")
        return [
            (issue, Recipients(self._key, issue).rekey(digest))
            for (issue,) in issues.fetchall()
            for digest in dict.fromkeys(digests)
        ]
