"""Read what a colleague sent by email: links, or an article, and the colleague's own words about it. No
I/O.

The colleague's name and address don't get into an item; they belong in the note.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.cleaning.forwarded import (
    first_header,
    without_headers,
    without_quoting,
)
from briefing.collecting.brief.cleaning.pasted_lines import (
    PastedLine,
    lines_of,
    paragraphs_of,
)
from briefing.collecting.brief.model import Brief
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.mail import take_apart
from briefing.collecting.documents.read import read_document
from briefing.collecting.documents.source_file import SourceFile
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.literal import URL
from briefing.errors import BriefingError

from .brief_intake import brief_in

FILES = (".eml", ".docx", ".odt", ".rtf", ".md", ".txt", ".html", ".htm")
"""Endings of the attached files that are read. Others, such as pictures, aren't."""
MOST_WORDS = 60
"""Beside links. A text with more words is itself the article."""
MOST_LINKS = 20
"""A text with more links is a brief."""
LONGEST_WORDS = 500
"""Characters of the colleague's words that are kept."""
_SIGNATURE = "--"
_MOST_IN_SIGNATURE = 15
"""Lines."""
_PHONE = re.compile(
    r"(?:"
    r"sent (?:from|via|with) .{1,60}|get outlook for .{1,20}"
    r"|gesendet (?:von|mit) .{1,60}|(?:diese nachricht wurde )?von meine[mr] .{1,40} (?:aus )?gesendet"
    r"|outlook für .{1,20} (?:beziehen|herunterladen)"
    r"|.{1,40}(?:'|’)?[dt][ae]n gönderildi|.{1,20} için outlook(?:'|’)?u (?:edinin|alın)"
    r"|(?:从|從|自)我的 ?.{1,20}(?:发送|傳送|發送)|(?:发自|發自)我的 ?.{1,20}|获取 ?outlook for .{1,20}"
    r")[.。]?",
    re.IGNORECASE,
)
"""A line that mail apps, mostly on phones, put below what someone writes."""
_SUBJECT_MARK = re.compile(
    r"(?:fwd?|re|wg|aw|tr|rv|enc|ilt|i̇lt|ynt|sv|vs|vb|转发|轉寄|答复|回复) ?[:：]\s*",
    re.IGNORECASE,
)
"""What mail apps put in front of the subject of an email that is forwarded or answered."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent an email. The name may be empty."""

    address: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailedContent:
    """What an email contains."""

    words: str = ""
    """The colleague's own words, on one line."""
    links: tuple[str, ...] = ()
    """To be collected."""
    briefs: tuple[Brief, ...] = ()
    """The articles in it: its text, and each attached document."""
    unread: tuple[str, ...] = ()
    """Why attached documents couldn't be read, a line for each."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to collect, and nothing that couldn't be read."""
        return not (self.links or self.briefs or self.unread)


def understand_mail(data: bytes, sender: Sender, subject: str) -> MailedContent:
    """Read an email in this process. Raises BriefingError if it can't be read."""
    apart = take_apart(SourceFile(data, "mail.eml"))
    files, unread = _attached(apart.files)
    own, forwarded = _split(apart.own, sender)
    own_text = _Text.of(own)
    links = [] if own_text.is_long else list(own_text.links)
    briefs = [_brief(own, subject)] if own_text.is_long else []
    for document in (forwarded, *apart.mails, *files):
        text = _Text.of(document)
        if text.is_long or not text.links:
            briefs.append(_brief(document, subject))
        else:
            links += text.links
    return MailedContent(
        own_text.remark,
        tuple(dict.fromkeys(links)),
        tuple(brief for brief in briefs if brief.items),
        tuple(unread),
    )


def own_words(data: bytes, sender: Sender) -> str:
    """Return a short text that the sender wrote, without their name, their signature, what they quote
    and links; "" for a long one. Raises BriefingError if the email can't be read.
    """
    apart = take_apart(SourceFile(data, "mail.eml"))
    own, _ = _split(apart.own, sender)
    return _Text.of(own).remark


