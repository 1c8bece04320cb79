"""Arrangements of headline, source and date on one row."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from briefing.collecting.brief.headlines import (
    contains_sentence_end,
    ends_sentence,
    is_byline,
)
from briefing.collecting.brief.structure.head import Evidence, Head
from briefing.collecting.brief.structure.names import SURE
from briefing.collecting.brief.structure.source_line import (
    BRACKETED,
    SourceLine,
    date_alone,
    read_source,
    strip_separators,
    without_preposition,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import WrittenDate, find_dates

Read = Callable[[str, str, Evidence], Iterator[Head]]

_LEAD = re.compile(r"(?P<lead>[^.!?]{8,90}[.!?]) +(?=\S)")
_REST = re.compile(r"(?:\.|:| [–—-]) +(?P<rest>\S.*)")
_STOP = re.compile(r"(?:\.|(?<=\.)) +")
_LEAST_LEADS = 3
_LONGEST_SOURCE = 100
_LONGEST_BEFORE_COLON = 80
_LONGEST_TOPIC = 110
_SHORTEST_PARAGRAPH = 60
_DASH = re.compile(
    r"(?<!\s)\s++(?:[–—-]++|//)\s+|(?<=\w)[–—]\s+|(?<=\w)-\s+(?=[^\W\d_a-zß-ÿ])"
    r"|(?:(?<!\s)\s++)?[|｜]\s*"
)
_BAR = re.compile(r"\s*[|｜]\s*|(?<!\s)\s++[–—·•]\s+")
_COLON = re.compile(r"\s?[:：]\s+|：")
_LEADS_ON = Form("<read_more>")
_BETWEEN_PIECES = (re.compile(r"[;；] ?"), re.compile(r"[.。] "))
_JOINT = " –—-:：|"
_LONGEST_TITLE = 250
_LEAST_LETTERS = 2
_NO_TITLE_ENDS = (".", "。", "،", ",", ";", "۔", ":", "：")
_QUOTES = ('"', "“", "„", "”")
_BEFORE_DATE = ("(", "（", ",", "，", "،", "|", "–")
_BEFORE_DATE_STRIPPED = " (（,，،|–"
_IN_BRACKETS_AT_END = re.compile(r"\s?[(（]([^()（）]{3,40})[)）]\s*$")


def is_title(text: str) -> bool:
    """Whether words can be a headline: short, and no sentence, except for its last mark."""
    if not text or len(text) > _LONGEST_TITLE or contains_sentence_end(text):
        return False
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return False
    if is_sentence_with_source(text) or is_byline(text):
        return False
    if _LEADS_ON.fits(text.rstrip(" :：")):
        return False
    bare = text.rstrip('”"»')
    return not bare.endswith(_NO_TITLE_ENDS) or text.endswith("...")


def is_sentence_with_source(text: str) -> bool:
    """Whether a sentence ends before brackets: "Nobody knows why. (Harbour Post)"."""
    before = _IN_BRACKETS_AT_END.sub("", text)
    return before != text and before.endswith((".", "。"))


def title_and_brackets(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title (Source, date) – text"""
    for match in BRACKETED.finditer(text):
        title, after = (
            text[: match.start()].rstrip(),
            text[match.end() :].strip(),
        )
        source = read_source(match[1], evidence.before)
        if source is None or not is_title(title) or _goes_on(after):
            continue
        likely = evidence.likelihood(source.name, hosts)
        if likely >= SURE or (likely and source.has_date):
            score = 2 + likely + evidence.repetition("brackets")
            yield _head("brackets", title, source, score, after.lstrip(_JOINT))


def _goes_on(after: str) -> bool:
    """Whether a sentence goes on behind brackets: "Minister (again) promises …"."""
    rest = after.lstrip(_JOINT)
    return bool(after) and after[0] not in _JOINT and not rest[:1].isupper()


def title_and_date(text: str, hosts: str, evidence: Evidence) -> Iterator[Head]:
    """Title (date); Title, Source (date)"""
    bracket = _IN_BRACKETS_AT_END.search(text)
    if bracket is None or not is_title(text[: bracket.start()]):
        return
    found = read_source(bracket[1], evidence.before)
    if found and found.has_date and not found.name:
        title = text[: bracket.start()].rstrip()
        yield from _before_comma(title, found, hosts, evidence)
        score = 1.2 + evidence.repetition("date in brackets")
        yield _head("date in brackets", title, found, score)


