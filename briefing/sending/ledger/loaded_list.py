"""The list as it is now, in the ledger's memory: who is on it, and who of them has the issue.

It never reaches the disk. The order in which it was read is kept only to name its lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter

from .ledger_file import LedgerFile, as_ledger_error
from .recipients import Recipients
from .schema import AUDIENCE, COUNT_STATES, LoadedReader, State

_BATCH = 10_000
"""Readers that are sorted together."""
_TOGETHER = 50
"""Readers in a statement: that takes three quarters of the time of one for each."""


class LoadedList(LedgerFile):
    """The statements about the list. All raise LedgerError if the file can't be read."""

    def recipients(self, issue: str) -> Recipients:
        """Return what makes the digests of an issue's readers."""
        return Recipients(self._key, issue)

    @as_ledger_error
    def load_audience(self, readers: Iterable[LoadedReader]) -> None:
        """Load the list. If several lines have the same reader, the first one counts."""
        self._db.execute("DROP TABLE IF EXISTS temp.audience")
        self._db.executescript(AUDIENCE)
        # The list is in memory, and a send of another process mustn't wait for it.
        with self._transaction("DEFERRED"):
            for batch in _sorted_batches(readers):
                for start in range(0, len(batch), _TOGETHER):
                    self._load(batch[start : start + _TOGETHER])

    def _load(self, readers: Sequence[LoadedReader]) -> None:
        places = ", ".join(["(?, ?, ?, ?, ?)"] * len(readers))
        self._db.execute(
            f"INSERT INTO audience (line, recipient, lang, wanted, row) VALUES {places} "  # noqa: S608  # only places
            "ON CONFLICT (recipient) DO UPDATE SET again = excluded.line",
            list(chain.from_iterable(readers)),
        )

    @as_ledger_error
    def audience_size(self) -> int:
        """Return how many readers are on the list."""
        return self._read_number("SELECT count(*) FROM audience")

    @as_ledger_error
    def audience_languages(self) -> dict[str, int]:
        """Return how many of the readers this send is for get each edition, by language."""
        query = "SELECT lang, count(*) FROM audience WHERE wanted GROUP BY lang"
        return dict(self._db.execute(query).fetchall())

    @as_ledger_error
    def duplicates(self, limit: int) -> list[tuple[int, int]]:
        """Return the lines that repeat a reader, each with the reader's first line."""
        query = "SELECT again, line FROM audience WHERE again IS NOT NULL ORDER BY again LIMIT ?"
        return self._db.execute(query, (limit,)).fetchall()

    @as_ledger_error
    def pending_counts(self, issue: str) -> dict[State | None, int]:
        """Return how many of the readers this send is for are in each state; None: not frozen with
        the issue.
        """
        counts = self._db.execute(
            f"SELECT count(*) FILTER (WHERE state IS NULL), {COUNT_STATES} "  # noqa: S608  # our own states
            "FROM audience "
            "LEFT JOIN delivery ON delivery.issue = ? AND delivery.recipient = audience.recipient "
            "WHERE wanted",
            (issue,),
        ).fetchone()
        by_state = zip((None, *State), counts, strict=True)
        return {state: count for state, count in by_state if count}

    @as_ledger_error
    def count_off_list(self, issue: str) -> int:
        """Return how many readers without their email are no longer on the list."""
        query = (
            "SELECT count(*) FROM delivery WHERE issue = ? AND state IN ('queued', 'deferred', 'recalled') "
            "AND recipient NOT IN (SELECT recipient FROM audience)"
        )
        return self._read_number(query, issue)


def _sorted_batches(
    readers: Iterable[LoadedReader],
) -> Iterator[list[LoadedReader]]:
    """Yield the readers sorted by digest, as the table is: it takes them almost twice as fast as in a
    random order. Lines with the same reader keep theirs.
    """
    remaining = iter(readers)
    while batch := list(islice(remaining, _BATCH)):
        batch.sort(key=attrgetter("recipient"))
        yield batch
