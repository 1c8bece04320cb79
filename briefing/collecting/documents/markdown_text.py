"""Markdown (.md), by markdown-it: CommonMark with tables, struck-out text and footnotes."""

import re
from dataclasses import replace

from markdown_it import MarkdownIt

from briefing.collecting.text.hosts import with_scheme
from briefing.errors import BriefingError

from .asides import note_of
from .document import MOST_CHARACTERS, TOO_LONG, Document, decode_brief
from .html import read_html
from .source_file import SourceFile

_RULE = "---"
_PROPERTY = re.compile(r"[\w-]{1,40} ?:|[ \t]|- |#")
"""A property, or the further lines of one."""
_MOST_PROPERTIES = 60
_PROPERTIES = "the properties above the text"
_ENDINGS = (".md", ".markdown")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\]:[ \t]*(\S.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")


class _Parser(MarkdownIt):
    """Completes links to hosts, which would otherwise lead to files: [Harbour Post](example.org)."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # markdown-it's name
        return super().normalizeLink(with_scheme(url))


def recognises(source: SourceFile) -> bool:
    """Recognise Markdown by the file's name: its text could be any text."""
    return source.archive is None and source.name.lower().endswith(_ENDINGS)


def read(source: SourceFile) -> Document:
    """Read Markdown and the pictures beside it. Raises BriefingError if it isn't text or is too long
    for a brief.
    """
    text = decode_brief(source.data)
    if len(text) > MOST_CHARACTERS:
        raise BriefingError(TOO_LONG)
    properties, text = _split_properties(text)
    # Editors end lines where they mean line ends.
    parser = _Parser("commonmark", {"breaks": True})
    parser.enable(["table", "strikethrough"])
    page = parser.render(_with_footnotes_in_place(text))
    document = read_html(page, source.picture_beside)
    left_out = [note_of(_PROPERTIES, properties)] if properties else []
    return replace(document, left_out=[*left_out, *document.left_out])


def _split_properties(text: str) -> tuple[str, str]:
    """Split the properties off that programs for websites read above a text, between two rules: "title: …"; "" if there
    are none.
    """
    first, *lines = text.splitlines() or [""]
    if first.rstrip() != _RULE:
        return "", text
    for place, line in enumerate(lines[:_MOST_PROPERTIES]):
        if line.rstrip() == _RULE:
            return "\n".join(lines[:place]), "\n".join(lines[place + 1 :])
        if line.strip() and not _PROPERTY.match(line):
            return "", text
    return "", text


def _with_footnotes_in_place(text: str) -> str:
    """Move each footnote to the line below the one that refers to it. Those that nothing refers to
    stay.
    """
    notes: dict[str, str] = {}
    lines: list[str] = []
    referred = set(_REFERENCE.findall(text))
    for line in text.splitlines():
        note = _FOOTNOTE.fullmatch(line)
        if note and note[1] in referred and note[1] not in notes:
            notes[note[1]] = note[2]
        else:
            lines.append(line)
    return "\n".join(_with_notes(line, notes) for line in lines)


def _with_notes(line: str, notes: dict[str, str]) -> str:
    below: list[str] = []

    def take_out(reference: re.Match[str]) -> str:
        note = notes.pop(reference[1], None)
        if note is None:
            return reference[0]
        below.append(note)
        return ""

    line = _REFERENCE.sub(take_out, line)
    return "\n".join([line, *below])
