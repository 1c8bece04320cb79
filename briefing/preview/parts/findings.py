"""Place the findings of a check: at a part of the issue, and in one of its fields. No I/O."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from briefing.checks.acceptance import JudgedFindings
from briefing.checks.groups import FindingGroup, count_severities, group
from briefing.checks.rule import Finding, Severity
from briefing.issue.blocks import HeadedBlock, block_of
from briefing.issue.header_lines import HEADER_LINE, ISSUE_HEADERS, ITEM_HEADERS
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, Parts
from briefing.issue.store import Edition, language_of

from .field_words import in_page_words

FIELDS: Mapping[str, str] = {
    "no-source": "source",
    "no-date": "date",
    "no-link": "link",
    "no-alt": "alt",
    "no-credit": "photo",
    "credit-without-photo": "image",
    "subject-length": "subject",
    "subject-shouts": "subject",
    "preheader-length": "preheader",
    "preheader-repeats-subject": "preheader",
    "text-missing": "text",
    "introduction-missing": "introduction",
}
"""The fields of rules about something that is missing, and so has no line."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of the issue, and a field of it."""

    part: str = ""
    """Its id; empty for what is elsewhere: in the settings, a template or another edition."""
    field: str = ""
    """Empty for the part as a whole."""
    lang: str = ""
    """That of the other edition that it is in; "" if it is in this one, or in none."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding, and where the page shows it."""

    finding: Finding
    spot: Spot
    words: str
    """What is particular about it; its whole message unless it is one of several."""

    @property
    def message(self) -> str:
        return in_page_words(self.finding.message)

    @property
    def is_error(self) -> bool:
        return self.finding.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """Findings of the same rule."""

    title: str
    """What they have in common: `8 items: no photo`."""
    advice: str
    """What their messages have in common; empty for a single one."""
    is_error: bool
    findings: tuple[PlacedFinding, ...]


@dataclass(frozen=True, slots=True)
class PlacedFindings:
    """What a check found: errors first, repeats together, and how many warnings were accepted."""

    groups: tuple[PlacedGroup, ...] = ()
    accepted: int = 0
    prevented: str = ""
    """Why there was no check."""

    @property
    def findings(self) -> Iterator[PlacedFinding]:
        for placed in self.groups:
            yield from placed.findings

    @property
    def summary(self) -> str:
        """The count: `1 error, 3 warnings`."""
        if self.prevented:
            return "Not checked"
        counts = count_severities(found.finding for found in self.findings)
        return ", ".join(counts) or "Nothing to correct"

    def at(self, part: str) -> list[PlacedFinding]:
        """Return the findings in any field of a part."""
        return [found for found in self.findings if found.spot.part == part]

    def in_field(self, part: str, field: str) -> list[PlacedFinding]:
        """Return the findings in a field; with an empty one, those about the part as a whole."""
        spot = Spot(part, field)
        return [found for found in self.findings if found.spot == spot]


def place(
    judged: JudgedFindings, edition: Edition, parts: Parts, first_language: str
) -> PlacedFindings:
    """Return the new findings of a check where they belong in an edition, whose parts were read
    from its file.
    """
    page = _Page(edition, first_language, _first_lines(parts))
    groups = [_placed(found, page) for found in group(judged.new)]
    return PlacedFindings(tuple(groups), len(judged.accepted))


@dataclass(frozen=True, slots=True)
class _Lines:
    """A part, and the line where it begins."""

    first: int
    id: str
    part: Issue | Section | Item


@dataclass(frozen=True, slots=True)
class _Page:
    """The edition that the page shows."""

    edition: Edition
    first_language: str
    """That of the newsletter."""
    lines: Sequence[_Lines]


def _first_lines(parts: Parts) -> list[_Lines]:
    numbered: list[tuple[str, Issue | Section | Item]] = [(ISSUE, parts.head)]
    for section in parts.sections:
        numbered.append((section.id, section.section))
        numbered += [(part.id, part.item) for part in section.items]
    return [
        _Lines(part.origin.line, part_id, part)
        for part_id, part in numbered
        if part.origin
    ]


def _placed(found: FindingGroup, page: _Page) -> PlacedGroup:
    is_single = len(found.findings) == 1
    placed = [
        PlacedFinding(
            finding,
            _spot(finding, page),
            in_page_words(finding.message if is_single else words),
        )
        for finding, (_, words) in zip(
            found.findings, found.entries, strict=True
        )
    ]
    return PlacedGroup(
        title=found.title,
        advice="" if is_single else in_page_words(found.shared),
        is_error=found.severity is Severity.ERROR,
        findings=tuple(placed),
    )


def _spot(finding: Finding, page: _Page) -> Spot:
    """Return where a finding belongs."""
    own_path = page.edition.path
    if finding.path.parent != own_path.parent:
        return Spot()
    if finding.path != own_path:
        return Spot(lang=language_of(finding.path, page.first_language))
    above = [part for part in page.lines if part.first <= (finding.line or 0)]
    if not above:
        return Spot(ISSUE, FIELDS.get(finding.rule, ""))
    nearest = max(above, key=lambda part: part.first)
    return Spot(nearest.id, _field(finding, nearest.part))


def _field(finding: Finding, part: Issue | Section | Item) -> str:
    if isinstance(part, Section):
        return "title"
    names, heading, text = (
        (ITEM_HEADERS, "heading", "text")
        if isinstance(part, Item)
        else (ISSUE_HEADERS, "title", "introduction")
    )
    named = FIELDS.get(finding.rule)
    if named and named in (*names, text):
        return named
    assert part.origin
    block = block_of(part.origin)
    line = finding.line or 0
    header = dict(_headers(block)).get(line)
    if header:
        return header if header in names else ""
    return heading if line <= block.line else text


def _headers(block: HeadedBlock) -> Iterable[tuple[int, str]]:
    """Yield the lines of a block's headers with their names."""
    matches = takewhile(bool, map(HEADER_LINE.match, block.body))
    for number, match in enumerate(matches, block.line + 1):
        if match:
            yield number, match[1].lower()
