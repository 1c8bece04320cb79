"""The ledger's tables, its states, and the values it returns.

          freeze            claim                outcome
(reader) ────────▶ queued ────────▶ sending ─┬──────────▶ accepted
                   ▲ │ ▲               │     ├──────────▶ rejected                  by the server, for good
                   │ │ └───────────────┤     └──────────▶ deferred ────▶ queued     after a pause, or in the next send
                   │ │ not handed over │
  back on the list │ │ off the list    │ the process died, or no answer came
                   │ ▼                 ▼
                  skipped           uncertain ──▶ queued or accepted                as the editor decides

Whoever is queued or deferred when the editor ends the issue becomes cancelled, and stays so.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """The state of one email; the drawing above shows the transitions."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


# Not `state IN (…)`: SQLite would list the values again for every row that it changes, which takes three times
# as long as the change.
_IS_STATE = " OR ".join(f"state = '{state}'" for state in State)

COUNT_STATES = ", ".join(
    f"count(*) FILTER (WHERE state = '{state}')" for state in State
)
"""In SQL, the number of rows in each state. GROUP BY would sort all rows for it."""

VERSION = 4
OLDEST = 3
"""The oldest version that can be brought up to date."""

DELIVERY = f"""
-- One row per reader and issue, which makes a second email impossible. Rows are stored and sent in the order of
-- their digests: it differs from issue to issue, and the emails of one commit share a page of the file.
CREATE TABLE delivery (
    issue     TEXT NOT NULL,
    recipient BLOB NOT NULL,     -- the reader's digest in this issue: recipients.py
    lang      TEXT NOT NULL,
    version   INTEGER NOT NULL DEFAULT 1,  -- of the edition that the reader got, or will get
    state     TEXT NOT NULL CHECK ({_IS_STATE}),
    tried     INTEGER NOT NULL DEFAULT 0,
    reason    TEXT NOT NULL DEFAULT '',  -- the server's reply, without the address
    PRIMARY KEY (issue, recipient)
) WITHOUT ROWID"""
SCHEMA = f"""
{DELIVERY};
-- The rendered bytes of each edition, fixed when the issue was frozen. Until version 4, an issue that was changed
-- during its send had several versions.
CREATE TABLE edition (
    issue    TEXT NOT NULL,
    version  INTEGER NOT NULL DEFAULT 1,
    lang     TEXT NOT NULL,
    digest   TEXT NOT NULL,   -- of rendered and its sender: plan.Mailing.digest
    rendered BLOB NOT NULL,
    PRIMARY KEY (issue, version, lang)
);
-- One row: the key of all digests, and a name by which sent.json identifies this ledger.
CREATE TABLE ledger (
    key_fingerprint TEXT NOT NULL,
    name            TEXT NOT NULL,
    sending         INTEGER NOT NULL DEFAULT 0  -- 1 during a send: the file is then incomplete without its log (-wal)
);
-- When the issue was frozen.
CREATE TABLE issue (
    issue     TEXT PRIMARY KEY,
    frozen_at TEXT NOT NULL,     -- ISO 8601 with offset
    list_size INTEGER NOT NULL,  -- readers on the list at that time
    claimed   INTEGER NOT NULL DEFAULT 0  -- claims ever made; it only grows, which exposes an older copy
);
-- Test sends: which edition, through which transport.
CREATE TABLE test (
    issue  TEXT NOT NULL,
    via    TEXT NOT NULL,
    lang   TEXT NOT NULL,
    digest TEXT NOT NULL,        -- as in edition
    PRIMARY KEY (issue, via, lang)
);
-- How many emails were claimed on a day, over all issues: for `per_day`.
CREATE TABLE day (
    day     TEXT PRIMARY KEY,    -- ISO 8601, in this computer's time zone
    claimed INTEGER NOT NULL
);
"""

MIGRATION = (
    "ALTER TABLE delivery RENAME TO old_delivery",
    DELIVERY,
    # What was scheduled at the provider has gone out, unless its recall was interrupted. Recalled emails were queued
    # for the next send.
    """
INSERT INTO delivery (issue, recipient, lang, version, state, tried, reason)
SELECT old_delivery.issue, recipient, lang, version,
    CASE
        WHEN state = 'recalled' THEN 'queued'
        WHEN state = 'accepted' AND recalled = 1 THEN 'uncertain'
        ELSE state
    END,
    tried, reason
FROM old_delivery LEFT JOIN schedule ON schedule.id = old_delivery.schedule
ORDER BY old_delivery.issue, recipient""",
    "DROP TABLE old_delivery",
    "DROP TABLE schedule",
)
"""What brings a ledger of version 3 up to date."""

AUDIENCE = """
-- The list as it is now, each reader once; in memory, for this connection only.
CREATE TEMP TABLE audience (
    recipient BLOB PRIMARY KEY,
    line      INTEGER NOT NULL,
    lang      TEXT NOT NULL,
    wanted    INTEGER NOT NULL,     -- whether this send is for them: they have its tag
    row       BLOB NOT NULL,        -- all that the list says about them
    again     INTEGER               -- the last line that repeats the same reader
) WITHOUT ROWID;
"""


class LoadedReader(NamedTuple):
    """A reader on the list, as the ledger loads it."""

    line: int
    """Of the list; the row begins there."""
    recipient: bytes
    """Their digest in the issue."""
    lang: str
    """Of the edition they get."""
    wanted: int
    """1 if this send is for them, else 0: the sqlite3 module is slow to store a bool."""
    row: bytes
    """What the list says about them, packed (`plan.pack`)."""


INTERRUPTED = "interrupted while it was being sent"
"""The reason of emails that a dead process left as `sending`."""
OPEN = (State.QUEUED, State.DEFERRED, State.SKIPPED)
"""States from which a reader on the list may still get an email."""
GONE = (State.SENDING, State.ACCEPTED, State.UNCERTAIN)
"""States of emails that a reader has, or may have."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issue as it was frozen."""

    at: dt.datetime
    versions: Sequence[Mapping[str, str]]
    """The digests of its editions by language, for every version, the oldest first."""
    claimed: int
    """Claims ever made."""
    list_size: int

    @property
    def digests(self) -> Mapping[str, str]:
        """The digests of the newest version."""
        return self.versions[-1] if self.versions else {}


class PreviousIssue(NamedTuple):
    """The issue frozen last before another one."""

    issue: str
    list_size: int
    """Readers on the list at that time."""


@dataclass(frozen=True, slots=True)
class ReaderRecord:
    """One reader's row of an issue."""

    state: State
    lang: str
    version: int
    tried: int
    reason: str
    """The server's reply, without the address."""


QueuedReader = tuple[bytes, str, int, bytes]
"""A reader who is to be mailed now: their digest, the language and the version of the edition, and
their row as in `LoadedReader`.
"""
