"""Write plain text as Markdown that renders as exactly that text: `*so*` becomes `\\*so\\*`.

Editors see the source, so a character is escaped only where CommonMark would interpret it: 5 * 3,
snake_case, AT&T, a < b and […] stay. Libraries that write Markdown (markdownify, html2text) escape
every such character.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, zip_longest
from typing import NamedTuple

from briefing.issue.links import unsafe_reason

from .emphasis import (
    Emphasis,
    Span,
    emphases_in,
    marks_of,
    shifted,
    with_replacements,
)

Link = tuple[str, str]
"""The linked text, and the address."""


class LinkPlace(NamedTuple):
    """Where in a text a link is, and where it leads."""

    start: int
    end: int
    address: str


# Chinese punctuation ends an address, since no space separates it from the words after it.
URL = re.compile(
    r"https?://[^\s<>\"（）《》「」【】，。、；：！？]+", re.IGNORECASE
)
_AFTER_ADDRESS = ".,;:!?'…»”’]}*"
# What replaces a link, and an asterisk that emphasises, until the text around them is escaped.
_OURS = "\0"
_LINK = f"{_OURS}["
_MARK = f"{_OURS}*"
_ACTIVE = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~\0]|$)   # a backslash that would escape the next character, or break the line
    | `
    | (?<!\0)\*+ | _+               # if they may be emphasis: see _emphasising
    | \](?=[(:])                    # the end of a link's text, or of a definition's name
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w{1,32};)
    | !(?=\0\[)                     # it would make a picture of the link
    """,
    re.VERBOSE,
)
# At the start of a line: "# so", "- so", "1. so", "~~~", or "===" that would underline the line above.
_BLOCK_START = re.compile(
    r"(\d{1,9}(?=[.)](?:\s|$)))?([#>]|[-+*](?=\s|$)|-(?=[- \t]*$)|=(?==*$)|~(?=~~)|(?<=\d)[.)])",
)
_DIVIDING_LINE = re.compile(r"(?=([*_]))(?:\1[ \t]*){3,}")
_IN_LINK_TEXT = re.compile(r"[\\`_\[\]<]|(?<!\0)\*|&(?=#?\w{1,32};)")
# A bracket could end the address, and "&copy;" in it would become ©.
_IN_ADDRESS = re.compile(r"[()]|&(?=#?\w{1,32};)")
_ESCAPED = r"\\\g<0>"


def markdown(
    text: str,
    links: Iterable[Link] = (),
    *,
    in_bold: bool = False,
    emphases: Iterable[Emphasis] = (),
) -> str:
    """Return one line of text as Markdown, with these links and emphases, and with bare web addresses
    as links.

    Set `in_bold` if the source will be put between `**`.
    """
    text = text.replace(_OURS, "")
    emphases = shifted(emphases, 0, len(text))
    places = list(_all_links(text, links))
    sources = [_link_source(text, link, emphases) for link in places]
    text, places = _with_marks(text, places, emphases)
    without_links = with_replacements(
        text, [(*link[:2], _LINK) for link in places]
    )
    escaped = _escape(without_links, in_bold=in_bold)
    pieces = zip_longest(escaped.split(_LINK), sources, fillvalue="")
    source = "".join(chain.from_iterable(pieces)).replace(_MARK, "*")
    if _DIVIDING_LINE.fullmatch(source):
        return f"\\{source}"
    if _BLOCK_START.match(source):
        return _BLOCK_START.sub(r"\1\\\2", source, count=1)
    return source


def _with_marks(
    text: str, links: list[LinkPlace], emphases: Iterable[Emphasis]
) -> tuple[str, list[LinkPlace]]:
    """Return a text with the marks of its emphases, and where its links are then."""
    spans = [Span(link.start, link.end) for link in links]
    found = marks_of(text, emphases, spans)
    sources = [_MARK * len(mark.source) for mark in found]
    before = [mark.place for mark in found]
    marked = with_replacements(text, zip(before, before, sources, strict=True))
    lengths = [0, *accumulate(map(len, sources))]
    moved = [
        link._replace(
            # The marks at either end of a link are around it.
            start=link.start + lengths[bisect_right(before, link.start)],
            end=link.end + lengths[bisect_left(before, link.end)],
        )
        for link in links
    ]
    return marked, moved


