"""Judge whether words are a publisher's name: by how they are written, by the host of the item's link, and by what the
brief repeats.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from briefing.collecting.brief.lines.fields import field_named
from briefing.collecting.brief.lines.headlines import is_byline
from briefing.collecting.brief.lines.kinds import is_kind_alone
from briefing.collecting.brief.lines.names import has_publisher_word
from briefing.collecting.brief.lines.sentences import contains_sentence_end
from briefing.collecting.brief.lines.titles import (
    is_issue_date,
    is_issue_number,
    is_usual_section,
)
from briefing.collecting.brief.vocabulary import Form, phrases, words
from briefing.collecting.text.comparing import fold

from .publisher_hosts import is_host, is_in_hosts, is_whole_in_hosts

LONGEST_NAME = 60
_MOST_KNOWN = 4096
"""Names and hosts that are remembered: they are asked about for each arrangement."""
CAPITALISED = 1.0
"""At least this likely is a name that is written like one, with capitals."""
LIKELY = 1.5
"""At least this likely is a name with a word like "Post", or one that other items have as well."""
SURE = 2.0
"""At least this likely is a name that the host of the link confirms."""
PUBLISHED = Form("<published>[ <on>]")
"""Words that lead to a date, and name nobody."""

IN_USUAL_PLACE = 0.5
"""How likely a name at least is, in any script, where several other items have a source."""
CASELESS = 0.8
"""How likely a short name is in a script without capital letters."""
_LONGEST_CJK_NAME = 14
_MOST_WORDS = 10
_MOST_WITHOUT_CAPITALS = 2
"""Words of a name that is written without capitals, like "taz"."""
_SHORTEST_WITHOUT_CAPITALS = 2
_WITHOUT_CAPITALS = 0.3
"""How likely such a name is: only a date beside it says that it is one."""
_MOST_SMALL_WORDS = 3
"""A longer name has capitals: "the northern ledger", but not "Harbour Post has the full story"."""
_AS_HOST = 0.5
"""How likely the name of a host is: a date beside it says that it is a source."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# What parts a name from other words: "Ferry: strike", "Tidal (weekly)", ", Harbour".
_NOT_IN_NAMES = re.compile(r"[:：]\s|[：()（）\[\]]|^[,.;:]")
# "14:30 Town Hall", "7 pm", "um 14:30"; numbers further on may belong to a name: "Channel 4 News".
_TIME = re.compile(
    r"^\d{1,2}(?::\d\d|(?:[.:]\d\d)? ?(?:[ap]m|uhr|h))\b"
    r"|^[^\W\d_]{1,6} \d{1,2}:\d\d\b",
    re.IGNORECASE,
)
# Only behind a short word, since "Valley 2025" may be a name.
_YEAR = re.compile(r"(?:^| )[^\W\d_]{1,4} (?:19|20)\d\d$")
"""It ends what happened, not a name: "The valley in 2025"."""
# "Mersin’de", "Istanbul'da"
_PLACE = re.compile(r"[’'][dt][ae]n?$")
"""In Turkish, it says where something is."""
_NOT_IN_ANY_NAME = (_YEAR, _PLACE, _TIME, _NOT_IN_NAMES)
"""What has one of these isn't a name."""
_SENTENCE_END = re.compile(r"[.!?。؟]$")
_READING_TIME = Form("<reading_time>")
_CLASSIFIERS = (
    field_named,
    is_issue_date,
    is_issue_number,
    is_kind_alone,
    is_usual_section,
    _READING_TIME.fits,
)
_REPORTED = Form(" <reported>")
_ACCORDING_TO = Form("<according_to>")
_ELIDED_ARTICLE = re.compile(r"\w{1,4}['’](?=\w)")


@lru_cache(maxsize=_MOST_KNOWN)
def likelihood(name: str, hosts: str, seen: int = 0) -> float:
    """How likely words are a publisher's name: 0 if they can't be, about 1 for any name, `SURE` and more if the link's
    host has it.

    `hosts` comes from `hosts_of`; `seen` is how often other items of the brief name the same source.
    """
    if not _may_be_name(name):
        return 0.0
    score = _by_writing(name)
    # The host may even confirm a name without capitals: "the northern ledger" and northernledger.example.org.
    if _is_confirmed(name, hosts, score):
        score += SURE
    elif not score:
        return 0.0
    if has_publisher_word(name):
        score += 0.5
    return score + min(1.0, 0.5 * seen)


def _is_confirmed(name: str, hosts: str, score: float) -> bool:
    """Whether the link's host has a name; `score` says how likely its writing makes it one. If a name has small words,
    but none that is typical of publishers, the host must have all of it: one word may be there by chance.
    """
    if not is_in_hosts(name, hosts):
        return False
    if score > _WITHOUT_CAPITALS:
        return True
    if _has_one_small_word(name) and has_publisher_word(name):
        return True
    # court.example.org confirms "court", but not "court opens".
    is_short = len(name.split()) <= _MOST_SMALL_WORDS
    may_be_whole = score > 0 or is_short or _has_one_small_word(name)
    return may_be_whole and is_whole_in_hosts(name, hosts)


