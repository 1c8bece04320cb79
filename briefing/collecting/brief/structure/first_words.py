"""Find the words at the start of a line that stand out: in bold, or in capitals before a full stop or a dash."""

import re
from collections.abc import Iterable

from briefing.collecting.text.emphasis import Emphasis

# "**Ferries stop** Nobody came", "*Ferries stop* Nobody came"
_BOLD_LEAD = re.compile(
    r"(?P<mark>\*{1,2}|__)(?P<words>[^*_]{1,200})(?P=mark)(?=\s)"
)
# The end of a sentence, or the place before a dash: "FERRIES STOP – nobody came".
_STOP = re.compile(r"[.?!](?= )|(?= [–—-] )")
_LONGEST_LEAD = 250


def bold_start(line: str, emphases: Iterable[Emphasis]) -> str:
    """The words at the start of a line that are bold."""
    ends = [
        found.end for found in emphases if found.is_bold and not found.start
    ]
    return line[: ends[0]].strip() if ends else ""


def lead_of(plain: str, bold: str, marked: str) -> str:
    """The bold words at the start of a line, in a document or between asterisks, or its first words in capitals, if
    others follow.
    """
    asterisks = _BOLD_LEAD.match(marked)
    lead = asterisks["words"].strip() if asterisks else bold
    lead = lead or _capitals(plain)
    is_lead = plain.startswith(lead) and len(plain) > len(lead)
    return lead if is_lead else ""


def _capitals(plain: str) -> str:
    """The words in capitals, more than one, that a line begins with: whole sentences, or what is before a dash."""
    end = 0
    for stop in _STOP.finditer(plain[:_LONGEST_LEAD]):
        if not plain[: stop.start()].isupper():
            break
        end = stop.end()
    # A single word may be an abbreviation: "NATO. Nobody came."
    return plain[:end] if " " in plain[:end] else ""
