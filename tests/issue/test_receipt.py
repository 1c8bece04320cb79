"""sent.json: numbers and hashes stored with an issue, so that every machine knows it was sent."""

import json
import os
from pathlib import Path

import pytest

from briefing.errors import FileError, RefusedError
from briefing.issue import receipt, store
from briefing.issue.receipt import Receipt
from briefing.newsletter import Newsletter

SENT = Receipt(
    issue="2020-10-09",
    frozen_at="2020-10-09T08:00:00+00:00",
    via="smtp",
    ledger="0123456789abcdef",
    editions={"en": "a" * 64},
    readers=30,
    claimed=30,
    accepted=29,
    left=0,
)


def issue(newsletter: Newsletter, name: str) -> Path:
    folder = newsletter.issues / name
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(
        f"# Brief\ndate: {name}\n\n### One\n", "utf-8"
    )
    return folder


def test_one_of_a_version_that_corrected_issues_during_a_send_is_read(
    tmp_path: Path,
) -> None:
    receipt.write(tmp_path, SENT)
    path = tmp_path / "sent.json"
    values = json.loads(path.read_text("utf-8"))
    values["versions"] = [{"en": "b" * 64}, {"en": "a" * 64}]
    path.write_text(json.dumps(values), "utf-8")
    assert receipt.read(tmp_path) == SENT


def test_a_receipt_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert receipt.read(tmp_path) is None
    receipt.write(tmp_path, SENT)
    assert receipt.read(tmp_path) == SENT
    assert json.loads((tmp_path / "sent.json").read_text())["readers"] == 30


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"issue": "2020-10-09"}', "\xff"]
)
def test_an_unreadable_receipt_is_an_error_and_counts_as_sent(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "sent.json").write_text(text, "latin-1")
    with pytest.raises(FileError, match="restore it from git or a backup"):
        receipt.read(tmp_path)
    assert receipt.is_sent(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [("claimed", "30"), ("left", None), ("readers", True), ("editions", [])],
)
def test_numbers_are_numbers(tmp_path: Path, field: str, value: object) -> None:
    receipt.write(tmp_path, SENT)
    fields = json.loads((tmp_path / "sent.json").read_text())
    (tmp_path / "sent.json").write_text(json.dumps(fields | {field: value}))
    with pytest.raises(FileError):
        receipt.read(tmp_path)


def test_an_issue_that_was_sent_in_part_is_not_composed_again(
    tmp_path: Path,
) -> None:
    receipt.refuse_sent(tmp_path)
    receipt.write(tmp_path, SENT)
    with pytest.raises(
        RefusedError, match="was already sent; use another --date"
    ):
        receipt.refuse_sent(tmp_path)


def test_the_default_is_the_newest_issue_that_is_not_sent_to_everyone(
    newsletter: Newsletter,
) -> None:
    older, newer = (
        issue(newsletter, "2020-10-09"),
        issue(newsletter, "2020-10-16"),
    )
    assert store.find(newsletter, None) == newer
    receipt.write(
        newer,
        Receipt(
            **{
                **{name: getattr(SENT, name) for name in Receipt.__slots__},
                "left": 5,
            }
        ),
    )
    assert store.find(newsletter, None) == newer
    receipt.write(newer, SENT)
    assert store.find(newsletter, None) == older
    receipt.write(older, SENT)
    assert store.find(newsletter, None) == newer


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / receipt.FILE)
    with pytest.raises(FileError, match="isn't a valid receipt"):
        receipt.read(tmp_path)


def test_it_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "issue").mkdir()
    (tmp_path / "issue" / receipt.FILE).symlink_to("../elsewhere")
    with pytest.raises(RefusedError, match="is a link to another place"):
        receipt.write(tmp_path / "issue", SENT)
    assert not (tmp_path / "elsewhere").exists()
