"""Two tabs type while an editor beside them writes the file and `git pull` merges into it: no word is
lost, on neither side.

Every word is typed once. In the end, each that was typed in a tab is in the file or among the words
that wait for a decision; and all that git or the editor left in the file is still in it.
"""

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from briefing.newsletter import Newsletter
from briefing.preview.desk.desk import Desk
from tests.preview.browsers import expect_saved, needs_chromium
from tests.preview.conftest import SAFETY_NET
from tests.preview.test_desk_words import words_kept

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

DICE = random.SystemRandom()
ROUNDS = 4
"""How many issues they write in one after another, in the same folder and the same tabs, in the long form."""
STEPS = 6
"""How often somebody writes in each, besides the colleague's push."""
MOST_TRIES = 50
CARDS = ("i1", "i2")
FIELDS = ("heading", "source", "text")
FLUSH = """async () => {
  const { src } = document.querySelector("script[type=module]");
  const typing = await import(new URL("typing.js", src));
  await typing.flush();
}"""
"""Sends what wasn't sent yet."""

Act = Callable[[str], None]
"""Writes a word."""


def test_no_word_is_lost(
    browser: "Browser", newsletter: Newsletter, folder: Path, tmp_path: Path
) -> None:
    play(browser, newsletter, folder, tmp_path, rounds=1)


@pytest.mark.long
@pytest.mark.parametrize("_times", range(200 // ROUNDS))
def test_no_word_is_lost_in_many_rounds(
    browser: "Browser",
    newsletter: Newsletter,
    folder: Path,
    tmp_path: Path,
    _times: int,
) -> None:
    play(browser, newsletter, folder, tmp_path, rounds=ROUNDS)


def play(
    browser: "Browser",
    newsletter: Newsletter,
    folder: Path,
    tmp_path: Path,
    *,
    rounds: int,
) -> None:
    issues = [
        folder.with_name(f"2020-10-{day}") for day in range(10, 10 + rounds)
    ]
    for issue in issues:
        shutil.copytree(folder, issue)
    others = Others(newsletter.root, tmp_path / "others")
    names = (f"w{number:03}" for number in count())
    # In a process of its own, as the editor and git are.
    with program(newsletter.root) as address:
        tabs = [browser.new_page() for _ in range(2)]
        for tab in tabs:
            tab.set_default_timeout(SAFETY_NET * 1000)
            tab.goto(address)
        played = [Round(issue, others) for issue in issues]
        for round_ in played:
            round_.play(tabs, names)
        for tab in tabs:
            tab.context.close()
    for round_ in played:
        round_.check(newsletter)


class Round:
    """An issue that is written in the tabs and by others at once."""

    def __init__(self, folder: Path, others: "Others") -> None:
        self._folder = folder
        self._path = folder / "issue.md"
        self._others = others
        self._typed: set[str] = set()
        self._written: set[str] = set()
        """The words that the others wrote."""
        self._left: set[str] = set()
        """The whole words that the file had after one of the others changed it."""

    def play(self, tabs: list["Page"], names: Iterator[str]) -> None:
        """Let everyone write at random, and wait until all is saved."""
        for tab in tabs:
            # Without the email, which takes longest to show.
            tab.goto(urljoin(tab.url, f"../{self._folder.name}/?show=text"))
        acts: list[Act] = [partial(self._type, tab) for tab in tabs]
        chosen = DICE.choices([*acts, self._edit], [2, 2, 1], k=STEPS)
        chosen.insert(DICE.randint(0, STEPS), self._pull)
        for act, word in zip(chosen, names, strict=False):
            act(word)
        for tab in tabs:
            tab.evaluate(FLUSH)
            expect_saved(tab)

    def check(self, newsletter: Newsletter) -> None:
        """Compare, after the program's end, what was written with what is left of it."""
        desk = Desk(newsletter, self._folder)
        view = desk.view()
        desk.close()
        in_file = set(self._path.read_text("utf-8").split())
        assert self._typed - in_file - words_kept(view) == set()
        assert self._left - in_file == set()

    def _type(self, tab: "Page", word: str) -> None:
        """Type a word somewhere, and don't wait until it is saved."""
        card, name = DICE.choice(CARDS), DICE.choice(FIELDS)
        field = tab.locator(f"#{card}-{name}")
        if not field.count():
            tab.locator(f"#card-{card}").click()
        field.press("Control+End")
        tab.keyboard.type(f" {word}")
        self._typed.add(word)

    def _edit(self, word: str) -> None:
        """Write a word into the file, as an editor does that shows the file of now."""
        _add(self._path, word)
        self._note(word)

    def _pull(self, word: str) -> None:
        self._others.pull(self._path, word)
        self._note(word)

    def _note(self, word: str) -> None:
        self._written.add(word)
        in_file = set(self._path.read_text("utf-8").split())
        # A tab may just be in the middle of a word.
        self._left = in_file & (self._typed | self._written)


@contextmanager
def program(root: Path) -> Iterator[str]:
    """Run the command, and end it afterwards; yield the page's address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "briefing", "preview", "--no-open"],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    found = re.search(r"http\S+", process.stdout.readline())
    assert found
    try:
        yield found[0]
    finally:
        process.terminate()
        process.communicate()


class Others:
    """A colleague who writes on another computer, and git on this one."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._theirs = folder
        git(root, "init", "--quiet", "--initial-branch=main")
        (root / ".gitignore").write_text(".briefing/\nothers/\nrendered/\n")
        git(root, "add", "--all")
        self._commit(root)
        git(root, "clone", "--quiet", str(root), str(folder))
        git(root, "remote", "add", "origin", str(folder))

    def pull(self, path: Path, word: str) -> None:
        """Let the colleague commit a word, and merge it, in doubt with the colleague's lines."""
        git(self._theirs, "pull", "--quiet")
        _add(self._theirs / path.relative_to(self._root), word)
        self._commit(self._theirs)
        # git does nothing if a tab has saved words since they were committed.
        assert any(self._is_merged() for _ in range(MOST_TRIES))

    def _is_merged(self) -> bool:
        self._commit(self._root)
        options = ("--quiet", "--no-rebase", "--no-edit", "-Xtheirs")
        try:
            git(self._root, "pull", *options, "origin", "main")
        except subprocess.CalledProcessError:
            return False
        return True

    def _commit(self, folder: Path) -> None:
        git(
            folder,
            "commit",
            "--all",
            "--quiet",
            "--allow-empty",
            "--message=Words",
        )


def _add(path: Path, word: str) -> None:
    """Add a word to a line of an issue that isn't a heading or a header line."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    texts = [
        number
        for number, line in enumerate(lines)
        if line.strip()
        and not line.startswith(("#", "source:", "date:", "link:"))
    ]
    number = DICE.choice(texts)
    lines[number] = f"{lines[number].rstrip()} {word}\n"
    path.write_text("".join(lines), "utf-8")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [
            "git",
            "-c",
            "user.name=Editor",
            "-c",
            "user.email=editor@example.org",
            *arguments,
        ],
        cwd=folder,
        check=True,
    )
