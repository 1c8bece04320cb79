"""Read articles as scholars cite them: "Doe, Jane. “Ferry returns.” Harbour Post, 3 May"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from briefing.collecting.brief.lines.titles import is_issue_date
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence
from .head import Head
from .headline_words import can_be_headline
from .source_line import SourceLine, strip_separators
from .values import values_alone

_CITED = "cited"
_QUOTED = re.compile(
    # Doe, Jane. "Title." Harbour Post, 3 May.
    r"(?:(?P<author>[^\W\d_][\w'’-]{1,30},? [^\"“”„«»:]{1,100})\. )?"
    r"[\"“„«](?P<title>[^\"“”„«»]{5,200}?)(?P<stop>[.,]?)[\"“”»],? (?P<behind>\S.{3,100})"
)
_UNQUOTED = re.compile(
    # Doe, Jane: Title. In: Harbour Post, 3 May.
    r"(?:(?P<author>[^\"“”„«»:]{2,100}): )?"
    r"(?P<title>[^\"“”„«»]{5,200}?)(?P<stop>[.?!]) [Ii]n: (?P<behind>\S.{3,100})"
)
_WITH_DATE_FIRST = re.compile(
    # Doe, J. (2023, May 3). Title. Harbour Post.
    # The author may have brackets of its own: "Harbour Press (HP). (2023). Title."
    r"(?P<author>[^()\"“”„«»]{2,120}?)(?: \([^()\d]{2,20}\)\.?)?"
    # "2023", "2023, May 3", "n.d."
    r" \((?P<when>(?:19|20)\d\d(?:, [^()]{3,30})?|[^()\d]{3,5})\)\. "
    r"(?P<title>[^.?!]{2,200})(?P<stop>[.?!])(?: (?P<behind>\S.{3,100}))?"
)
_KIND_BEHIND = re.compile(r" \[([^\[\]]{3,30})\]$")
_BEHIND_NAME = re.compile(r", (?P<place>(?:[^\W\d_]{1,4}\. ?)?\d[^.]{0,40})")
"""In which volume of a journal, and on which pages: "Tidal Quarterly, 12(3), pp. 4–9"."""
_UNDATED = Form("<undated>")
_ACCESSED = Form("<accessed>")
_ADDRESS_LABEL = Form("<link_field>[ ]:")

_Cited = tuple[str, SourceLine]
"""The title of an article, and what a citation says besides it."""


def citation(text: str, evidence: Evidence) -> Iterator[Head]:
    """An article with author, title, source and date, as lists of references have it.

    When it was accessed isn't its date.
    """
    text, accessed = _split_accessed(text)
    for title, found in _readings(text, evidence):
        if can_be_headline(title):
            further = tuple(filter(None, (*found.further, accessed)))
            cited = replace(found, further=further)
            score = 2.5 + found.likely + evidence.repetition(_CITED)
            yield Head(_CITED, title).filled(cited, score)


def _split_accessed(text: str) -> tuple[str, str]:
    """Split "… URL: (accessed 3 May)" off the end."""
    place = _ACCESSED.find(text)
    if place is None:
        return text, ""
    rest = text[: place[0]].rstrip(" ([")
    label = _ADDRESS_LABEL.find_at_end(rest)
    return rest[:label].rstrip(), text[place[0] :].strip(" ()[].,")


def _readings(text: str, evidence: Evidence) -> Iterator[_Cited]:
    quoted = _QUOTED.fullmatch(text)
    if quoted and _may_be_author(quoted["author"] or "", evidence):
        yield from _with_date_last(quoted, evidence)
    unquoted = _UNQUOTED.fullmatch(text)
    if unquoted:
        yield from _with_date_last(unquoted, evidence)
    dated = _WITH_DATE_FIRST.fullmatch(text)
    if dated:
        yield from _with_date_first(dated, evidence)


def _may_be_author(
    words: str,
    evidence: Evidence,
) -> bool:
    """Whether words before a quotation are a person, an institution, or missing: no sentence."""
    if not words or "," in words:
        return True
    # "The guard ran away. “We closed.” Harbour Post, 3 May" quotes what a person said.
    return evidence.likelihood(words) > 0


def _with_date_last(
    match: re.Match[str], evidence: Evidence
) -> Iterator[_Cited]:
    """The source and the date are behind the title."""
    author = match["author"] or ""
    title = _title(match)
    if author and " " not in author:
        # A topic: authors have two names.
        author, title = "", f"{author}: {title}"
    if not author and not match["stop"]:
        # The quotation marks may be those around what a person said.
        return
    found = values_alone(match["behind"], evidence)
    if found and found.name and found.has_date:
        yield title, replace(found, further=(author, *found.further))


def _title(match: re.Match[str]) -> str:
    """The title; of the marks that may end it, it keeps those that aren't full stops."""
    stop = match["stop"]
    return match["title"] + (stop if stop in {"?", "!"} else "")


def _with_date_first(
    match: re.Match[str], evidence: Evidence
) -> Iterator[_Cited]:
    """The date is behind the author, who publishes what names no other source."""
    when = match["when"]
    dates = find_dates(when, evidence.before)
    is_rough = when.isdecimal() or is_issue_date(when) or _UNDATED.fits(when)
    if not (dates or is_rough):
        return
    title, further = _split_kind(_title(match))
    author = match["author"]
    source = strip_separators(match["behind"] or "")
    located = _BEHIND_NAME.search(source)
    if located:
        source = source[: located.start()]
        further = (located["place"], *further)
    if source:
        further = (author, *further)
    else:
        # "Harbour Post. (2023). The empty desks."
        source = author.removesuffix(".")
    found = SourceLine(
        source,
        dates[0].date if dates else None,
        has_date=True,
        further=further,
        likely=evidence.likelihood(source),
    )
    if found.likely:
        yield title, found


def _split_kind(title: str) -> tuple[str, tuple[str, ...]]:
    """Split the kind in brackets off a title: "Title [Report]"."""
    kind = _KIND_BEHIND.search(title)
    if kind is None:
        return title, ()
    return title[: kind.start()], (kind[1],)
