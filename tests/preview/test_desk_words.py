"""Two tabs type while someone else rewrites the file: no word is lost, on neither side.

Every word is typed once in the whole test. After each action, each word that a tab typed must be in
the file, among the kept words, or waiting to be written; and each word that the file had after
someone else wrote it must be in the file still.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.issue import markdown
from briefing.issue.edits import AddItem, MoveItem, SetField
from briefing.issue.fields import value_of
from briefing.issue.parts import ISSUE
from briefing.newsletter import Newsletter
from briefing.preview.desk.desk import Desk, DeskView
from briefing.storage import files

ROUNDS = 10
START = """\
# Weekly Brief, 9 October 2020

Welcome.

### First

One.

### Second
source: BBC
link: https://example.org/second

Two.

## News

### Third

Three.
"""
FIELDS = ("heading", "source", "text", "contact")
BROKEN = "\n### So\nno header line\n"


@dataclass
class Tab:
    """A page of the desk. It shows what it last got, with what was typed into it since."""

    desk: Desk
    dice: random.Random
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    places: list[tuple[str, list[str]]] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)

    def reload(self) -> None:
        view = self.desk.view()
        self.places = view.parts.ids
        self.shown = {(ISSUE, "subject"): view.parts.head.subject}
        self.shown[ISSUE, "introduction"] = view.parts.head.introduction
        for part in view.parts.items:
            for name in FIELDS:
                self.shown[part.id, name] = value_of(part.item, name)

    def type(self, word: str) -> None:
        place = self.dice.choice(sorted(self.shown))
        before = self.shown[place]
        after = f"{before} {word}".strip()
        edit = SetField(*place, before, after)
        continues = self.dice.random() < 0.5
        self.desk.edit("en", [edit], continues=continues)
        self.shown[place] = after
        self.typed.add(word)

    def add(self, word: str) -> None:
        section, items = self.dice.choice(self.places)
        after = self.dice.choice(["", *items])
        name = self.dice.choice(FIELDS)
        self.desk.edit("en", [AddItem({name: word}, section, after)])
        self.typed.add(word)

    def move(self, _word: str) -> None:
        items = [item for _, below in self.places for item in below]
        section, below = self.dice.choice(self.places)
        after = self.dice.choice(["", *below])
        if items:
            edit = MoveItem(self.dice.choice(items), section, after)
            self.desk.edit("en", [edit])

    def undo_and_redo(self, _word: str) -> None:
        self.desk.undo("en")
        self.desk.redo("en")


@dataclass
class Colleague:
    """Someone who writes the file without the desk."""

    path: Path
    dice: random.Random
    versions: list[str]
    """What the file had at some time, as in an editor that was opened then, or on a branch."""
    written: set[str] = field(default_factory=set)
    """All words of the file as it was written last."""

    def rewrite(self, word: str) -> None:
        self._write(self._current(), word)

    def overwrite(self, word: str) -> None:
        self._write(self.dice.choice(self.versions), word)

    def remember(self, _word: str) -> None:
        self.versions.append(self._current())

    def move(self, _word: str) -> None:
        title, *blocks = self._blocks(self._current())
        self.dice.shuffle(blocks)
        self._save("\n### ".join([title, *blocks]))

    def remove(self, _word: str) -> None:
        title, *blocks = self._blocks(self._current())
        self._save("\n### ".join([title, *blocks[:-1]]))

    def spoil(self, _word: str) -> None:
        self._save(f"{self._current()}{BROKEN}")

    def repair(self, _word: str) -> None:
        self._save(self._current().replace(BROKEN, ""))

    def _current(self) -> str:
        return self.path.read_text("utf-8")

    def _write(self, text: str, word: str) -> None:
        blocks = self._blocks(text)
        number = self.dice.randrange(len(blocks))
        text, mark, section = blocks[number].partition("\n## ")
        blocks[number] = f"{text.rstrip()}\n\n{word}\n{mark}{section}"
        self._save("\n### ".join(blocks))

    def _blocks(self, text: str) -> list[str]:
        return text.replace(BROKEN, "").split("\n### ")

    def _save(self, text: str) -> None:
        self.path.write_text(text, "utf-8")
        self.written = set(text.split())


def words_kept(view: DeskView) -> set[str]:
    words: set[str] = set()
    for kept in view.kept:
        words.update(kept.words.split())
        for value in kept.item.values():
            words.update(value.split())
    for edit in view.unsaved:
        if isinstance(edit, SetField):
            words.update(edit.after.split())
        if isinstance(edit, AddItem):
            words.update(" ".join(edit.item.values()).split())
    if view.edition.mistakes:
        # As long as the file can't be read, the page shows what it had before.
        words.update(markdown.write(view.parts.issue).split())
    return words


@settings(max_examples=ROUNDS)
@given(seed=st.integers(0, 2**32))
def test_no_word_is_lost(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)  # noqa: S311  # not for a secret
    play(dice, tmp_path_factory.mktemp("brief"), steps=25)


@pytest.mark.long
@settings(max_examples=200)
@given(seed=st.integers(0, 2**32))
def test_no_word_is_lost_in_many_rounds(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)  # noqa: S311  # not for a secret
    play(dice, tmp_path_factory.mktemp("brief"), steps=40)


def play(dice: random.Random, root: Path, steps: int) -> None:
    newsletter = Newsletter.create(
        root / "brief",
        name="Weekly Brief",
        organisation="Example Watch",
        sender="Weekly Brief <brief@example.org>",
    )
    path = newsletter.issues / "2020-10-09" / "issue.md"
    path.parent.mkdir()
    path.write_text(START, "utf-8")
    colleague = Colleague(path, dice, [START], set(START.split()))
    desk = Desk(newsletter, path.parent)
    tabs = [Tab(desk, dice), Tab(desk, dice)]
    for tab in tabs:
        tab.reload()
    log: list[str] = []
    for number in range(steps):
        actions = actions_of(dice.choice(tabs), colleague)
        weights = list(actions.values())
        (action,) = dice.choices(list(actions), weights)
        log.append(f"{action.__name__} word{number}")
        # An undo takes it out, until it is done again.
        is_undo = action.__name__ == "undo_and_redo"
        other = "" if is_undo else f"other{number}"
        with at_the_same_moment(colleague, dice, other):
            action(f"word{number}")
        assert_nothing_lost(desk, tabs, colleague, log)
    colleague.repair("")
    assert_nothing_lost(desk, tabs, colleague, log)
    view = desk.view()
    assert not view.unsaved
    assert not view.why
    desk.close()


def actions_of(
    tab: Tab, colleague: Colleague
) -> dict[Callable[[str], None], int]:
    def reload(_word: str) -> None:
        tab.reload()

    return {
        tab.type: 12,
        tab.add: 2,
        tab.move: 2,
        tab.undo_and_redo: 2,
        reload: 3,
        colleague.rewrite: 3,
        colleague.overwrite: 2,
        colleague.remember: 2,
        colleague.move: 1,
        colleague.remove: 1,
        colleague.spoil: 1,
        colleague.repair: 2,
    }


def assert_nothing_lost(
    desk: Desk, tabs: list[Tab], colleague: Colleague, log: list[str]
) -> None:
    view = desk.view()
    in_file = set(colleague.path.read_text("utf-8").split())
    for tab in tabs:
        assert not tab.typed - in_file - words_kept(view), log
    assert not colleague.written - in_file, log


@contextmanager
def at_the_same_moment(
    colleague: Colleague, dice: random.Random, word: str
) -> Iterator[None]:
    """Let the colleague save the file between the desk's reading and writing of it, sometimes."""
    write = files.write_atomically
    words = [word] if word and dice.random() < 0.2 else []

    def interrupted(path: Path, data: bytes, **options: Any) -> None:
        if path == colleague.path and words:
            colleague.rewrite(words.pop())
        write(path, data, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "write_atomically", interrupted)
        yield
