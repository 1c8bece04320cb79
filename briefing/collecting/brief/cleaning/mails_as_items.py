"""Make items of several emails of publishers: the subject is the headline, the sender the source."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from briefing.collecting.brief.lines.addresses import without_addresses
from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold
from briefing.issue.links import unsafe_reason

from .chat_senders import hosts_in, is_publisher
from .forwarded import header_of, mail_heads
from .pasted_lines import PastedLine, PastedLines, with_words

_LEAST = 2
_FIELDS = ("mail_subject", "mail_from", "mail_date")
"""In the order in which they begin an item."""
_KEPT_WHOLE = ("mail_subject", "mail_date")

_Head = Mapping[int, str]
"""The places of the lines of an email's header, one below the other, with the fields in them that are kept."""


def with_mails_as_items(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Lines with the subjects, publishers and dates of emails instead of their headers; the same lines unless each
    email is about one page, and at least half of the senders are publishers. Nobody else's name is kept.
    """
    heads = [
        {place: _field_of(lines[place]) for place in places}
        for places in mail_heads(lines)
    ]
    starts = [min(head) for head in heads]
    places = pairwise([*starts, len(lines)])
    mails = [lines[start:end] for start, end in places]
    hosts = hosts_in(lines)
    if not _are_items(heads, mails, hosts):
        return lines
    result = lines[: starts[0]]
    for head, mail in zip(heads, mails, strict=True):
        result += _beginning(head, lines, hosts)
        result += mail[len(head) :]
        left_out += [
            lines[place].text
            for place, field in head.items()
            if field not in _KEPT_WHOLE
        ]
    return result


def _is_about_one_page(mail: PastedLines) -> bool:
    addresses = {address for line in mail for _, address in line.links}
    pages = [address for address in addresses if not unsafe_reason(address)]
    return len(pages) <= 1


def _field_of(line: PastedLine) -> str:
    """Which of the fields that are kept a line of a header is; "" for others."""
    name, _ = header_of(line.text)
    return next((field for field in _FIELDS if name in words(field)), "")


def _are_items(
    heads: Sequence[_Head], mails: Sequence[PastedLines], hosts: str
) -> bool:
    """Whether several emails have different subjects, each is about one page, and most come from publishers."""
    if len(heads) < _LEAST or not all(map(_is_about_one_page, mails)):
        return False
    subjects: set[str] = set()
    publishers = 0
    for head, mail in zip(heads, mails, strict=True):
        for field, line in zip(head.values(), mail, strict=False):
            if field == "mail_subject":
                subjects.add(fold(_value(line)))
            elif field == "mail_from":
                publishers += bool(_publisher(line, hosts))
    return len(subjects) == len(heads) and publishers * 2 >= len(heads)


def _beginning(head: _Head, lines: PastedLines, hosts: str) -> PastedLines:
    """The lines with which the item of an email begins."""
    kept = filter(head.get, head)
    found: PastedLines = []
    for place in sorted(kept, key=lambda place: _FIELDS.index(head[place])):
        line = lines[place]
        is_sender = head[place] == "mail_from"
        value = _publisher(line, hosts) if is_sender else _value(line)
        if value:
            found.append(with_words(line, value, begins=not found))
    return found


def _value(line: PastedLine) -> str:
    return header_of(line.text)[1]


def _publisher(line: PastedLine, hosts: str) -> str:
    """The sender's name, without the address, if it is a publisher's; "" for others."""
    name = without_addresses(_value(line)).strip(' <>()[]"')
    return name if name and is_publisher(name.split(), hosts) else ""
