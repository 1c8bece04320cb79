"""A check for the page: it says what prevents it instead of failing."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.checks import acceptance
from briefing.errors import FileError
from briefing.issue import store
from briefing.issue.parts import Parts
from briefing.newsletter import Newsletter
from briefing.preview.parts.checking import find
from briefing.preview.parts.findings import PlacedFindings
from briefing.rendering.edition import render

TODAY = dt.date(2020, 10, 9)


def check(newsletter: Newsletter, folder: Path) -> PlacedFindings:
    edition = store.drafts(newsletter, folder)[0]
    parts = Parts.number(edition.issue)
    return find(newsletter, edition, parts, TODAY, render)


def test_what_was_accepted_is_counted_apart(
    newsletter: Newsletter, folder: Path
) -> None:
    before = check(newsletter, folder)
    links = [
        found.finding
        for found in before.findings
        if found.finding.rule == "no-link"
    ]
    assert len(links) == 1
    acceptance.accept(links, folder, ["no-link"])
    after = check(newsletter, folder)
    found = len(list(before.findings))
    assert (len(list(after.findings)), after.accepted) == (found - 1, 1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileError(Path("accepted.txt"), "can't be read"), "can't be read"),
        (ZeroDivisionError("a secret"), "a bug in briefing (ZeroDivisionError"),
    ],
)
def test_what_prevents_a_check_is_said(
    newsletter: Newsletter,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(acceptance, "judge", fail)
    placed = check(newsletter, folder)
    assert words in placed.prevented
    assert "secret" not in placed.prevented
    assert placed.summary == "Not checked"
