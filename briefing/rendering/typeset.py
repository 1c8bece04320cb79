"""Typeset a paragraph of Markdown: what stays together on a line, and what is isolated.

A left-to-right run may continue from plain into emphasised words, so a paragraph is isolated as a
whole.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from markdown_it.token import Token

from briefing.languages import Language
from briefing.text.isolation import ISOLATE, POP, runs

_BOUNDARY = "\n"
"""No run goes beyond it."""


def typeset(tokens: Sequence[Token], language: Language) -> None:
    """Change the texts among the tokens of a paragraph."""
    for token in tokens:
        if token.type == "text":
            token.content = language.kept_together(token.content)
    if language.direction == "rtl":
        _isolate(tokens)


def _isolate(tokens: Sequence[Token]) -> None:
    """Put marks into the texts in which runs begin and end."""
    for index in list(_addresses(tokens)):
        tokens[index].content = f"{ISOLATE}{tokens[index].content}{POP}"
    shown = list(_shown(tokens))
    starts = list(accumulate(map(len, shown), initial=0))
    marks: list[list[tuple[int, str]]] = [[] for _ in tokens]
    for start, stop in runs("".join(shown)):
        first = bisect_right(starts, start) - 1
        marks[first].append((start - starts[first], ISOLATE))
        last = bisect_right(starts, stop - 1) - 1
        marks[last].append((stop - starts[last], POP))
    for token, inserted in zip(tokens, marks, strict=True):
        token.content = _with_marks(token.content, inserted)


def _with_marks(text: str, marks: Sequence[tuple[int, str]]) -> str:
    """Insert marks at their indexes, which are in order."""
    pieces = []
    end = 0
    for index, mark in marks:
        pieces += [text[end:index], mark]
        end = index
    return "".join([*pieces, text[end:]])


def _shown(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what each token shows. Code is left as it is."""
    for token in tokens:
        if token.type == "text":
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type in {"hardbreak", "code_inline"}:
            yield _BOUNDARY
        else:
            yield ""


def _addresses(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the indexes of texts that are the address that they link to."""
    for index, (token, following) in enumerate(pairwise(tokens), 1):
        if token.type == "link_open":
            href = str(token.attrGet("href")).removeprefix("mailto:")
            if following.content == href:
                yield index
