"""What tests type at the desk, and how they change its file from outside."""

from pathlib import Path

from briefing.issue.edits import Edit, SetField
from briefing.issue.receipt import Receipt
from briefing.preview.desk.desk import Desk, EditResult

TEXT = "The court has ruled."
TYPED = "The court has ruled. At last."
HEADING = "### A ruling <on> maps"
RECEIPT = Receipt(
    issue="2020-10-09",
    frozen_at="2020-10-09T08:00:00+00:00",
    via="smtp",
    ledger="",
    editions={},
    readers=2,
    claimed=2,
    accepted=2,
    left=0,
)
"""The issue was sent."""


def set_text(before: str, after: str, part: str = "i1") -> SetField:
    return SetField(part, "text", before, after)


def edit(desk: Desk, *edits: Edit, continues: bool = False) -> EditResult:
    result = desk.edit("en", edits, continues=continues)
    assert result.saved, result.why
    return result


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a file as a text editor does while the desk is open."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
