"""The digests that stand for an issue's readers in its ledger.

They are keyed twice: by the newsletter, so that nobody without `.briefing/key` can tell whose digest
it is, and by the issue, so that two issues can't be compared. Sorted, they are a random order of the
readers that differs from issue to issue: in this order the mails go out.
"""

from hashlib import blake2b

from briefing.keys import Key

LENGTH = 16
"""Bytes of a digest."""


class Recipients:
    """Makes the digests of one issue."""

    def __init__(self, key: Key, issue: str) -> None:
        self._key = key
        self._issue_key = key.digest("issue", issue)

    def digest(self, identity: str) -> bytes:
        """Return a reader's digest, from `Subscriber.identity`."""
        return self.rekey(self._key.digest("recipient", identity)[:LENGTH])

    def rekey(self, digest: bytes) -> bytes:
        """Return the digest for a reader's digest in version 2, which was the same in every issue."""
        return blake2b(digest, digest_size=LENGTH, key=self._issue_key).digest()
