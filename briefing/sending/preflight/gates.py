"""Decide on a send: what it would do, and everything that prevents it. No I/O here.

    gathering.py ───────────▶ Facts ─┐
                                     ├─▶ Preflight: amounts, obstacles
    options or a form ▶ SendRequest ─┘

Each gate looks at one thing and yields the obstacles it finds; to add one, write a function, and add it to
the table below for the sends that must pass it. Commands only show the result. `delivery` decides again once
it holds the lock, and sends nothing if anything blocks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from briefing.errors import RefusedError
from briefing.sending.ledger.schema import OPEN, State
from briefing.sending.plan import Survey
from briefing.text.counts import counted

from .facts import Facts, IssueRecord, SendRequest
from .missing_settings import NO_UNSUBSCRIBING

MOST_ERRORS = 5
"""How many findings are shown, since one slip can be in every item."""
LIST_CHANGE = 0.2
"""The part of the list that may come or go between two issues before the editor is warned."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason that prevents a send, or that the editor should know first."""

    code: str
    """Stable, for programs."""
    message: str
    """What is wrong, and what to do."""
    blocks: bool = True
    """Whether it prevents the send; otherwise it is a warning."""
    details: Sequence[str] = ()
    """Single findings or rows, one line each."""


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What a send would do, in emails."""

    wanted: int
    """Readers on the list this send is for."""
    open: int
    """Those of them who would get an email now if there were no limits."""
    count: int
    """Emails that this send hands over."""
    joined: int
    """Readers who joined after the issue was frozen, and get the next one."""
    restart: bool
    """Whether the issue is frozen again: it was changed, and no reader has it."""


@dataclass(frozen=True)
class Preflight:
    """What a send would do, and what prevents it."""

    request: SendRequest
    facts: Facts

    @cached_property
    def amounts(self) -> Amounts | None:
        """What would be sent; None for a test, or if the ledger can't be trusted."""
        record = self.facts.record
        if record is None or any(_trusted_ledger(self)):
            return None
        return _calculate(self.request, self.facts, record)

    @property
    def count(self) -> int:
        """Emails that this send hands over."""
        return self.amounts.count if self.amounts else 0

    @property
    def claimed(self) -> int:
        """Emails of the issue that were ever claimed (`IssueRecord.claimed`)."""
        return self.facts.record.claimed if self.facts.record else 0

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """All obstacles, in the order the editor should deal with them."""
        gates = ALL_SENDS
        gates += REHEARSALS if self.request.rehearsal else LEAVING_COMPUTER
        if self.facts.record:
            gates += TO_LIST
            if not self.request.rehearsal:
                gates += LEAVING_TO_LIST
        return [obstacle for gate in gates for obstacle in gate(self)]

    @property
    def blocking(self) -> list[Obstacle]:
        """The obstacles that prevent the send."""
        return [obstacle for obstacle in self.obstacles if obstacle.blocks]

    def has(self, code: str) -> bool:
        """Whether there is an obstacle with this code."""
        return any(obstacle.code == code for obstacle in self.obstacles)

    def refuse_if_blocked(self) -> None:
        """Raise RefusedError with every message if anything prevents the send."""
        messages = [obstacle.message for obstacle in self.blocking]
        if messages:
            raise RefusedError("; ".join(messages))

    @property
    def survey(self) -> Survey:
        """What is on the list, of a send to it."""
        assert self.facts.survey, "this is a send to the list"
        return self.facts.survey

    @property
    def record(self) -> IssueRecord:
        """What is known about the issue, of a send to the list."""
        assert self.facts.record, "this is a send to the list"
        return self.facts.record


# The numbers


def _calculate(
    request: SendRequest, facts: Facts, record: IssueRecord
) -> Amounts:
    is_frozen = record.frozen is not None
    restart = record.is_changed(facts.digests) and not record.readers_with_mail
    is_new = restart or not is_frozen
    wanted = sum(record.pending.values())
    joined = 0 if is_new else record.pending.get(None, 0)
    now_open = wanted if is_new else _count_open(record.pending, request.again)
    return Amounts(
        wanted=wanted,
        open=now_open,
        count=_limited(now_open, request, facts.per_day, record.claimed_today),
        joined=joined,
        restart=restart,
    )


