"""The program is killed while it writes: every acknowledged word is there when it starts again."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.newsletter import Newsletter
from briefing.preview.desk.desk import Desk

LIVES = 3
"""How often the program is started and killed in a round."""
MOST_WORDS = 12
"""Words that are acknowledged, at most, before it is to be killed."""
MOST_SECONDS = 0.1
"""The time that it has then: about five requests."""


def test_every_acknowledged_word_survives(
    newsletter: Newsletter, folder: Path
) -> None:
    play(newsletter, folder)


@pytest.mark.long
@pytest.mark.parametrize("round_", range(50))
def test_every_acknowledged_word_survives_many_rounds(
    newsletter: Newsletter, folder: Path, round_: int
) -> None:
    play(newsletter, folder)


def play(newsletter: Newsletter, folder: Path) -> None:
    dice = random.SystemRandom()
    acknowledged: list[str] = []
    for life in range(LIVES):
        words = killed_program(
            folder,
            first=1000 * life,
            count=dice.randint(0, MOST_WORDS),
            seconds=dice.uniform(0.0001, MOST_SECONDS),
        )
        acknowledged += words
        assert_all_there(newsletter, folder, acknowledged)


def killed_program(
    folder: Path, first: int, count: int, seconds: float
) -> list[str]:
    """Return the words that the program acknowledged before it was killed."""
    arguments = map(str, (folder, first, count, seconds))
    module = "tests.preview.typing_program"
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == -signal.SIGALRM, done.stderr
    words = done.stdout.split()
    assert len(words) >= count
    return words


def assert_all_there(
    newsletter: Newsletter, folder: Path, acknowledged: list[str]
) -> None:
    desk = Desk(newsletter, folder)
    view = desk.view()
    assert (view.why, view.unsaved, view.kept) == ("", (), ())
    text = (folder / "issue.md").read_text("utf-8")
    assert [word for word in acknowledged if word not in text.split()] == []
    desk.close()
