"""What the desk's journal keeps, as values."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from briefing.issue.edits import Edit
from briefing.issue.parts import Parts

FieldValues = Mapping[str, str]
"""The fields of a part by their names."""


class StepState(StrEnum):
    """Whether a step is in the issue."""

    DONE = "done"
    UNDONE = "undone"
    STUCK = "stuck"
    """Someone else has changed the same thing since, so it can't be undone."""


class KeptReason(StrEnum):
    """Why words aren't in the file."""

    CHANGED = "changed"
    """The field was changed elsewhere at the same time: nothing more is written to it."""
    GONE = "gone"
    """The part was removed elsewhere."""
    OVERWRITTEN = "overwritten"
    """They were in the file, and someone else's version doesn't have them."""
    REFUSED = "refused"
    """The field can't have this value."""
    READ_ONLY = "read-only"
    """The issue was sent or scheduled."""
    SOURCE = "source"
    """A whole file, which was changed elsewhere at the same time."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """The file of an edition as it was last read, and its parts."""

    digest: str
    text: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class KeptWords:
    """Words that aren't in the file; both sides of a conflict are in `words` and in the file."""

    part: str
    field: str
    """Empty for a whole part, whose fields are in `item`."""
    before: str
    words: str
    reason: KeptReason
    item: FieldValues = dataclasses.field(default_factory=dict)
    """The known fields of a part that is gone."""
    id: int = 0

    def is_of(self, part: str, field: str) -> bool:
        """Whether they were typed in this field."""
        return (self.part, self.field) == (part, field)


@dataclass(frozen=True, slots=True)
class ReplacedFile:
    """A whole file that was replaced by another one, as texts."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the editor did, which can be undone: edits, or else that a whole file was
    replaced, or that kept words were discarded.
    """

    edits: tuple[Edit, ...]
    inverses: tuple[Edit, ...]
    """In the order of applying them."""
    label: str
    state: StepState = StepState.DONE
    id: int = 0
    replaced: ReplacedFile | None = None
    discarded: KeptWords | None = None

    @classmethod
    def replacing(cls, replaced: ReplacedFile) -> "Step":
        return cls((), (), "typing in the file", replaced=replaced)

    @classmethod
    def discarding(cls, words: KeptWords) -> "Step":
        kept = dataclasses.replace(words, id=0)
        return cls((), (), "discarding unsaved text", discarded=kept)

    @property
    def has_edits(self) -> bool:
        return self.replaced is None and self.discarded is None
