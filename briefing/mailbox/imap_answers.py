"""What an IMAP server's answers to UID FETCH say, and how emails are shared out over commands. No I/O."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_AT_ONCE = 8 * 1024 * 1024
"""Bytes of the emails that one command asks for, unless a single one is larger."""

FetchAnswer = Sequence[tuple[bytes, bytes] | bytes | None]
"""As imaplib gives it: a literal is in a tuple, after the line that announced it."""

_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,15})\b")


def sizes(answer: FetchAnswer) -> dict[int, int]:
    """Return the size of each email in bytes, by uid."""
    found = {}
    for line in answer:
        text = line if isinstance(line, bytes) else b""
        uid = _UID.search(text)
        size = _SIZE.search(text)
        if uid and size:
            found[int(uid[1])] = int(size[1])
    return found


def bodies(answer: FetchAnswer) -> dict[int, bytes]:
    """Return the first bytes of each email, by uid. Emails that the server doesn't have any more are
    missing.
    """
    found = {}
    for place, part in enumerate(answer):
        if isinstance(part, tuple):
            # Servers may name the uid before the content or after it.
            after = next(iter(answer[place + 1 : place + 2]), b"")
            rest = after if isinstance(after, bytes) else b""
            uid = _UID.search(part[0]) or _UID.search(rest)
            if uid:
                found[int(uid[1])] = part[1]
    return found


def in_batches(
    uids: Iterable[int], by_uid: Mapping[int, int], largest: int
) -> Iterator[list[int]]:
    """Yield uids in groups that one command can ask for; of each email at most `largest` bytes are
    read. Those without a size are left out.
    """
    batch: list[int] = []
    total = 0
    for uid in uids:
        if uid not in by_uid:
            continue
        size = min(by_uid[uid], largest)
        if batch and total + size > MOST_AT_ONCE:
            yield batch
            batch = []
            total = 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def as_set(uids: Iterable[int]) -> str:
    """Return uids as commands name them (RFC 9051, sequence-set)."""
    return ",".join(map(str, uids))
