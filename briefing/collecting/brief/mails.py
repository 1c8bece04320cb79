"""Make items of several mails of publishers: the subject is the headline, the sender the source."""

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

from briefing.collecting.brief.addresses import without_addresses
from briefing.collecting.brief.forwarded import header_of, mail_heads
from briefing.collecting.brief.message_lines import (
    MessageLine,
    MessageLines,
    with_words,
)
from briefing.collecting.brief.senders import hosts_in, is_publisher
from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold
from briefing.issue.links import unsafe_reason

_LEAST = 2
_FIELDS = ("mail_subject", "mail_from", "mail_date")
"""In the order in which they begin an item."""


def with_mails_as_items(
    lines: MessageLines, left_out: list[str]
) -> MessageLines:
    """Lines with the subjects, publishers and dates of mails instead of their headers; the same lines unless each mail
    is about one page, and at least half of the senders are publishers. Nobody else's name is kept.
    """
    heads = {
        places[0]: {n: _field_of(lines[n]) for n in places}
        for places in mail_heads(lines)
    }
    mails = [lines[start:end] for start, end in pairwise([*heads, len(lines)])]
    are_about_one = all(map(_is_about_one_page, mails))
    if not are_about_one:
        return lines
    if not _are_items(list(heads.values()), lines):
        return lines
    return _with_beginnings(heads, lines, left_out)


def _with_beginnings(
    heads: Mapping[int, Mapping[int, str]],
    lines: MessageLines,
    left_out: list[str],
) -> MessageLines:
    """Lines with the beginnings of items instead of the headers, whose lines begin at the places `heads`."""
    hosts = hosts_in(lines)
    result: MessageLines = []
    taken = set(chain.from_iterable(heads.values()))
    for place, line in enumerate(lines):
        if place in heads:
            result += _beginning(heads[place], lines, hosts)
        if place not in taken:
            result.append(line)
        elif _field_of(line) not in {"mail_subject", "mail_date"}:
            left_out.append(line.text)
    return result


def _is_about_one_page(mail: MessageLines) -> bool:
    addresses = {address for line in mail for _, address in line.links}
    pages = [address for address in addresses if not unsafe_reason(address)]
    return len(pages) <= 1


def _field_of(line: MessageLine) -> str:
    """Which of the fields that are kept a line of a header is; "" for others."""
    name, _ = header_of(line.text)
    return next((field for field in _FIELDS if name in words(field)), "")


def _are_items(heads: Sequence[Mapping[int, str]], lines: MessageLines) -> bool:
    """Whether mails have different subjects, and most come from publishers."""
    hosts = hosts_in(lines)
    found = [
        (field, lines[n]) for fields in heads for n, field in fields.items()
    ]
    senders = [line for field, line in found if field == "mail_from"]
    titles = [line for field, line in found if field == "mail_subject"]
    subjects = {fold(_value(line)) for line in titles}
    publishers = sum(bool(_publisher(line, hosts)) for line in senders)
    is_each = len(subjects) == len(heads) >= _LEAST
    return is_each and publishers * 2 >= len(heads)


def _beginning(
    fields: Mapping[int, str], lines: MessageLines, hosts: str
) -> MessageLines:
    """The lines with which the item of a mail begins."""
    ordered = sorted(
        fields, key=lambda n: _FIELDS.index(fields[n] or "mail_date")
    )
    found: MessageLines = []
    for n in filter(fields.get, ordered):
        is_sender = fields[n] == "mail_from"
        value = _publisher(lines[n], hosts) if is_sender else _value(lines[n])
        if value:
            found.append(with_words(lines[n], value, begins=not found))
    return found


def _value(line: MessageLine) -> str:
    return header_of(line.text)[1]


def _publisher(line: MessageLine, hosts: str) -> str:
    """The sender's name, without the address, if it is a publisher's; "" for others."""
    name = without_addresses(_value(line)).strip(' <>()[]"')
    return name if name and is_publisher(name.split(), hosts) else ""
