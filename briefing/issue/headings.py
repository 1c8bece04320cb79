"""Find and escape headings in Markdown texts: the texts of an issue file must not contain any."""

import re

# A quick test: most texts can't contain a heading, and aren't parsed.
_MAY_BE_HEADING = re.compile(r"#|^[ \t>*+\-0-9.)]*(?:=+|-+)[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"#{1,6}(?=[ \t]|$)|=+[ \t]*$|-+[ \t]*$")


def split_heading(line: str) -> tuple[int, str] | None:
    """Return the level and the words of a heading in an issue file: one to three # at the very
    start, then a space.

    None for any other line.
    """
    words = line.lstrip("#")
    level = len(line) - len(words)
    is_heading = 1 <= level <= 3 and words[:1] in {"", " ", "\t"}
    return (level, words.strip(" \t")) if is_heading else None


def find_heading(text: str) -> int | None:
    """Return the index of the first line of Markdown source that is a heading, or turns the line
    above into one.
    """
    if not _MAY_BE_HEADING.search(text):
        return None
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only texts that may contain a heading need the parser

    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type == "heading_open" and token.map:
            first, end = token.map
            is_underlined = token.markup in {"=", "-"}
            return end - 1 if is_underlined else first
    return None


def escape_headings(text: str) -> str:
    r"""Return Markdown source without anything that a Markdown reader, or an issue file, takes for a
    heading.

    `### so` becomes `\### so`, and the `---` below a line of text `\---`; other text is returned as
    it is.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if split_heading(
            line
        ):  # also in a block of code, which the issue file doesn't know
            lines[number] = rf"\{line}"
    while (found := find_heading("\n".join(lines))) is not None:
        line = lines[found]
        mark = _MARK.search(line)
        assert mark, "markdown-it found a heading where there is no mark of one"
        lines[found] = rf"{line[: mark.start()]}\{line[mark.start() :]}"
    return "\n".join(lines)
