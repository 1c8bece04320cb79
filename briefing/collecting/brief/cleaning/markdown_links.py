"""Turn the links of Markdown that was pasted as plain text into links: "[Headline](https://…)", and "[Headline][key]"
with "[key]: https://…" elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import with_scheme
from briefing.collecting.text.literal import Link, bare_links
from briefing.issue.links import unsafe_reason

from .pasted_lines import PastedLine, PastedLines

# "[Ferry returns](https://…)", but not a picture, "![Map](https://…)".
# An address may end with brackets of its own.
_LINK = re.compile(
    r"(?<!!)\[(?P<words>[^\[\]]{1,300})\]\(<?(?P<address>[^\s()<>]{1,2000}(?:\([^\s()]*\))?)>?\)"
)
# "[key]: https://…", perhaps with a title in quotation marks behind it.
_DEFINITION = re.compile(
    r"\[(?P<key>[^\[\]]{1,300})\]: ?<?(?P<address>https?://[^\s<>]{1,2000})>?(?: [\"'(].{0,300})?"
)
# "[Ferry returns][key]", or "[Ferry returns]", whose words are the key.
_REFERENCE = re.compile(
    r"(?<!!)\[(?P<words>[^\[\]]{1,300})\](?:\[(?P<key>[^\[\]]{0,300})\])?(?![\[(:])"
)
# "[https://… Ferry returns]", "'''Ferry returns'''", "''Harbour Post''"
_WIKI_LINK = re.compile(
    r"\[(?P<address>https?://[^\s\[\]]{1,2000}) (?P<words>[^\[\]]{1,300})\]"
)
_WIKI_EMPHASIS = re.compile(
    r"(?P<mark>'{2,3}+)(?P<words>[^']{1,300}(?:'[^']{1,300}){0,5})(?P=mark)"
)
_EMPHASIS = "*_` "


def with_markdown_links(
    lines: PastedLines, _left_out: list[str]
) -> PastedLines:
    """Lines in which each Markdown link is its words, and leads where it led."""
    return list(map(_with_links, _with_references(lines)))


def _with_references(lines: PastedLines) -> PastedLines:
    """Lines in which the address of each link that is defined elsewhere is behind its words."""
    addresses: dict[str, str] = {}
    keys: list[str | None] = []
    used: set[str] = set()
    for line in lines:
        match = _DEFINITION.fullmatch(line.text)
        keys.append(fold(match["key"]) if match else None)
        if match:
            addresses[fold(match["key"])] = match["address"]
        else:
            used.update(map(_key_of, _REFERENCE.finditer(line.text)))
    return [
        _with_addresses(line, addresses)
        for line, key in zip(lines, keys, strict=True)
        if key not in used
    ]


def _key_of(reference: re.Match[str]) -> str:
    """What a reference is defined by: its key, or its words if they aren't only a number, as those of footnotes are."""
    key = reference["key"]
    words = reference["words"]
    return fold(key or ("" if key is None and words.isdecimal() else words))


def _with_addresses(
    line: PastedLine, addresses: Mapping[str, str]
) -> PastedLine:
    def with_address(match: re.Match[str]) -> str:
        address = addresses.get(_key_of(match))
        return f"[{match['words']}]({address})" if address else match[0]

    text = _REFERENCE.sub(with_address, line.text)
    if text == line.text:
        return line
    return replace(
        line,
        raw=text,
        text=text,
    )


def _without_wiki_marks(match: re.Match[str]) -> str:
    """Bold words as in Markdown, others without what emphasises them."""
    is_bold = len(match["mark"]) > 2
    return f"**{match['words']}**" if is_bold else match["words"]


def _with_links(line: PastedLine) -> PastedLine:
    if any("://" not in words for words, _ in line.links):
        # The program that it was copied from knew its links.
        return line
    whole = _WIKI_LINK.sub(r"[\g<words>](\g<address>)", line.text)
    whole = _WIKI_EMPHASIS.sub(_without_wiki_marks, whole)
    words: list[str] = []
    links: list[Link] = []
    end = 0
    for match in _LINK.finditer(whole):
        address = with_scheme(match["address"])
        if unsafe_reason(address):
            continue
        between = whole[end : match.start()]
        label = match["words"].strip(_EMPHASIS)
        words += [between, label]
        links += [*bare_links(between), (label, address)]
        end = match.end()
    if not end and whole == line.text:
        return line
    rest = whole[end:]
    text = "".join([*words, rest])
    return replace(
        line,
        raw=text,
        text=text,
        links=(*links, *bare_links(rest)),
        emphases=(),
    )
