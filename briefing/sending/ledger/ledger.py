"""The record of a send, in SQLite: what goes out, to which readers, and the outcome of each email.

`schema` shows the states. Readers are keyed digests (`recipients`): no address is stored here, and a
ledger of another key is refused. Each change of state is durable before the next step (write-ahead log,
synchronous=FULL); one commit covers those of all connections.

The list as it is now is loaded beside these records, into memory: it never reaches the disk. The order in
which it was read is kept only to name its lines.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from operator import attrgetter, itemgetter

from .ledger_file import raise_ledger_errors
from .moved_readers import MovedReaders
from .recipients import Recipients
from .schema import (
    AUDIENCE,
    COUNT_STATES,
    INTERRUPTED,
    Frozen,
    LoadedReader,
    PreviousIssue,
    QueuedReader,
    ReaderRecord,
    State,
)

Outcomes = Iterable[tuple[bytes, State, str]]
"""For each email: the reader's digest, the new state, the server's reply."""

_BATCH = 10_000
"""Readers that are sorted together."""
_TOGETHER = 50
"""Readers in a statement: that takes about three quarters of the time of one for each."""


@raise_ledger_errors
class Ledger(MovedReaders):
    """The ledger's statements. All raise LedgerError if the file can't be read or written."""

    # The list

    def recipients(self, issue: str) -> Recipients:
        """Return what makes the digests of an issue's readers."""
        return Recipients(self._key, issue)

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

    def audience_size(self) -> int:
        """Return how many readers are on the list."""
        return self._read_number("SELECT count(*) FROM audience")

    def count_readers(self, lang: str) -> int:
        """Return how many of the readers this send is for get the edition in a language."""
        # GROUP BY would sort all readers, in 45 MB for a million.
        query = "SELECT count(*) FROM audience WHERE wanted AND lang = ?"
        return self._read_number(query, lang)

    def duplicates(self, limit: int) -> list[tuple[int, int]]:
        """Return the lines that repeat a reader, each with the reader's first line."""
        query = "SELECT again, line FROM audience WHERE again IS NOT NULL ORDER BY again LIMIT ?"
        return self._db.execute(query, (limit,)).fetchall()

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

    def count_off_list(self, issue: str) -> int:
        """Return how many readers without their email are no longer on the list."""
        query = (
            "SELECT count(*) FROM delivery WHERE issue = ? AND state IN ('queued', 'deferred') "
            "AND recipient NOT IN (SELECT recipient FROM audience)"
        )
        return self._read_number(query, issue)

    # Freezing

    def frozen(self, issue: str) -> Frozen | None:
        """Return what was frozen of an issue; None if nothing was."""
        query = (
            "SELECT frozen_at, claimed, list_size FROM issue WHERE issue = ?"
        )
        row = self._db.execute(query, (issue,)).fetchone()
        if row is None:
            return None
        frozen_at, claimed, list_size = row
        versions: dict[int, dict[str, str]] = {}
        query = "SELECT version, lang, digest FROM edition WHERE issue = ? ORDER BY version"
        for version, lang, digest in self._db.execute(query, (issue,)):
            versions.setdefault(version, {})[lang] = digest
        return Frozen(
            dt.datetime.fromisoformat(frozen_at),
            list(versions.values()),
            claimed,
            list_size,
        )

    def freeze(
        self,
        issue: str,
        at: dt.datetime,
        editions: Iterable[tuple[str, str, bytes]],
    ) -> None:
        """Fix what goes out (editions as language, digest, bytes) and to whom (the loaded list), in
        one commit.

        What was frozen before stays as it is, and nobody is added to it: of those readers, who is off
        the list becomes `skipped`, and who is back on it or was deferred becomes `queued`.
        """
        with self._transaction():
            is_new = self._db.execute(
                "INSERT OR IGNORE INTO issue (issue, frozen_at, list_size) VALUES (?, ?, ?)",
                (issue, at.isoformat(), self.audience_size()),
            ).rowcount
            if not is_new:
                self._follow_list(issue)
                return
            self._db.executemany(
                "INSERT INTO edition (issue, lang, digest, rendered) VALUES (?, ?, ?, ?)",
                ((issue, *edition) for edition in editions),
            )
            self._db.execute(
                "INSERT INTO delivery (issue, recipient, lang, state) "
                "SELECT ?, recipient, lang, 'queued' FROM audience ORDER BY recipient",
                (issue,),
            )

    def _follow_list(self, issue: str) -> None:
        self._db.execute(
            "UPDATE delivery SET state = 'skipped', reason = 'no longer on the list' "
            "WHERE issue = ? AND state IN ('queued', 'deferred') "
            "AND recipient NOT IN (SELECT recipient FROM audience)",
            (issue,),
        )
        self._db.execute(
            "UPDATE delivery SET state = 'queued', reason = '' "
            "WHERE issue = ? AND state IN ('skipped', 'deferred') "
            "AND recipient IN (SELECT recipient FROM audience WHERE wanted)",
            (issue,),
        )

    def rendered(self, issue: str) -> list[dict[str, bytes]]:
        """Return the frozen bytes of each edition by language, for every version, the oldest first."""
        versions: dict[int, dict[str, bytes]] = {}
        rows = self._db.execute(
            "SELECT version, lang, CAST(rendered AS BLOB) FROM edition WHERE issue = ? ORDER BY version",
            (issue,),
        )
        for version, lang, rendered in rows:
            versions.setdefault(version, {})[lang] = rendered
        return list(versions.values())

    def forget(self, issue: str) -> None:
        """Remove an issue that no reader has, so that it can be frozen again."""
        with self._transaction():
            for table in ("delivery", "edition", "issue"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE issue = ?",  # noqa: S608  # our own table names
                    (issue,),
                )

    # Handing over

    def queued(
        self,
        issue: str,
        after: bytes,
        *,
        tried: int | None,
        limit: int = 1000,
    ) -> list[QueuedReader]:
        """Return the next queued readers this send is for, those whose digests are above `after`.

        `tried`: only those with that many earlier attempts; None: with any number.
        """
        rows = self._db.execute(
            # SQLite never reorders a CROSS JOIN: it goes through the ledger in its order, and stops at the LIMIT.
            "SELECT delivery.recipient, delivery.lang, version, row FROM delivery CROSS JOIN audience "
            "ON audience.recipient = delivery.recipient "
            "WHERE issue = ? AND delivery.recipient > ? AND state = 'queued' AND tried = coalesce(?, tried) AND wanted "
            "ORDER BY delivery.recipient LIMIT ?",
            (issue, after, tried, limit),
        )
        return rows.fetchall()

    def attempts(self, issue: str) -> list[int]:
        """Return the numbers of earlier attempts that queued readers have, 0 left out, ascending."""
        query = "SELECT DISTINCT tried FROM delivery WHERE issue = ? AND state = 'queued' AND tried > 0 ORDER BY tried"
        return [tried for (tried,) in self._db.execute(query, (issue,))]

    def commit(
        self,
        issue: str,
        outcomes: Outcomes,
        claims: Sequence[bytes],
        *,
        unsubscribed: Collection[bytes] = (),
        day: str = "",
    ) -> set[bytes]:
        """Record outcomes of `sending` emails and the next claims in one commit. Return the claimed
        readers.

        Queued readers are claimed and become `sending`, except the `unsubscribed`, who become
        `skipped`. Claims count for `day` (see `per_day`).
        """
        with self._transaction():
            self._record_outcomes(issue, outcomes)
            if unsubscribed:
                self._change(
                    issue,
                    [*unsubscribed],
                    State.QUEUED,
                    "state = 'skipped', reason = 'unsubscribed'",
                )
                claims = [
                    reader for reader in claims if reader not in unsubscribed
                ]
            claimed = self._change(
                issue,
                claims,
                State.QUEUED,
                "state = 'sending', tried = tried + 1",
            )
            if claimed:
                self._count_claims(issue, day, len(claimed))
        return claimed

    def _record_outcomes(self, issue: str, outcomes: Outcomes) -> None:
        # In their order, since a reader can have two: a refusal that turns out to concern every
        # reader is withdrawn: rejected, then queued.
        for (state, reason), same in groupby(outcomes, key=itemgetter(1, 2)):
            recipients = [recipient for recipient, _, _ in same]
            befores = [State.SENDING]
            if state is State.QUEUED:
                befores.append(State.REJECTED)
            for before in befores:
                self._change(
                    issue,
                    recipients,
                    before,
                    "state = ?, reason = ?",
                    state.value,
                    reason,
                )

    def _change(
        self,
        issue: str,
        recipients: Sequence[bytes],
        before: State,
        assignments: str,
        *values: str,
    ) -> set[bytes]:
        """Change the rows of those recipients who are in a state; return who they were. `assignments`: in SQL,
        with a question mark for each of the values.
        """
        changed: set[bytes] = set()
        for start in range(0, len(recipients), _TOGETHER):
            some = recipients[start : start + _TOGETHER]
            rows = self._db.execute(
                f"UPDATE delivery SET {assignments} WHERE issue = ? AND state = ? "  # noqa: S608  # our own columns
                f"AND recipient IN ({', '.join('?' * len(some))}) RETURNING recipient",
                (*values, issue, before.value, *some),
            )
            changed.update(recipient for (recipient,) in rows)
        return changed

    def _count_claims(self, issue: str, day: str, count: int) -> None:
        self._db.execute(
            "UPDATE issue SET claimed = claimed + ? WHERE issue = ?",
            (count, issue),
        )
        self._db.execute(
            "INSERT INTO day VALUES (?, ?) ON CONFLICT DO UPDATE SET claimed = claimed + excluded.claimed",
            (day, count),
        )

    def claimed(self, issue: str) -> int:
        """Return how many claims were ever made for an issue."""
        query = "SELECT coalesce(sum(claimed), 0) FROM issue WHERE issue = ?"
        return self._read_number(query, issue)

    def claimed_on(self, day: str) -> int:
        """Return how many emails were claimed on a day, over all issues."""
        query = "SELECT coalesce(sum(claimed), 0) FROM day WHERE day = ?"
        return self._read_number(query, day)

    # Settling what a send left open

    def settle_interrupted(self, issue: str) -> int:
        """Mark as uncertain what a dead process left as `sending`. Return how many emails that were."""
        return self._update(
            "UPDATE delivery SET state = 'uncertain', reason = ? WHERE issue = ? AND state = 'sending'",
            INTERRUPTED,
            issue,
        )

    def cancel_unsent(self, issue: str) -> int:
        """Give up the readers who haven't got the issue, on the list or not. Return how many there were."""
        return self._update(
            "UPDATE delivery SET state = 'cancelled', reason = '' "
            "WHERE issue = ? AND state IN ('queued', 'deferred')",
            issue,
        )

    def change_state(self, issue: str, before: State, after: State) -> int:
        """Move readers this send is for from one state to another. Return how many there were."""
        return self._update(
            "UPDATE delivery SET state = ? WHERE issue = ? AND state = ? "
            "AND recipient IN (SELECT recipient FROM audience WHERE wanted)",
            after.value,
            issue,
            before.value,
        )

    def mark_uncertain_delivered(self, issue: str) -> int:
        """Count the uncertain as accepted, on the list or not. Return how many there were."""
        return self._update(
            "UPDATE delivery SET state = 'accepted', reason = 'marked as delivered' "
            "WHERE issue = ? AND state = 'uncertain'",
            issue,
        )

    # Tests

    def record_test(
        self, issue: str, via: str, digests: Mapping[str, str]
    ) -> None:
        """Record that these editions, digests by language, were sent as a test."""
        rows = [(issue, via, lang, digest) for lang, digest in digests.items()]
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO test VALUES (?, ?, ?, ?)", rows
            )

    def tests(self, issue: str, via: str) -> dict[str, str]:
        """Return the digests of the editions last tested through a transport, by language."""
        query = "SELECT lang, digest FROM test WHERE issue = ? AND via = ?"
        return dict(self._db.execute(query, (issue, via)).fetchall())

    # Reading the outcome

    def find(self, issue: str, recipient: bytes) -> ReaderRecord | None:
        """Return a reader's row; None if they weren't frozen with the issue."""
        query = "SELECT state, lang, version, tried, reason FROM delivery WHERE issue = ? AND recipient = ?"
        row = self._db.execute(query, (issue, recipient)).fetchone()
        if row is None:
            return None
        state, lang, version, tried, reason = row
        return ReaderRecord(State(state), lang, version, tried, reason)

    def counts(self, issue: str) -> dict[State, int]:
        """Return how many readers are in each state."""
        query = f"SELECT {COUNT_STATES} FROM delivery WHERE issue = ?"  # noqa: S608  # our own states
        counts = self._db.execute(query, (issue,)).fetchone()
        return dict(zip(State, counts, strict=True))

    def reasons(self, issue: str) -> dict[State, dict[str, int]]:
        """Return the servers' replies by state, each with its number of emails, the most frequent
        first.
        """
        rows = self._db.execute(
            "SELECT state, reason, count(*) FROM delivery WHERE issue = ? AND reason != '' "
            "GROUP BY state, reason ORDER BY count(*) DESC",
            (issue,),
        )
        reasons: dict[State, dict[str, int]] = {}
        for state, reason, count in rows:
            reasons.setdefault(State(state), {})[reason] = count
        return reasons

    def refused(self, issue: str) -> list[tuple[bytes, str]]:
        """Return the readers whose servers refused an issue or put it off, with what they said."""
        query = "SELECT recipient, reason FROM delivery WHERE issue = ? AND state IN ('rejected', 'deferred')"
        return self._db.execute(query, (issue,)).fetchall()

    def issues(self) -> list[str]:
        """Return all issues frozen here, newest first."""
        rows = self._db.execute("SELECT issue FROM issue ORDER BY issue DESC")
        return [issue for (issue,) in rows]

    def previous_issue(self, issue: str) -> PreviousIssue | None:
        """Return the issue frozen last before this one; None if there is no other."""
        query = "SELECT issue, list_size FROM issue WHERE issue != ? ORDER BY rowid DESC LIMIT 1"
        row = self._db.execute(query, (issue,)).fetchone()
        return PreviousIssue(*row) if row else None

    def _update(self, statement: str, *values: object) -> int:
        """Run one statement in a separate commit. Return the number of rows it changed."""
        with self._transaction():
            return self._db.execute(statement, values).rowcount


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
