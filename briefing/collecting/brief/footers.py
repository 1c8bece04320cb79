"""What stands between and below the items of a brief: separating lines, sign-offs, and a mailing list's footer.

`classify_ending` looks at one line alone; whether a sign-off ends the brief (and isn't the end of somebody's letter) is
seen from what stands below it, in `with_endings`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.roles import Line, Role

# A sign-off is followed by no more than this, and a footer by no longer a paragraph.
_MOST_NAMES = 8
SIGNATURE = "--"
_LONGEST_LINE = 80
_LONGEST_FOOTER = 400
_LONGEST_NOTE = 200

_BREAK = re.compile(r"(?:[*_=~#+•·▪●◦■–—-] ?){3,}|--")
_UNDERLINE = re.compile(r"=+|-+|~+|\^+")
_SIGN_OFF = re.compile(
    r"(?:(?:(?:with )?(?:best|kind|warm|kindest|warmest|friendly)(?: regards| wishes|, )|regards\b|all the best\b"
    r"|yours(?: (?:sincerely|faithfully|truly|in \w+))?(?=[,.!]|$)|(?:yours )?sincerely\b|in solidarity(?=[,.!]|$)"
    r"|cheers(?=[,!]|$)|many thanks(?=[,.!]|$)"
    r"|(?:mit )?(?:(?:freundlichen?|herzlichen?|vielen?|besten?|lieben?|solidarischen?)(?: und \w+)?) grü(?:ß|ss)en?\b"
    r"|hochachtungsvoll\b|saygılarım(?:ız)?la\b|saygıyla\b|sevgiyle\b|sevgi ve saygı\w*|selamlar\b|dostlukla\b"
    r"|dayanışmayla\b|en iyi dileklerim(?:iz)?le\b)"
    r"[^.!?]{0,60}[.!]?"
    r"|(?:that[’']s (?:all|it) for (?:this|the) week|that was the week|see you next week|until next week"
    r"|thank(?:s| you) for reading|das war[’']?s|das war die woche|bis (?:zur )?nächsten? woche"
    r"|haftaya görüşmek üzere|bu haftalık bu kadar)\b.{0,80})",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"[\[(<]?(?:"
    r"you(?:[’']re| are)? (?:receiv(?:e|ed|ing)|getting) this|this (?:e-?mail|message|newsletter) (?:was|is) sent to"
    r"|(?:to |click here to |if you (?:want|wish|would like) to )(?:unsubscribe|opt out)\b"
    r"|unsubscribe(?=$| ?[:,.!|→>\])]| (?:here|now|from (?:this|our|these)|at any time|by|or)\b)"
    r"|(?:to )?(?:manage|update|change) your (?:\w+ ){0,2}(?:preferences|subscription)|no longer want to receive"
    r"|view this (?:e-?mail|message|newsletter) in|having trouble (?:viewing|reading) this"
    r"|(?:sie|du) (?:erhalten|erhältst|bekommst|bekommen) (?:diese|den newsletter)|diese e-?mail (?:wurde|ging)"
    r"|(?:newsletter |hier |vom newsletter |zum |um sich )?(?:abmelden|abbestellen)\b|um .{0,40} abzubestellen"
    r"|(?:newsletter|e-?mail) im browser"
    r"|(?:bültenden |listeden )?(?:abonelikten|aboneliğ\w+) |(?:e-?posta )?listesinden çık"
    r"|bu (?:e-?posta|ileti|bülten)\w* .{0,60}(?:aldınız|alıyorsunuz|gönderil\w+)"
    r"|copyright (?:©|\(c\)|\d{4})|all rights reserved|alle rechte vorbehalten|tüm hakları saklıdır"
    r")",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"©.{0,80}(?:all rights reserved|alle rechte vorbehalten|tüm hakları saklı)", re.IGNORECASE)
_UNSUBSCRIBING = re.compile(r"unsub|opt[-_]?out|abmeld|abbestell|abonelik", re.IGNORECASE)
_ADDRESS = re.compile(r"@|://|^[(<\[]?www\.|\.[a-z]{2,10}/", re.IGNORECASE)
_POSTAL = re.compile(r"[|·©@]|\d{4}")
_LEGAL_FORMS = ("e.v.", "e. v.", "inc.", "ltd.", "co.")
# What ends no paragraph in which a footer stands.
_FOOTING = {Role.TEXT, Role.ADDRESS, Role.EMPTY, Role.CREDIT, Role.CONTACT, Role.SIGN_OFF, Role.ENDING}
_TAIL = {Role.TEXT, Role.ADDRESS, Role.EMPTY, Role.CREDIT, Role.CONTACT, Role.BREAK, Role.SIGN_OFF}


def leaves_a_list(address: str) -> bool:
    """Whether a link's address is made to leave a mailing list."""
    return bool(_UNSUBSCRIBING.search(address))


