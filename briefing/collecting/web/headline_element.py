"""Find the element of a page that contains its headline, near which the page says when it was published."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from briefing.collecting.text.comparing import compact

from .page import Page, text_of

_SHORT = 12
"""Letters; a shorter headline may be a part of any text."""
_MAX_HEADINGS = 100


def find_headline_element(page: Page, title: str) -> Any:
    """Return the heading with the headline; else the first main heading; None if there is none."""
    wanted = compact(title)
    elements = page.root.iter("h1", "h2", "h3")
    headings = list(islice(elements, _MAX_HEADINGS))
    main = [heading for heading in headings if heading.tag == "h1"]
    # The headline may also be in a list of the latest articles above it.
    for heading in (*main, *headings):
        if _is_headline(heading, wanted):
            return heading
    return next(iter(main), None)


def _is_headline(heading: Any, wanted: str) -> bool:
    if not wanted:
        return False
    text = compact(text_of(heading))
    is_within = len(wanted) > _SHORT and wanted in text
    return text == wanted or is_within


def times_around(heading: Any) -> Iterator[Any]:
    """Yield each `<time>` near a headline, the nearest ones below it first."""
    near = heading.xpath("following::*[position() <= 80]")
    above = heading.xpath("preceding::*[position() <= 15]")
    around = chain(near[:20], above, heading.iter(), near[20:])
    return (element for element in around if element.tag == "time")
