"""A program that types at the desk until it is killed: `python -m tests.preview.typing_program FOLDER
FIRST COUNT SECONDS`.

Each word is printed when the desk has acknowledged it. After COUNT words the system ends the
program within SECONDS, wherever it is, as SIGKILL does.
"""

import random
import signal
import sys
from pathlib import Path

from briefing.issue.edits import AddItem, Edit, MoveItem, SetField
from briefing.issue.fields import value_of
from briefing.issue.parts import ISSUE, START
from briefing.newsletter import Newsletter
from briefing.preview.desk.desk import Desk, DeskView

FIELDS = ("heading", "source", "text")


def type_on(folder: Path, first: int, count: int, seconds: float) -> None:
    """Type the words `word1`, `word2`, … from a number on."""
    # The default action of this signal ends the process at once.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    dice = random.Random(first)  # noqa: S311  # not for a secret
    desk = Desk(Newsletter(folder.parents[1]), folder)
    number = first
    while True:
        if number == first + count:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        word = f"word{number}"
        edits = choose(dice, desk.view(), word)
        continues = dice.random() < 0.5
        if desk.edit("en", edits, continues=continues).saved:
            print(word, flush=True)  # noqa: T201  # for the test
        number += 1


def choose(dice: random.Random, view: DeskView, word: str) -> list[Edit]:
    """Return edits that bring a word into an issue."""
    items = list(view.parts.items)
    part = dice.choice(items)
    if dice.random() < 0.2:
        place = dice.choice(["", part.id])
        return [AddItem({dice.choice(FIELDS): word}, START, place)]
    edits: list[Edit] = []
    if dice.random() < 0.2:
        edits.append(MoveItem(part.id, START, dice.choice(items).id))
    name = dice.choice(FIELDS)
    before = value_of(part.item, name)
    edits.append(SetField(part.id, name, before, f"{before} {word}"))
    introduction = view.parts.head.introduction
    edits.append(
        SetField(ISSUE, "introduction", introduction, f"{introduction} {word}!")
    )
    return edits


if __name__ == "__main__":
    _, folder, first, count, seconds = sys.argv
    type_on(Path(folder), int(first), int(count), float(seconds))
