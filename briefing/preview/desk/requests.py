"""What a page asks the desk to do to an edition, as values and for the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from briefing.issue.edit_json import known_edits, to_json
from briefing.issue.edits import (
    Applied,
    Edit,
    RemoveItem,
    SetField,
    continue_typing,
    digest,
)
from briefing.issue.parts import Parts


@dataclass(frozen=True, slots=True)
class ApplyEdits:
    """A request to edit.

    `continues`: it continues the typing of the request before. `key`: of this request alone; one
    that is repeated with it adds and moves nothing a second time.
    """

    edits: tuple[Edit, ...]
    continues: bool = False
    key: str = ""

    @property
    def fields_only(self) -> "ApplyEdits":
        """The part of the request that does no harm if it is repeated."""
        edits = [edit for edit in self.edits if isinstance(edit, SetField)]
        return ApplyEdits(tuple(edits), self.continues)


@dataclass(frozen=True, slots=True)
class Undo:
    """A request to undo the last step."""


@dataclass(frozen=True, slots=True)
class Redo:
    """A request to redo the step that was undone last."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """A request to take kept words (`mine`), or to leave the file as it is and forget them."""

    kept: int
    mine: bool


DeskRequest = ApplyEdits | Undo | Redo | Resolve


def is_repeated(known: DeskRequest, request: DeskRequest) -> bool:
    """Whether a page that got no answer makes a request again."""
    if not isinstance(known, ApplyEdits) or not isinstance(request, ApplyEdits):
        return False
    return bool(request.key) and known.key == request.key


def changes_nothing(request: DeskRequest) -> bool:
    """Whether a page only asks what became of words that it has sent before."""
    if not isinstance(request, ApplyEdits):
        return False
    edits = request.edits
    return all(
        isinstance(edit, SetField) and edit.changes_nothing for edit in edits
    )


def joined(last: DeskRequest, further: ApplyEdits) -> ApplyEdits | None:
    """Return a request that waits and one that continues its typing as one; None if it doesn't."""
    if not isinstance(last, ApplyEdits):
        return None
    whole = continue_typing(last.edits, further.edits)
    return replace(last, edits=(whole,)) if whole else None


def without_added(
    request: DeskRequest, before: Parts, now: Parts
) -> DeskRequest:
    """Return a request without the items that are in the file already: the program ended after it had
    written them, and then the file was changed elsewhere.
    """
    if not isinstance(request, ApplyEdits):
        return request
    known = {part.id for part in before.items}
    new = {digest(part.item) for part in now.items if part.id not in known}
    edits = [
        edit for edit in request.edits if _added_by(edit, before) not in new
    ]
    return replace(request, edits=tuple(edits))


def _added_by(edit: Edit, parts: Parts) -> str:
    """Return the digest of the item that an edit adds; empty if it adds none."""
    match edit.applied_to(parts):
        case Applied(inverse=RemoveItem(before=added)):
            return added
    return ""


def to_journal(request: DeskRequest) -> dict[str, Any]:
    """Return a request for the journal."""
    match request:
        case ApplyEdits():
            edits = list(map(to_json, request.edits))
            return {
                "edits": edits,
                "continues": request.continues,
                "key": request.key,
            }
        case Resolve():
            return {"kept": request.kept, "mine": request.mine}
        case Undo():
            return {"undo": True}
        case Redo():
            return {"redo": True}


def from_journal(value: Mapping[str, Any]) -> DeskRequest:
    """Return a request that the journal has."""
    if "kept" in value:
        return Resolve(value["kept"], value["mine"])
    if "edits" in value:
        edits = known_edits(value["edits"])
        return ApplyEdits(edits, value["continues"], value["key"])
    return Undo() if "undo" in value else Redo()
