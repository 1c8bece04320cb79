-- The tables of version 2, as its program created them.
-- One row: the key of all digests, and a name by which sent.json identifies this ledger.
CREATE TABLE ledger (
    key_fingerprint TEXT NOT NULL,
    name            TEXT NOT NULL,
    sending         INTEGER NOT NULL DEFAULT 0  -- 1 during a send: the file is then incomplete without its log (-wal)
);
-- When the issue was frozen: the date in all its mails.
CREATE TABLE issue (
    issue     TEXT PRIMARY KEY,
    frozen_at TEXT NOT NULL,     -- ISO 8601 with offset
    list_size INTEGER NOT NULL,  -- readers on the list at that time
    claimed   INTEGER NOT NULL DEFAULT 0  -- claims ever made; it only grows, which exposes an older copy
);
-- The rendered bytes of each edition, fixed when the issue was frozen.
CREATE TABLE edition (
    issue    TEXT NOT NULL,
    lang     TEXT NOT NULL,
    digest   TEXT NOT NULL,   -- of rendered and its sender: plan.Mailing.digest
    rendered BLOB NOT NULL,
    PRIMARY KEY (issue, lang)
);
-- One row per reader and issue, which makes a second mail impossible. In the order of the list, so that the mails of
-- one commit share a page of the file.
CREATE TABLE delivery (
    position  INTEGER PRIMARY KEY,
    issue     TEXT NOT NULL,
    recipient BLOB NOT NULL,     -- keyed digest of the reader's identity
    lang      TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'deferred', 'rejected', 'uncertain',
                                             'recalled', 'skipped')),
    tried     INTEGER NOT NULL DEFAULT 0,
    schedule  INTEGER,           -- the schedule it was claimed for
    reason    TEXT NOT NULL DEFAULT '',  -- the server's reply, without the address
    UNIQUE (issue, recipient)
);
-- Sends scheduled at the provider. Recorded before the first request, so that each can be recalled.
CREATE TABLE schedule (
    id       INTEGER PRIMARY KEY,
    issue    TEXT NOT NULL,
    batch    TEXT NOT NULL,      -- the provider's batch id
    send_at  INTEGER NOT NULL,   -- seconds since 1970
    recalled INTEGER NOT NULL DEFAULT 0  -- 1: no more claims; 2: the outcome of its mails is recorded
);
-- Test sends: which edition, through which transport.
CREATE TABLE test (
    issue  TEXT NOT NULL,
    via    TEXT NOT NULL,
    lang   TEXT NOT NULL,
    digest TEXT NOT NULL,        -- as in edition
    PRIMARY KEY (issue, via, lang)
);
-- How many mails were claimed on a day, over all issues: for `per_day`.
CREATE TABLE day (
    day     TEXT PRIMARY KEY,    -- ISO 8601, in this computer's time zone
    claimed INTEGER NOT NULL
);
PRAGMA user_version = 2;
