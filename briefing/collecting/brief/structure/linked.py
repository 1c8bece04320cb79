"""Read a row whose headline is a link, with what stands beside it: "[Ferry returns] (Harbour Post, 3 May)"."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.collecting.brief.lines.sentences import (
    contains_sentence_end,
    ends_sentence,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence, best_source
from .head import Head, sourced_head
from .headline_words import LONGEST_HEADLINE, can_be_headline
from .leads import is_text
from .link_labels import may_be_label
from .publisher_names import CAPITALISED, LIKELY
from .row import Row, same_address
from .source_line import (
    BRACKETED,
    LONGEST,
    SourceLine,
    date_alone,
    read_source,
    split_author,
)

_AROUND_SOURCE = " ,.:;()（）–—-|"
_AROUND_NAME = " ,.:;–—-|"
_ENDS_HEADLINE = re.compile(r"\s?[.:：。,;!?|]\s|\s[–—-]\s|\s?[：。]")
_AT = Form("<at> ")
_QUOTES = '"“”„«».… '
_CLOSING_QUOTES = '"”»,'
_DASH = re.compile(r"(?<!\s)\s++[|｜–—-]\s+")
_LONGEST_BRACKETS = 60
_WITHIN = "linked within"
_ALONE = "linked alone"
_BEHIND = "source behind link"
_BEFORE = "source before link"
_AS_OTHERS = 0.5
"""How much it speaks for a name that it is where other items have one."""
_LEADING = (",", ":", "–", "—", "-", "|")
"""What is before a headline at the end of a row ends with one of these."""
_OF_LINKS = (
    _ALONE,
    _BEHIND,
    _BEFORE,
    _WITHIN,
)
"""Arrangements that say, if several items have them, that headlines are links."""
_BEYOND, _FALSE = 2.0, 5.0
"""How much speaks against a headline that isn't its row's link, and against a source that the link doesn't name."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a row around those of its first link."""

    before: str
    headline: str
    behind: str


