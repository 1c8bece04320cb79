"""Read what a person wrote in an email. No I/O."""

import re
from collections.abc import Sequence

from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.cleaning.forwarded import first_header
from briefing.collecting.brief.cleaning.pasted_lines import (
    PastedLine,
    lines_of,
    paragraphs_of,
)
from briefing.collecting.documents.mail import read_without_attached
from briefing.collecting.documents.source_file import SourceFile
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.literal import URL

MOST_WORDS = 60
"""A text with more words is an article, or an email of some other kind."""
MOST_LINKS = 20
LONGEST_WORDS = 500
"""Characters that are returned."""
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


def own_words(data: bytes, sender: str) -> str:
    """Return a short text that the sender wrote, without lines with their address, their signature, what
    they quote and links; "" for a long one. Raises BriefingError if the email can't be read.
    """
    document = read_without_attached(SourceFile(data, "mail.eml"))
    lines = list(lines_of(document.paragraphs))
    own = _without_signature(lines[: first_header(lines)])
    address = fold(sender)
    if address:
        own = [line for line in own if address not in fold(line.text)]
    cleaned = list(lines_of(clean(list(paragraphs_of(own))).paragraphs))
    words = " ".join(URL.sub("", line.text) for line in cleaned).split()
    links = {
        target
        for line in cleaned
        for _, target in line.links
        if URL.match(target)
    }
    if len(words) > MOST_WORDS or len(links) > MOST_LINKS:
        return ""
    return " ".join(words)[:LONGEST_WORDS]


def _without_signature(lines: Sequence[PastedLine]) -> Sequence[PastedLine]:
    lines = [line for line in lines if not _PHONE.fullmatch(line.text[:101])]
    start = max(0, len(lines) - _MOST_IN_SIGNATURE)
    for place in range(start, len(lines)):
        if lines[place].text == _SIGNATURE:
            return lines[:place]
    return lines
