"""Arrangements of headline, source and date on one row."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from briefing.collecting.brief.structure.head import (
    Evidence,
    Head,
    likely_source,
    sourced_head,
)
from briefing.collecting.brief.structure.leads import (
    COLON,
    LEAD,
    lead_and_brackets,
    lead_sentence,
    quoted_and_author,
    topic_colon_text,
)
from briefing.collecting.brief.structure.names import SURE
from briefing.collecting.brief.structure.source_line import (
    BRACKETED,
    SourceLine,
    date_alone,
    read_source,
    strip_separators,
    without_preposition,
)
from briefing.collecting.brief.structure.title import (
    IN_BRACKETS_AT_END,
    LONGEST_TITLE,
    is_title,
)
from briefing.collecting.text.written_dates import WrittenDate, find_dates

Read = Callable[[str, str, Evidence], Iterator[Head]]

_REST = re.compile(r"(?:\.|:| [–—-]) +(?P<rest>\S.*)")
_STOP = re.compile(r"(?:\.|(?<=\.)) +")
_LONGEST_SOURCE = 100
_LONGEST_BEFORE_COLON = 80
_DASH = re.compile(
    r"(?<!\s)\s++(?:[–—-]++|//)\s+|(?<=\w)[–—]\s+|(?<=\w)-\s+(?=[^\W\d_a-zß-ÿ])"
    r"|(?:(?<!\s)\s++)?[|｜]\s*"
)
_BAR = re.compile(r"(?:(?<!\s)\s++)?[|｜]\s*|(?<!\s)\s++[–—·•]\s+")
_BETWEEN_PIECES = (re.compile(r"[;；] ?"), re.compile(r"[.。] "))
_JOINT = " –—-:：|"
_BEHIND_BRACKETS = f"{_JOINT}."
_QUOTES = ('"', "“", "„", "”")
_BEFORE_DATE = ("(", "（", ",", "，", "،", "|", "–")
_BEFORE_DATE_STRIPPED = " (（,，،|–"


def title_and_brackets(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title (Source, date) – text; Title (Source, date). Text; Title 【Source】date"""
    for match in BRACKETED.finditer(text):
        title, after = (
            text[: match.start()].rstrip(),
            text[match.end() :].strip(),
        )
        source = read_source(match[1], evidence.before)
        if source is None or not is_title(title):
            continue
        source, after = _with_date_behind(source, after, evidence)
        if _goes_on(after):
            continue
        likely = evidence.likelihood(source.name, hosts)
        if likely >= SURE or (likely and source.has_date):
            score = 2 + likely + evidence.repetition("brackets")
            yield sourced_head(
                "brackets", title, source, score, after.lstrip(_BEHIND_BRACKETS)
            )


def _with_date_behind(
    source: SourceLine, after: str, evidence: Evidence
) -> tuple[SourceLine, str]:
    """A source in brackets with the date that is alone behind them, and the words that are left there."""
    dated = date_alone(after, evidence.before) if after else None
    if dated is None or source.has_date:
        return source, after
    return replace(source, date=dated.date, has_date=True), ""


def _goes_on(after: str) -> bool:
    """Whether a sentence goes on behind brackets: "Minister (again) promises …"."""
    rest = after.lstrip(_BEHIND_BRACKETS)
    return (
        bool(after)
        and after[0] not in _BEHIND_BRACKETS
        and not rest[:1].isupper()
    )


def title_and_date(text: str, hosts: str, evidence: Evidence) -> Iterator[Head]:
    """Title (date); Title, Source (date)"""
    bracket = IN_BRACKETS_AT_END.search(text)
    if bracket is None or not is_title(text[: bracket.start()]):
        return
    found = read_source(bracket[1], evidence.before)
    if found and found.has_date and not found.name:
        title = text[: bracket.start()].rstrip()
        yield from _before_comma(title, found, hosts, evidence)
        score = 1.2 + evidence.repetition("date in brackets")
        yield sourced_head("date in brackets", title, found, score)


