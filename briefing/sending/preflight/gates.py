"""Reasons that prevent a send, or that the editor should know first. Each gate looks at one thing
and yields the obstacles it finds. No I/O here.

To add a gate, write a function, and add it to the list below for the sends that must pass it.
"""

import datetime as dt
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from briefing.errors import RefusedError
from briefing.sending import schedule
from briefing.sending.ledger.schema import State
from briefing.text.counts import counted

from . import amounts, history
from .amounts import Amounts
from .facts import Audience, Facts, SendRequest
from .missing_settings import NO_UNSUBSCRIBING
from .obstacle import Obstacle

MOST_ERRORS = 5
"""How many findings are shown, since one slip can be in every item."""
LIST_CHANGE = 0.2
"""The part of the list that may come or go between two issues before the editor is warned."""


@dataclass(frozen=True)
class Case:
    """A request and the facts, with what follows from both: all that a gate looks at."""

    request: SendRequest
    facts: Facts

    @cached_property
    def amounts(self) -> Amounts | None:
        """What would be sent; None for a test, or if the ledger can't say."""
        audience = self.facts.audience
        if audience is None or self._is_distrusted(audience):
            return None
        return amounts.calculate(self.request, self.facts, audience.record)

    def _is_distrusted(self, audience: Audience) -> bool:
        return not self.request.rehearsal and any(
            _known_history(self, audience)
        )

    @cached_property
    def time(self) -> dt.datetime | Obstacle | None:
        """When to send: None for now, an obstacle if the time is impossible."""
        text = self.request.at
        furthest = self.facts.furthest
        if not text or furthest is None or self.request.test:
            return None
        try:
            return schedule.parse(text, self.facts.now, furthest)
        except RefusedError as error:
            return Obstacle("impossible-time", str(error))


def find_obstacles(case: Case) -> list[Obstacle]:
    """Return all obstacles, in the order the editor should deal with them."""
    leaves_computer = not case.request.rehearsal
    obstacles: list[Obstacle] = []
    for gate in ALL_SENDS + (
        LEAVING_COMPUTER if leaves_computer else REHEARSALS
    ):
        obstacles += gate(case)
    if case.facts.audience is None:
        return obstacles
    for list_gate in TO_LIST + (LEAVING_TO_LIST if leaves_computer else ()):
        obstacles += list_gate(case, case.facts.audience)
    return obstacles


# Whatever is sent


def _no_errors(case: Case) -> Iterator[Obstacle]:
    errors = case.facts.errors
    issue = case.facts.issue
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


def _possible_test(case: Case) -> Iterator[Obstacle]:
    if case.request.test and case.request.rehearsal:
        message = (
            "a rehearsal can't be sent as a test; run 'briefing setup' to choose how emails are sent, or name a "
            "provider with --via"
        )
        yield Obstacle("outbox-no-test", message)


def _possible_time(case: Case) -> Iterator[Obstacle]:
    request = case.request
    facts = case.facts
    if isinstance(case.time, Obstacle):
        yield case.time
    elif not request.at or facts.furthest is not None:
        return
    elif request.rehearsal:
        yield Obstacle(
            "outbox-not-later",
            "a rehearsal can't be scheduled; use --at with a provider that can send later",
        )
    else:
        root = shlex.quote(facts.places.root)
        message = (
            f"{facts.provider} can't send later; schedule the command on this computer, with 'crontab -e' or: "
            f"systemd-run --user --on-calendar='2026-11-27 08:00' briefing -C {root} send {facts.issue} "
            f"--via {request.via} --yes --expect N"
        )
        yield Obstacle("provider-not-later", message)


def _safe_folder(case: Case) -> Iterator[Obstacle]:
    if case.facts.folder_risk:
        yield Obstacle("unsafe-folder", case.facts.folder_risk)


# Rehearsals


def _private_folder(case: Case) -> Iterator[Obstacle]:
    program = case.facts.synchronised_by
    if program:
        message = (
            f"{program} copies this folder to other computers, and a rehearsal contains the name and address of every "
            "reader; move the newsletter to another folder, or look at the email with 'briefing render'"
        )
        blocks = not case.request.dry_run
        yield Obstacle("synchronised-rehearsal", message, blocks)


# What leaves this computer


def _real_sender(case: Case) -> Iterator[Obstacle]:
    address = case.facts.example_sender
    if address:
        message = (
            f"the sender is still the example address {address}, and servers reject email from it; "
            "set 'from' under [newsletter] in briefing.toml to your own address"
        )
        yield Obstacle("example-sender", message, blocks=False)


def _way_to_unsubscribe(case: Case) -> Iterator[Obstacle]:
    if not case.facts.can_unsubscribe:
        yield Obstacle(NO_UNSUBSCRIBING.code, NO_UNSUBSCRIBING.message)


def _unsynchronised_folder(case: Case) -> Iterator[Obstacle]:
    if case.facts.synchronised_by:
        message = (
            f"{case.facts.synchronised_by} copies this folder between computers; always send from the same computer, "
            "or two people could send at the same time"
        )
        yield Obstacle("synchronised-folder", message, blocks=False)


def _stated_number(case: Case) -> Iterator[Obstacle]:
    request = case.request
    if request.unattended and request.expect is None and not request.dry_run:
        yield Obstacle(
            "expect-missing",
            "--yes needs --expect N, the number of emails; --dry-run shows it",
        )


# To the list


