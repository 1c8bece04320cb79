"""The browser, the program, or both are killed while someone types: a new page shows whatever was
typed more than two seconds before.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from enum import Enum
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import TYPE_CHECKING, NamedTuple

import pytest

from briefing.newsletter import Newsletter
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.preview.browsers import (
    WITHOUT_MAIL,
    expect,
    needs_chromium,
    playwright,
    wait_for_file,
)
from tests.preview.conftest import SAFETY_NET
from tests.preview.test_desk_kill import assert_all_there

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium

DICE = random.SystemRandom()
FIELDS = ("i1-heading", "i1-source", "i1-text")
PROMISED = 2.0
"""Seconds after which what was typed is on the disk."""
SLOW = 10
"""On a machine where a save takes longer than usual, these seconds are as many saves."""
MOST_AFTER = 1.5
"""Seconds between the first word that has to be there and the kill."""
BETWEEN_KEYS = 50
"""Milliseconds; nobody types faster."""


class Killed(Enum):
    """What is killed."""

    PROGRAM = "program"
    BROWSER = "browser"
    BOTH = "both"


class Word(NamedTuple):
    """A word, and when its last letter was typed."""

    text: str
    typed: float


def test_a_new_page_shows_what_was_typed(
    browser: "Browser", newsletter: Newsletter, folder: Path
) -> None:
    # test_restart.py and test_typing.py stop the program alone.
    play(browser, newsletter, folder, [Killed.BOTH])


@pytest.mark.long
@pytest.mark.parametrize("round_", range(17))
def test_a_new_page_shows_what_was_typed_in_many_rounds(
    browser: "Browser", newsletter: Newsletter, folder: Path, round_: int
) -> None:
    kills = list(Killed)
    DICE.shuffle(kills)
    play(browser, newsletter, folder, kills)


def play(
    browser: "Browser",
    newsletter: Newsletter,
    folder: Path,
    kills: Sequence[Killed],
) -> None:
    """Kill one after another while someone types."""
    names = (f"word{number}" for number in count())
    owed: list[str] = []
    with ExitStack() as stack:
        session = Session(browser, newsletter, stack)
        for killed in kills:
            owed += session.type_until(killed, names)
            session.start_again(killed)
            shown = session.shown()
            assert [word for word in owed if word not in shown] == [], killed
        os.killpg(session.program.pid, signal.SIGKILL)
    assert owed
    assert_all_there(newsletter, folder, owed)


class Session:
    """The command `briefing preview`, and a browser that shows its page."""

    def __init__(
        self, browser: "Browser", newsletter: Newsletter, stack: ExitStack
    ) -> None:
        # Playwright can connect to a browser that it hasn't started.
        self._connect = browser.browser_type.connect_over_cdp
        self._newsletter = newsletter
        self._stack = stack
        self._issue = newsletter.issues / "2020-10-09" / "issue.md"
        self._start_program()
        self._start_browser()
        self._age = max(PROMISED, SLOW * self._seconds_of_a_save())

    def type_until(self, killed: Killed, names: Iterator[str]) -> list[str]:
        """Type until something is killed; return the words that must be there afterwards."""
        is_killed = Event()
        moments: list[float] = []

        def kill() -> None:
            moments.append(time.monotonic())
            for process in self._victims(killed):
                os.killpg(process.pid, signal.SIGKILL)
            is_killed.set()

        seconds = self._age + DICE.uniform(0, MOST_AFTER)
        timer = Timer(seconds, kill)
        typed: list[Word] = []
        for word in self._typed(names, is_killed):
            if not typed:
                # At least this word has to be there afterwards.
                timer.start()
            typed.append(word)
        self._last = typed[-1].text
        timer.join()
        if killed is Killed.PROGRAM:
            # The page is still there, and keeps all of them.
            return [word.text for word in typed]
        latest = moments[0] - self._age
        return [word.text for word in typed if word.typed < latest]

    def start_again(self, killed: Killed) -> None:
        """Start what was killed, and open the page again unless it is still there and goes on."""
        if killed is not Killed.BROWSER:
            self._start_program()
        if killed is not Killed.PROGRAM:
            self._start_browser()
        else:
            self._wait_for_last_word()

    def _wait_for_last_word(self) -> None:
        """Wait until the page, which went on, has saved it: nobody else has written."""
        conflicts = self.page.locator(".kept-words")
        while self._last not in self._issue.read_text("utf-8"):
            assert not conflicts.count()
            self.page.wait_for_timeout(20)

    def shown(self) -> set[str]:
        """Return the words in the fields of the page."""
        fields = [self.page.locator(f"#{name}") for name in FIELDS]
        return set(" ".join(field.input_value() for field in fields).split())

    def _victims(self, killed: Killed) -> Sequence["subprocess.Popen[str]"]:
        match killed:
            case Killed.PROGRAM:
                return [self.program]
            case Killed.BROWSER:
                return [self._browser]
            case Killed.BOTH:
                return [self.program, self._browser]

    def _typed(self, names: Iterator[str], is_killed: Event) -> Iterator[Word]:
        """Type words into one field or another until the kill."""
        while not is_killed.is_set():
            try:
                field = self.page.locator(f"#{DICE.choice(FIELDS)}")
                field.press("Control+End")
                for _ in range(DICE.randint(1, 5)):
                    name = next(names)
                    self.page.keyboard.type(f" {name}", delay=BETWEEN_KEYS)
                    yield Word(name, time.monotonic())
            except playwright.Error:
                assert is_killed.wait(SAFETY_NET)

    def _start_program(self) -> None:
        command = [sys.executable, "-m", "briefing", "preview", "--no-open"]
        self.program = self._started(command)
        assert self.program.stdout
        self._address = _first(r"http\S+", self.program.stdout)

    def _start_browser(self) -> None:
        profile = self._stack.enter_context(TemporaryDirectory())
        self._browser = self._started(
            [
                str(CHROMIUM),
                *ARGUMENTS,
                "--headless",
                "--no-first-run",
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
            ]
        )
        assert self._browser.stderr
        address = _first(r"ws://\S+", self._browser.stderr)
        browser = self._connect(address)
        context = browser.contexts[0]
        self.page = context.new_page()
        self.page.set_default_timeout(SAFETY_NET * 1000)
        answer = context.request.get(self._address)
        self.page.goto(f"{answer.url}{WITHOUT_MAIL}")
        self.page.locator("#card-i1").click()
        expect(self.page.locator("#i1-heading")).to_be_visible()

    def _started(self, command: Sequence[str]) -> "subprocess.Popen[str]":
        """Start a program in a group of its own, which is ended with the test."""
        process = subprocess.Popen(
            command,
            cwd=self._newsletter.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._stack.callback(_end, process)
        return process

    def _seconds_of_a_save(self) -> float:
        """Return how long it takes until a letter is in the file."""
        field = self.page.locator("#i1-source")
        # The first time, more has to be done.
        for source in ("Harbour Post", "Quay Post"):
            begun = time.monotonic()
            field.fill(source)
            wait_for_file(self.page, self._issue, source)
        return time.monotonic() - begun


def _first(pattern: str, lines: Iterable[str]) -> str:
    """Return the first match in what a program prints."""
    matches = (re.search(pattern, line) for line in lines)
    return next(match[0] for match in matches if match)


def _end(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
