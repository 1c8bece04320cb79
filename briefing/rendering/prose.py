"""The texts of an issue, which are Markdown, as HTML and as plain text.

Raw HTML and pictures are switched off: what looks like them is shown as it was typed. Only web and mail addresses are
linked; any other stays text.
"""

import os.path
import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from briefing.issue.links import unsafe
from briefing.languages import Language
from briefing.rendering import plain


def _may_be_linked(url: str) -> bool:
    return url.lower().startswith("mailto:") or not unsafe(url)


def parser() -> MarkdownIt:
    """The Markdown of texts, also for those who only look at them."""
    # Deeper quotes than maxNesting would be left out without a word.
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    # Code blocks, too: what people indent is a paragraph to them, and no mail program wraps preformatted lines alike.
    markdown.disable(["image", "heading", "lheading", "code", "fence"])
    markdown.validateLink = _may_be_linked  # type: ignore[method-assign]
    return markdown


_MARKDOWN = parser()


def _parsed(source: str) -> list[Token]:
    tokens = _MARKDOWN.parse(source)
    for token in tokens:
        token.children = list(_without_empty_links(token.children or ()))
    return tokens


def _without_empty_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """`[words]()` is a link to nowhere in Markdown, which no mail may hold; its words stay."""
    empty = False
    for token in tokens:
        if token.type == "link_open":
            empty = not token.attrGet("href")
        if not (empty and token.type in {"link_open", "link_close"}):
            yield token


def html(text: str, language: Language) -> Markup:
    """Markdown source as HTML blocks."""
    tokens = _parsed(text)
    for token in _inline(tokens):
        if token.type == "text":
            token.content = language.isolated(token.content)
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704  # markdown-it escapes all text


def text(source: str, language: Language) -> str:
    """Markdown source as plain text in lines: links numbered, their addresses below, each on a line of its own."""
    return _PlainText(language).render(_parsed(source))


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    return (child for token in tokens if token.type == "inline" for child in token.children or ())


class _PlainText:
    """Goes through the tokens of one text once; lists and quotes set what leads each line."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.written = ""
        self.links: list[str] = []
        self.leads: list[tuple[str, str]] = []
        """(what leads a block's first line, what leads the others), outermost first."""
        self.was_rest = ""
        """What led the lines of the block before."""
        self.numbers: list[int | None] = []
        self.tight = self.was_tight = False
        """Whether this block, and the one before it, stand in a list without blank lines."""

    def render(self, tokens: Sequence[Token]) -> str:  # noqa: C901  # one case a kind of token
        for token in tokens:
            match token.type:
                case "inline":
                    self.add(self.words(token.children or []))
                case "hr":
                    self.tight = False
                    self.add("* * *")
                case "bullet_list_open":
                    self.numbers.append(None)
                case "ordered_list_open":
                    start = token.attrGet("start")
                    self.numbers.append(1 if start is None else int(start))
                case "bullet_list_close" | "ordered_list_close":
                    self.numbers.pop()
                    self.was_tight = self.was_tight and bool(self.numbers)
                case "list_item_open":
                    self.leads.append(self.item_lead())
                case "blockquote_open":
                    self.leads.append(("> ", "> "))
                case "list_item_close" | "blockquote_close":
                    self.leads.pop()
                case "paragraph_open":
                    self.tight = token.hidden
                case _:
                    pass
        addresses = "\n".join(f"[{number}] {address}" for number, address in enumerate(self.links, 1))
        return "\n\n".join(filter(None, (self.written, addresses)))

    def item_lead(self) -> tuple[str, str]:
        number = self.numbers[-1]
        if number is None:
            return ("- ", "  ")
        self.numbers[-1] = number + 1
        mark = f"{number}. "
        return (mark, " " * len(mark))

    def add(self, words: str) -> None:
        first = "".join(lead for lead, _ in self.leads)
        rest = "".join(lead for _, lead in self.leads)
        room = plain.WIDTH - plain.width(rest)
        lines = [line for one in words.split("\n") for line in plain.wrap(one, columns=room).split("\n")]
        if self.written:
            # The blank line between two blocks of one quote belongs to it.
            quote = os.path.commonprefix([rest, self.was_rest]).rstrip()  # noqa: RUF071  # of characters is meant
            self.written += "\n" if self.tight and self.was_tight else f"\n{quote}\n"
        self.written += "\n".join((first if number == 0 else rest) + line for number, line in enumerate(lines))
        self.was_tight, self.was_rest = self.tight, rest
        # The mark of a list item leads its first block alone.
        self.leads = [(rest, rest) for _, rest in self.leads]

    def words(self, tokens: Sequence[Token]) -> str:
        words = ""
        for token in tokens:
            match token.type:
                case "text":
                    words += self.language.isolated(token.content)
                case "code_inline":
                    words += token.content
                case "softbreak":
                    words += " "
                case "hardbreak":
                    words += "\n"
                case "strong_open" | "strong_close":
                    words += "*"
                case "link_open":
                    start = len(words)
                    address = str(token.attrGet("href") or "").removeprefix("mailto:")
                case "link_close":
                    words = words[:start] + self.link(words[start:], address)
                case _:
                    pass  # emphasis has no sign of its own in plain text
        return words

    def link(self, shown: str, address: str) -> str:
        """What stands for a link within its text: `words [1]`; an address shown as itself stays so."""
        bare = re.sub(r"[\u2066-\u2069]", "", shown)
        if bare == address:
            return address
        if address not in self.links:
            self.links.append(address)
        return f"{shown} [{self.links.index(address) + 1}]"
