"""Find and escape headings in Markdown texts: the texts of an issue file must not contain any."""

import re
from collections.abc import Iterator

from briefing.text.shortening import shorten

# A quick test: most texts can't contain a heading, and aren't parsed.
_MAY_BE_HEADING = re.compile(
    r"#|^(?=[^\n]*[=-])[ \t>*+\-0-9.)]*+=*+[ \t]*+$", re.MULTILINE
)
_MARK = re.compile(r"#{1,6}(?=[ \t]|$)|(?<!=)=++[ \t]*+$|(?<!-)-++[ \t]*+$")
# Characters that can't be seen, or hardly, and the marks of quotes, lists and emphasis.
_UNSEEN = r"\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_HEADING_SLIP = re.compile(
    rf"(?P<before>[{_UNSEEN}>*_•+-]*+)(?P<marks>[#＃﹟]++)(?P<gap>[{_UNSEEN}]*+)(?P<words>.*[^\W_].*)",
    re.DOTALL,
)
_HTML_HEADING = re.compile(r"\s*<h[1-6][\s>]", re.IGNORECASE)


def split_heading(line: str) -> tuple[int, str] | None:
    """Return the level and the words of a heading in an issue file: one to three # at the very
    start, then a space.

    None for any other line.
    """
    words = line.lstrip("#")
    level = len(line) - len(words)
    is_heading = 1 <= level <= 3 and words[:1] in {"", " ", "\t"}
    return (level, words.strip(" \t")) if is_heading else None


def heading_slip(line: str) -> str:
    """Return what is wrong with a line that was meant as a heading, but isn't one; empty for any
    other line.

    A single mark that touches a word is a hashtag.
    """
    if _HTML_HEADING.match(line):
        return "readers would see this heading as text: HTML isn't supported; write '### ' and the headline"
    slip = _HEADING_SLIP.match(line)
    if not slip or split_heading(line):
        return ""
    if len(slip["marks"]) == 1 and (
        not slip["gap"] or _visible(slip["before"])
    ):
        return ""
    return f"readers would see this heading as text: {_reason(slip)}; {_advice(slip)}"


def _advice(slip: re.Match[str]) -> str:
    """Return how to write a heading that isn't one, and how to keep it as text."""
    level = len(slip["marks"])
    marks = "##" if level == 2 else "###"  # a single # is the title
    words = slip["words"].strip()
    if slip["before"]:
        words = words.rstrip("*_")
    advice = f"write '{marks} {shorten(words, 24)}' at the start of the line"
    if set(slip["marks"]) == {"#"}:
        advice += f"; if it is text, put a backslash before {slip['marks']}"
    return advice


def _reason(slip: re.Match[str]) -> str:
    """Return why a line isn't a heading."""
    marks = slip["marks"]
    if set(marks) != {"#"}:
        return f"'{marks}' aren't ordinary # marks"
    if slip["before"]:
        what = _visible(slip["before"])
        named = f"'{what}'" if what else "a space or tab"
        return f"there is {named} before {marks}"
    if len(marks) > 3:
        return f"{marks} has more than three #"
    if slip["gap"]:
        return f"the space after {marks} isn't an ordinary one"
    return f"there is no space after {marks}"


def _visible(characters: str) -> str:
    return re.sub(rf"[{_UNSEEN}]", "", characters)


def find_headings(text: str) -> Iterator[int]:
    """Yield the index of each line of Markdown source that is a heading, or turns the line above
    into one.
    """
    if not _MAY_BE_HEADING.search(text):
        return
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only texts that may contain a heading need the parser

    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type == "heading_open" and token.map:
            first, end = token.map
            is_underlined = token.markup in {"=", "-"}
            yield end - 1 if is_underlined else first


def escape_headings(text: str) -> str:
    r"""Return Markdown source without anything that a Markdown reader, or an issue file, takes for a
    heading.

    `### so` becomes `\### so`, and the `---` below a line of text `\---`; other text is returned as
    it is.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if split_heading(line):
            # Also in a block of code, which the issue file doesn't know.
            lines[number] = rf"\{line}"
    while found := list(find_headings("\n".join(lines))):
        last = found[0]
        for number in found:
            # Without a heading, the lines below it are another paragraph, up to a blank one.
            if number == last or "" in map(str.strip, lines[last:number]):
                lines[number] = _escape(lines[number])
                last = number
    return "\n".join(lines)


def _escape(line: str) -> str:
    mark = _MARK.search(line)
    assert mark, "markdown-it found a heading where there is no mark of one"
    return rf"{line[: mark.start()]}\{line[mark.start() :]}"