def _count_open(
    pending: Mapping[State | None, int], again: frozenset[State]
) -> int:
    """Return how many readers with these states (`IssueRecord.pending`) would get an email now.

    An email that is still `sending` was left by a process that died, and is about to become uncertain.
    """
    states = {*OPEN, *again}
    if State.UNCERTAIN in again:
        states.add(State.SENDING)
    return sum(pending.get(state, 0) for state in states)


def _limited(
    count: int, request: SendRequest, per_day: int, claimed_today: int
) -> int:
    if request.limit is not None:
        count = min(count, request.limit)
    if per_day and not request.rehearsal:
        count = min(count, max(per_day - claimed_today, 0))
    return count


# Whatever is sent


def _no_errors(send: Preflight) -> Iterator[Obstacle]:
    errors = send.facts.errors
    issue = send.facts.issue
    if not errors:
        return
    if len(errors) == 1:
        message = f"1 error stops issue {issue} from being sent; correct it."
    else:
        message = f"{len(errors)} errors stop issue {issue} from being sent; correct them."
    message += " 'briefing check' shows all findings"
    yield Obstacle("error-findings", message, details=_first(errors))


def _first(errors: Sequence[str]) -> list[str]:
    """Return a few errors, and how many others there are."""
    shown = list(errors[:MOST_ERRORS])
    others = len(errors) - len(shown)
    return [*shown, f"and {counted(others, 'more error')}"] if others else shown


def _possible_test(send: Preflight) -> Iterator[Obstacle]:
    if send.request.test and send.request.rehearsal:
        message = (
            "a rehearsal can't be sent as a test; run 'briefing setup' to choose how emails are sent, or name a "
            "provider with --via"
        )
        yield Obstacle("outbox-no-test", message)


def _safe_folder(send: Preflight) -> Iterator[Obstacle]:
    if send.facts.folder_risk:
        yield Obstacle("unsafe-folder", send.facts.folder_risk)


# Rehearsals


def _private_folder(send: Preflight) -> Iterator[Obstacle]:
    program = send.facts.synchronised_by
    if program:
        message = (
            f"{program} copies this folder to other computers, and a rehearsal contains the name and address of every "
            "reader; move the newsletter to another folder, or look at the email with 'briefing render'"
        )
        blocks = not send.request.dry_run
        yield Obstacle("synchronised-rehearsal", message, blocks)


# What leaves this computer


def _real_sender(send: Preflight) -> Iterator[Obstacle]:
    address = send.facts.example_sender
    if address:
        message = (
            f"the sender is still the example address {address}, and servers reject email from it; "
            "set 'from' under [newsletter] in briefing.toml to your own address"
        )
        yield Obstacle("example-sender", message, blocks=False)


def _way_to_unsubscribe(send: Preflight) -> Iterator[Obstacle]:
    if not send.facts.can_unsubscribe:
        yield Obstacle(NO_UNSUBSCRIBING.code, NO_UNSUBSCRIBING.message)


def _unsynchronised_folder(send: Preflight) -> Iterator[Obstacle]:
    if send.facts.synchronised_by:
        message = (
            f"{send.facts.synchronised_by} copies this folder between computers; always send from the same computer, "
            "or two people could send at the same time"
        )
        yield Obstacle("synchronised-folder", message, blocks=False)


def _stated_number(send: Preflight) -> Iterator[Obstacle]:
    request = send.request
    if request.unattended and request.expect is None and not request.dry_run:
        yield Obstacle(
            "expect-missing",
            "--yes needs --expect N, the number of emails; --dry-run shows it",
        )


# To the list


