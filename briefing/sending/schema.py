"""The ledger's tables, its states, and the values that it gives out.

          freeze            claim                outcome
(reader) ────────▶ queued ────────▶ sending ─┬──────────▶ accepted ────▶ recalled   scheduled, and called back
                   ▲ │ ▲               │     ├──────────▶ rejected                  by the server, for good
                   │ │ └───────────────┤     └──────────▶ deferred ────▶ queued     in a while, or by the next send
                   │ │ not handed over │
  back on the list │ │ left the list   │ its process died, or the answer never came
                   │ ▼                 ▼
                  skipped           uncertain ──▶ queued or accepted                as the editor decides
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

VERSION = 2
SCHEMA = """
-- One row: whose digests these are, and a name by which sent.json knows this ledger.
CREATE TABLE ledger (
    key_fingerprint TEXT NOT NULL,
    name            TEXT NOT NULL,
    sending         INTEGER NOT NULL DEFAULT 0  -- 1 while somebody sends: then it is nothing without its log (-wal)
);
-- When the issue was frozen: the date that all its mails carry.
CREATE TABLE issue (
    issue     TEXT PRIMARY KEY,
    frozen_at TEXT NOT NULL,     -- ISO 8601 with offset
    list_size INTEGER NOT NULL,  -- readers on the list then
    claimed   INTEGER NOT NULL DEFAULT 0  -- claims ever made; only grows, so that an older copy is known as one
);
-- What goes out: the rendered bytes of each edition, fixed when the issue was frozen.
CREATE TABLE edition (
    issue    TEXT NOT NULL,
    lang     TEXT NOT NULL,
    digest   TEXT NOT NULL,   -- of rendered and its sender: plan.Plan.digest
    rendered BLOB NOT NULL,
    PRIMARY KEY (issue, lang)
);
-- One row a reader and issue: that is what makes a second mail impossible. In the order of the list, so that the mails
-- of one commit stand on one page of the file.
CREATE TABLE delivery (
    position  INTEGER PRIMARY KEY,
    issue     TEXT NOT NULL,
    recipient BLOB NOT NULL,     -- keyed digest of the reader's identity
    lang      TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'deferred', 'rejected', 'uncertain',
                                             'recalled', 'skipped')),
    tried     INTEGER NOT NULL DEFAULT 0,
    schedule  INTEGER,           -- the schedule that it was claimed for
    reason    TEXT NOT NULL DEFAULT '',  -- the server's words, without the address
    UNIQUE (issue, recipient)
);
-- What is to go out later, at SendGrid. In here before its first request, so that it can be called back.
CREATE TABLE schedule (
    id       INTEGER PRIMARY KEY,
    issue    TEXT NOT NULL,
    batch    TEXT NOT NULL,      -- SendGrid's batch id
    send_at  INTEGER NOT NULL,   -- seconds since 1970
    recalled INTEGER NOT NULL DEFAULT 0  -- 1: nobody is claimed for it any more; 2: what became of its mails is noted
);
-- Test sends: of what, by which transport.
CREATE TABLE test (
    issue  TEXT NOT NULL,
    via    TEXT NOT NULL,
    lang   TEXT NOT NULL,
    digest TEXT NOT NULL,        -- as in edition
    PRIMARY KEY (issue, via, lang)
);
-- How many mails were claimed on a day, of all issues: for `per_day`.
CREATE TABLE day (
    day     TEXT PRIMARY KEY,    -- ISO 8601, as the clock of this computer had it
    claimed INTEGER NOT NULL
);
"""

AUDIENCE = """
-- The list as it is now, each reader once; of this connection alone, in memory.
CREATE TEMP TABLE audience (
    row       INTEGER PRIMARY KEY,  -- its line
    recipient BLOB NOT NULL UNIQUE,
    lang      TEXT NOT NULL,
    wanted    INTEGER NOT NULL,     -- whether this send is for them: they have its tag
    again     INTEGER               -- the last line on which the same reader stands again
);
"""


class State(StrEnum):
    """What became of one mail; the drawing above says how one follows from another."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    RECALLED = "recalled"
    SKIPPED = "skipped"


OPEN = (State.QUEUED, State.DEFERRED, State.RECALLED, State.SKIPPED)
"""The states from which a mail of somebody on the list may still go out."""
GONE = (State.SENDING, State.ACCEPTED, State.UNCERTAIN)
"""The states of mails that somebody has, or may have."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issue as it was frozen: when, the digest of each edition by language, how many mails were claimed since."""

    at: dt.datetime
    digests: Mapping[str, str]
    claimed: int
    list_size: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A send that is to go out later."""

    id: int
    batch: str
    send_at: int
    """Seconds since 1970."""
    recalled: bool = False
    """Whether it is being called back: nobody is claimed for it any more."""
    settled: bool = False
    """Whether that came to its end, and what became of its mails is noted."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One reader's row."""

    state: State
    lang: str
    tried: int
    reason: str
    """The server's words, without the address."""
