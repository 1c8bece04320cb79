"""What the ledger keeps of each issue from its freeze on: the editions, and the readers they go to."""

import datetime as dt
from collections.abc import Iterable

from .ledger_file import as_ledger_error
from .loaded_list import LoadedList
from .schema import Frozen


class FrozenIssues(LoadedList):
    """The statements about freezing. All raise LedgerError if the file can't be read or written."""

    @as_ledger_error
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

    @as_ledger_error
    def freeze(
        self,
        issue: str,
        at: dt.datetime,
        editions: Iterable[tuple[str, str, bytes]],
        *,
        late: bool = False,
        corrected: bool = False,
    ) -> None:
        """Fix what goes out (editions as language, digest, bytes) and to whom (the loaded list), in
        one commit.

        What was frozen before stays unchanged. `corrected`: the editions are another version, for
        readers who are queued or recalled, or were skipped before any attempt; all others keep
        theirs. Readers who joined since are added only if `late`, and get the newest version.
        Those off the list become `skipped`; those who are back on it, or were deferred or recalled,
        become `queued`.
        """
        with self._transaction():
            first = self._db.execute(
                "INSERT OR IGNORE INTO issue (issue, frozen_at, list_size) VALUES (?, ?, ?)",
                (issue, at.isoformat(), self.audience_size()),
            ).rowcount
            version = self._newest_version(issue) + corrected
            self._db.executemany(
                "INSERT OR IGNORE INTO edition (issue, version, lang, digest, rendered) VALUES (?, ?, ?, ?, ?)",
                (
                    (issue, version, lang, digest, rendered)
                    for lang, digest, rendered in editions
                ),
            )
            if corrected:
                self._give_version(issue, version)
            if first or late:
                self._add_readers(issue, version, everyone=bool(first))
            if not first:
                self._follow_list(issue)

    def _newest_version(self, issue: str) -> int:
        query = "SELECT coalesce(max(version), 1) FROM edition WHERE issue = ?"
        return self._read_number(query, issue)

    def _give_version(self, issue: str, version: int) -> None:
        """Give a version to everyone who can't have another one: nothing was handed over for them."""
        self._db.execute(
            "UPDATE delivery SET version = ? WHERE issue = ? "
            "AND (state IN ('queued', 'recalled') OR (state = 'skipped' AND tried = 0))",
            (version, issue),
        )

    def _add_readers(self, issue: str, version: int, *, everyone: bool) -> None:
        """Queue readers who have no row yet: everyone on the list, or only those this send is for."""
        self._db.execute(
            "INSERT OR IGNORE INTO delivery (issue, recipient, lang, version, state) "
            "SELECT ?, recipient, lang, ?, 'queued' FROM audience WHERE ? OR wanted ORDER BY recipient",
            (issue, version, everyone),
        )

    def _follow_list(self, issue: str) -> None:
        self._db.execute(
            "UPDATE delivery SET state = 'skipped', reason = 'no longer on the list' "
            "WHERE issue = ? AND state IN ('queued', 'deferred', 'recalled') "
            "AND recipient NOT IN (SELECT recipient FROM audience)",
            (issue,),
        )
        self._db.execute(
            "UPDATE delivery SET state = 'queued', reason = '' "
            "WHERE issue = ? AND state IN ('skipped', 'deferred', 'recalled') "
            "AND recipient IN (SELECT recipient FROM audience WHERE wanted)",
            (issue,),
        )

    @as_ledger_error
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

    @as_ledger_error
    def forget(self, issue: str) -> None:
        """Remove an issue so that it can be frozen again: no reader has it, or it was a rehearsal."""
        with self._transaction():
            for table in ("delivery", "edition", "issue", "schedule"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE issue = ?",  # noqa: S608  # our own table names
                    (issue,),
                )