def linked_heads(
    row: Row,
    text: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """Readings of a row whose headline is a link; `text` are the words of the row."""
    headline = _linked_words(row)
    if not _may_be_headline(headline, evidence):
        return
    tag, text = split_tag(text)
    before, link, behind = text.partition(headline)
    if not link:
        return
    if before.strip(_QUOTES):
        heads = _linked_behind(_Parts(before, headline, behind), evidence)
    else:
        behind = behind.lstrip(_CLOSING_QUOTES)
        heads = _linked_first(headline, behind, evidence)
    for head in heads:
        whole = _with_source_in_headline(head, evidence)
        yield replace(whole, further=(*tag, *whole.further))


def _linked_behind(parts: _Parts, evidence: Evidence) -> Iterator[Head]:
    """Heads in a row with words before the link."""
    if not may_be_label(parts.headline):
        # A short link further on in a row is rather a label: "… Tickets".
        yield from _linked_after_source(parts, evidence)
    yield from _linked_within(parts, evidence)


def _linked_first(
    headline: str, behind: str, evidence: Evidence
) -> Iterator[Head]:
    """Heads in a row that begins with the link."""
    yield from _linked_with_source(headline, behind, evidence)
    yield from _linked_alone(headline, behind, evidence)


def _with_source_in_headline(head: Head, evidence: Evidence) -> Head:
    """A head with the source that ends its headline, if it surely is a publisher: "Headline | Harbour Post"."""
    if head.source:
        return head
    # The last part first: "Bridge closed – over night | Harbour Post".
    for dash in reversed(list(_DASH.finditer(head.headline))):
        headline = head.headline[: dash.start()]
        name = head.headline[dash.end() :]
        likely = evidence.likelihood(name)
        if likely >= LIKELY:
            score = head.score + likely
            return replace(head, headline=headline, source=name, score=score)
    return head


def split_tag(text: str) -> tuple[tuple[str, ...], str]:
    """Split the word in brackets off a row: "[podcast] Headline"."""
    tag = BRACKETED.match(text)
    if tag is None or not may_be_label(tag[1]):
        return (), text
    return (tag[1],), text[tag.end() :].lstrip()


def beyond_link(head: Head, row: Row, evidence: Evidence) -> float:
    """How much speaks against a head because its headline isn't the first link of its row: it continues behind the
    link, is only its beginning although no source is named, or begins within or behind it although the source that the
    link's words would name isn't that of its host.
    """
    link = _linked_words(row).strip(_QUOTES)
    if may_be_label(link):
        return 0.0
    first, end = _span(link, row.words)
    start, headline_end = _span(head.headline.strip(_QUOTES), row.words)
    # If "Judge: Beards may stay" is a link, "Judge" isn't its source, unless the host or a word like "Post" says so.
    is_within = bool(head.source) and first < start
    if is_within and not _is_publisher_at_edge(head.source, link, evidence):
        return _FALSE
    # "[Bridge closed] over night", where only the first two words are linked
    continues = first <= start < end < headline_end
    # "[Bridge closed: Lantern speaks]", of which only the first two words were taken
    is_cut = start == first and headline_end < end
    is_beyond = continues or (is_cut and not head.source)
    return _BEYOND if is_beyond else 0.0


def _is_publisher_at_edge(name: str, link: str, evidence: Evidence) -> bool:
    """Whether a name at the edge of a link is likely a publisher's."""
    is_at_edge = link.startswith(name) or link.endswith(name)
    return is_at_edge and evidence.likelihood(name) >= LIKELY


def _span(part: str, words: str) -> tuple[int, int]:
    """Where a part of words begins and ends; nowhere if they don't have it."""
    start = words.find(part)
    return (start, start + len(part)) if part and start >= 0 else (-1, -1)


def _linked_words(row: Row) -> str:
    """The words of a row's first link; "" if they are its address."""
    words, address = row.links[0] if row.links else ("", "")
    return "" if same_address(words, address) else words


def _may_be_headline(headline: str, evidence: Evidence) -> bool:
    # Where headlines are links, a short link is a headline as well; elsewhere, it may be "Tickets".
    is_usual = any(map(evidence.is_usual, _OF_LINKS))
    if is_usual:
        return 0 < len(headline) <= LONGEST_HEADLINE
    return not may_be_label(headline) and can_be_headline(
        headline.strip(_QUOTES)
    )


def _linked_with_source(
    headline: str,
    behind: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """Heads of "[Headline], Source, date. Text"."""
    whole = behind.strip()
    behind = behind.lstrip(_AROUND_SOURCE)
    dates = find_dates(behind[:LONGEST], evidence.before)
    end = dates[0].end if dates else len(behind)
    words = behind[:end].rstrip(_AROUND_SOURCE)
    source = best_source(words, evidence)
    if source:
        rest = behind[end:].lstrip(_AROUND_SOURCE)
        head = sourced_head(_BEHIND, headline, source, 2.2, rest)
        are_names = evidence.names_in_brackets and BRACKETED.fullmatch(whole)
        if are_names and source.likely >= CAPITALISED:
            yield replace(head, score=head.score + _AS_OTHERS)
        elif _is_publisher(source, head, evidence):
            yield head


def in_brackets(head: Head) -> Sequence[str]:
    """What is behind a linked headline in brackets, or its source there, if nothing else is."""
    if head.rest or head.date:
        return ()
    if head.arrangement == _BEHIND:
        return (head.source,)
    is_single = head.arrangement == _ALONE and len(head.further) == 1
    return head.further if is_single else ()


def _linked_after_source(parts: _Parts, evidence: Evidence) -> Iterator[Head]:
    """Heads of "Source: [Headline]", "Source, date: [Headline]. Text", "Source [Headline] (date)" and
    "Date: [Headline] in Source".
    """
    before = parts.before.strip(_AROUND_NAME)
    behind = parts.behind
    rest = ""
    if _ENDS_HEADLINE.match(behind) and is_text(behind):
        behind, rest = "", behind.lstrip(_AROUND_NAME)
    behind = behind.strip(_AROUND_SOURCE)
    # "Lantern [link] at Harbour Post"
    behind = behind[_AT.begins(behind) :].strip()
    words = ", ".join(filter(None, [before, behind]))
    source = best_source(words, evidence)
    if source:
        head = sourced_head(_BEFORE, parts.headline, source, 2.2, rest)
        if _is_publisher(source, head, evidence):
            yield head


def _linked_within(parts: _Parts, evidence: Evidence) -> Iterator[Head]:
    """Heads of "When and where: [Headline]", "3-5 March, Port Ellis, [Headline]" and "3-5 March - [Headline] Port
    Ellis".
    """
    headline = parts.headline
    before = parts.before.strip(_AROUND_NAME)
    behind = parts.behind.strip(_AROUND_NAME)
    words = " – ".join(filter(None, [before, behind]))
    if len(words) > LONGEST or not parts.before.rstrip().endswith(_LEADING):
        return
    # "The union said: [link] for good." is a text with a link in it.
    if ends_sentence(parts.behind) or contains_sentence_end(words):
        return
    found = date_alone(words, evidence.before)
    score = 0.9 + evidence.repetition(_WITHIN)
    if found:
        yield Head(_WITHIN, headline, date=found.date, score=score + 1.0)
    else:
        yield Head(_WITHIN, headline, rest=words, score=score)


def _is_publisher(source: SourceLine, head: Head, evidence: Evidence) -> bool:
    """Whether the source of a head is a publisher rather than the author."""
    # "[link], Jane Doe" names the author, unless other items have their publishers there.
    is_usual = evidence.is_usual(head.arrangement) and not head.further
    return source.has_date or is_usual or source.likely >= LIKELY


def _linked_alone(
    headline: str, behind: str, evidence: Evidence
) -> Iterator[Head]:
    """Heads of "[Headline]" alone, with an author or a date, "[Headline] by Jane Doe, 3 May", with a word in brackets,
    "[Headline] (video)", or with a text: "[Headline]. Text".
    """
    alone = Head(_ALONE, headline, score=1.0 + evidence.repetition(_ALONE))
    if not any(map(str.isalnum, behind)):
        yield alone
        return
    words, date = _split_date(behind.strip(), evidence)
    author, rest = split_author(words.rstrip("."))
    if author:
        alone = replace(alone, further=(author,))
        words = rest
    found = date_alone(words, evidence.before)
    brackets = BRACKETED.match(words)
    if found:
        yield _dated(alone, found.date or date)
    elif not words:
        yield _dated(alone, date)
    elif author:
        # It continues like a sentence.
        return
    elif brackets:
        yield _with_brackets(alone, brackets, words, evidence)
    elif _ENDS_HEADLINE.match(behind):
        yield _dated(replace(alone, rest=words.lstrip(_AROUND_SOURCE)), date)


def _dated(head: Head, date: dt.date | None) -> Head:
    """A head with the date behind its link, if there is one that can be known."""
    return replace(head, date=date, score=head.score + 1) if date else head


def _split_date(text: str, evidence: Evidence) -> tuple[str, dt.date | None]:
    """Split the date in brackets off the end of a text."""
    for brackets in BRACKETED.finditer(text[-_LONGEST_BRACKETS:]):
        found = date_alone(brackets[1], evidence.before)
        if found and text.endswith(brackets[0]):
            return text.removesuffix(brackets[0]).rstrip(), found.date
    return text, None


def _with_brackets(
    alone: Head,
    brackets: re.Match[str],
    words: str,
    evidence: Evidence,
) -> Head:
    """The head of "[Headline] (podcast, date) Text" or "[Headline] (video)"."""
    source = read_source(brackets[1], evidence.before)
    rest = words[brackets.end() :].lstrip(_AROUND_SOURCE)
    if source is None or not source.has_date:
        return replace(alone, rest=rest, further=(brackets[1],))
    tags = tuple(filter(None, [source.name, *source.further]))
    return _dated(replace(alone, rest=rest, further=tags), source.date)