def _before_comma(
    text: str, dated: SourceLine, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Title, Source"""
    title, _, name = text.rpartition(", ")
    likely = evidence.likelihood(name, hosts)
    if likely and is_title(title):
        score = 1 + likely + evidence.repetition("comma and brackets")
        source = replace(dated, name=name)
        yield _head("comma and brackets", title, source, score)


def source_stop_title(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Source, date. Title. Text"""
    for found in find_dates(text[:_LONGEST_SOURCE], evidence.before)[:1]:
        stop = _STOP.match(text, found.end)
        source = read_source(text[: found.end], evidence.before)
        if stop is None or source is None or source.further:
            return
        likely = evidence.likelihood(source.name, hosts)
        title, rest = _title_and_rest(text[stop.end() :])
        if likely and is_title(title):
            score = 1 + likely + evidence.repetition("source first")
            yield _head("source first", title, source, score, rest)


def _title_and_rest(text: str) -> tuple[str, str]:
    """The first sentence, which is the headline, and the text behind it."""
    lead = _LEAD.match(text)
    if lead is None:
        return text.removesuffix("."), ""
    return lead["lead"].removesuffix("."), text[lead.end() :]


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
            yield _head("dash", title, source, score, rest)


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
        yield _head("brackets first", title, source, score)


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
        yield _head("dash first", title, source, score)


def lead_and_brackets(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Lead. Some sentences. (Source, date)"""
    lead = _LEAD.match(text)
    bracket = _IN_BRACKETS_AT_END.search(text)
    if lead is None or bracket is None or lead.end() >= bracket.start():
        return
    source = read_source(bracket[1], evidence.before)
    likely = evidence.likelihood(source.name, hosts) if source else 0.0
    title = lead["lead"].removesuffix(".")
    if source and source.has_date and likely and is_title(title):
        rest = text[lead.end() : bracket.start()].strip()
        # Any paragraph may look like this, so it counts only if several do.
        is_repeated = evidence.arrangements["lead"] >= _LEAST_LEADS
        score = 1.5 + evidence.repetition("lead") if is_repeated else -0.2
        yield _head("lead", title, source, score, rest)


def lead_sentence(text: str, _hosts: str, evidence: Evidence) -> Iterator[Head]:
    """Lead. Some sentences."""
    lead = _LEAD.match(text)
    if lead is None or not ends_sentence(text):
        return
    title, rest = lead["lead"].removesuffix("."), text[lead.end() :]
    if is_title(title):
        # Any paragraph looks like this, so it counts only if a source is below, for several items.
        is_repeated = evidence.arrangements["lead sentence"] >= _LEAST_LEADS
        score = 0.6 if is_repeated else -0.5
        yield Head("lead sentence", title, rest=rest, score=score)


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
            yield _head("pieces", title, source, score)


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
    colon = _COLON.search(text)
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
    title, source = _with_date_at_end(title, source, evidence)
    is_sure = source.has_date or likely >= SURE
    if not is_sure and evidence.is_rare("colon"):
        # "Interview: …", "Charted: …".
        return
    score = 0.5 + likely + evidence.repetition("colon")
    yield _head("colon", title.rstrip(" –—-"), source, score)


def _with_date_at_end(
    title: str, source: SourceLine, evidence: Evidence
) -> tuple[str, SourceLine]:
    """Take a date in brackets, or behind a comma, off the end of a title."""
    for found in find_dates(title, evidence.before)[-1:]:
        before, after = title[: found.start], title[found.end :]
        is_end = not strip_separators(after.rstrip(")）"))
        if is_end and before.rstrip().endswith(_BEFORE_DATE):
            dated = replace(source, date=found.date, has_date=True)
            return before.rstrip(_BEFORE_DATE_STRIPPED), dated
    return title, source


def topic_colon_text(
    text: str,
    _hosts: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """Topic: a paragraph that tells the news. It names no source."""
    colon = _COLON.search(text)
    if colon is None or not 5 < colon.start() <= _LONGEST_TOPIC:
        return
    topic, rest = text[: colon.start()].strip(), text[colon.end() :].strip()
    has_date = find_dates(topic, evidence.before)
    if (
        not has_date
        and len(rest) >= _SHORTEST_PARAGRAPH
        and ends_sentence(rest)
    ):
        score = 1.6 + evidence.repetition("topic")
        yield Head("topic", topic, rest=rest, score=score)


def _head(
    arrangement: str,
    title: str,
    source: SourceLine,
    score: float,
    rest: str = "",
) -> Head:
    return Head(
        arrangement,
        title,
        source.name,
        source.date,
        rest=rest,
        further=source.further,
        score=score + (1 if source.has_date else 0),
    )


ON_ONE_ROW: Sequence[Read] = (
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
    source_colon_title,
    topic_colon_text,
)
