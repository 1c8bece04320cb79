"""Find a photo's credit in its caption. Labels and agencies' names are in data/credits.toml."""

import re
from collections.abc import Sequence

from briefing.collecting.text.wordlists import any_of, lines, load_data

_TABLE = load_data(__file__, "credits")
_LABEL = any_of(lines(_TABLE["labels"]))
_AGENCY = any_of(lines(_TABLE["agencies"]))
_WHO = r"[^()\[\]\n]{2,120}?"
_INITIAL = r"(?<=\b[A-Z])\."

# "Photo: Jo Doe", "Foto von Jo Doe", "Credit...Jo Doe"
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s(\[.|–—-])){_LABEL}"
    r"(?:\s*(?:[:：©…]|\.{3})\s*(?:©\s*)?|\s+(?:by|von|de|par|di|door|via)\s+:?\s*)"
    rf"(?P<credit>{_WHO})\s*[)\].]*\s*$",
    re.IGNORECASE,
)
# "© Jo Doe"
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|ⓒ|\bcopyright\b)\s*(?:copyright\s*)?(?P<credit>{_WHO})\s*[)\]]?\s*$",
    re.IGNORECASE,
)
# "… in Berlin. Jo Doe, Reuters"
_AGENCY_LAST = re.compile(
    r"(?:(?<=[(\[|])|(?<=[.!?…”\"’»])\s+|(?:^|\s)[–—|]\s*|^)\s*"
    rf"(?P<credit>(?:[^()\[\]\n.!?|–—]|{_INITIAL}){{0,80}}?\b{_AGENCY}"
    rf"(?:[/,| ]+(?:via )?(?:[^()\[\]\n.!?]|{_INITIAL}){{1,60}})?)"
    r"\s*[)\].]?\s*$"
)
# "Jo Doe/Reuters"
_SLASHED = re.compile(
    r"(?P<credit>(?:(?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|bin|al)\s+){0,4}[A-ZÀ-Þ][\w.'’-]*\s?/\s?(?:\w[\w ]{0,30}/\s?)?"
    rf"{_AGENCY}\b[^()\[\]\n.!?]{{0,40}})\s*[)\].]?\s*$"
)
_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_NAMES = rf"{_NAME}(?:\s{_NAME}){{1,3}}"
# On a line of its own: "Photo Jo Doe", "Jo Doe / Example Agency"
_BARE = re.compile(
    rf"^\(?(?:(?i:{_LABEL})\s+(?P<credit>{_NAMES})|(?P<names>{_NAMES}\s?/\s?{_NAME}(?:\s{_NAME}){{0,3}}))\)?$",
)
# "The library in the rain / Reuters": a sentence without a full stop
_AGENCY_AFTER_SENTENCE = re.compile(
    rf"(?P<sentence>.*?)\s+(?:/\s+)?(?P<credit>(?:{_NAMES}/)?\b{_AGENCY}\b.*)$"
)
_LOWER_CASE = re.compile(r"(?<!\S)[^\W\d_A-ZÀ-Þ]\w+")
_FEWEST_IN_SENTENCE = 4
"""Words in lower case; a credit has fewer."""
_LICENCE = re.compile(r"\(?(?:CC|Creative Commons)\b")
_LEADING_LABEL = re.compile(
    rf"^(?:{_LABEL}\s*(?:[:：©/…]|\.{{3}}|\b(?:by|von)\b|(?=©))|by\b)\s*",
    re.IGNORECASE,
)
_LEADING_COPYRIGHT = re.compile(r"^(?:©|\(c\)|ⓒ|copyright\b)\s*", re.IGNORECASE)

_SURROUNDING = " \t()[]|–—:;,©"
_SEARCHED = 400
_MAX_CREDIT = 120


def split_credit(caption: str) -> tuple[str, str]:
    """Split a caption into its credit, without a label ("" if there is none), and the rest."""
    start = max(0, len(caption) - _SEARCHED)
    end = caption[start:]
    for pattern in (_LABELLED, _COPYRIGHT, _AGENCY_LAST, _SLASHED):
        match = pattern.search(end)
        credit = strip_label(match["credit"]) if match else ""
        if match and credit:
            sentence, credit = _without_sentence(credit)
            rest = caption[: start + match.start()] + sentence
            return credit, rest.rstrip(" ([|–—-/").strip()
    return "", caption


def _without_sentence(credit: str) -> tuple[str, str]:
    """Return the sentence without a full stop that seems to be a part of a credit, and the credit alone."""
    if len(_LOWER_CASE.findall(credit)) < _FEWEST_IN_SENTENCE:
        return "", credit
    match = _AGENCY_AFTER_SENTENCE.match(credit)
    return (match["sentence"], match["credit"]) if match else ("", credit)


def split_credit_in_lines(lines: Sequence[str]) -> tuple[str, str]:
    """Split a caption into its credit ("" if there is none) and the rest: a whole line can be the credit,
    although none of the lines ends with a full stop.
    """
    joined = _with_licences(lines)
    for number, line in reversed(list(enumerate(joined))):
        credit, rest = split_credit(line)
        if not credit and len(joined) > 1:
            credit = _bare_credit(line)
            rest = ""
        if credit:
            others = (*joined[:number], rest, *joined[number + 1 :])
            return credit, " ".join(filter(None, others))
    return "", " ".join(joined)


def _with_licences(lines: Sequence[str]) -> list[str]:
    """Return the lines of a caption; a licence on the same line as the credit above it."""
    joined: list[str] = []
    for line in lines:
        if joined and _LICENCE.match(line):
            joined[-1] += f", {line}"
        else:
            joined.append(line)
    return joined


def _bare_credit(line: str) -> str:
    """Return the credit on a line that has nothing else; "" if it isn't one."""
    match = _BARE.match(line)
    return (match["credit"] or match["names"]) if match else ""


def strip_label(credit: str) -> str:
    """Return a credit without its label and surrounding brackets; "" if it is too long for one."""
    text = credit.strip(_SURROUNDING)
    text = _LEADING_LABEL.sub("", text, count=1)
    text = _LEADING_COPYRIGHT.sub("", text).strip(_SURROUNDING)
    if text.count("(") > text.count(")"):
        before, _, _ = text.rpartition("(")
        text = before.rstrip(_SURROUNDING)
    return text if 1 < len(text) <= _MAX_CREDIT else ""
