"""Convert the Markdown texts of an issue to HTML or plain text.

Raw HTML and pictures are switched off: what looks like them is shown as it was typed. Only web and
email addresses become links.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os.path import commonprefix

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.link import link
from markdown_it.token import Token
from markupsafe import Markup

from briefing.issue.links import unsafe_reason
from briefing.languages import Language
from briefing.text.isolation import ISOLATE, POP
from briefing.text.width import width

from .plain_text import WIDTH, wrap
from .typeset import typeset

MOST_BRACKETS = 500
"""In a paragraph with more opening brackets, none begins a link: markdown-it looks up to a hundred
brackets ahead from each.
"""


_BRACKETS = -1
"""Where markdown-it's cache for a paragraph, which is indexed by position, has their number."""


def _may_be_linked(url: str) -> bool:
    return url.lower().startswith("mailto:") or not unsafe_reason(url)


def _link(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    if _BRACKETS not in state.cache:
        state.cache[_BRACKETS] = state.src.count("[")
    return state.cache[_BRACKETS] <= MOST_BRACKETS and link(state, silent)


def parser() -> MarkdownIt:
    """Return a parser of the Markdown that texts may contain."""
    # markdown-it silently drops quotes that are nested deeper than maxNesting.
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    # No code blocks either: editors indent ordinary paragraphs, and mail apps don't wrap
    # preformatted lines.
    markdown.disable(["image", "heading", "lheading", "code", "fence"])
    markdown.inline.ruler.at("link", _link)
    markdown.validateLink = _may_be_linked  # type: ignore[method-assign]
    return markdown


_PARSER = parser()

QUOTE = ("> ", "> ")

_MOST_TEXTS = 256
"""How many texts a process keeps as HTML, and as plain text."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How plain text shows what Markdown can."""

    strong: str = "*"
    """The marks around bold words."""
    emphasis: str = ""
    """The marks around emphasised words."""
    columns: int = WIDTH
    """Where lines are wrapped."""
    has_footnotes: bool = True
    """Whether the addresses of links are numbered and listed below the text; if not, each follows its
    words, in brackets.
    """


MAIL = TextStyle()
"""The text part of an email."""


def _parse(source: str) -> list[Token]:
    tokens = _PARSER.parse(source)
    for token in tokens:
        token.children = list(_without_empty_links(token.children or ()))
    return tokens


def _without_empty_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """Drop links without an address, as Markdown makes of `[words]()`, but keep their words."""
    empty = False
    for token in tokens:
        if token.type == "link_open":
            empty = not token.attrGet("href")
        if not (empty and token.type in {"link_open", "link_close"}):
            yield token


def _typeset(source: str, language: Language) -> list[Token]:
    tokens = _parse(source)
    for block in tokens:
        if block.children:
            block.children = list(_without_wide_breaks(block.children))
            typeset(block.children, language)
    return tokens


def _without_wide_breaks(tokens: Sequence[Token]) -> Iterator[Token]:
    """Drop line breaks between Chinese characters, which would be shown as spaces."""
    for index, token in enumerate(tokens):
        if token.type != "softbreak" or not _is_between_wide(tokens, index):
            yield token


def _is_between_wide(tokens: Sequence[Token], index: int) -> bool:
    around = tokens[index - 1 : index + 2]
    if len(around) < 3:
        return False
    before = around[0].content[-1:]
    after = around[2].content[:1]
    return width(before) == 2 and width(after) == 2


# Between two renderings of an issue nearly all of its texts stay as they were.


@lru_cache(_MOST_TEXTS)
def to_html(source: str, language: Language) -> Markup:
    """Convert Markdown to HTML blocks."""
    tokens = _typeset(source, language)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704  # markdown-it escapes all text


@lru_cache(_MOST_TEXTS)
def to_text(source: str, language: Language, style: TextStyle = MAIL) -> str:
    """Convert Markdown to lines of plain text. In the style of an email, links are numbered, with
    their addresses below, one per line.
    """
    blocks = _Blocks(style.columns)
    links = _Links(style.has_footnotes)
    for token in _typeset(source, language):
        if token.type == "inline":
            blocks.add(_words(token.children or (), links, style))
        else:
            blocks.handle(token)
    parts = [blocks.text, links.footnotes()]
    return "\n\n".join(filter(None, parts))


class _Links:
    """The addresses of a text's links, numbered from 1 in the order of their first use."""

    def __init__(self, has_footnotes: bool) -> None:
        self._has_footnotes = has_footnotes
        self._addresses: list[str] = []

    def reference(self, shown: str, address: str) -> str:
        """Return a link in plain text: `words [1]` or `words (address)`, or just the address if the
        link shows that.
        """
        if shown.replace(ISOLATE, "").replace(POP, "") == address:
            return address
        if not self._has_footnotes:
            return f"{shown} ({address})"
        if address not in self._addresses:
            self._addresses.append(address)
        return f"{shown} [{self._addresses.index(address) + 1}]"

    def footnotes(self) -> str:
        lines = []
        for number, address in enumerate(self._addresses, 1):
            lines.append(f"[{number}] {address}")
        return "\n".join(lines)


def _words(tokens: Iterable[Token], links: _Links, style: TextStyle) -> str:
    """Return the words of one paragraph, with the style's marks around bold and emphasised ones."""
    words = ""
    address = ""
    link_start = 0
    marks = _Marks(style)
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                words += token.content
            case "softbreak":
                words += " "
            case "hardbreak":
                words += marks.around_break()
            case "link_open":
                link_start = len(words)
                address = str(token.attrGet("href") or "").removeprefix(
                    "mailto:"
                )
            case "link_close":
                words = words[:link_start] + links.reference(
                    words[link_start:], address
                )
            case kind:
                words += marks.of(kind)
    return words


class _Marks:
    """The marks around bold and emphasised words, and which of them are open."""

    def __init__(self, style: TextStyle) -> None:
        self._marks = {"strong": style.strong, "em": style.emphasis}
        self._open: list[str] = []

    def of(self, kind: str) -> str:
        """Return the mark for the beginning or the end of such words: `strong_open`, `em_close`."""
        name, _, place = kind.partition("_")
        mark = self._marks.get(name, "")
        if place == "open":
            self._open.append(mark)
        elif self._open:
            self._open.pop()
        return mark

    def around_break(self) -> str:
        """Return a line break that no marked words cross: messengers would show their marks."""
        return "".join([*reversed(self._open), "\n", *self._open])


def _first_number(token: Token) -> int | None:
    """Return the number with which a list begins; None for a bulleted one."""
    if token.type == "bullet_list_open":
        return None
    start = token.attrGet("start")
    return 1 if start is None else int(start)


class _Blocks:
    """Lays out the blocks of one text. Lists and quotes put a prefix before each line of the blocks
    inside them.
    """

    def __init__(self, columns: int) -> None:
        self.text = ""
        self._columns = columns
        self._prefixes: list[tuple[str, str]] = []
        """For each list item and quote around the block: the prefix of its first line, and of the
        others.
        """
        self._numbers: list[int | None] = []
        """For each list around the block: the number of its next item, None in a bulleted list."""
        self._tight = False
        """Whether the block is in a list without blank lines."""
        self._previous_tight = False
        self._previous_prefix = ""

    def handle(self, token: Token) -> None:
        match token.type:
            case "hr":
                self._tight = False
                self.add("* * *")
            case "paragraph_open":
                self._tight = token.hidden
            case "bullet_list_open" | "ordered_list_open":
                self._numbers.append(_first_number(token))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                # The paragraph below a list is set off by a blank line, however tight the list is.
                if not self._numbers:
                    self._previous_tight = False
            case "blockquote_open":
                self._prefixes.append(QUOTE)
            case "list_item_open":
                self._prefixes.append(self._item_prefix())
            case "list_item_close" | "blockquote_close":
                self._prefixes.pop()

    def _item_prefix(self) -> tuple[str, str]:
        number = self._numbers[-1]
        if number is None:
            return ("- ", "  ")
        self._numbers[-1] = number + 1
        mark = f"{number}. "
        return (mark, " " * len(mark))

    def add(self, words: str) -> None:
        """Append a block, wrapped, with its prefixes and the blank line that separates it from the
        one before.
        """
        first = "".join(prefix for prefix, _ in self._prefixes)
        rest = "".join(prefix for _, prefix in self._prefixes)
        lines: list[str] = []
        columns = self._columns - width(rest)
        for line in words.split("\n"):
            wrapped = wrap(line, columns=columns)
            lines += wrapped.split("\n")
        if self.text:
            self.text += self._separator(rest)
        self.text += first + f"\n{rest}".join(lines)
        self._previous_tight, self._previous_prefix = self._tight, rest
        # A list item's mark appears only once, before its first block.
        self._prefixes = [(prefix, prefix) for _, prefix in self._prefixes]

    def _separator(self, prefix: str) -> str:
        if self._tight and self._previous_tight:
            return "\n"
        # A blank line between two blocks of the same quote belongs to the quote.
        quote = commonprefix([prefix, self._previous_prefix]).rstrip()  # noqa: RUF071  # characters, not path parts
        return f"\n{quote}\n"
