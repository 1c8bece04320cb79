"""What commands print can't steer the terminal, whatever stands in the files they read."""

import io
import json
import threading
from pathlib import Path

import pytest

from briefing.cli import output
from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal
from tests.text.test_controls import BIDI_CONTROLS


@pytest.mark.parametrize("character", ["\x1b", "\x9b", *BIDI_CONTROLS])
def test_nothing_that_steers_the_terminal_is_printed(
    character: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.echo(f"a{character}b")
    output.warn(f"a{character}b")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("a b\n", "note: a b\n")


def test_lines_of_a_message_stay_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output.echo("one\ntwo\x1b[31m")
    assert capsys.readouterr().out == "one\ntwo [31m\n"


@pytest.mark.parametrize("character", ["\x7f", "\x9b", *BIDI_CONTROLS])
def test_json_escapes_them_and_says_the_same(
    character: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.print_json({"title": f"a{character}b"})
    printed = capsys.readouterr().out
    assert character not in printed
    assert json.loads(printed) == {"title": f"a{character}b"}


def test_wrapped_text_is_indented_and_fits_80_columns() -> None:
    lines = output.wrap("word " * 40, "    ").split("\n")
    assert len(lines) == 3
    assert all(line.startswith("    word") and len(line) < 80 for line in lines)


def test_sentences_break_between_words_and_never_in_a_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = "'briefing send --via smtp --corrected'"
    output.say(f"{'word ' * 10}{command} {'word ' * 10}".strip())
    lines = capsys.readouterr().out.split("\n")
    assert command in lines[1]
    assert all(len(line) < 80 for line in lines)


def test_a_long_error_breaks_between_words_in_a_terminal_only(
    weekly: Path, run: Run
) -> None:
    on_one_line = run("docs", "nonsense").stderr
    said, _ = in_terminal(weekly, ["docs", "nonsense"], NO_COLOR="1")
    first, *others = said.rstrip("\n").split("\n")
    assert on_one_line.count("\n") == 1
    assert said.split() == on_one_line.split()
    assert others
    assert all(line.startswith("  ") for line in others)
    assert all(len(line) < 80 for line in (first, *others))


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def test_no_bar_is_drawn_while_a_question_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    before = set(threading.enumerate())
    with output.progress("Reading your server"):
        (draws,) = set(threading.enumerate()) - before
        with output.without_progress():
            draws.join(timeout=60)
            assert not draws.is_alive()
        assert set(threading.enumerate()) - before