def _sound_rows(case: Case, audience: Audience) -> Iterator[Obstacle]:
    survey = audience.survey
    name = case.facts.places.list
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
    skip = case.request.skip_bad_rows
    remedy = (
        "skipped"
        if skip
        else f"correct {them}, or skip {them} with --skip-bad-rows"
    )
    message = f"{name}: {rows} no usable address or language; {remedy}"
    yield Obstacle("bad-rows", message, blocks=not skip, details=details)


def _some_readers(case: Case, audience: Audience) -> Iterator[Obstacle]:
    name = case.facts.places.list
    tag = case.facts.tag
    if any(audience.record.pending.values()):
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


def _expected_number(case: Case, audience: Audience) -> Iterator[Obstacle]:
    amounts = case.amounts
    expect = case.request.expect
    if (
        amounts is None
        or not amounts.wanted
        or expect is None
        or expect == amounts.count
    ):
        return
    if not case.request.rehearsal and any(
        obstacle.blocks for obstacle in _something_left(case, audience)
    ):
        return  # no number would be right
    message = f"this would send {counted(amounts.count, 'email')}, but --expect says {expect:,}; nothing was sent"
    yield Obstacle("unexpected-number", message)


# To the list, and leaving this computer


def _real_readers(case: Case, audience: Audience) -> Iterator[Obstacle]:
    examples = audience.survey.examples
    name = case.facts.places.list
    if not examples:
        return
    if examples >= audience.survey.size:
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


def _similar_list(case: Case, audience: Audience) -> Iterator[Obstacle]:  # noqa: ARG001  # every gate gets the case
    if audience.record.previous_issue is None:
        return
    issue, before = audience.record.previous_issue
    size = audience.survey.size
    if abs(size - before) > LIST_CHANGE * before:
        readers = counted(size, "reader")
        message = f"the list has {readers}; it had {before:,} for issue {issue}. Make sure it is the right list"
        yield Obstacle("list-changed", message, blocks=False)


def _known_history(case: Case, audience: Audience) -> Iterator[Obstacle]:
    return history.find_obstacles(case.request, case.facts, audience.record)


def _same_schedule(case: Case, audience: Audience) -> Iterator[Obstacle]:
    planned = schedule.find_pending(audience.record.schedules, case.facts.now)
    if (
        planned is None
        or isinstance(case.time, Obstacle)
        or planned.at == case.time
        or any(_something_left(case, audience))
    ):
        return
    message = (
        f"issue {case.facts.issue} is scheduled for {schedule.format_time(planned.at)}; continue with that time in "
        "--at, or cancel it with 'briefing recall'"
    )
    yield Obstacle("scheduled-otherwise", message)


def _something_left(case: Case, audience: Audience) -> Iterator[Obstacle]:
    """Sending nothing is a mistake, except to settle the emails of a send that was stopped right at
    its end.
    """
    amounts = case.amounts
    issue = case.facts.issue
    if (
        amounts is None
        or amounts.count
        or not amounts.wanted
        or audience.record.pending.get(State.SENDING)
    ):
        return
    blocks = not case.request.dry_run
    if amounts.open:
        message = (
            f"today's limit of {counted(case.facts.per_day, 'email')} ('per_day' under [send]) has been reached; "
            "run the command again tomorrow"
        )
        yield Obstacle("per-day-used-up", message, blocks)
        return
    late = (
        "; with --late, it goes to readers who have joined since"
        if amounts.joined
        else ""
    )
    planned = schedule.find_pending(audience.record.schedules, case.facts.now)
    message = (
        f"issue {issue} is already scheduled for {schedule.format_time(planned.at)}, to every reader; "
        f"'briefing recall' cancels it{late}"
        if planned
        else f"issue {issue} was already sent to every reader; 'briefing status {issue}' shows the outcome{late}"
    )
    yield Obstacle("nothing-left", message, blocks)


def _tested_editions(case: Case, audience: Audience) -> Iterator[Obstacle]:
    request = case.request
    issue = case.facts.issue
    tests = audience.record.tests
    if request.untested or is_tested(case.facts.digests, tests):
        return
    if case.amounts is None:
        return  # a ledger that doesn't know who has the issue doesn't know its tests either
    if not case.amounts.count:
        return  # nothing goes out
    code, state = (
        ("changed-since-test", "has changed since its test")
        if tests
        else ("untested", "hasn't been tested")
    )
    message = (
        f"issue {issue} {state}; send it to your test addresses with 'briefing send {issue} --via {request.via} "
        "--test', or skip the test with --untested"
    )
    yield Obstacle(code, message, blocks=not request.dry_run)


def is_tested(digests: Mapping[str, str], tests: Mapping[str, str]) -> bool:
    """Whether each of these editions, digests by language, is the one that was tested."""
    return all(tests.get(lang) == digest for lang, digest in digests.items())


Gate = Callable[[Case], Iterator[Obstacle]]
ListGate = Callable[[Case, Audience], Iterator[Obstacle]]

ALL_SENDS: tuple[Gate, ...] = (_no_errors, _possible_test, _possible_time)
REHEARSALS: tuple[Gate, ...] = (_safe_folder, _private_folder)
LEAVING_COMPUTER: tuple[Gate, ...] = (
    _real_sender,
    _way_to_unsubscribe,
    _safe_folder,
    _unsynchronised_folder,
    _stated_number,
)
TO_LIST: tuple[ListGate, ...] = (_sound_rows, _some_readers, _expected_number)
LEAVING_TO_LIST: tuple[ListGate, ...] = (
    _real_readers,
    _similar_list,
    _known_history,
    _same_schedule,
    _something_left,
    _tested_editions,
)