def _sound_rows(send: Preflight) -> Iterator[Obstacle]:
    survey = send.survey
    name = send.facts.list_name
    if not survey.bad_rows:
        return
    details = [
        f"{name}, line {row.line}: {row.reason}"
        for row in survey.named_bad_rows
    ]
    unnamed = survey.bad_rows - len(details)
    if unnamed:
        details.append(f"… and {unnamed:,} more rows")
    rows = "1 row has"
    them = "it"
    if survey.bad_rows > 1:
        rows = f"{survey.bad_rows:,} rows have"
        them = "them"
    skip = send.request.skip_bad_rows
    remedy = (
        "skipped"
        if skip
        else f"correct {them}, or skip {them} with --skip-bad-rows"
    )
    message = f"{name}: {rows} no usable address or language; {remedy}"
    yield Obstacle("bad-rows", message, blocks=not skip, details=details)


def _some_readers(send: Preflight) -> Iterator[Obstacle]:
    name = send.facts.list_name
    tag = send.facts.tag
    if any(send.record.pending.values()):
        return
    if tag:
        yield Obstacle(
            "nobody-with-tag",
            f"{name}: no reader has the tag '{tag}', so there is nothing to send",
        )
    else:
        yield Obstacle(
            "nobody-on-list",
            f"{name}: there are no readers on the list, so there is nothing to send",
        )


def _expected_number(send: Preflight) -> Iterator[Obstacle]:
    amounts = send.amounts
    expect = send.request.expect
    if (
        amounts is None
        or not amounts.wanted
        or expect is None
        or expect == amounts.count
    ):
        return
    if not send.request.rehearsal and any(
        obstacle.blocks for obstacle in _something_left(send)
    ):
        return  # no number would be right
    message = f"this would send {counted(amounts.count, 'email')}, but --expect says {expect:,}; nothing was sent"
    yield Obstacle("unexpected-number", message)


# To the list, and leaving this computer


def _real_readers(send: Preflight) -> Iterator[Obstacle]:
    examples = send.survey.examples
    name = send.facts.list_name
    if not examples:
        return
    if examples >= send.survey.size:
        message = (
            f"{name} has only example addresses; replace them with your readers"
        )
    else:
        rows = "1 example address"
        them = "its row"
        if examples > 1:
            rows = f"{examples} example addresses"
            them = "their rows"
        message = (
            f"{name} still has {rows}, where nobody gets mail; delete {them}"
        )
    yield Obstacle("example-addresses", message, blocks=False)


def _similar_list(send: Preflight) -> Iterator[Obstacle]:
    if send.record.previous_issue is None:
        return
    issue, before = send.record.previous_issue
    size = send.survey.size
    if abs(size - before) > LIST_CHANGE * before:
        readers = counted(size, "reader")
        message = f"the list has {readers}; it had {before:,} for issue {issue}. Make sure it is the right list"
        yield Obstacle("list-changed", message, blocks=False)


def _trusted_ledger(send: Preflight) -> Iterator[Obstacle]:
    if send.request.rehearsal:
        return
    mismatch = find_mismatch(send.facts.issue, send.record)
    if mismatch:
        yield mismatch


def find_mismatch(issue: str, record: IssueRecord) -> Obstacle | None:
    """Return why, according to the receipt and the claims counted beside it, the ledger doesn't know
    everyone who got the issue; None if it does.
    """
    receipt = record.receipt
    lost = record.counted_claims - record.claimed
    is_known_here = receipt is None or receipt.ledger == record.ledger
    if is_known_here and lost > 0:
        return _lost_claims(issue, record, lost)
    if receipt is None:
        return None
    if record.frozen is None or not is_known_here:
        message = (
            f"issue {issue} was sent from another copy of this folder, or this copy has lost its ledger (the record of "
            f"who got what): according to {record.receipt_path}, {counted(receipt.accepted, 'reader')} of "
            f"{receipt.readers:,} got it; copy {record.state}/ from there or from a backup, which knows who they are"
        )
        return Obstacle("sent-elsewhere", message)
    if record.claimed < receipt.claimed:
        message = (
            f"{record.state}/ledger.sqlite: is older than {record.receipt_path}, and doesn't know who got the issue "
            f"since; restore its newest copy, together with the file {record.state}/ledger.sqlite-wal"
        )
        return Obstacle("ledger-outdated", message)
    return None


