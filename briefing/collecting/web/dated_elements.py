"""What the names of elements say about the dates in them: those of the page's publication, of a change,
or of a comment or another article; and the lines around a headline, where its own date may be.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any

from lxml import etree

from briefing.collecting.text.comparing import contains_any
from briefing.collecting.text.wordlists import lines, load_data, words_by_name
from briefing.text.markup import is_hidden, tidy_spaces

from .page import element_around, is_named, naming_parts, text_of

_TABLE = load_data(__file__, "publication_date")
_ELEMENTS = words_by_name(_TABLE["elements"])
_CHANGED = _ELEMENTS["changed"]
"""Parts of the names of elements with the date of a change."""
_NOT_PUBLISHED = (*_CHANGED, *lines(_TABLE["texts"]["not_published"]))
_PUBLISHED = _ELEMENTS["published"]
_OF_ENTRY = _ELEMENTS["of_entry"]
_OTHER = _ELEMENTS["other"]
_DATE_LABELS = frozenset(_ELEMENTS["date"])
# Texts around a headline, without those that only indent the markup
_BELOW = etree.XPath("following::text()[normalize-space()][position() <= 40]")
_ABOVE = etree.XPath("preceding::text()[normalize-space()][position() <= 16]")
# Characters.
_NEAR_BELOW = 400
_NEAR_ABOVE = 200
_MAX_LABEL = 40
_MAX_BESIDE_DATE = 20

_MAX_PIECES = 20
_STRUCTURE = frozenset(("body", "html", "main", "article"))


def dates_something_else(time: Any, around_headline: Container[Any]) -> bool:
    """Whether a `<time>` is hidden, or dates a change, a comment or another article. WordPress names one
    that dates both publication and change "published updated", and many of its themes "entry-date updated".
    What is also `around_headline` isn't something else, whatever its name.
    """
    if is_in_card(time) or is_hidden(time.attrib):
        return True
    own = _own_elements(time, 6, around_headline)
    is_change = _is_any_named(own[:2], _CHANGED)
    if is_change and not _is_entry_date(time):
        return True
    return _is_any_named(own, _OTHER)


def _is_entry_date(time: Any) -> bool:
    return is_named_published(time) or is_named(time, _OF_ENTRY)


def _own_elements(
    element: Any, count: int, around_headline: Container[Any]
) -> list[Any]:
    """Return an element and those right above it, except those that contain the headline too or only
    structure the page.
    """
    return [
        other
        for other in (element, *islice(element.iterancestors(), count))
        if other not in around_headline and other.tag not in _STRUCTURE
    ]


def is_in_card(element: Any) -> bool:
    """Whether an element is in a link with other words, and so about the page that the link leads to."""
    link = next(element.iterancestors("a"), None)
    # A link around the page's own headline leads to this page.
    if link is None or link.find(".//h1") is not None:
        return False
    return _length(link) > _length(element) + _MAX_BESIDE_DATE


def _length(element: Any) -> int:
    """Return how many characters the text of an element has, as far as its first pieces tell."""
    pieces = islice(element.itertext(), _MAX_PIECES)
    return sum(len(piece[:_MAX_LABEL].strip()) for piece in pieces)


def is_change_label(before: str) -> bool:
    """Whether a text says that the date after it isn't that of the publication."""
    return contains_any(before[-_MAX_LABEL:].lower(), _NOT_PUBLISHED)


def text_before(element: Any) -> str:
    """Return the text directly before an element, in the element around it or in the one before it; "" if
    there is none.
    """
    previous = element.getprevious()
    if previous is None:
        return _stripped(element.getparent().text)
    # "Updated:" is either between two elements or in one of its own: <span>Updated:</span> <time>.
    after = _stripped(previous.tail)
    return after or ("" if len(previous) else _stripped(previous.text))


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def lines_around(
    headline: Any, around_headline: Container[Any]
) -> Iterator[tuple[str, str]]:
    """Yield the lines of text near a headline, those below it first, each with the line before it, which
    may end with what its date is: "Last updated:". Lines in changes, comments, captions and other
    articles are empty.
    """
    below = _own_lines(_BELOW(headline), around_headline)
    below = _first_lines(below, _NEAR_BELOW)
    above = _own_lines(_ABOVE(headline), around_headline)
    above = _first_lines(reversed(above), _NEAR_ABOVE)
    lines = [*reversed(above), text_of(headline), *below]
    pairs = list(pairwise(["", *lines]))
    first_below = len(above) + 1
    yield from pairs[first_below:]
    yield from reversed(pairs[:first_below])


def _own_lines(
    nodes: Iterable[Any], around_headline: Container[Any]
) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        element = element_around(node)
        is_other = _is_in_something_else(element, around_headline)
        is_left_out = is_other or _is_in_caption(element)
        text = "" if is_left_out else str(node).strip()
        lines += map(tidy_spaces, text.split("\n"))
    return lines


def _first_lines(lines: Iterable[str], characters: int) -> list[str]:
    """Return the first lines, which begin within a number of characters."""
    first: list[str] = []
    length = 0
    for line in lines:
        if length >= characters:
            break
        first.append(line)
        length += len(line)
    return first


def is_others_date(element: Any, around_headline: Container[Any]) -> bool:
    """Whether an element that isn't named as the publication is in a comment or another article."""
    if is_named(element, _PUBLISHED):
        return False
    return _is_in_something_else(element, around_headline)


def is_named_published(time: Any) -> bool:
    """Whether a `<time>` is named as the page's publication."""
    return time.get("pubdate") is not None or is_named(time, _PUBLISHED)


def is_in_article(time: Any) -> bool:
    """Whether a `<time>` is in an `<article>`."""
    return next(time.iterancestors("article"), None) is not None


def is_named_date(element: Any) -> bool:
    """Whether an element is named as a date, and not that of a change."""
    if _DATE_LABELS.isdisjoint(naming_parts(element)):
        return False
    return not is_named(element, _CHANGED)


def microdata_value(element: Any) -> str:
    """Return the value of an element with an itemprop: that in an attribute, or else its text."""
    for attribute in ("datetime", "content", "title"):
        value: str = element.get(attribute)
        if value:
            return value
    return text_of(element)


def _is_in_something_else(
    element: Any, around_headline: Container[Any]
) -> bool:
    own = _own_elements(element, 3, around_headline)
    return _is_any_named(own, _OTHER) or _is_any_named(own[:2], _CHANGED)


def _is_in_caption(element: Any) -> bool:
    """Whether an element is in the caption of a photo, which says when that was taken."""
    around = (element, *islice(element.iterancestors(), 2))
    is_caption = _is_any_named(around, ["caption"])
    return is_caption or any(part.tag == "figcaption" for part in around)


def _is_any_named(elements: Iterable[Any], parts: Sequence[str]) -> bool:
    return any(is_named(element, parts) for element in elements)
