"""briefing subscribers explain: why mail came back."""

import json
from pathlib import Path

import pytest

from tests.bounces.samples import (
    READER,
    TOKEN,
    complaint,
    failed,
    in_fields,
    letter,
)
from tests.cli.conftest import Run

DEAD = {
    "class": "dead",
    "recipients": [{"address": READER, "class": "dead", "status": "5.1.1"}],
    "tokens": [TOKEN],
}


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """A folder with emails: it needs no newsletter."""
    samples = {
        "gone.eml": in_fields(failed("5.1.1", "550 user unknown")),
        "spam.eml": complaint(),
        "hello.eml": letter("Hello"),
    }
    for name, mail in samples.items():
        (tmp_path / name).write_text(mail, "utf-8")
    return tmp_path


def test_it_prints_a_line_for_each_reader(mails: Path, run: Run) -> None:
    result = run("subscribers", "explain", "gone.eml")
    assert result.stdout == f"dead: {READER} no longer exists (5.1.1)\n"


def test_lines_about_several_emails_begin_with_their_names(
    mails: Path, run: Run
) -> None:
    result = run("subscribers", "explain", "spam.eml", str(mails / "hello.eml"))
    assert result.stdout == (
        f"spam.eml: complaint: {READER} reported the email as spam\n"
        "hello.eml: none: an ordinary email; no email was returned\n"
    )


def test_json_of_one_email_is_an_object_and_of_several_a_list(
    mails: Path, run: Run
) -> None:
    result = run("subscribers", "explain", "--json", "gone.eml")
    assert json.loads(result.stdout) == {"file": "gone.eml", **DEAD}
    result = run("subscribers", "explain", "--json", "gone.eml", "hello.eml")
    assert [each["class"] for each in json.loads(result.stdout)] == [
        "dead",
        "none",
    ]


def test_a_batch_gives_a_line_for_each_path(mails: Path, run: Run) -> None:
    result = run(
        "subscribers",
        "explain",
        "--batch",
        "--json",
        stdin="hello.eml\ngone.eml\n",
    )
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["class"] == "none"
    assert second == {"file": "gone.eml", **DEAD}


def test_an_email_cant_steer_the_terminal(mails: Path, run: Run) -> None:
    mail = in_fields(failed("5.1.1", "no", "a\x1b[2Jb@example.org"))
    (mails / "bad.eml").write_text(mail, "utf-8")
    for options in ([], ["--json"]):
        result = run("subscribers", "explain", *options, "bad.eml")
        assert "\x1b" not in result.stdout


def test_a_file_that_cant_be_read_is_named(mails: Path, run: Run) -> None:
    result = run("subscribers", "explain", "missing.eml")
    assert result.exit_code == 1
    assert "missing.eml: there is no such file" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("--batch", "gone.eml")])
def test_it_wants_either_files_or_a_batch(
    arguments: tuple[str, ...], run: Run
) -> None:
    result = run("subscribers", "explain", *arguments)
    assert result.exit_code == 2
    assert "give files or use --batch, but not both" in result.stderr
