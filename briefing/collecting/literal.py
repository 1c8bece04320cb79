"""Plain text as Markdown source that reads as the text literally does."""

import re
from collections.abc import Iterable, Iterator

from briefing.collecting.phrases import URL, Link
from briefing.issue.links import unsafe

# Escaped only where CommonMark would see more than the character: 5 * 3, snake_case, AT&T, a < b and […] stay.
_ACTIVE = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|$)     # a backslash that would escape what follows, or break the line
    | `
    | (?<![ ])\* | \*(?![ ])        # emphasis, unless it stands free
    | (?<![^\W_])_ | _(?![^\W_])    # emphasis, unless it is within a word
    | \](?=[(:])                    # the end of a link's words, or of a definition's name
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w{1,32};)
    | !$                            # what follows may be one of our links
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r"(\d{1,9}(?=[.)](?:\s|$)))?([#>]|[-+*](?=\s|$)|-(?=[- \t]*$)|=(?==*$)|~(?=~~)|(?<=\d)[.)])")
_IN_LABEL = re.compile(r"[\\`*_\[\]<]|&(?=#?\w{1,32};)")
_IN_ADDRESS = re.compile(r"[()]|&(?=#?\w{1,32};)")
_ESCAPED = r"\\\g<0>"


def markdown(text: str, links: Iterable[Link] = ()) -> str:
    r"""One line as Markdown source that reads as it literally does, with its links: `*so*` becomes `\*so\*`.

    Bare web addresses become autolinks; `# so` becomes no heading, `- so` no list.
    """
    pieces: list[str] = []
    start = 0
    for first, last, address in placed(text, links):
        words = text[first:last]
        label, target = _IN_LABEL.sub(_ESCAPED, words), _IN_ADDRESS.sub(_ESCAPED, address)
        pieces.append(_words(text[start:first]))
        pieces.append(f"<{address}>" if words == address else f"[{label}]({target})")
        start = last
    source = "".join(pieces) + _words(text[start:])
    return _BLOCK.sub(r"\1\\\2", source, count=1) if _BLOCK.match(source) else source


def _words(text: str) -> str:
    """Words between links, escaped; the bare addresses in them become autolinks."""
    pieces: list[str] = []
    start = 0
    for first, last, address in placed(text, addresses(text)):
        pieces += [_ACTIVE.sub(_ESCAPED, text[start:first]), f"<{address}>"]
        start = last
    return "".join(pieces) + _ACTIVE.sub(_ESCAPED, text[start:])


def placed(text: str, links: Iterable[Link]) -> Iterator[tuple[int, int, str]]:
    """Where each link's words stand in `text` (start, end, address), in order; up to the first that isn't found."""
    end = 0
    for words, address in links:
        start = text.find(words, end) if words else end
        if start < 0:
            return
        end = start + len(words)
        yield start, end, address


def addresses(text: str) -> Iterator[Link]:
    """The bare web addresses in `text`, without the punctuation behind them."""
    for match in URL.finditer(text):
        address = match[0]
        end = len(address)
        # A bracket belongs to the address only if it was opened in it.
        surplus = address.count(")") - address.count("(")
        while end and (address[end - 1] in ".,;:!?'…»”’]}*" or (address[end - 1] == ")" and surplus > 0)):
            end -= 1
            surplus -= address[end] == ")"
        address = address[:end]
        if not unsafe(address):
            yield address, address
