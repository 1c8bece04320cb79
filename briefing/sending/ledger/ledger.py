"""The record of a send, in SQLite: what goes out, to which readers, and the outcome of each email.

`schema` shows the states. Readers are keyed digests (`recipients`): no address is stored here, and a
ledger of another key is refused. Each change of state is durable before the next step (write-ahead log,
synchronous=FULL); one commit covers those of all connections.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from .frozen_issues import FrozenIssues
from .ledger_file import as_ledger_error
from .moved_readers import MovedReaders
from .row_changes import RowChange
from .schema import (
    COUNT_STATES,
    INTERRUPTED,
    PreviousIssue,
    QueuedReader,
    ReaderRecord,
    Schedule,
    State,
)

Outcomes = Iterable[tuple[bytes, State, str]]
"""For each email: the reader's digest, the new state, the server's reply."""


SKIP = RowChange(
    State.QUEUED,
    "state = ?, reason = ?",
    (State.SKIPPED.value, "unsubscribed"),
)


def _claim(schedule: int | None) -> RowChange:
    return RowChange(
        State.QUEUED,
        "state = 'sending', tried = tried + 1, schedule = ?",
        (schedule,),
    )


class Ledger(FrozenIssues, MovedReaders):
    """The ledger's statements. All raise LedgerError if the file can't be read or written."""

    # Handing over

    @as_ledger_error
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

    @as_ledger_error
    def attempts(self, issue: str) -> list[int]:
        """Return the numbers of earlier attempts that queued readers have, 0 left out, ascending."""
        query = "SELECT DISTINCT tried FROM delivery WHERE issue = ? AND state = 'queued' AND tried > 0 ORDER BY tried"
        return [tried for (tried,) in self._db.execute(query, (issue,))]

    @as_ledger_error
    def commit(
        self,
        issue: str,
        outcomes: Outcomes,
        claims: Sequence[bytes],
        *,
        unsubscribed: Collection[bytes] = (),
        schedule: int | None = None,
        day: str = "",
    ) -> set[bytes]:
        """Record outcomes of `sending` emails and the next claims in one commit. Return the claimed
        readers.

        Queued readers are claimed and become `sending`, except the `unsubscribed`, who become
        `skipped`. Nothing is claimed for a recalled schedule. Claims count for `day` (see
        `per_day`).
        """
        claimed: set[bytes] = set()
        with self._transaction():
            self._record_outcomes(issue, outcomes)
            if claims and schedule is not None and self.is_recalled(schedule):
                return claimed
            if unsubscribed:
                SKIP.apply(self._db, issue, unsubscribed)
                claims = [
                    reader for reader in claims if reader not in unsubscribed
                ]
            claimed = _claim(schedule).apply(self._db, issue, claims)
            if claimed:
                self._count_claims(issue, day, len(claimed))
        return claimed

    def _record_outcomes(self, issue: str, outcomes: Outcomes) -> None:
        # In their order, since a reader can have two: a refusal that turns out to concern every
        # reader is withdrawn: rejected, then queued.
        for (state, reason), same in groupby(outcomes, key=itemgetter(1, 2)):
            recipients = [recipient for recipient, _, _ in same]
            values = (state.value, reason)
            befores = [State.SENDING]
            if state is State.QUEUED:
                befores.append(State.REJECTED)
            for before in befores:
                change = RowChange(before, "state = ?, reason = ?", values)
                change.apply(self._db, issue, recipients)

    def _count_claims(self, issue: str, day: str, count: int) -> None:
        self._db.execute(
            "UPDATE issue SET claimed = claimed + ? WHERE issue = ?",
            (count, issue),
        )
        self._db.execute(
            "INSERT INTO day VALUES (?, ?) ON CONFLICT DO UPDATE SET claimed = claimed + excluded.claimed",
            (day, count),
        )

    @as_ledger_error
    def claimed(self, issue: str) -> int:
        """Return how many claims were ever made for an issue."""
        query = "SELECT coalesce(sum(claimed), 0) FROM issue WHERE issue = ?"
        return self._read_number(query, issue)

    @as_ledger_error
    def claimed_on(self, day: str) -> int:
        """Return how many emails were claimed on a day, over all issues."""
        query = "SELECT coalesce(sum(claimed), 0) FROM day WHERE day = ?"
        return self._read_number(query, day)

    # Settling what a send left open

    @as_ledger_error
    def settle_interrupted(self, issue: str, state: State) -> int:
        """Set the state of emails that a dead process left as `sending`. Return how many there
        were.
        """
        return self._update(
            "UPDATE delivery SET state = ?, reason = ? WHERE issue = ? AND state = 'sending'",
            state.value,
            INTERRUPTED,
            issue,
        )

    @as_ledger_error
    def change_state(self, issue: str, before: State, after: State) -> int:
        """Move readers this send is for from one state to another. Return how many there were."""
        return self._update(
            "UPDATE delivery SET state = ? WHERE issue = ? AND state = ? "
            "AND recipient IN (SELECT recipient FROM audience WHERE wanted)",
            after.value,
            issue,
            before.value,
        )

    @as_ledger_error
    def mark_uncertain_delivered(self, issue: str) -> int:
        """Count the uncertain as accepted, on the list or not. Return how many there were."""
        return self._update(
            "UPDATE delivery SET state = 'accepted', reason = 'marked as delivered' "
            "WHERE issue = ? AND state = 'uncertain'",
            issue,
        )

    # Schedules and tests

    @as_ledger_error
    def add_schedule(self, issue: str, batch: str, send_at: int) -> Schedule:
        """Record a schedule, before the first request of its send."""
        with self._transaction():
            (number,) = self._db.execute(
                "INSERT INTO schedule (issue, batch, send_at) VALUES (?, ?, ?) RETURNING id",
                (issue, batch, send_at),
            ).fetchone()
        return Schedule(int(number), batch, send_at)

    @as_ledger_error
    def schedules(self, issue: str) -> list[Schedule]:
        """Return the schedules of an issue, oldest first."""
        query = "SELECT id, batch, send_at, recalled FROM schedule WHERE issue = ? ORDER BY id"
        rows = self._db.execute(query, (issue,))
        return [
            Schedule(number, batch, at, recalled > 0, recalled > 1)
            for number, batch, at, recalled in rows
        ]

    @as_ledger_error
    def stop_claims(self, schedule: Schedule) -> None:
        """Allow no more claims for a schedule, even by another process that is sending."""
        self._update(
            "UPDATE schedule SET recalled = 1 WHERE id = ? AND recalled = 0",
            schedule.id,
        )

    @as_ledger_error
    def settle_recall(
        self, issue: str, schedule: Schedule, state: State
    ) -> int:
        """Record the outcome of a recall for the emails of its schedule. Return how many there were."""
        with self._transaction():
            self._db.execute(
                "UPDATE schedule SET recalled = 2 WHERE id = ?", (schedule.id,)
            )
            return self._db.execute(
                "UPDATE delivery SET state = ?, reason = '' "
                "WHERE issue = ? AND schedule = ? AND state IN ('accepted', 'uncertain', 'sending')",
                (state.value, issue, schedule.id),
            ).rowcount

    @as_ledger_error
    def is_recalled(self, schedule: int) -> bool:
        """Whether claims for a schedule were stopped, by this process or another."""
        query = "SELECT recalled FROM schedule WHERE id = ?"
        return self._read_number(query, schedule) > 0

    @as_ledger_error
    def record_test(
        self, issue: str, via: str, digests: Mapping[str, str]
    ) -> None:
        """Record that these editions, digests by language, were sent as a test."""
        rows = [(issue, via, lang, digest) for lang, digest in digests.items()]
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO test VALUES (?, ?, ?, ?)", rows
            )

    @as_ledger_error
    def tests(self, issue: str, via: str) -> dict[str, str]:
        """Return the digests of the editions last tested through a transport, by language."""
        query = "SELECT lang, digest FROM test WHERE issue = ? AND via = ?"
        return dict(self._db.execute(query, (issue, via)).fetchall())

    # Reading the outcome

    @as_ledger_error
    def find(self, issue: str, recipient: bytes) -> ReaderRecord | None:
        """Return a reader's row; None if they weren't frozen with the issue."""
        query = "SELECT state, lang, version, tried, reason FROM delivery WHERE issue = ? AND recipient = ?"
        row = self._db.execute(query, (issue, recipient)).fetchone()
        if row is None:
            return None
        state, lang, version, tried, reason = row
        return ReaderRecord(State(state), lang, version, tried, reason)

    @as_ledger_error
    def counts(self, issue: str) -> dict[State, int]:
        """Return how many readers are in each state."""
        query = f"SELECT {COUNT_STATES} FROM delivery WHERE issue = ?"  # noqa: S608  # our own states
        counts = self._db.execute(query, (issue,)).fetchone()
        return dict(zip(State, counts, strict=True))

    @as_ledger_error
    def versions(self, issue: str) -> dict[int, int]:
        """Return how many readers have, or may have, each version of an issue."""
        rows = self._db.execute(
            "SELECT version, count(*) FROM delivery WHERE issue = ? "
            "AND state IN ('sending', 'accepted', 'uncertain') GROUP BY version",
            (issue,),
        )
        return dict(rows.fetchall())

    @as_ledger_error
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

    @as_ledger_error
    def refused(self, issue: str) -> list[tuple[bytes, str]]:
        """Return the readers whose servers refused an issue or put it off, with what they said."""
        query = "SELECT recipient, reason FROM delivery WHERE issue = ? AND state IN ('rejected', 'deferred')"
        return self._db.execute(query, (issue,)).fetchall()

    @as_ledger_error
    def issues(self) -> list[str]:
        """Return all issues frozen here, newest first."""
        rows = self._db.execute("SELECT issue FROM issue ORDER BY issue DESC")
        return [issue for (issue,) in rows]

    @as_ledger_error
    def previous_issue(self, issue: str) -> PreviousIssue | None:
        """Return the issue frozen last before this one; None if there is no other."""
        query = "SELECT issue, list_size FROM issue WHERE issue != ? ORDER BY rowid DESC LIMIT 1"
        row = self._db.execute(query, (issue,)).fetchone()
        return PreviousIssue(*row) if row else None

    def _update(self, statement: str, *values: object) -> int:
        """Run one statement in a separate commit. Return the number of rows it changed."""
        with self._transaction():
            return self._db.execute(statement, values).rowcount