def locate_links(text: str, links: Iterable[Link]) -> Iterator[LinkPlace]:
    """Find each link's text, in order. Stops at the first text that isn't found."""
    end = 0
    for linked, address in links:
        start = text.find(linked, end)
        if start < 0:
            return
        end = start + len(linked)
        yield LinkPlace(start, end, address)


def bare_links(text: str) -> Iterator[Link]:
    """Find the web addresses in a text, without the punctuation after them."""
    for link in _bare_addresses(text, 0, len(text)):
        yield link.address, link.address


def _bare_addresses(text: str, start: int, end: int) -> Iterator[LinkPlace]:
    for match in URL.finditer(text, start, end):
        address = _without_punctuation(match[0])
        if not unsafe_reason(address):
            first = match.start()
            yield LinkPlace(first, first + len(address), address)


def _without_punctuation(address: str) -> str:
    """Drop the punctuation after an address, but keep a closing bracket that was opened in it."""
    unopened = address.count(")") - address.count("(")
    for end in range(len(address), 0, -1):
        last = address[end - 1]
        if last == ")" and unopened > 0:
            unopened -= 1
        elif last not in _AFTER_ADDRESS:
            return address[:end]
    return ""


def _all_links(text: str, links: Iterable[Link]) -> Iterator[LinkPlace]:
    """Locate the links and the bare addresses between them, in order."""
    end = 0
    for link in locate_links(text, links):
        yield from _bare_addresses(text, end, link.start)
        yield link
        end = link.end
    yield from _bare_addresses(text, end, len(text))


def _link_source(
    text: str, link: LinkPlace, emphases: Iterable[Emphasis]
) -> str:
    """Return the Markdown of a link in a text, with the marks inside it."""
    words = text[link.start : link.end]
    if words == link.address:
        return f"<{link.address}>"
    inside = emphases_in(Span(link.start, link.end), text, emphases)
    marked, _ = _with_marks(words, [], inside)
    label = _IN_LINK_TEXT.sub(_ESCAPED, marked)
    target = _IN_ADDRESS.sub(_ESCAPED, link.address)
    return f"[{label}]({target})"


def _escape(text: str, *, in_bold: bool) -> str:
    emphasising = _emphasising(text, "*", opened=in_bold)
    emphasising |= _emphasising(text, "_")
    # Beside marks that emphasise, every asterisk might.
    harmless = "_" if _MARK in text else "*_"

    def escape(match: re.Match[str]) -> str:
        run = match[0]
        if run[0] in harmless and match.start() not in emphasising:
            return run
        return "".join(f"\\{character}" for character in run)

    return _ACTIVE.sub(escape, text)


def _emphasising(text: str, mark: str, *, opened: bool = False) -> set[int]:
    """Return the starts of the runs of a mark that may open or close emphasis; none if no run can
    close what another opens.

    This is CommonMark's rule for delimiter runs, with punctuation treated like letters. `opened`
    says that emphasis with this mark begins before the text.
    """
    runs: set[int] = set()
    paired = opened
    padded = f" {text} "
    for run in re.finditer(rf"\{mark}+", text):
        before = padded[run.start()]
        after = padded[run.end() + 1]
        opens = _may_emphasise(after, before, mark)
        closes = _may_emphasise(before, after, mark)
        paired = paired or (opened and closes)
        opened = opened or opens
        if opens or closes:
            runs.add(run.start())
    return runs if paired else set()


def _may_emphasise(inner: str, outer: str, mark: str) -> bool:
    """Whether a run of marks can begin (or end) emphasis of the text on its inner side."""
    # snake_case: within a word, an underscore emphasises nothing.
    return inner not in " \t" and not (mark == "_" and outer.isalnum())
