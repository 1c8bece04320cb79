"""What syncs promise, whatever readers and editors do, in whatever order, and wherever a sync is killed:

- Whoever left, complained or can't be reached gets no email unless they joined again after that.
- Nobody is unsubscribed without a report that means it.
- A dry run changes nothing and says what the sync will do.
- A sync that is repeated changes nothing, and no request is answered twice.
"""

import datetime as dt
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)

from briefing.bounces.kinds import BounceKind
from briefing.joining.mailer import SmtpConnection
from briefing.joining.wishes import Change, Find, Join, Queued, Wish
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.suppression import Suppression
from briefing.syncing.planning.plan import SyncPlan
from briefing.syncing.planning.questions import Answers, Subject
from briefing.syncing.records import history
from briefing.syncing.reports import (
    Complained,
    Left,
    Person,
    Report,
    Returned,
    Unverified,
)
from briefing.syncing.server import server_position
from tests.joining.conftest import EDITOR, MailServer, text_of
from tests.syncing.in_memory import OTHER_EDITOR, UNDO, World
from tests.syncing.truth import (
    CHANGES_OF_LIST,
    CID,
    CROWD,
    EVERYBODY,
    FORMER,
    MOVES,
    READERS,
    SUBJECT_OF,
    Did,
    Event,
    Fate,
    Source,
    Truth,
)

ALL = {each.value for each in Subject}
ANSWERS = st.one_of(
    st.just(Answers()),
    st.just(Answers(accepted=ALL)),
    st.just(Answers(rejected=ALL)),
    st.builds(
        Answers,
        st.sets(st.sampled_from([*Subject])),
        st.sets(st.sampled_from([*Subject])),
    ),
)
SELDOM = st.sampled_from([False, False, False, True])
PERSONS = st.sampled_from(EVERYBODY)
LANGUAGES = st.sampled_from(["de", "tr"])


EMAILS: Mapping[Did, Callable[[Person, dt.date], Report]] = {
    Did.LEAVE: Left,
    Did.COMPLAIN: Complained,
    Did.DIE: lambda who, day: Returned(who, BounceKind.DEAD, day),
    Did.SAID_TO_COMPLAIN: lambda who, day: Unverified(
        who, day, BounceKind.COMPLAINT
    ),
    Did.SAID_TO_DIE: lambda who, day: Unverified(who, day, BounceKind.DEAD),
}


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

    places: list[tuple[Any, str]] = [
        (os, "fsync"),
        (os, "replace"),
        (SmtpConnection, "deliver"),
    ]
    with ExitStack() as stack:
        for place, name in places:
            step_of = counted(getattr(place, name))
            stack.enter_context(patch.object(place, name, step_of))
        stack.enter_context(patch.object(world.server, "before", count))
        yield


class Snapshot(NamedTuple):
    """What a sync can change, but for the record of syncs."""

    files: Mapping[str, bytes]
    mails: int
    tokens: frozenset[bytes]

    @classmethod
    def of(cls, world: World, *besides: str) -> "Snapshot":
        left_out = {"sync.lock", history.FILE, *besides}
        files = {
            path.name: path.read_bytes()
            for path in world.newsletter.root.rglob("*")
            if path.is_file() and path.name not in left_out
        }
        tokens = frozenset(world.server.tokens)
        return cls(files, len(world.mails.mails), tokens)


