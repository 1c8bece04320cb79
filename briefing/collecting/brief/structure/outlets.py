"""Judge the sources of all items together: titles of sections that are publishers, and words before each source.

Items below "Harbour Post" are from there if no item names a source and most links lead to hosts with such names. And of
"From the Harbour Post" and "From the Tidal Review", "From the" isn't part of the names.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import dropwhile

from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import host_of

from .publisher_hosts import is_in_hosts
from .publisher_names import likelihood

_LEAST_LED = 2
"""Publishers; one alone may be called "On the Media"."""
_NO_SOURCE = "no source"
_BEHIND_NAME = re.compile(r" [(（][^()（）]+[)）]$")
"""What explains a name: "Radio Dam (broadcasts)"."""


def with_sections_as_sources(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """Items with the title of their section as source, if no item has another and most links' hosts have that name."""
    confirmed = sum(map(_is_from_section, items))
    are_sourced = any(parsed.item.source for parsed in items)
    if are_sourced or confirmed * 2 <= len(items):
        return list(items)
    return [
        # Other titles aren't names: "This week in the valley".
        _with_section_as_source(parsed)
        if likelihood(_publisher_in_section(parsed), "")
        else parsed
        for parsed in items
    ]


def without_words_before_sources(
    items: Sequence[ParsedItem],
) -> list[ParsedItem]:
    """Items without the words that lead to most of their sources: "From the Harbour Post", "From the Tidal Review"."""
    sources = [parsed.item.source for parsed in items if parsed.item.source]
    led = [
        source
        for source in sources
        if without_words_before_name(source) != source
    ]
    if len(set(led)) < _LEAST_LED or len(led) * 2 < len(sources):
        return list(items)
    return [
        replace(
            parsed,
            item=replace(
                parsed.item,
                source=without_words_before_name(parsed.item.source),
            ),
        )
        for parsed in items
    ]


def without_words_before_name(source: str) -> str:
    """A source without the words that lead to it: "From the Harbour Post"; one that consists of such words as it is."""
    first, _, rest = source.partition(" ")
    if fold(first) not in words("at"):
        return source
    return _without_small_words(rest.split()) or source


def _without_small_words(name: Sequence[str]) -> str:
    """The words of a name without the small ones before it: "the Harbour Post"."""
    small = words("particle") | words("name_small")
    return " ".join(dropwhile(small.__contains__, name))


def _with_section_as_source(parsed: ParsedItem) -> ParsedItem:
    item = replace(parsed.item, source=_publisher_in_section(parsed))
    return replace(parsed, item=item).without_note(_NO_SOURCE)


def _is_from_section(parsed: ParsedItem) -> bool:
    return is_in_hosts(_publisher_in_section(parsed), host_of(parsed.item.link))


def _publisher_in_section(parsed: ParsedItem) -> str:
    """The publisher in the title of an item's section: "Harbour Post", "To be read in the Harbour Post"."""
    section = _BEHIND_NAME.sub("", parsed.section)
    title = section.split()
    leads = [n for n, word in enumerate(title) if fold(word) in words("at")]
    name = _without_small_words(title[leads[-1] + 1 :]) if leads else ""
    return name if name[:1].isupper() else section
