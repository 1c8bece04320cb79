"""Choose between two readings of a brief: by the words of its lines, and by what repeats in it. No other place does.

The words know releases, notices and wrapped lines; what repeats knows any arrangement and the sections.
"""

import datetime as dt

from .assemble import Brief
from .labels import is_usual_section
from .line import Lines, Role

_SEVERAL = 2
_LEAST_WITHOUT_LINKS = 3
"""Items. Without any link, what is there only twice may be a coincidence."""
_OF_RELEASES = frozenset({Role.LABEL, Role.NOTICE, Role.TITLE, Role.CONTACT})
"""What organisations write around their own texts, which may be arranged in any way."""


def repeats(repeating: Brief, by_words: Brief, lines: Lines) -> bool:
    """Whether a brief is understood better by what repeats in it than by its words."""
    are_several = len(repeating.items) >= _SEVERAL
    if _heads(repeating) == _heads(by_words):
        return are_several and _shows_more(repeating, by_words)
    has_links = _count(repeating, "link") > 0
    if not are_several:
        head = ("heading", "source", "date", "link")
        return has_links and _count(repeating, *head) >= _count(by_words, *head)
    body = ("link", "text")
    if _count(repeating, *body) >= _count(by_words, *body):
        return True
    is_sure = has_links or len(repeating.items) >= _LEAST_WITHOUT_LINKS
    return is_sure and not _are_releases(lines)


def _heads(brief: Brief) -> set[tuple[str, str, dt.date | None, str]]:
    """What belongs together in each item."""
    items = (parsed.item for parsed in brief.items)
    return {(item.heading, item.source, item.date, item.link) for item in items}


def _shows_more(repeating: Brief, by_words: Brief) -> bool:
    """Whether what repeats shows sections, or where the last text ends."""
    return _has_sections(repeating) or _ends_above(repeating, by_words)


def _has_sections(brief: Brief) -> bool:
    """Whether a brief has a usual section, or several."""
    titles = {parsed.section for parsed in brief.items} - {""}
    return len(titles) >= _SEVERAL or any(map(is_usual_section, titles))


def _ends_above(repeating: Brief, by_words: Brief) -> bool:
    """Whether by words, the last text goes on with what is below all items."""
    own, other = (brief.items[-1].item.text for brief in (repeating, by_words))
    return len(own) < len(other) and other.startswith(own)


def _count(brief: Brief, *fields: str) -> int:
    """How many of these fields were found, in all items together."""
    return sum(
        bool(getattr(parsed.item, field))
        for parsed in brief.items
        for field in fields
    )


def _are_releases(lines: Lines) -> bool:
    """Whether several lines are those of releases, notices or an organisation's own briefs."""
    return sum(line.role in _OF_RELEASES for line in lines) >= _SEVERAL