class Syncs(RuleBasedStateMachine):
    """Readers do something, and now and then an editor syncs."""

    def __init__(self, mails: MailServer) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        mails.mails.clear()
        mails.refuse = lambda _address: ""
        root = Path(self._folder.name) / "home"
        self.world = World.of(root, mails, *READERS, *CROWD)
        self.events: list[Event] = []
        self.asked: Counter[str] = Counter()
        """How many emails somebody may get since they asked for one, by address."""
        self.language = ""
        """What Cid's row says, whether Cid or an editor wrote it."""
        self.last_change = Answers()
        """What was answered in the last sync that changed the list."""

    def teardown(self) -> None:
        self._folder.cleanup()

    # What readers do on the server.

    @rule(
        address=PERSONS,
        did=st.sampled_from([Did.LEAVE, Did.JOIN]),
        sealed=SELDOM,
    )
    def leave_or_join(self, address: str, did: Did, sealed: bool) -> None:
        if not self._may_act(Source.SERVER, address):
            return
        if did is Did.LEAVE:
            self._leave(address)
        elif not self._has(Did.MOVE, address, Fate.OPEN):
            self._join(address, sealed)

    @rule(address=st.sampled_from([*MOVES]), sealed=SELDOM)
    def move_or_take_it_back(self, address: str, sealed: bool) -> None:
        if not self._may_act(Source.SERVER, address):
            return
        if self._has(Did.MOVE, address, Fate.DONE):
            self._take_back(address)
        else:
            self._move(address, sealed)

    @rule(language=LANGUAGES, sealed=SELDOM)
    def set_language(self, language: str, sealed: bool) -> None:
        self._set_language(CID, language, sealed)

    @rule(address=PERSONS, is_closed=st.booleans())
    def ask_for_an_email(self, address: str, is_closed: bool) -> None:
        """Ask for links, or fill in the form while it is closed."""
        find = Find(address, "en", self._day)
        queued = Queued(address, "en", "x" * 40, self._day)
        self._ask(queued if is_closed else find)
        self.asked[address] += 1

    @rule(did=st.sampled_from([Did.LEAVE, Did.JOIN, Did.SET_LANGUAGE]))
    def many_do(self, did: Did) -> None:
        """So many do the same at once that an editor is asked."""
        for address in CROWD:
            if did is Did.LEAVE:
                self._leave(address)
            elif did is Did.JOIN:
                self._join(f"made.up{len(self.events)}@example.com")
            else:
                self._set_language(address, "de")

    def _leave(self, address: str) -> None:
        if self.world.server.leave(self.world.token(address)):
            self._note(Source.SERVER, Did.LEAVE, address)

    def _join(self, address: str, sealed: bool = False) -> None:
        day = self._day
        self._ask(Join(address, "", "", "page", "Yes.", day, day), sealed)
        self._note(Source.SERVER, Did.JOIN, address, sealed)

    def _move(self, address: str, sealed: bool) -> None:
        new = MOVES[address]
        if not (self._has(Did.MOVE, address) or self._has(Did.JOIN, new)):
            self._ask(Change(self.world.token(address), address=new), sealed)
            self._note(Source.SERVER, Did.MOVE, address, sealed)

    def _take_back(self, address: str) -> None:
        links = [
            link
            for to, data in self.world.mails.mails
            for link in UNDO.findall(text_of(data))
            if to == address
        ]
        # There is none if the email was refused for a week.
        if links and not self._has(Did.TAKE_BACK, address):
            self.world.server.undo(links[-1])
            self._note(Source.SERVER, Did.TAKE_BACK, address)

    def _set_language(
        self, address: str, language: str, sealed: bool = False
    ) -> None:
        self._ask(Change(self.world.token(address), lang=language), sealed)
        self._note(Source.SERVER, Did.SET_LANGUAGE, address, sealed, language)

    # What comes to the mailbox.

    @rule(did=st.sampled_from([*EMAILS]), address=st.sampled_from(READERS))
    def write(self, did: Did, address: str) -> None:
        """An email names a reader: by their token, or, if anybody could have written it, by their address."""
        is_claim = did in {Did.SAID_TO_COMPLAIN, Did.SAID_TO_DIE}
        if is_claim and address not in self._rows():
            return
        if is_claim and self._has(Did.LEAVE, address, Fate.OPEN):
            # Nobody is asked whether somebody is dead who leaves.
            return
        if self._may_act(Source.MAILBOX, address):
            token = Person(token=self.world.token(address))
            person = Person(address=address) if is_claim else token
            report = EMAILS[did](person, self.world.server.today)
            self.world.mailbox.new = [*self.world.mailbox.new, report]
            self._note(Source.MAILBOX, did, address)

    # What happens at home.

    @rule(address=PERSONS)
    def remove(self, address: str) -> None:
        """An editor unsubscribes a reader who asked for it."""
        if address not in self._rows():
            return
        if self._may_act(Source.HOME, address):
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
    def sync_later(self, days: int) -> None:
        """Some days later, a sync asks nobody, as from cron."""
        self.world.next_day(days)
        self._sync(Answers())

    @rule(
        keys=st.sampled_from([[EDITOR], [EDITOR, OTHER_EDITOR]]),
        is_open=SELDOM,
        refuses=SELDOM,
    )
    def other_circumstances(
        self, keys: list[Any], is_open: bool, refuses: bool
    ) -> None:
        """Who has which key, whether the list is open in a program, and whether the mail server takes emails."""
        self.world.keys = keys
        answer = "452 later" if refuses else ""
        self.world.mails.refuse = lambda _to: answer
        path = self.world.newsletter.subscribers
        mark = path.with_name(f".~lock.{path.name}#")
        if is_open:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)

    @rule(answers=ANSWERS)
    def sync(self, answers: Answers) -> None:
        before = Snapshot.of(self.world)
        foretold = self.world.begin().plan(answers)
        assert Snapshot.of(self.world) == before
        asked = self._questions()
        assert self._sync(answers) == foretold
        refused = {each for each in asked if answers.decide(each) is False}
        if not (refused and self.world.mailbox.new):
            # Else the few in the mailbox that is read again are no longer unusual.
            self._repeat(answers)

    @rule(answers=ANSWERS, step=st.integers(1, 40), days=st.integers(0, 1))
    def sync_killed(self, answers: Answers, step: int, days: int) -> None:
        """A sync is killed, and the editor runs it again at once or on the next day."""
        asked = self._questions()
        path = self.world.newsletter.subscribers
        before = path.read_bytes()
        with suppress(Killed), killed_at(step, self.world):
            self.world.sync(answers.accepted, answers.rejected)
        if path.read_bytes() != before:
            self.last_change = answers
        # Nobody knows whether an email went out that was being sent.
        self.asked.update(EVERYBODY)
        self.world.next_day(days)
        self._sync(answers, asked)

    # What must be so.

    def _sync(
        self, answers: Answers, already_asked: Set[str] = frozenset()
    ) -> SyncPlan:
        now = self._questions()
        both = already_asked | now
        # Of what the mailbox reports again, there may be too little to be asked again.
        by_email = now if self.world.mailbox.new else both
        asked = {Source.SERVER: both, Source.MAILBOX: by_email}
        count = len(self.world.mails.mails)
        made = self.world.sync(answers.accepted, answers.rejected)
        self._decide(asked, answers, made)
        self._check_list()
        self._check_emails(self.world.mails.mails[count:])
        if made.changes_list:
            self.last_change = answers
        return made

    def _check_list(self) -> None:
        """Exactly those get emails who should, and Cid's row is as it was written last."""
        rows = self._rows()
        gone = self.world.gone(*rows)
        truth = Truth(self.events)
        mailed = rows.keys() - {*gone}
        assert mailed - truth.unsure == truth.mailed - truth.unsure
        assert rows[CID] == self.language

    def _check_emails(self, new: Sequence[tuple[str, bytes]]) -> None:
        """Only readers get their links, and nobody gets two emails for one request."""
        gone = self.world.gone(*EVERYBODY)
        for address, data in new:
            text = text_of(data)
            has_links = "To unsubscribe:" in text
            assert not (has_links and address in gone)
            if has_links or "/confirm/" in text:
                self.asked[address] -= 1
                assert self.asked[address] >= 0

    def _repeat(self, answers: Answers) -> None:
        """The same sync once more changes nothing, although what had to wait may have become needless."""
        before = Snapshot.of(self.world, server_position.FILE)
        self.world.sync(answers.accepted, answers.rejected)
        assert Snapshot.of(self.world, server_position.FILE) == before

    # What became of what happened.

    def _decide(
        self,
        asked: Mapping[Source, Set[str]],
        answers: Answers,
        made: SyncPlan,
    ) -> None:
        for event in self.events:
            if event.fate in {Fate.OPEN, Fate.HALF}:
                subjects = asked[event.source]
                event.fate = self._fate(event, subjects, answers, made)
                self._follow(event)

    def _fate(
        self, event: Event, asked: Set[str], answers: Answers, made: SyncPlan
    ) -> Fate:
        """Return what became of something in a sync."""
        subject = SUBJECT_OF.get(event.did)
        if event.is_sealed and OTHER_EDITOR not in self.world.keys:
            is_discarded = answers.decide(Subject.UNREADABLE)
            return Fate.DROPPED if is_discarded else Fate.OPEN
        if subject and subject in asked and not answers.decide(subject):
            is_put_off = answers.decide(subject) is None
            is_open = is_put_off or self._is_read_again(event)
            return Fate.OPEN if is_open else Fate.DROPPED
        return self._fate_on_list(event, made)

    def _fate_on_list(self, event: Event, made: SyncPlan) -> Fate:
        if made.list_obstacle and event.did in CHANGES_OF_LIST:
            return Fate.HALF if event.did is Did.TAKE_BACK else Fate.OPEN
        # A move waits for an email, or somebody complained at the other address.
        is_done = event.did is not Did.MOVE or self._was_moved(event.address)
        return Fate.DONE if is_done else Fate.OPEN

    def _is_read_again(self, event: Event) -> bool:
        """Whether the mailbox is read again, with all that was answered."""
        return event.source is Source.MAILBOX and bool(self.world.mailbox.new)

    def _was_moved(self, address: str) -> bool:
        old, new = map(self.world.token, (address, MOVES[address]))
        return TokenMove(old, new) in Moves.of(self.world.newsletter).all

    def _follow(self, event: Event) -> None:
        """Note the language that Cid asked for, if nothing later was carried out before."""
        if (event.did, event.address) != (Did.SET_LANGUAGE, CID):
            return
        later = [
            each
            for each in self.events
            if (each.did, each.address) == (Did.SET_LANGUAGE, CID)
            and each.fate is Fate.DONE
            and each.number > event.number
        ]
        if event.fate is Fate.DONE and not later:
            self.language = event.language

    # What the rules have in common.

    @property
    def _day(self) -> str:
        return self.world.server.today.isoformat()

    def _rows(self) -> dict[str, str]:
        """Return the languages on the list, by address."""
        rows = (row.partition(",") for row in self.world.rows())
        return {address: language for address, _, language in rows}

    def _questions(self) -> set[str]:
        """Return what a sync would ask about."""
        plan = self.world.begin().plan(Answers())
        return {question.subject for question in plan.questions}

    def _ask(self, wish: Wish, sealed: bool = False) -> None:
        self.world.server.ask(wish, OTHER_EDITOR if sealed else EDITOR)

    def _may_act(self, source: Source, address: str) -> bool:
        """Whether somebody did nothing elsewhere today: nobody could know the order."""
        same = {address, MOVES.get(address), FORMER.get(address)}
        today = self.world.server.today
        return all(
            event.source is source
            for event in self.events
            if event.day == today and event.address in same
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

    def _has(self, did: Did, address: str, *fates: Fate) -> bool:
        """Whether somebody did something, of which one of these became."""
        return any(
            (event.did, event.address) == (did, address)
            and event.fate in (fates or {*Fate})
            for event in self.events
        )


def check_promises(mails: MailServer, steps: int, *, is_random: bool) -> None:
    class OfThisServer(Syncs):
        def __init__(self) -> None:
            super().__init__(mails)

    chosen = settings(stateful_step_count=steps, derandomize=not is_random)
    run_state_machine_as_test(OfThisServer, settings=chosen)


def test_syncs_keep_their_promises(mail_server: MailServer) -> None:
    """The same things happen in each run, so that no change fails because of a rare fault that was there before."""
    check_promises(mail_server, steps=25, is_random=False)


@pytest.mark.long
def test_they_keep_them_whatever_happens(mail_server: MailServer) -> None:
    check_promises(mail_server, steps=50, is_random=True)
