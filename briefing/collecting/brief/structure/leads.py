"""Arrangements in which a headline begins a paragraph: as its first sentence, before a colon, in quotation marks."""

import re
from collections.abc import Iterator

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.structure.head import (
    Evidence,
    Head,
    likely_source,
    sourced_head,
)
from briefing.collecting.brief.structure.source_line import (
    split_author,
)
from briefing.collecting.brief.structure.title import (
    is_title,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

LEAD_SENTENCE = "lead sentence"

_LEAD = re.compile(r"(?P<lead>[^.!?]{8,90}[.!?]) +(?=\S)")
_COLON = re.compile(r"\s?[:：]\s+|：")
_LEAST_LEADS = 3
_LONGEST_TOPIC = 110
_SHORTEST_PARAGRAPH = 60
_TOPIC = "topic"
_IN = Form("<published_in>|<via>")
_IN_SOURCE = "quoted in source"
_MARKS = '"“”„«»'
_QUOTED = re.compile(
    r"(?P<title>[\"“„«][^\"“”„«»]{5,200}[\"“”»])\s+(?P<behind>\S.{3,100})"
)


def quoted_and_author(text: str, evidence: Evidence) -> Iterator[Head]:
    """ "Title" by Jane Doe"""
    quoted = _QUOTED.fullmatch(text)
    if quoted is None:
        return
    author, rest = split_author(quoted["behind"])
    if author and not rest and is_title(quoted["title"].strip(_MARKS)):
        score = 1.0 + evidence.repetition("quoted")
        yield Head("quoted", quoted["title"], further=(author,), score=score)


def quoted_and_source(
    text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """ "Title" in Harbour Post on 3 May; "Title" via Harbour Post"""
    quoted = _QUOTED.fullmatch(text)
    if quoted is None or not is_title(quoted["title"].strip(_MARKS)):
        return
    name = quoted["behind"][_IN.begins(quoted["behind"]) :].strip()
    source = likely_source(name, hosts, evidence)
    if source and name != quoted["behind"]:
        likely = evidence.likelihood(source.name, hosts)
        score = 1.2 + likely + evidence.repetition(_IN_SOURCE)
        yield sourced_head(_IN_SOURCE, quoted["title"], source, score)


def lead_sentence(text: str, evidence: Evidence) -> Iterator[Head]:
    """Lead. Some sentences."""
    lead = _LEAD.match(text)
    if lead is None or not ends_sentence(text):
        return
    title, rest = lead["lead"].removesuffix("."), text[lead.end() :]
    if is_title(title):
        # Any paragraph looks like this, so it counts only if a source is below, for several items.
        is_repeated = evidence.arrangements[LEAD_SENTENCE] >= _LEAST_LEADS
        score = 0.6 if is_repeated else -0.5
        yield Head(LEAD_SENTENCE, title, rest=rest, score=score)


def topic_colon_text(text: str, evidence: Evidence) -> Iterator[Head]:
    """Topic: a paragraph that tells the news. It names no source."""
    colon = _COLON.search(text)
    if colon is None or not 5 < colon.start() <= _LONGEST_TOPIC:
        return
    topic, rest = text[: colon.start()].strip(), text[colon.end() :].strip()
    has_date = find_dates(topic, evidence.before)
    is_prose = ends_sentence(rest) or evidence.usual(_TOPIC)
    if not has_date and len(rest) >= _SHORTEST_PARAGRAPH and is_prose:
        score = 1.6 + evidence.repetition(_TOPIC)
        yield Head(_TOPIC, topic, rest=rest, score=score)
