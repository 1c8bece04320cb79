"""Convert the Markdown texts of an issue to HTML or plain text.

Raw HTML and pictures are switched off: what looks like them is shown as it was typed. Only web and
mail addresses become links.
"""

from collections.abc import Iterable, Iterator, Sequence
from os.path import commonprefix

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.link import link
from markdown_it.token import Token
from markupsafe import Markup

from briefing.isolation import ISOLATE, POP
from briefing.issue.links import unsafe_reason
from briefing.languages import Language
from briefing.rendering.plain_text import WIDTH, width, wrap
from briefing.rendering.typeset import typeset

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
    # No code blocks either: editors indent ordinary paragraphs, and mail programs don't wrap
    # preformatted lines.
    markdown.disable(["image", "heading", "lheading", "code", "fence"])
    markdown.inline.ruler.at("link", _link)
    markdown.validateLink = _may_be_linked  # type: ignore[method-assign]
    return markdown


_PARSER = parser()

QUOTE = ("> ", "> ")


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
    before, after = around[0].content[-1:], around[2].content[:1]
    return width(before) == 2 and width(after) == 2


def to_html(source: str, language: Language) -> Markup:
    """Convert Markdown to HTML blocks."""
    tokens = _typeset(source, language)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704  # markdown-it escapes all text


def to_text(source: str, language: Language) -> str:
    """Convert Markdown to lines of plain text, with numbered links and their addresses below, one
    per line.
    """
    blocks, links = _Blocks(), _Links()
    for token in _typeset(source, language):
        if token.type == "inline":
            blocks.add(_words(token.children or (), links))
        else:
            blocks.handle(token)
    parts = [blocks.text, links.footnotes()]
    return "\n\n".join(filter(None, parts))


class _Links:
    """The addresses of a text's links, numbered from 1 in the order of their first use."""

    def __init__(self) -> None:
        self._addresses: list[str] = []

    def reference(self, shown: str, address: str) -> str:
        """Return a link in plain text: `words [1]`, or just the address if the link shows that."""
        if shown.replace(ISOLATE, "").replace(POP, "") == address:
            return address
        if address not in self._addresses:
            self._addresses.append(address)
        return f"{shown} [{self._addresses.index(address) + 1}]"

    def footnotes(self) -> str:
        lines = []
        for number, address in enumerate(self._addresses, 1):
            lines.append(f"[{number}] {address}")
        return "\n".join(lines)


def _words(tokens: Iterable[Token], links: _Links) -> str:
    """Return the words of one paragraph; bold gets asterisks, other emphasis no marks."""
    words = ""
    address = ""
    link_start = 0
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                words += token.content
            case "softbreak":
                words += " "
            case "hardbreak":
                words += "\n"
            case "strong_open" | "strong_close":
                words += "*"
            case "link_open":
                link_start = len(words)
                address = str(token.attrGet("href") or "").removeprefix(
                    "mailto:"
                )
            case "link_close":
                words = words[:link_start] + links.reference(
                    words[link_start:], address
                )
    return words


class _Blocks:
    """Lays out the blocks of one text. Lists and quotes put a prefix before each line of the blocks
    inside them.
    """

    def __init__(self) -> None:
        self.text = ""
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
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                start = token.attrGet("start")
                self._numbers.append(1 if start is None else int(start))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._previous_tight = self._previous_tight and bool(
                    self._numbers
                )
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
        columns = WIDTH - width(rest)
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
