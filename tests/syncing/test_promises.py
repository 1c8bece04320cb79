"""What syncs promise, whatever readers and editors do, in whatever order, and wherever a sync is killed:

- Whoever left or complained gets no email unless they joined again after that.
- Nobody is unsubscribed without a report that means it, and nobody's wish is lost.
- A dry run changes nothing and says what the sync will do.
- A sync that is repeated changes nothing.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)

from briefing.joining.wishes import Change, Join, Wish
from briefing.subscribers.suppression import Suppression
from briefing.syncing import summary
from briefing.syncing.reports import Left, Person
from tests.joining.conftest import EDITOR
from tests.syncing.in_memory import OTHER_EDITOR, World
from tests.syncing.truth import (
    CID,
    EVERYBODY,
    LIST_CHANGES,
    READERS,
    Did,
    Event,
    Fate,
    Source,
    mailed,
)

SELDOM = st.sampled_from([False, False, False, True])
OFTEN = st.sampled_from([True, True, True, False])
PERSONS = st.sampled_from(EVERYBODY)
LANGUAGES = st.sampled_from(["de", "tr"])


class Killed(BaseException):
    """The program ends at once."""


@contextmanager
def killed_at(step: int, world: World) -> Iterator[None]:
    """Kill a sync before the nth step by which it changes anything, on any side."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            raise Killed

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            count()
            return function(*given, **named)

        return call

    with ExitStack() as stack:
        for name in ("fsync", "replace"):
            stack.enter_context(
                patch.object(os, name, counted(getattr(os, name)))
            )
        stack.enter_context(patch.object(world.server, "before", count))
        yield


def snapshot(world: World) -> tuple[Mapping[str, bytes], frozenset[bytes]]:
    """Return what a sync can change."""
    files = {
        path.name: path.read_bytes()
        for path in world.newsletter.root.rglob("*")
        if path.is_file() and path.name not in {"sync.lock", "syncs.csv"}
    }
    return files, frozenset(world.server.tokens)