def _before_comma(
    text: str, dated: SourceLine, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title, Source"""
    title, _, name = text.rpartition(", ")
    likely = evidence.likelihood(name, hosts)
    if likely and is_title(title):
        score = 1 + likely + evidence.repetition("comma and brackets")
        source = replace(dated, name=name)
        yield sourced_head("comma and brackets", title, source, score)


def source_stop_title(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Source, date. Title. Text"""
    words, behind = _split_behind_date(text, _LONGEST_SOURCE, evidence)
    title, rest = _title_and_rest(behind)
    source = likely_source(words, hosts, evidence)
    if source and is_title(title):
        likely = evidence.likelihood(source.name, hosts)
        score = 1 + likely + evidence.repetition("source first")
        yield sourced_head("source first", title, source, score, rest)


def _title_and_rest(text: str) -> tuple[str, str]:
    """The first sentence, which is the headline, and the text behind it."""
    lead = LEAD.match(text)
    if lead is None:
        return text.removesuffix("."), ""
    return lead["lead"].removesuffix("."), text[lead.end() :]


def title_stop_source(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title. Source, date. Text"""
    before, rest = _split_behind_date(text, LONGEST_TITLE, evidence)
    title, _, words = before.rpartition(". ")
    source = likely_source(words, hosts, evidence)
    if source and is_title(title):
        likely = evidence.likelihood(source.name, hosts)
        score = 1 + likely + evidence.repetition("stops")
        yield sourced_head("stops", title, source, score, rest)


def _split_behind_date(
    text: str, longest: int, evidence: Evidence
) -> tuple[str, str]:
    """The words up to the first date of a text and a full stop, and those behind it; "" twice without them. A date
    counts only within the first `longest` characters.
    """
    for found in find_dates(text[:longest], evidence.before)[:1]:
        stop = _STOP.match(text, found.end)
        if stop:
            return text[: found.end], text[stop.end() :]
    return "", ""


def title_comma_date(
    text: str, _hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title, date"""
    title, found = _split_date_at_end(text, evidence, before=(",",))
    if found and is_title(title):
        # Headlines end with dates as well, so it counts only if several do.
        score = 0.6 if evidence.is_rare("comma and date") else 1.2
        yield Head("comma and date", title, "", found.date, score=score)


def bars(text: str, hosts: str, evidence: Evidence) -> Iterator[Head]:
    """Date | Source | Title, in any order; Date | Title"""
    pieces = [piece.strip() for piece in _BAR.split(text)]
    dates = [date_alone(piece, evidence.before) for piece in pieces]
    found = list(filter(None, dates))
    if len(found) != 1:
        return
    others = [place for place, date in enumerate(dates) if not date]
    names = [pieces[place] for place in others]
    if len(others) == 1:
        yield from _title_and_bar(names[0], found[0], evidence)
    if len(others) == 2:
        yield from _source_and_title(names, others, found[0], hosts, evidence)
        names.reverse()
        others.reverse()
        yield from _source_and_title(names, others, found[0], hosts, evidence)


def _title_and_bar(
    title: str, found: WrittenDate, evidence: Evidence
) -> Iterator[Head]:
    if is_title(title):
        score = 1.2 + evidence.repetition("date and bar")
        yield Head("date and bar", title, "", found.date, score=score)


def _source_and_title(
    pieces: Sequence[str],
    places: Sequence[int],
    found: WrittenDate,
    hosts: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """The pieces as source and title; `places` are theirs in the row."""
    source, title = pieces
    likely = evidence.likelihood(source, hosts)
    if likely and is_title(title):
        order = f"bars {places[0]}{places[1]}"
        is_longer = len(title) > len(source)
        score = 2 + likely + 0.3 * is_longer + evidence.repetition(order)
        yield Head(order, title, source, found.date, score=score)


def title_dash_source(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title – Source, date"""
    dashes = list(_DASH.finditer(text))
    for number, dash in enumerate(dashes):
        title, tail = text[: dash.start()].strip(), text[dash.end() :].strip()
        rest = ""
        if not find_dates(tail, evidence.before):
            tail, _, rest = tail.partition(". ")
        if not is_title(title) or len(tail) > _LONGEST_SOURCE:
            continue
        source = read_source(tail, evidence.before)
        likely = evidence.likelihood(source.name, hosts) if source else 0.0
        if source and (likely >= 1 or (likely and source.has_date)):
            later = len(dashes) - 1 - number
            score = 1 + likely - 0.3 * later + evidence.repetition("dash")
            yield sourced_head("dash", title, source, score, rest)


def brackets_and_title(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """(Source, date) Title; 【Source】Title; [Source] Title"""
    bracket = BRACKETED.match(text)
    if bracket is None:
        return
    title = text[bracket.end() :].strip(_JOINT)
    source = read_source(bracket[1], evidence.before)
    likely = evidence.likelihood(source.name, hosts) if source else 0.0
    if source is None or not likely or not is_title(title):
        return
    is_clear = source.has_date or likely >= SURE or text[0] == "【"
    if is_clear:
        score = (
            (2 if source.has_date else 1)
            + likely
            + evidence.repetition("brackets first")
        )
        yield sourced_head("brackets first", title, source, score)


def source_dash_title(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Source, date – Title"""
    dash = _DASH.search(text)
    if dash is None:
        return
    title = text[dash.end() :].strip()
    source = read_source(text[: dash.start()], evidence.before)
    if source is None or source.further or not source.has_date:
        return
    likely = evidence.likelihood(source.name, hosts)
    if likely and is_title(title):
        score = 1 + likely + evidence.repetition("dash first")
        yield sourced_head("dash first", title, source, score)


def title_and_pieces(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title; Source; date, or with full stops between; Title. Source, date"""
    for separator in _BETWEEN_PIECES:
        title, *pieces = map(str.strip, separator.split(text.rstrip(" ;.。")))
        if len(pieces) not in {1, 2} or not is_title(title):
            continue
        if BRACKETED.match(pieces[0]):
            continue
        source = read_source(", ".join(pieces), evidence.before)
        if source is None or source.further or not source.has_date:
            continue
        likely = evidence.likelihood(source.name, hosts)
        if likely:
            score = len(pieces) + likely + evidence.repetition("pieces")
            yield sourced_head("pieces", title, source, score)


def title_comma_source(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title, Source, date. Text"""
    dates = find_dates(text, evidence.before)
    after = text[dates[-1].end :] if dates else ""
    rest = _REST.match(after)
    if not dates or (rest is None and strip_separators(after)):
        return
    before = text[: dates[-1].start].rstrip(" ,،，")
    title, _, words = before.rpartition(", ")
    name = without_preposition(words)
    likely = evidence.likelihood(name, hosts)
    if title and likely:
        score = 2 + likely + evidence.repetition("comma")
        yield Head(
            "comma",
            title,
            name,
            dates[-1].date,
            rest=rest["rest"] if rest else "",
            score=score,
        )


def source_colon_title(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Source: Title (date); date – Source: Title"""
    colon = COLON.search(text)
    if colon is None or colon.start() > _LONGEST_BEFORE_COLON:
        return
    before, title = text[: colon.start()], text[colon.end() :].strip()
    if before.strip().startswith(_QUOTES):
        # Rather a headline: "“Seven stamps”: comment in Harbour Post".
        return
    source = read_source(before, evidence.before)
    if source is None or not is_title(title):
        return
    if " / " in before and not source.has_date:
        source = replace(source, name=before.strip())
    likely = evidence.likelihood(source.name.split(" / ")[0], hosts)
    if not likely:
        return
    is_sure = source.has_date or likely >= SURE
    title, source = _with_date_at_end(title, source, evidence)
    if not is_sure and evidence.is_rare("colon"):
        # "Interview: …", "Charted: …".
        return
    score = 0.5 + likely + evidence.repetition("colon")
    yield sourced_head("colon", title.rstrip(" –—-"), source, score)


def _with_date_at_end(
    title: str, source: SourceLine, evidence: Evidence
) -> tuple[str, SourceLine]:
    """Take a date in brackets, or behind a comma, off the end of a title."""
    bare, found = _split_date_at_end(
        title, evidence, before=_BEFORE_DATE, behind=")）"
    )
    if found is None:
        return title, source
    return bare, replace(source, date=found.date, has_date=True)


def _split_date_at_end(
    text: str, evidence: Evidence, *, before: tuple[str, ...], behind: str = ""
) -> tuple[str, WrittenDate | None]:
    """Split off the date that ends a text; the whole text and None without one. One of the marks `before` must be
    before it, and those `behind` may be behind it.
    """
    for found in find_dates(text, evidence.before)[-1:]:
        words = text[: found.start]
        is_end = not strip_separators(text[found.end :].rstrip(behind))
        if is_end and words.rstrip().endswith(before):
            return words.rstrip(_BEFORE_DATE_STRIPPED), found
    return text, None


ON_ONE_ROW: Sequence[Read] = (
    quoted_and_author,
    title_and_brackets,
    title_and_date,
    brackets_and_title,
    bars,
    title_dash_source,
    source_dash_title,
    lead_and_brackets,
    source_stop_title,
    lead_sentence,
    title_and_pieces,
    title_comma_source,
    title_comma_date,
    title_stop_source,
    source_colon_title,
    topic_colon_text,
)
