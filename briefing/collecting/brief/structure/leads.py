"""Read a paragraph that begins with its headline: the first sentence, or words before a colon, in bold or in quotation
marks.
"""

import re
from collections.abc import Iterator

from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence, best_source
from .head import Head, sourced_head
from .headline_words import can_be_headline, is_sentence_with_source
from .publisher_names import SURE
from .source_line import split_author

LEAD_SENTENCE = "lead sentence"

_LEAD = re.compile(r"(?P<lead>[^.!?]{8,90}[.!?]) +(?=\S)")
_COLON = re.compile(r"\s?[:：]\s+|：")
_LONGEST_TOPIC = 110
_SHORTEST_TEXT = 60
"""Characters. A text of this length needs no full stop at its end."""
_DASH = re.compile(r" [–—-]{1,3} ")
_TOPIC = "topic"
_BEFORE_DASH = "before dash"
_BOLD_LEAD = "bold lead"
_LEAST_LEAD = 2
"""Words. A shorter one may be a label: "Note."."""
_READ_MORE = Form("<read_more>")
_AROUND_LEAD = " :：–—-→»›"
JOINT = " :：→»›>–—-([（"
"""What is between a text and words that lead on: "… → Read more"."""
_IN = Form("<published_in>|<via>")
_QUOTED_HEADLINE = "quoted"
_IN_SOURCE = "quoted in source"
_MARKS = '"“”„«»'
_QUOTED = re.compile(
    r"(?P<headline>[\"“„«][^\"“”„«»]{5,200}[\"“”»])\s+(?P<behind>\S.{3,100})"
)


def bold_lead(
    lead: str,
    text: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """Heads of "**Headline.** Source" and "**Headline.** Text. Source, date."."""
    headline = lead.rstrip(" .:：")
    if not can_be_headline(headline):
        return
    rest = text.removeprefix(lead)
    end = _READ_MORE.find_at_end(rest.rstrip(JOINT))
    rest = rest[:end].strip(_AROUND_LEAD)
    likely = evidence.likelihood(rest)
    # Only the host, or other items, tell a source from a second sentence: "**Bridge closed.** Harbour Post".
    if likely >= SURE:
        yield Head(_BOLD_LEAD, headline, rest, score=1.4 + likely)
    else:
        yield from _bold_lead_and_text(headline, rest, evidence)


def _bold_lead_and_text(
    headline: str,
    rest: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """Heads of "**Headline.** Text. Source, date" and "**Headline.** Text"."""
    # The last sentence may be the source: "The union said so. Harbour Post, 3 May".
    body, _, tail = rest.rstrip(".").rpartition(". ")
    source = best_source(tail, evidence)
    is_label = len(headline.split()) < _LEAST_LEAD
    score = (1.0 if is_label else 1.4) + evidence.repetition(_BOLD_LEAD)
    if source and source.has_date and not source.further:
        text = f"{body}." if body else ""
        yield sourced_head(_BOLD_LEAD, headline, source, score, text)
    elif is_text(rest):
        yield Head(_BOLD_LEAD, headline, rest=rest, score=score)


def is_text(words: str) -> bool:
    """Whether words behind a headline are a text: they end like a sentence, or are long."""
    return ends_sentence(words) or len(words) >= _SHORTEST_TEXT


def quoted_headline(text: str, evidence: Evidence) -> Iterator[Head]:
    """Heads of “Headline” by Jane Doe, “Headline” in Harbour Post on 3 May, and “Headline” via Harbour Post."""
    quoted = _QUOTED.fullmatch(text)
    if quoted is None or not can_be_headline(quoted["headline"].strip(_MARKS)):
        return
    headline = quoted["headline"]
    behind = quoted["behind"]
    author, rest = split_author(behind)
    if not rest:
        score = 1.0 + evidence.repetition(_QUOTED_HEADLINE)
        yield Head(_QUOTED_HEADLINE, headline, further=(author,), score=score)
    name = behind[_IN.begins(behind) :].strip()
    source = best_source(name, evidence)
    # Without "in" or "via", the marks may be around what a person said: "“We will not sign” Harbour Post".
    if source and not source.further and name != behind:
        score = 1.2 + evidence.repetition(_IN_SOURCE)
        yield sourced_head(_IN_SOURCE, headline, source, score)


def lead_sentence(text: str, evidence: Evidence) -> Iterator[Head]:
    """Heads of "Headline. Some sentences."."""
    lead = _LEAD.match(text)
    if lead is None or not ends_sentence(text):
        return
    headline = lead["lead"].removesuffix(".")
    rest = text[lead.end() :]
    if can_be_headline(headline):
        # Any paragraph looks like this, so it counts only if a source is below, for several items.
        score = 0.6 if evidence.is_usual(LEAD_SENTENCE) else -0.5
        yield Head(LEAD_SENTENCE, headline, rest=rest, score=score)


def headline_dash_text(text: str, evidence: Evidence) -> Iterator[Head]:
    """Heads of "Headline — A paragraph that tells the news.", perhaps with its source in brackets at the end."""
    dash = _DASH.search(text)
    if dash is None:
        return
    headline = text[: dash.start()]
    rest = text[dash.end() :]
    # "Bridge closed — the union said that." is one sentence.
    begins = not rest[:1].islower()
    ends = ends_sentence(rest) or is_sentence_with_source(rest)
    if begins and can_be_headline(headline) and ends:
        # Sentences have dashes as well, so it counts only for several items.
        # This is how `RowReading.arrangement` begins if a source is behind the text: "title – text ( source".
        with_source = evidence.usual_arrangement(
            f"title {dash[0].strip()} text"
        )
        is_rare = evidence.is_rare(_BEFORE_DASH) and not with_source
        score = -0.5 if is_rare else 1.2
        score += evidence.repetition(_BEFORE_DASH)
        yield Head(_BEFORE_DASH, headline, rest=rest, score=score)


def topic_colon_text(text: str, evidence: Evidence) -> Iterator[Head]:
    """Heads of "Topic: a paragraph that tells the news.", without a source."""
    colon = _COLON.search(text)
    # Not "Note: …" or "Photo: …"
    if colon is None or not 5 < colon.start() <= _LONGEST_TOPIC:
        return
    topic = text[: colon.start()].strip()
    rest = text[colon.end() :].strip()
    # "3 May: The union said …" begins with its date.
    has_date = find_dates(topic, evidence.before)
    is_prose = ends_sentence(rest) or evidence.is_usual(_TOPIC)
    if not has_date and len(rest) >= _SHORTEST_TEXT and is_prose:
        score = 1.6 + evidence.repetition(_TOPIC)
        yield Head(_TOPIC, topic, rest=rest, score=score)
