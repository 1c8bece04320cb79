"""Whether the ledger knows everyone who has the issue, and whether the issue is still the one that
they got. No I/O here.
"""

from collections.abc import Iterator

from briefing.text.counts import counted

from . import amounts
from .facts import Facts, IssueRecord, Places, SendRequest
from .obstacle import Obstacle


def find_obstacles(
    request: SendRequest, facts: Facts, record: IssueRecord
) -> Iterator[Obstacle]:
    """Yield why, after what was sent before, this request can't be carried out."""
    issue = facts.issue
    if any(planned.recall_unfinished for planned in record.schedules):
        message = f"a recall of issue {issue} was interrupted; run 'briefing recall' again first"
        yield Obstacle("recall-unfinished", message)
    mismatch = find_mismatch(issue, facts.places, record)
    if mismatch:
        yield mismatch
    elif record.is_changed(facts.digests) and record.readers_with_mail:
        yield from _correction(request, facts, record)


def _correction(
    request: SendRequest, facts: Facts, record: IssueRecord
) -> Iterator[Obstacle]:
    """The readers who have no version of a changed issue can get it as it is now, if that is asked
    for.
    """
    issue = facts.issue
    have = counted(record.readers_with_mail, "reader")
    missing = set(record.frozen.digests if record.frozen else ()) - set(
        facts.digests
    )
    if not record.same_sender:
        message = (
            f"the sender or the way to unsubscribe was changed in briefing.toml after {have} got issue {issue}; undo "
            "this change until all have it"
        )
        yield Obstacle("sender-changed", message)
    elif not amounts.count_open(record.pending, late=True, again=request.again):
        message = (
            f"issue {issue} was changed, and no reader is left to send it to; for an error of fact, compose another "
            f"issue with 'corrects: {issue}'"
        )
        yield Obstacle("changed-after-all", message)
    elif not request.corrected:
        message = (
            f"issue {issue} or its look was changed after {have} got it; undo the change; or, for a slip, test it "
            "again and send it to those who don't have it yet with --corrected; or, for an error of fact, compose "
            f"another issue with 'corrects: {issue}', which reaches everyone"
        )
        yield Obstacle("changed-after-sent", message)
    elif missing:
        message = (
            f"the edited issue {issue} has no edition in {', '.join(sorted(missing))}, which readers are still to "
            "get; add it"
        )
        yield Obstacle("edition-missing", message)


def find_mismatch(
    issue: str, places: Places, record: IssueRecord
) -> Obstacle | None:
    """Return why, according to the receipt and the claims counted beside it, the ledger doesn't know
    everyone who got the issue; None if it does.
    """
    receipt = record.receipt
    lost = record.counted_claims - record.claimed
    is_known_here = receipt is None or receipt.ledger == record.ledger
    if is_known_here and lost > 0:
        return _lost_claims(issue, places, lost)
    if receipt is None:
        return None
    if record.frozen is None or not is_known_here:
        message = (
            f"issue {issue} was sent from another copy of this folder, or this copy has lost its ledger (the record of "
            f"who got what): according to {places.receipt}, {counted(receipt.accepted, 'reader')} of "
            f"{receipt.readers:,} got it; copy {places.state}/ from there or from a backup, which knows who they are"
        )
        return Obstacle("sent-elsewhere", message)
    if record.claimed < receipt.claimed:
        message = (
            f"{places.ledger}: is older than {places.receipt}, and doesn't know who got the issue since; restore its "
            f"newest copy, together with the file {places.ledger}-wal"
        )
        return Obstacle("ledger-outdated", message)
    return None


def _lost_claims(issue: str, places: Places, lost: int) -> Obstacle:
    mails = counted(lost, "email")
    readers = counted(lost, "reader")
    message = (
        f"{places.ledger}: is damaged, or an older copy: it doesn't know who got {mails} of issue {issue}. "
        f"Restore its newest copy, together with the file {places.ledger}-wal. If there is none, delete "
        f"{places.claim_count} and {places.receipt}, and send again: up to {readers} may then get the issue twice"
    )
    return Obstacle("ledger-lost-claims", message)
