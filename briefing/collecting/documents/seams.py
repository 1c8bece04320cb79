"""Find where a page shows a space that its text doesn't have: between two elements of a line that a style sheet keeps
apart, such as a publisher and a date.
"""

from briefing.text.markup import BLOCK_TAGS

from .elements import Element

_LEAST_LETTERS = 2


class Seams:
    """Follows the elements between two pieces of text."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._last = ""
        self._ended: list[str] = []
        self._begun: list[str] = []

    def start(self, element: Element) -> None:
        """An element begins."""
        if element.tag in BLOCK_TAGS or element.tag in {"br", "img"}:
            self._last = ""
        self._open.append(_look(element))
        self._begun.append(self._open[-1])

    def end(self) -> None:
        """The innermost element ends."""
        look = self._open.pop()
        # An element without text divides nothing, as if it weren't there.
        if self._begun:
            self._begun.pop()
        else:
            self._ended.insert(0, look)

    def lacks_space_before(self, text: str) -> bool:
        """Whether a space is missing before the next text, because words of one element end there and those of another,
        which looks different, begin. Programs also divide words, but rarely where a capital or a number follows a small
        letter.
        """
        is_between = bool(self._ended and self._begun)
        looks_different = self._ended != self._begun
        divides = is_between and looks_different and _meet(self._last, text)
        self._last = text
        self._ended, self._begun = [], []
        return divides


def _look(element: Element) -> str:
    return f"{element.tag} {element.get('class')} {element.get('style')}"


def _meet(before: str, after: str) -> bool:
    word = before[-_LEAST_LETTERS:]
    if len(word) < _LEAST_LETTERS:
        return False
    if not word.isalnum():
        return False
    if not after:
        return False
    begins_word = after[0].isupper() and word[-1].islower()
    return begins_word or (word[-1].isalpha() and after[0].isdecimal())
