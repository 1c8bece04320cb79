"""Compare the server's log with the ledger, without any code of briefing, which could hide its own
mistakes.

The ledger is copied with its write-ahead log, and the copy is read: the next send finds all as the
dead one left it.
"""

import hashlib
import hmac
import shutil
import sqlite3
import stat
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

NOT_HANDED_OVER = (
    "queued",
    "deferred",
    "rejected",
    "skipped",
    "cancelled",
    None,
)


@dataclass(frozen=True)
class View:
    """The state of an issue: which readers of the list are in which state (None: has no row), and how many emails
    the server has.
    """

    states: dict[str, str | None]
    mails: Counter[str]

    def count(self, *states: str | None) -> int:
        return sum(state in states for state in self.states.values())

    @property
    def left(self) -> int:
        """How many emails the next send is to hand over."""
        return self.count("queued", "deferred", "skipped", None)

    @property
    def twice(self) -> list[str]:
        return [reader for reader, count in self.mails.items() if count > 1]

    @property
    def lost(self) -> list[str]:
        """Readers who have no email, though the ledger says that they do."""
        return [
            reader
            for reader, state in self.states.items()
            if state == "accepted" and not self.mails[reader]
        ]

    def broken(self) -> list[str]:
        """Return a line for each contradiction between server and ledger."""
        wrong = [
            f"{reader} got {self.mails[reader]} emails" for reader in self.twice
        ]
        wrong += [f"{reader} has none, though accepted" for reader in self.lost]
        for reader, count in self.mails.items():
            if reader not in self.states:
                wrong.append(f"{reader} isn't on the list and got {count}")
            elif self.states[reader] in NOT_HANDED_OVER:
                wrong.append(
                    f"{reader} got {count}, though {self.states[reader]}"
                )
        return wrong

    def unfinished(self) -> list[str]:
        """Readers without a final outcome at the end of a send that wasn't stopped."""
        return [
            f"{reader} is {state}"
            for reader, state in self.states.items()
            if state not in {"accepted", "uncertain"}
        ]


def mails_of_log(log: Path) -> Counter[str]:
    """How many emails the server has for each reader: the first column of its log."""
    return Counter(
        line.partition("\t")[0] for line in log.read_text("utf-8").splitlines()
    )


def view(
    ledger: Path,
    issue: str,
    readers: list[str],
    mails: Counter[str],
) -> View:
    rows = _rows(ledger, issue)
    key = ledger.with_name("key")
    secret = key.read_bytes() if key.exists() else b""
    return View(
        {
            reader: rows.get(recipient(secret, issue, reader))
            for reader in readers
        },
        mails,
    )


def _rows(ledger: Path, issue: str) -> dict[bytes, str]:
    if not ledger.exists():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for end in ("", "-wal"):
            if ledger.with_name(ledger.name + end).exists():
                shutil.copy(ledger.with_name(ledger.name + end), folder)
        with closing(sqlite3.connect(Path(folder) / ledger.name)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            found = db.execute(
                "SELECT recipient, state FROM delivery WHERE issue = ?",
                (issue,),
            ).fetchall()
    assert len(found) == len(dict(found)), "one row a reader"
    return dict(found)


def recipient(secret: bytes, issue: str, reader: str) -> bytes:
    """A reader's digest: keyed by the issue, over the digest that was the same in every issue."""
    same_everywhere = _digest(secret, "recipient", reader)[:16]
    issue_key = _digest(secret, "issue", issue)
    return hashlib.blake2b(
        same_everywhere, digest_size=16, key=issue_key
    ).digest()


def _digest(secret: bytes, *parts: str) -> bytes:
    encoded = [part.encode() for part in parts]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
    return hmac.digest(secret, message, "sha256")


@dataclass
class Watch:
    """Looks for what must appear nowhere: words that name a reader, keys and passwords, in upper or lower
    case.
    """

    words: list[bytes] = field(default_factory=list)

    def found_in(self, data: bytes, where: str) -> list[str]:
        small = data.lower()
        return [
            f"{where} holds {word!r}"
            for word in self.words
            if word.lower() in small
        ]

    def leaks(self, state: Path) -> list[str]:
        """What under .briefing holds a word, or is open to others; the key may, in full or in part."""
        wrong = []
        for path in (state, *state.rglob("*")):
            try:
                mode = path.lstat().st_mode
                if stat.S_IMODE(mode) != (
                    0o700 if stat.S_ISDIR(mode) else 0o600
                ):
                    wrong.append(f"{path} has mode {stat.S_IMODE(mode):o}")
                its_own = path.name == "key" or path.name.startswith(".key.")
                if stat.S_ISREG(mode) and not its_own:
                    wrong += self.found_in(path.read_bytes(), str(path))
            except FileNotFoundError:
                continue  # a temporary file of a child that is at work
        return wrong