def is_underline(text: str) -> bool:
    """Whether a line of nothing but marks may underline the one above it."""
    return len(text) >= 3 and bool(_UNDERLINE.fullmatch(text))


def classify_ending(text: str, addresses: Sequence[str] = ()) -> Line | None:
    """What a line is that belongs to no item: something between items, a sign-off, a line of a footer; else None."""
    if len(text) <= _LONGEST_LINE and _BREAK.fullmatch(text):
        return Line(Role.BREAK, text)
    footer = _FOOTER.match(text) or _RIGHTS.match(text) or any(map(leaves_a_list, addresses))
    if footer and len(text) <= _LONGEST_FOOTER:
        return Line(Role.ENDING, text)
    if len(text) <= 2 * _LONGEST_LINE and _SIGN_OFF.fullmatch(text):
        return Line(Role.SIGN_OFF, text)
    return None


def with_endings(paragraphs: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines, where those that end the brief (or one of the mails in it) have the role ENDING, one a paragraph.

    A footer takes its paragraph with it. A sign-off counts where nothing but a few short lines stand between it and a
    footer or the brief's end; elsewhere it is text, such as the end of an open letter.
    """
    told: list[list[Line]] = []
    for paragraph in paragraphs:
        footer = bool(told) and any(line.role is Role.ENDING for line in told[-1][-1:])
        told.append(_with_footer(list(paragraph), below_footer=footer))
    places = [(lines, number) for lines in told for number in range(len(lines))]
    below: list[tuple[list[Line], int]] | None = []  # the short lines down to an ending; None: others stand there too
    for lines, number in reversed(places):
        line = lines[number]
        if line.role is Role.ENDING:
            below = []
        elif line.role is Role.SIGN_OFF or line.text == SIGNATURE:
            if below is None:
                lines[number] = replace(line, role=Role.TEXT if line.role is Role.SIGN_OFF else line.role)
                continue
            for its_lines, its_number in (*below, (lines, number)):
                if its_lines[its_number].role is not Role.BREAK:
                    its_lines[its_number] = replace(its_lines[its_number], role=Role.ENDING)
            below = []
        elif below is not None:
            below = [*below, (lines, number)] if len(below) < _MOST_NAMES and _is_short(line) else None
    return [_merged(lines) for lines in told]


def shortened(text: str, most: int = _LONGEST_NOTE) -> str:
    """A quote for a note: at most `most` characters, without a mail address and without what is made for one reader."""
    words = " ".join(word for word in text.split() if not _is_private(word)).rstrip(" :<([")
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _is_private(word: str) -> bool:
    return "@" in word or (bool(_ADDRESS.search(word)) and ("?" in word or leaves_a_list(word)))


def _with_footer(lines: list[Line], *, below_footer: bool) -> list[Line]:
    """The lines of a paragraph; with a footer in it, those below it are its own, and a postal address above it is.

    So are the addresses that stand alone `below_footer`.
    """
    footers = [n for n, line in enumerate(lines) if line.role is Role.ENDING]
    if below_footer and lines and all(line.role is Role.ADDRESS for line in lines):
        return [_of_footer(line) for line in lines]
    if not footers:
        return lines
    first, last = footers[0], footers[-1]
    while first and lines[first - 1].role in _FOOTING and _is_postal(lines[first - 1]):
        first -= 1
    inside = {*footers, *range(first, footers[0])}
    for start, end in zip(footers, [*footers[1:], len(lines)], strict=True):
        most = _MOST_NAMES if start == last else 3
        if end - start - 1 <= most and all(line.role in _FOOTING for line in lines[start + 1 : end]):
            inside.update(range(start + 1, end))
    return [_of_footer(line) if n in inside else line for n, line in enumerate(lines)]


def _of_footer(line: Line) -> Line:
    """A line as one of a footer, without the addresses in it: they may be made for one reader."""
    words = " ".join(word for word in line.text.split() if not _ADDRESS.search(word))
    return replace(line, role=Role.ENDING, text=words)


def _is_postal(line: Line) -> bool:
    return _is_short(line) and bool(_POSTAL.search(line.text))


def _is_short(line: Line) -> bool:
    """Whether a line may stand below a sign-off: a name, an address."""
    sentence = line.role is Role.TEXT and ends_sentence(line.text) and not line.text.lower().endswith(_LEGAL_FORMS)
    return line.role in _TAIL and len(line.text) <= _LONGEST_LINE and not sentence


def _merged(lines: list[Line]) -> list[Line]:
    """The lines of a paragraph with its endings as one each."""
    merged: list[Line] = []
    for line in lines:
        if line.role is Role.ENDING and merged and merged[-1].role is Role.ENDING:
            merged[-1] = replace(merged[-1], text=f"{merged[-1].text} {line.text}".strip())
        else:
            merged.append(line)
    return merged
