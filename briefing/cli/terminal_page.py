"""Lay out a page of the documentation for a terminal: wrapped, with tables in columns, and without styles,
which not every pager shows.
"""

import re
import textwrap
from collections.abc import Iterator

import click
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, ImageItem, Markdown
from rich.text import Text

MARGIN = 2
"""Columns before an example, if there is room for them: help texts fill all 80."""
NARROWEST = 20
"""Columns that a second column needs beside the first."""
HANGING = " " * 6
"""Before a second column that is below the first."""

_SECOND_COLUMN = re.compile(r"( {8,}|\s*\S.*?\s{2,})(# )?(?=\S)")
"""What is before the second column in an example, `briefing send    # rehearse`, or in a line that
continues it.
"""


def lay_out(markdown: str, width: int) -> str:
    """Return a page as lines of at most `width` columns; only examples without a second column may be wider."""
    console = Console(width=width)
    with console.capture() as captured:
        console.print(_Page(markdown, hyperlinks=False), crop=False)
    lines = map(str.rstrip, click.unstyle(captured.get()).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def wrap_second_column(line: str, width: int) -> str:
    """Return a line of an example with its second column wrapped below itself, or below the first if there
    is too little room beside it.

    A line without a second column stays whole: it may be something to copy.
    """
    match = _SECOND_COLUMN.match(line)
    if len(line) <= width or not match:
        return line
    first, mark = match[1], match[2] or ""
    has_room = width - match.end() >= NARROWEST
    start = first if has_room else f"{first.rstrip()}\n{HANGING}"
    indent = " " * len(first) if has_room else HANGING
    wrapped = textwrap.fill(
        line[match.end() :],
        width,
        initial_indent=f"{indent}{mark}",
        subsequent_indent=f"{indent}{mark}",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return start + wrapped.removeprefix(indent)


class _Code(CodeBlock):
    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        width = options.max_width
        lines = str(self.text).rstrip().split("\n")
        has_room = max(map(len, lines)) + MARGIN <= width
        margin = " " * MARGIN if has_room else ""
        for line in lines:
            wrapped = margin + wrap_second_column(line, width)
            yield Text(wrapped, no_wrap=True, overflow="ignore")


class _Heading(Heading):
    """A heading, underlined if it is that of the page or of a section."""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Text]:
        yield self.text
        rule = {"h1": "═", "h2": "─"}.get(self.tag, "")
        if rule:
            yield Text(rule * self.text.cell_len)


class _Picture(ImageItem):
    """A picture, by its description."""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Text]:
        yield Text.assemble("[Picture: ", self.text, "]", end="")


class _Page(Markdown):
    elements = Markdown.elements | {
        "code_block": _Code,
        "fence": _Code,
        "heading_open": _Heading,
        "image": _Picture,
    }
