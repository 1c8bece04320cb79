"""Recognise the signature of the person who forwarded an email, between their own words and the email."""

from collections.abc import Sequence

from briefing.collecting.brief.lines.footers import classify_footer
from briefing.collecting.brief.lines.marks import list_item
from briefing.collecting.brief.lines.sentences import ends_sentence

from .chat_senders import hosts_in, may_be_sender
from .forwarded import end_of_own_words
from .pasted_lines import PastedLine, PastedLines, without_lines

_LONGEST_SIGNATURE = 8
"""Lines."""
_LONGEST_IN_SIGNATURE = 80


def without_signature(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Remove the signature of the person who forwarded an email, directly above its header."""
    end = end_of_own_words(lines)
    if not end:
        return lines
    places = range(_start_of_signature(lines, end), end)
    return without_lines(places, lines, left_out)


def _start_of_signature(lines: Sequence[PastedLine], end: int) -> int:
    """The place of the first line of a signature above `end`, which itself is returned if there is none. What is longer
    than a signature may be a list of items.
    """
    start = end
    while start and _may_be_in_signature(lines[start - 1]):
        start -= 1
    if end - start > _LONGEST_SIGNATURE:
        return end
    hosts = hosts_in(lines)
    signed = (
        place
        for place in range(start, end)
        if _begins_signature(lines[place].text, hosts)
    )
    return next(signed, end)


def _may_be_in_signature(line: PastedLine) -> bool:
    """Whether a line can be a name, what a person does, or how to reach them."""
    if len(line.text) > _LONGEST_IN_SIGNATURE:
        return False
    if list_item(line.text):
        return False
    leads_elsewhere = any(
        not address.startswith("mailto:") for _, address in line.links
    )
    is_sign_off = classify_footer(line.text) is not None
    is_sentence = ends_sentence(line.text) and not is_sign_off
    return not leads_elsewhere and not is_sentence


def _begins_signature(text: str, hosts: str) -> bool:
    return classify_footer(text) is not None or may_be_sender(text, hosts)
