"""Take chats and forwarded mails apart: the words stay, names, times and headers are left out and noted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing.collecting.brief.paragraphs import Paragraph, split_paragraphs

_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?"
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_STAMP = re.compile(
    rf"(?P<stamp>\u200e?\[?(?:{_DAY},? {_TIME}|{_TIME},? {_DAY})\]?(?: [–-])?) ?"
    r"(?:(?P<name>[^:\n]{1,60}):(?: (?P<words>.*)|\s*$)|(?P<system>.*))"
)
_TELEGRAM = re.compile(
    r"(?P<name>[^\[\]\n]{1,60}), \[(?P<stamp>[^\[\]]{6,40})\](?::? ?(?P<words>.*))?"
)
_LEAST_MESSAGES = 3
_OMITTED = re.compile(r"[<\u200e].{0,40}[>]|\W*")
_FORWARDED = re.compile(
    r"-{2,} ?[^\W\d_][^-]{1,58}[^-\s] ?-{2,}|Begin forwarded message:"
)
_HEADER = re.compile(r"\*?[^\W\d_][\w -]{1,20}\*? ?: ?\S.*")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A brief without the marks of the program that it was copied from."""

    paragraphs: tuple[Paragraph, ...]
    left_out: tuple[str, ...] = ()
    """The lines that aren't the editor's words: stamps, headers, "<Media omitted>"."""


def without_messages(paragraphs: Sequence[Paragraph]) -> Unwrapped:
    """Make each message of a chat a paragraph, and remove headers of forwarded mails."""
    stamped = sum(
        bool(_stamp(line))
        for paragraph in paragraphs
        for line in paragraph.lines
    )
    if stamped >= _LEAST_MESSAGES:
        return _without_stamps(paragraphs)
    return _without_headers(paragraphs)


def _stamp(line: str) -> re.Match[str] | None:
    line = line.strip()
    return _STAMP.fullmatch(line) or _TELEGRAM.fullmatch(line)


def _without_stamps(paragraphs: Sequence[Paragraph]) -> Unwrapped:
    messages: list[list[str]] = [[]]
    left_out: list[str] = []
    for paragraph in paragraphs:
        messages[-1].append("")
        for line in paragraph.lines:
            match = _stamp(line)
            if not match:
                messages[-1].append(line)
                continue
            groups = match.groupdict()
            words = groups.get("words") or ""
            if groups.get("system") or _OMITTED.fullmatch(words):
                left_out.append(line.strip())
                messages.append([])
            else:
                left_out.append(line.strip().removesuffix(words).strip())
                messages.append([words])
    texts = ["\n".join(lines).strip() for lines in messages]
    text = "\n\n".join(filter(None, texts))
    return Unwrapped(tuple(split_paragraphs(text)), tuple(left_out))


def _without_headers(paragraphs: Sequence[Paragraph]) -> Unwrapped:
    kept: list[Paragraph] = []
    left_out: list[str] = []
    for paragraph in paragraphs:
        lines = paragraph.lines
        start = next(
            (
                n
                for n, line in enumerate(lines)
                if _FORWARDED.fullmatch(line.strip())
            ),
            None,
        )
        if start is None:
            kept.append(paragraph)
            continue
        end = start + 1
        while end < len(lines) and _HEADER.fullmatch(lines[end].strip()):
            end += 1
        left_out += [line.strip() for line in lines[start:end]]
        rest = (*lines[:start], *lines[end:])
        if rest:
            kept.append(replace(paragraph, lines=rest))
    return Unwrapped(tuple(kept), tuple(left_out))
