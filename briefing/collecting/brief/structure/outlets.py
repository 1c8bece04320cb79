"""Judge the sources of all items together: the titles of sections, and words that lead to each of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import dropwhile

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold

from .names import likelihood
from .publisher_hosts import host_of, is_in_hosts

_LEAST_LED = 2
"""Publishers; one alone may be called "On the Media"."""
_NO_SOURCE = "no source"
_BEHIND_NAME = re.compile(r" [(（][^()（）]+[)）]$")
"""What explains a name: "Radio Dam (broadcasts)"."""


def with_outlets(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """Items with the title of their section as source, if no item has another and most links' hosts have that name."""
    confirmed = sum(map(_is_from_section, items))
    are_sourced = any(parsed.item.source for parsed in items)
    if are_sourced or confirmed * 2 <= len(items):
        return list(items)
    return [
        # Other titles aren't names: "This week in the valley".
        _with_outlet(parsed) if likelihood(_outlet_of(parsed), "") else parsed
        for parsed in items
    ]


def without_leads(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """Items without the words that lead to most of their sources: "From the Harbour Post", "From the Tidal Review"."""
    sources = [parsed.item.source for parsed in items if parsed.item.source]
    led = [source for source in sources if without_lead(source) != source]
    if len(set(led)) < _LEAST_LED or len(led) * 2 < len(sources):
        return list(items)
    return [
        replace(
            parsed,
            item=replace(parsed.item, source=without_lead(parsed.item.source)),
        )
        for parsed in items
    ]


def without_lead(source: str) -> str:
    """A source without the words that lead to it: "From the Harbour Post"; one that consists of such words as it is."""
    first, _, rest = source.partition(" ")
    if fold(first) not in words("at"):
        return source
    return _without_small_words(rest.split()) or source


def _without_small_words(name: Sequence[str]) -> str:
    """The words of a name without the small ones before it: "the Harbour Post"."""
    small = words("particle") | words("name_small")
    return " ".join(dropwhile(small.__contains__, name))


def _with_outlet(parsed: ParsedItem) -> ParsedItem:
    item = replace(parsed.item, source=_outlet_of(parsed))
    return replace(parsed, item=item).without_note(_NO_SOURCE)


def _is_from_section(parsed: ParsedItem) -> bool:
    return is_in_hosts(_outlet_of(parsed), host_of(parsed.item))


def _outlet_of(parsed: ParsedItem) -> str:
    """The publisher in the title of an item's section: "Harbour Post", "To be read in the Harbour Post"."""
    section = _BEHIND_NAME.sub("", parsed.section)
    title = section.split()
    leads = [n for n, word in enumerate(title) if fold(word) in words("at")]
    name = _without_small_words(title[leads[-1] + 1 :]) if leads else ""
    return name if name[:1].isupper() else section