def _attached(
    files: Iterable[tuple[str, bytes]],
) -> tuple[list[Document], list[str]]:
    """Return the attached documents, and why others couldn't be read."""
    documents: list[Document] = []
    unread: list[str] = []
    for name, data in files:
        if not name.lower().endswith(FILES):
            continue
        try:
            documents.append(read_document(data, name))
        except BriefingError as error:
            unread.append(f"{name}: {error}")
    return documents, unread


# --- The colleague's own text, and what is forwarded below it


def _split(document: Document, sender: Sender) -> tuple[Document, Document]:
    """Return an email's own text, without its signature and the sender's name, and the text that is
    forwarded in it.
    """
    numbered = [
        replace(paragraph, number=number)
        for number, paragraph in enumerate(document.paragraphs)
    ]
    lines = list(lines_of(numbered))
    place = first_header(lines)
    end = len(lines) if place is None else place
    own = list(_without_sender(_without_signature(lines[:end]), sender))
    forwarded = lines[end:]
    first = forwarded[0].paragraph.number if forwarded else len(numbered) + 1
    forwarded = without_headers(without_quoting(forwarded, []), [])
    return (
        _document(own, document, range(first)),
        _document(forwarded, document, range(first, len(numbered) + 1)),
    )


def _without_signature(lines: Sequence[PastedLine]) -> Sequence[PastedLine]:
    lines = [line for line in lines if not _PHONE.fullmatch(line.text[:101])]
    start = max(0, len(lines) - _MOST_IN_SIGNATURE)
    for place in range(start, len(lines)):
        if lines[place].text == _SIGNATURE:
            return lines[:place]
    return lines


def _without_sender(
    lines: Iterable[PastedLine], sender: Sender
) -> Iterator[PastedLine]:
    """Yield the lines that don't name the sender."""
    whole = fold(sender.name)
    names = {whole, *whole.split()} - {""}
    address = fold(sender.address)
    for line in lines:
        text = fold(line.text)
        has_address = bool(address) and address in text
        is_name = text.strip(" .,!–—-") in names
        if not (has_address or is_name):
            yield line


def _document(
    lines: Sequence[PastedLine], whole: Document, part: range
) -> Document:
    """Return the lines as a document, with the pictures that a part of the whole has."""
    paragraphs = list(paragraphs_of(lines))
    numbers = [paragraph.number for paragraph in paragraphs]
    pictures = [
        replace(picture, place=bisect_left(numbers, picture.place))
        for picture in whole.pictures
        if paragraphs and picture.place in part
    ]
    return Document(paragraphs, pictures)


# --- Links or an article


@dataclass(frozen=True, slots=True)
class _Text:
    """What a text consists of: words beside links, line by line, and links to the web."""

    words: tuple[str, ...]
    links: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> "_Text":
        lines = list(lines_of(clean(document.paragraphs).paragraphs))
        words = [URL.sub("", line.text).strip() for line in lines]
        links = [
            address
            for line in lines
            for _, address in line.links
            if URL.match(address)
        ]
        return cls(tuple(filter(None, words)), tuple(dict.fromkeys(links)))

    @property
    def is_long(self) -> bool:
        """Whether the text itself is an article or a brief."""
        count = sum(len(words.split()) for words in self.words)
        return count > MOST_WORDS or len(self.links) > MOST_LINKS

    @property
    def remark(self) -> str:
        """The words on one line; "" for a long text."""
        return "" if self.is_long else " ".join(self.words)[:LONGEST_WORDS]


def _brief(document: Document, subject: str) -> Brief:
    """Return the brief in a document. An article without a headline has the email's subject."""
    brief = brief_in(document, "mail")
    if len(brief.items) == 1 and not brief.items[0].item.heading:
        (parsed,) = brief.items
        item = replace(parsed.item, heading=without_marks(subject))
        return replace(brief, items=[replace(parsed, item=item)])
    return brief


def without_marks(subject: str) -> str:
    """Return a subject without the marks of answering and forwarding."""
    rest = subject.strip()
    while mark := _SUBJECT_MARK.match(rest):
        rest = rest[mark.end() :]
    return rest