def _lost_claims(issue: str, record: IssueRecord, lost: int) -> Obstacle:
    message = (
        f"{record.state}/ledger.sqlite: is damaged, or an older copy: it doesn't know who got {counted(lost, 'email')} "
        f"of issue {issue}. Restore its newest copy, together with the file {record.state}/ledger.sqlite-wal. If there "
        f"is none, delete {record.state}/claims/{issue} and {record.receipt_path}, and send again: up to "
        f"{counted(lost, 'reader')} may then get the issue twice"
    )
    return Obstacle("ledger-lost-claims", message)


def _same_issue(send: Preflight) -> Iterator[Obstacle]:
    """The rest of the readers get an issue as it was frozen."""
    record = send.record
    issue = send.facts.issue
    amounts = send.amounts
    if amounts is None or not record.readers_with_mail:
        return
    if not record.same_sender:
        have = counted(record.readers_with_mail, "reader")
        message = (
            f"the sender or the way to unsubscribe was changed in briefing.toml after {have} got issue {issue}; undo "
            "this change until all have it"
        )
        yield Obstacle("sender-changed", message)
    elif record.is_changed(send.facts.digests):
        correction = f"an issue with 'corrects: {issue}' reaches everyone"
        message = (
            f"issue {issue} or its look was changed after its send began. The rest get it as it was then; if they "
            f"shouldn't, 'briefing send {issue} --end' gives them up, and {correction}"
            if amounts.open
            else f"issue {issue} or its look was changed after it was sent; {correction}"
        )
        yield Obstacle("changed-after-sent", message, blocks=False)


def _something_left(send: Preflight) -> Iterator[Obstacle]:
    """Sending nothing is a mistake, except to settle the emails of a send that was stopped right at
    its end.
    """
    amounts = send.amounts
    issue = send.facts.issue
    if (
        amounts is None
        or amounts.count
        or not amounts.wanted
        or send.record.pending.get(State.SENDING)
    ):
        return
    blocks = not send.request.dry_run
    if amounts.open:
        message = (
            f"today's limit of {counted(send.facts.per_day, 'email')} ('per_day' under [send]) has been reached; "
            "run the command again tomorrow"
        )
        yield Obstacle("per-day-used-up", message, blocks)
        return
    done = (
        f"issue {issue} was ended with --end"
        if send.record.counts.get(State.CANCELLED)
        else f"issue {issue} was already sent to every reader"
    )
    message = f"{done}; 'briefing status {issue}' shows the outcome"
    yield Obstacle("nothing-left", message, blocks)


def _tested_editions(send: Preflight) -> Iterator[Obstacle]:
    request = send.request
    issue = send.facts.issue
    record = send.record
    if request.untested or _is_tested(send.facts.digests, record.tests):
        return
    if record.readers_with_mail:
        return  # the others get the same, as it was frozen
    if not send.count:
        return  # nothing goes out, or the ledger knows nothing about tests either
    code, state = (
        ("changed-since-test", "has changed since its test")
        if record.tests
        else ("untested", "hasn't been tested")
    )
    message = (
        f"issue {issue} {state}; send it to your test addresses with 'briefing send {issue} --via {request.via} "
        "--test', or skip the test with --untested"
    )
    yield Obstacle(code, message, blocks=not request.dry_run)


def _is_tested(digests: Mapping[str, str], tests: Mapping[str, str]) -> bool:
    """Whether each of these editions, digests by language, is the one that was tested."""
    return all(tests.get(lang) == digest for lang, digest in digests.items())


Gate = Callable[[Preflight], Iterator[Obstacle]]

ALL_SENDS: tuple[Gate, ...] = (_no_errors, _possible_test)
REHEARSALS: tuple[Gate, ...] = (_safe_folder, _private_folder)
LEAVING_COMPUTER: tuple[Gate, ...] = (
    _real_sender,
    _way_to_unsubscribe,
    _safe_folder,
    _unsynchronised_folder,
    _stated_number,
)
TO_LIST: tuple[Gate, ...] = (_sound_rows, _some_readers, _expected_number)
LEAVING_TO_LIST: tuple[Gate, ...] = (
    _real_readers,
    _similar_list,
    _trusted_ledger,
    _same_issue,
    _something_left,
    _tested_editions,
)
