"""Plain text as Markdown source that reads as the text literally does."""

import re
from collections.abc import Iterable, Iterator

from briefing.issue.links import unsafe

Link = tuple[str, str]
"""The words that are linked and the address."""

URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Stands for a link until all around it is escaped; no text holds one.
_LINK = "\0"
# Escaped only where CommonMark would see more than the character: 5 * 3, snake_case, AT&T, a < b and […] stay.
_ACTIVE = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~\0]|$)   # a backslash that would escape what follows, or break the line
    | `
    | \*+ | _+                      # where they may be emphasis: see _emphasising
    | \](?=[(:])                    # the end of a link's words, or of a definition's name
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w{1,32};)
    | !(?=\0)                       # before one of our links
    """,
    re.VERBOSE,
)
_RUN = re.compile(r"\*+|_+")
_BLOCK = re.compile(r"(\d{1,9}(?=[.)](?:\s|$)))?([#>]|[-+*](?=\s|$)|-(?=[- \t]*$)|=(?==*$)|~(?=~~)|(?<=\d)[.)])")
_IN_LABEL = re.compile(r"[\\`*_\[\]<]|&(?=#?\w{1,32};)")
_IN_ADDRESS = re.compile(r"[()]|&(?=#?\w{1,32};)")
_ESCAPED = r"\\\g<0>"


def markdown(text: str, links: Iterable[Link] = (), *, in_bold: bool = False) -> str:
    r"""One paragraph's line as Markdown source that reads as it literally does, with links: `*so*` becomes `\*so\*`.

    Bare web addresses become autolinks; `# so` becomes no heading, `- so` no list. `in_bold`: it goes between `**`.
    """
    text = text.replace(_LINK, "")
    pieces: list[str] = []
    written: list[str] = []
    start = 0
    for first, last, address in placed(text, links):
        words = text[first:last]
        label, target = _IN_LABEL.sub(_ESCAPED, words), _IN_ADDRESS.sub(_ESCAPED, address)
        _autolink(text[start:first], pieces, written)
        pieces.append(_LINK)
        written.append(f"<{address}>" if words == address else f"[{label}]({target})")
        start = last
    _autolink(text[start:], pieces, written)
    targets = iter(written)
    source = re.sub(_LINK, lambda _: next(targets), _escaped("".join(pieces), in_bold=in_bold))
    return _BLOCK.sub(r"\1\\\2", source, count=1) if _BLOCK.match(source) else source


def _autolink(text: str, pieces: list[str], written: list[str]) -> None:
    """Put the words of `text` to the pieces, and its bare addresses to what is written in their places."""
    start = 0
    for first, last, address in placed(text, addresses(text)):
        pieces += [text[start:first], _LINK]
        written.append(f"<{address}>")
        start = last
    pieces.append(text[start:])


def _escaped(text: str, *, in_bold: bool) -> str:
    emphasising = _emphasising(text, in_bold=in_bold)

    def escape(match: re.Match[str]) -> str:
        marks = match[0]
        if marks[0] in "*_" and match.start() not in emphasising:
            return marks
        return "".join(rf"\{mark}" for mark in marks)

    return _ACTIVE.sub(escape, text)


def _emphasising(text: str, *, in_bold: bool) -> set[int]:
    """Where the runs of `*` and `_` begin that may open or close emphasis, if any of the kind can close what one opens.

    CommonMark's rule for runs, widened: what stands beside one counts as a letter, as a space, or as neither.
    """
    found: set[int] = set()
    for kind in "*_":
        runs: list[int] = []
        opened = paired = in_bold and kind == "*"
        for match in _RUN.finditer(text):
            if match[0][0] != kind:
                continue
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            opens, closes = after.strip(" \t") != "", before.strip(" \t") != ""
            if kind == "_":
                opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
            paired |= opened and closes
            opened |= opens
            if opens or closes:
                runs.append(match.start())
        if paired:
            found.update(runs)
    return found


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
