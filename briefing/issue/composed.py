"""An issue after items were added to it, with what the editor should know about that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from briefing.issue.model import Item
from briefing.issue.published import Published
from briefing.issue.store import Edition

Notes = Mapping[Item, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Composed:
    """An issue after items were added to it."""

    edition: Edition
    added: tuple[Item, ...]
    given: tuple[Item, ...]
    """The added items as passed in, before their photos were named in the issue's folder."""
    already: tuple[Item, ...]
    """The items as passed in that the issue already contained, or that were passed in twice."""
    new: bool
    """Whether the issue was created for them."""
    new_sections: tuple[str, ...] = ()
    """Sections that the issue got with the items; not those that every new issue begins with."""
    staying: int = 0
    """How many items stay in the inbox because the issue has the same news in other words."""
    notes: Notes = field(default_factory=dict)
    """What the editor should know about items."""
    titles: Mapping[Item, str] = field(default_factory=dict)
    """The section that an added item stood under in its brief, where the issue has other words."""
    introduction: str = ""
    """The brief's introduction; a new issue begins with it."""

    @property
    def has_introduction(self) -> bool:
        """Whether the issue begins with the brief's introduction."""
        own = self.edition.issue.introduction
        return bool(own) and self.introduction == own

    @property
    def sections(self) -> dict[Item, str | None]:
        """The added items in the order of the issue, each with its section's title."""
        added = set(self.added)
        return {
            item: section.title
            for section in self.edition.issue.sections
            for item in section.items
            if item in added
        }


def note_earlier_issues(composed: Composed, published: Published) -> Composed:
    """Return the result with a note on each added item that an earlier issue ran."""
    earlier = published.before(composed.edition.id)
    notes = dict(composed.notes)
    for item in composed.added:
        issue = earlier.find_item(item)
        if issue:
            others = notes.get(item, ())
            notes[item] = [*others, f"was already in issue {issue}"]
    return replace(composed, notes=notes)