@lru_cache(maxsize=_MOST_KNOWN)
def _may_be_name(name: str) -> bool:
    if len(name) > LONGEST_NAME or not any(map(str.isalpha, name)):
        return False
    if any(pattern.search(name) for pattern in _NOT_IN_ANY_NAME):
        return False
    if only_classifies(name) or is_byline(name) or PUBLISHED.fits(name):
        return False
    if _ends_small(name) or _says_where(name):
        return False
    # "Harbour Post reported" begins a sentence.
    return not _is_sentence(name) and _REPORTED.find_at_end(name) is None


def _ends_small(name: str) -> bool:
    """Whether words end with an article or the like, so they begin a sentence: "Textile House opened the"."""
    last = name.rpartition(" ")[2]
    return last.islower() and last in words("particle")


def _says_where(name: str) -> bool:
    """Whether words in capitals are rather the title of a section: "AT THE LIBRARY"."""
    first, _, rest = name.partition(" ")
    return name.isupper() and bool(rest) and fold(first) in words("at")


def only_classifies(name: str) -> bool:
    """Whether words say what an item, a section or a line is, not where it is from: "Report", "News", "Press release",
    "Source", "4 minute read", "May issue".
    """
    first, _, rest = name.partition(" ")
    bare = rest if fold(first) in words("particle") else name
    folded = fold(bare)
    if folded in words("genre") or folded in words("deadline"):
        return True
    return any(classifies(name) for classifies in _CLASSIFIERS)


def _is_sentence(name: str) -> bool:
    if contains_sentence_end(name):
        return True
    # "Lichthaus e.V." and "Lichthaus Inc." end like sentences, but aren't any.
    ends = _SENTENCE_END.search(name) and not _is_abbreviated(name)
    return bool(ends) and not name.lower().endswith(phrases("legal_form"))


def _is_abbreviated(name: str) -> bool:
    """Whether a full stop at the end belongs to an abbreviation: "Lichthaus e.V."."""
    last = name.rpartition(" ")[2]
    return last.count(".") > 1


def _by_writing(name: str) -> float:
    if _CJK.search(name):
        # Without spaces and capitals, the length must tell names from sentences. “据海港报” says "according to …".
        is_report = _ACCORDING_TO.begins(name) > 0
        is_short = len(name) <= _LONGEST_CJK_NAME
        return CASELESS if is_short and not is_report else 0.0
    if is_host(name):
        return _AS_HOST
    parts = name.split()
    if name.lower() == name.upper():  # a script without capital letters
        return CASELESS if len(parts) <= 5 else 0.0
    return _by_capitals(parts)


def _by_capitals(parts: Sequence[str]) -> float:
    if len(parts) > _MOST_WORDS:
        return 0.0
    if any(map(_has_capital, parts)):
        return _with_capitals(parts)
    is_short = len(parts) <= _MOST_WITHOUT_CAPITALS
    is_long = len(" ".join(parts)) >= _SHORTEST_WITHOUT_CAPITALS
    is_name = is_short and is_long and all(map(str.isalpha, parts))
    return _WITHOUT_CAPITALS if is_name else 0.0


def _with_capitals(parts: Sequence[str]) -> float:
    """How likely words are a name, some of which have capitals."""
    small = list(filter(_begins_small, parts))
    if not small:
        return 1.2 if len(parts) <= 4 else 0.6
    if words("particle").issuperset(map(fold, small)):
        return 0.9 if len(parts) <= 6 else 0.4
    # One small word may be in a name, "Port vestnik", but a short headline looks alike: "Court opens".
    return 0.5 if len(small) == 1 and _has_capital(parts[0]) else 0.0


def _has_one_small_word(name: str) -> bool:
    """Whether a name begins with a capital, and has few words and one small one, but for particles: "Лист для всех",
    "Les Nouvelles du canal".
    """
    parts = name.split()
    own = [word for word in parts if fold(word) not in words("particle")]
    is_short = len(own) <= _MOST_SMALL_WORDS
    return (
        is_short
        and sum(map(_begins_small, own)) == 1
        and _has_capital(parts[0])
    )


def _begins_small(word: str) -> bool:
    """Whether a word has a small first letter, behind an article: "l'Ouest" doesn't."""
    bare = word.lstrip("(“\"'«„")
    return _ELIDED_ARTICLE.sub("", bare, count=1)[:1].islower()


def _has_capital(word: str) -> bool:
    # The capital may be behind another letter, or a quotation mark: "iMedia", "“Harbour".
    return any(map(str.isupper, word[:2]))
