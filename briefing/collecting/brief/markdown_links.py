"""Turn the links of Markdown that was pasted as plain text into links: "[Headline](https://…)"."""

import re
from dataclasses import replace

from briefing.collecting.brief.message_lines import MessageLine, MessageLines
from briefing.collecting.text.hosts import with_scheme
from briefing.collecting.text.literal import Link, bare_links
from briefing.issue.links import unsafe_reason

_LINK = re.compile(
    r"(?<!!)\[(?P<words>[^\[\]]{1,300})\]\(<?(?P<address>[^\s()<>]{1,2000}(?:\([^\s()]*\))?)>?\)"
)
_EMPHASIS = "*_` "


def with_markdown_links(
    lines: MessageLines, _left_out: list[str]
) -> MessageLines:
    """Lines in which each Markdown link is its words, and leads where it led."""
    return list(map(_with_links, lines))


def _with_links(line: MessageLine) -> MessageLine:
    if any("://" not in words for words, _ in line.links):
        # The program that it was copied from knew its links.
        return line
    words: list[str] = []
    links: list[Link] = []
    end = 0
    for match in _LINK.finditer(line.text):
        address = with_scheme(match["address"])
        if unsafe_reason(address):
            continue
        between = line.text[end : match.start()]
        label = match["words"].strip(_EMPHASIS)
        words += [between, label]
        links += [*bare_links(between), (label, address)]
        end = match.end()
    if not end:
        return line
    rest = line.text[end:]
    text = "".join([*words, rest])
    return replace(
        line,
        raw=text,
        text=text,
        links=(*links, *bare_links(rest)),
        emphases=(),
    )
