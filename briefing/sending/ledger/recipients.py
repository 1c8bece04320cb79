"""The digests that stand for an issue's readers in its ledger.

They are keyed twice: by the newsletter, so that nobody without `.briefing/key` can tell whose digest
it is, and by the issue, so that two issues can't be compared. Sorted, they are a random order of the
readers that differs from issue to issue: in this order the emails go out.
"""

from hashlib import blake2b

from briefing.keys import Key

LENGTH = 16
"""Bytes of a digest."""
_PURPOSE = "recipient"


def reader_digest(key: Key, identity: str) -> bytes:
    """Return a reader's digest that is the same for all issues. It isn't stored in the ledger."""
    return key.digest(_PURPOSE, identity)[:LENGTH]


class Recipients:
    """Makes the digests of one issue."""

    def __init__(self, key: Key, issue: str) -> None:
        self._reader_digest = key.digester(_PURPOSE)
        self._begun = blake2b(
            digest_size=LENGTH, key=key.digest("issue", issue)
        )

    def digest(self, identity: str) -> bytes:
        """Return a reader's digest, from `Subscriber.identity`."""
        return self.rekey(self._reader_digest(identity)[:LENGTH])

    def rekey(self, digest: bytes) -> bytes:
        """Return the digest for what `reader_digest` makes of a reader, which was the digest in every
        issue in version 2 of the ledger.
        """
        rekeyed = self._begun.copy()
        rekeyed.update(digest)
        return rekeyed.digest()
