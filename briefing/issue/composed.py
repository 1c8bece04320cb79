"""An issue after items were added to it, with what the editor should know about that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from briefing.newsletter import Newsletter

from .headings import escape_headings
from .model import Issue, Item, Items
from .published import Published
from .store import Edition

Notes = Mapping[Item, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Composed:
    """An issue after items were added to it."""

    edition: Edition
    added: Items
    given: Items
    """The added items as passed in, before their photos were named in the issue's folder."""
    already: Items
    """The items as passed in that the issue already contained, or that were passed in twice."""
    new: bool
    """Whether the issue was created for them."""
    sections: Mapping[Item, str | None] = field(default_factory=dict)
    """The added items in the order of the issue, each with its section's title."""
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
    layout: str = ""
    """How the brief's items were divided, by the name of the layout."""

    @property
    def has_introduction(self) -> bool:
        """Whether the issue begins with the brief's introduction."""
        # As the file has it: headings in a text are escaped there.
        words = escape_headings(self.introduction)
        return bool(words) and words == self.edition.issue.introduction


def sections_of(items: Iterable[Item], issue: Issue) -> dict[Item, str | None]:
    """Return some items in the order of the issue, each with its section's title."""
    wanted = set(items)
    sections: dict[Item, str | None] = {}
    for section in issue.sections:
        for item in section.items:
            if item in wanted:
                sections[item] = section.title
    return sections


def note_earlier_issues(
    composed: Composed, newsletter: Newsletter, clean: Callable[[str], str]
) -> Composed:
    """Return the result with a note on each added item that an earlier issue ran; `clean` normalises
    links (see `Published`).
    """
    published = Published.of(newsletter, clean)
    earlier = published.before(composed.edition.id)
    notes = dict(composed.notes)
    for item in composed.added:
        issue = earlier.find_item(item)
        if issue:
            others = notes.get(item, ())
            notes[item] = [*others, f"was already in issue {issue}"]
    return replace(composed, notes=notes)
