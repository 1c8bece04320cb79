"""Bold and italic words as they are written in chats: *bold* and _italic_."""

import re
from dataclasses import replace

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.emphasis import Emphasis

_BOLD = "*"
# "*bold*" and "_italic_", but neither "snake_case_word" nor "2*3*4".
_MARKED = re.compile(
    r"(?<![^\s(\"'“«])(?P<mark>[*_])(?P<words>[^\s*_](?:[^*_]{0,300}[^\s*_])?)(?P=mark)(?!\w)"
)


def without_chat_marks(paragraph: Paragraph) -> Paragraph:
    """Return a paragraph of a chat without these marks, and with what they emphasise."""
    lines, emphases = zip(*map(_read, paragraph.lines), strict=True)
    return replace(
        paragraph,
        lines=lines,
        emphases=emphases,
    )


def _read(line: str) -> tuple[str, tuple[Emphasis, ...]]:
    pieces: list[str] = []
    emphases: list[Emphasis] = []
    length = end = 0
    for match in _MARKED.finditer(line):
        before = line[end : match.start()]
        words = match["words"]
        start = length + len(before)
        length = start + len(words)
        is_bold = match["mark"] == _BOLD
        emphases.append(
            Emphasis(
                start,
                length,
                is_bold=is_bold,
                is_italic=not is_bold,
            )
        )
        pieces += [before, words]
        end = match.end()
    return "".join([*pieces, line[end:]]), tuple(emphases)
