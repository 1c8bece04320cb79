"""Find a photo's credit in its caption. Labels and agencies' names are in data/credits.toml."""

import re

from briefing.collecting.text.wordlists import lines, load_data

_TABLE = load_data(__file__, "credits")


def _any_of(phrases: tuple[str, ...]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


_LABEL = _any_of(lines(_TABLE["labels"]))
_AGENCY = _any_of(lines(_TABLE["agencies"]))
_WHO = r"[^()\[\]\n]{2,120}?"
_INITIAL = r"(?<=\b[A-Z])\."

# "Photo: Jo Doe", "Foto von Jo Doe"
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s(\[.|–—-])){_LABEL}"
    r"(?:\s*[:：©]\s*(?:©\s*)?|\s+(?:by|von|de|par|di|door|via)\s+:?\s*)"
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
_LEADING_LABEL = re.compile(
    rf"^{_LABEL}\s*(?:[:：©/]|\b(?:by|von)\b|(?=©))\s*", re.IGNORECASE
)
_LEADING_COPYRIGHT = re.compile(r"^(?:©|\(c\)|ⓒ|copyright\b)\s*", re.IGNORECASE)

_SURROUNDING = " \t()[]|–—:;,©"
_SEARCHED, _MAX_CREDIT = 400, 120


def split_credit(caption: str) -> tuple[str, str]:
    """Split a caption into its credit, without a label ("" if there is none), and the rest."""
    start = max(0, len(caption) - _SEARCHED)
    end = caption[start:]
    for pattern in (_LABELLED, _COPYRIGHT, _AGENCY_LAST, _SLASHED):
        match = pattern.search(end)
        credit = strip_label(match["credit"]) if match else ""
        if match and credit:
            rest = caption[: start + match.start()]
            return credit, rest.rstrip(" ([|–—-/").strip()
    return "", caption


def strip_label(credit: str) -> str:
    """Return a credit without its label and surrounding brackets; "" if it is too long for one."""
    text = credit.strip(_SURROUNDING)
    text = _LEADING_LABEL.sub("", text, count=1)
    text = _LEADING_COPYRIGHT.sub("", text).strip(_SURROUNDING)
    if text.count("(") > text.count(")"):
        before, _, _ = text.rpartition("(")
        text = before.rstrip(_SURROUNDING)
    return text if 1 < len(text) <= _MAX_CREDIT else ""