class Syncs(RuleBasedStateMachine):
    """Readers do something, and now and then an editor syncs."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World.of(Path(self._folder.name) / "home", *READERS)
        self.events: list[Event] = []
        self.language = ""
        """What Cid's row says, whether Cid or an editor wrote it."""

    def teardown(self) -> None:
        self._folder.cleanup()

    @rule(address=PERSONS)
    def leave(self, address: str) -> None:
        may_act = self._may_act(Source.SERVER, address)
        if may_act and self.world.server.leave(self.world.token(address)):
            self._note(Source.SERVER, Did.LEAVE, address)

    @rule(address=PERSONS, sealed=SELDOM)
    def join(self, address: str, sealed: bool) -> None:
        if self._may_act(Source.SERVER, address):
            day = self._day
            self._ask(Join(address, "", "", "page", "Yes.", day, day), sealed)
            self._note(Source.SERVER, Did.JOIN, address, sealed)

    @rule(language=LANGUAGES, sealed=SELDOM)
    def set_language(self, language: str, sealed: bool) -> None:
        self._ask(Change(self.world.token(CID), lang=language), sealed)
        self._note(Source.SERVER, Did.SET_LANGUAGE, CID, sealed, language)

    @rule(
        did=st.sampled_from([Did.LEAVE, Did.COMPLAIN]),
        address=st.sampled_from(READERS),
    )
    def write(self, did: Did, address: str) -> None:
        """An email has the reader's own token, or SendGrid reports a complaint."""
        if self._may_act(Source.MAILBOX, address):
            person = Person(token=self.world.token(address))
            reason = "left" if did is Did.LEAVE else "complaint"
            report = Left(person, self.world.server.today, reason)
            self.world.mailbox.new = [*self.world.mailbox.new, report]
            self._note(Source.MAILBOX, did, address)

    @rule(address=PERSONS)
    def remove(self, address: str) -> None:
        """An editor unsubscribes a reader who asked for it."""
        if address in self._rows() and self._may_act(Source.HOME, address):
            record = Suppression.of(self.world.newsletter)
            token = self.world.token(address)
            record.add([token], "asked", self.world.server.today)
            self._note(Source.HOME, Did.REMOVED, address)
            self.events[-1].fate = Fate.DONE

    @rule(language=LANGUAGES)
    def edit(self, language: str) -> None:
        """An editor types another language into Cid's row."""
        path = self.world.newsletter.subscribers
        row = re.compile(f"^{CID},[a-z]*", re.MULTILINE)
        text = row.sub(f"{CID},{language}", path.read_text("utf-8"))
        path.write_text(text, "utf-8")
        self.language = language

    @rule(days=st.integers(1, 3))
    def later(self, days: int) -> None:
        self.world.next_day(days)

    @rule(
        keys=st.sampled_from([[EDITOR], [EDITOR, OTHER_EDITOR]]),
        is_open=SELDOM,
    )
    def other_circumstances(self, keys: list[Any], is_open: bool) -> None:
        """Who has which key, and whether the list is open in a program."""
        self.world.keys = keys
        path = self.world.newsletter.subscribers
        mark = path.with_name(f".~lock.{path.name}#")
        if is_open:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)

    @rule(agree=OFTEN, discard=SELDOM)
    def sync(self, agree: bool, discard: bool) -> None:
        before = snapshot(self.world)
        foretold = summary.as_json(self.world.begin().plan())
        assert snapshot(self.world) == before
        made = self._sync(agree, discard)
        assert summary.as_json(made) == foretold
        if self.world.is_listed:
            once = snapshot(self.world)
            assert not self.world.sync().list_changes
            assert snapshot(self.world) == once

    @rule(step=st.integers(1, 25))
    def sync_killed(self, step: int) -> None:
        """A sync is killed, and the editor runs it again."""
        with suppress(Killed), killed_at(step, self.world):
            self.world.sync()
        self._sync(agree=True)

    def _sync(self, agree: bool, discard: bool = False) -> Any:
        made = self.world.sync(agree=agree, discard=discard)
        can_list = self.world.is_listed
        for event in self.events:
            if event.fate is Fate.OPEN:
                event.fate = self._fate(event, can_list, discard)
                self._follow(event)
        rows = self._rows()
        gone = self.world.gone(*rows)
        assert rows.keys() - {*gone} == mailed(self.events)
        assert rows[CID] == self.language
        return made

    def _fate(self, event: Event, can_list: bool, discard: bool) -> Fate:
        if event.is_sealed and OTHER_EDITOR not in self.world.keys:
            return Fate.DISCARDED if discard else Fate.OPEN
        waits = event.did in LIST_CHANGES and not can_list
        return Fate.OPEN if waits else Fate.DONE

    def _follow(self, event: Event) -> None:
        """Note the language that Cid asked for, if nothing later was carried out before."""
        if event.fate is not Fate.DONE or event.did is not Did.SET_LANGUAGE:
            return
        if not any(
            each.did is Did.SET_LANGUAGE
            and each.fate is Fate.DONE
            and each.number > event.number
            for each in self.events
        ):
            self.language = event.language

    @property
    def _day(self) -> str:
        return self.world.server.today.isoformat()

    def _rows(self) -> dict[str, str]:
        """Return the languages on the list, by address."""
        rows = (row.partition(",") for row in self.world.rows())
        return {address: language for address, _, language in rows}

    def _ask(self, wish: Wish, sealed: bool = False) -> None:
        self.world.server.ask(wish, OTHER_EDITOR if sealed else EDITOR)

    def _may_act(self, source: Source, address: str) -> bool:
        """Whether somebody did nothing elsewhere today: nobody could know the order."""
        today = self.world.server.today
        return all(
            event.source is source
            for event in self.events
            if event.day == today and event.address == address
        )

    def _note(
        self,
        source: Source,
        did: Did,
        address: str,
        sealed: bool = False,
        language: str = "",
    ) -> None:
        day = self.world.server.today
        number = len(self.events)
        self.events.append(
            Event(day, source, number, did, address, sealed, language)
        )


def check_promises(steps: int, *, is_random: bool) -> None:
    chosen = settings(stateful_step_count=steps, derandomize=not is_random)
    run_state_machine_as_test(Syncs, settings=chosen)


def test_syncs_keep_their_promises() -> None:
    """The same things happen in each run, so that no change fails because of a rare fault that was there before."""
    check_promises(steps=25, is_random=False)


@pytest.mark.long
def test_they_keep_them_whatever_happens() -> None:
    check_promises(steps=50, is_random=True)
