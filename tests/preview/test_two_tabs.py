"""Two tabs type while an editor beside them writes the file and `git pull` merges into it: no word is
lost, on neither side.

Every word is typed once. In the end, each that was typed in a tab is in the file or among the words
that wait for a decision; and all that git or the editor left in the file is still in it.
"""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.newsletter import Newsletter
from briefing.preview.desk import Desk
from tests.preview.browsers import expect_saved, needs_chromium
from tests.preview.conftest import SAFETY_NET
from tests.preview.test_desk_words import words_kept

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

DICE = random.SystemRandom()
STEPS = 15
MOST_TRIES = 50
CARDS = ("i1", "i2")
FIELDS = ("heading", "source", "text")
FLUSH = """async () => {
  const { src } = document.querySelector("script[type=module]");
  const typing = await import(new URL("typing.js", src));
  await typing.flush();
}"""
"""Sends what wasn't sent yet."""


def test_no_word_is_lost(
    browser: "Browser", newsletter: Newsletter, folder: Path, tmp_path: Path
) -> None:
    play(browser, newsletter, folder, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("round_", range(20))
def test_no_word_is_lost_in_many_rounds(
    browser: "Browser",
    newsletter: Newsletter,
    folder: Path,
    tmp_path: Path,
    round_: int,
) -> None:
    play(browser, newsletter, folder, tmp_path)


def play(
    browser: "Browser", newsletter: Newsletter, folder: Path, tmp_path: Path
) -> None:
    issue = folder / "issue.md"
    others = Others(issue, newsletter.root, tmp_path / "others")
    typed: list[str] = []
    names = (f"word{number}" for number in count())
    # In a process of its own, as the editor and git are.
    with program(newsletter.root) as address:
        tabs = [browser.new_page() for _ in range(2)]
        for tab in tabs:
            tab.set_default_timeout(SAFETY_NET * 1000)
            tab.goto(address)
        for _ in range(STEPS):
            word = next(names)
            writer = DICE.choice([*tabs, None])
            if writer is None:
                DICE.choice([others.edit, others.pull])(word)
            else:
                type_in(writer, word)
                typed.append(word)
        for tab in tabs:
            tab.evaluate(FLUSH)
            expect_saved(tab)
            tab.context.close()
    desk = Desk(newsletter, folder)
    view = desk.view()
    desk.close()
    in_file = set(issue.read_text("utf-8").split())
    assert set(typed) - in_file - words_kept(view) == set()
    assert others.left - in_file == set()


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


def type_in(tab: "Page", word: str) -> None:
    """Type a word somewhere, and don't wait until it is saved."""
    card, name = DICE.choice(CARDS), DICE.choice(FIELDS)
    tab.locator(f"#card-{card}").click()
    tab.locator(f"#{card}-{name}").press("Control+End")
    tab.keyboard.type(f" {word}")


class Others:
    """An editor on this computer, and a colleague who pushes from another one."""

    def __init__(self, issue: Path, root: Path, folder: Path) -> None:
        self._issue = issue
        self._root = root
        self._theirs = folder / "clone"
        self._name = issue.relative_to(root)
        self.left: set[str] = set()
        """The words that the file had after one of them changed it."""
        folder.mkdir()
        git(root, "init", "--quiet", "--initial-branch=main")
        (root / ".gitignore").write_text(".briefing/\nothers/\nrendered/\n")
        self._commit(root)
        origin = folder / "origin"
        git(folder, "clone", "--quiet", "--bare", str(root), str(origin))
        git(root, "remote", "add", "origin", str(origin))
        git(root, "fetch", "--quiet", "origin")
        git(root, "branch", "--quiet", "--set-upstream-to=origin/main")
        git(folder, "clone", "--quiet", str(origin), str(self._theirs))

    def edit(self, word: str) -> None:
        """Write a word into the file, as an editor does that shows the file of now."""
        _add(self._issue, word)
        self._note()

    def pull(self, word: str) -> None:
        """Let the colleague push a word, and merge it, in doubt with the colleague's lines."""
        theirs = self._theirs
        git(theirs, "pull", "--quiet")
        _add(theirs / self._name, word)
        self._commit(theirs)
        git(theirs, "push", "--quiet")
        # git does nothing if a tab has saved words since they were committed.
        assert any(self._is_merged() for _ in range(MOST_TRIES))
        self._note()

    def _is_merged(self) -> bool:
        self._commit(self._root)
        options = ("--quiet", "--no-rebase", "--no-edit", "-Xtheirs")
        try:
            git(self._root, "pull", *options)
        except subprocess.CalledProcessError:
            return False
        return True

    def _commit(self, folder: Path) -> None:
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "--message=Words")

    def _note(self) -> None:
        self.left = set(self._issue.read_text("utf-8").split())


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
