"""Bring a ledger of an earlier version up to date, in one commit.

In version 2 a reader had the same digest in every issue, and the rows were in the order of the list:
two ledgers, or a ledger and an old list, showed who is who. The new digests are made from the old ones,
so an issue that was sent in part can be continued.
"""

import sqlite3

from briefing.keys import Key

from .recipients import Recipients
from .schema import DELIVERY, EDITION, VERSION

OLDEST = 2
"""The oldest version that can be brought up to date."""


def migrate(db: sqlite3.Connection, key: Key) -> None:
    """Rewrite a ledger of version 2, and leave nothing of it in the file or its log.

    Hold the sender's lock. Raises sqlite3.Error, and the ledger is unchanged then.
    """
    issues: dict[str, Recipients] = {}

    def rekey(issue: str, digest: bytes) -> bytes:
        if issue not in issues:
            issues[issue] = Recipients(key, issue)
        return issues[issue].rekey(digest)

    db.create_function("rekey", 2, rekey, deterministic=True)
    # What is deleted is overwritten, even if the program is killed before the VACUUM.
    db.execute("PRAGMA secure_delete = ON")
    db.execute("BEGIN IMMEDIATE")
    try:
        _rewrite(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _rewrite(db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == VERSION:  # another command was quicker
        return
    for table, new in (("edition", EDITION), ("delivery", DELIVERY)):
        db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
        db.execute(new)
    db.execute(
        "INSERT INTO edition (issue, lang, digest, rendered) "
        "SELECT issue, lang, digest, rendered FROM old_edition"
    )
    db.execute(
        "INSERT INTO delivery (issue, recipient, lang, state, tried, schedule, reason) "
        "SELECT issue, rekey(issue, recipient) AS digest, lang, state, tried, schedule, reason "
        "FROM old_delivery ORDER BY issue, digest"
    )
    db.execute("DROP TABLE old_edition")
    db.execute("DROP TABLE old_delivery")
    db.execute(f"PRAGMA user_version = {VERSION}")
