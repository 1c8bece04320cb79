"""Decide which section of an issue an item goes into, by the title that it stood under in a brief,
and by its kind. No I/O.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from briefing.data_files import load_table
from briefing.text.normal_forms import normalized

from .model import Item, Items, Kind

Groups = dict[str | None, Items]
"""Items by the title of their section; those under None go to the default place for new items."""

_LABELLED = {Kind.PRESS_RELEASE, Kind.STATEMENT, Kind.APPEAL}
_TOPICS = Path(__file__).with_name("section_titles.toml")
_WORDS = re.compile(r"[^\W_]+")
_COLONS = " :："
_NUMBER = re.compile(
    r"^\W*(?:\d{1,2}|[ivx]{1,4}|[a-z]|[一二三四五六七八九十]{1,3})\s*[.)、:\ufe0f\u20e3](?=.*\w)"
)
"""The number of a section: "1. News", "II) News", "一、新闻", "1️⃣ News"."""
_JOINTS = re.compile(r"[&/,،、;|+和与與及]|\b(?:and|und|ve|et|y|и|و|ۋە)\b")
"""Between the parts of a title: "Statements and releases"."""


def place(
    items: Iterable[tuple[Item, str]],
    present: Sequence[str],
    configured: Sequence[str],
) -> Groups:
    """Return the items, each given with its title in the brief, by the section they go into.

    `present` are the titles of the issue's sections, `configured` those in the settings. An item
    goes into the section that its title means; else a press release, statement or appeal goes into
    the configured section for its kind, if the issue has it; else its title becomes a new section.
    Items without a title go into the first configured section that the issue has, else to the
    default place (None), which comes first.
    """
    known = [*present, *configured]
    # A section that the editor removed from the issue doesn't come back only because of an item's kind.
    usual = [section for section in configured if section in present]
    placed: list[tuple[str | None, Item]] = []
    added: dict[str | None, None] = {}
    for item, written in items:
        title = written.strip(_COLONS)
        section = (
            same_title(title, known)
            or _similar_title(title, known)
            or _for_kind(item.kind, usual)
            or same_title(title, filter(None, added))
            or title
            or next(iter(usual), None)
        )
        placed.append((section, item))
        added[section] = None
    return grouped(placed)


def grouped(placed: Iterable[tuple[str | None, Item]]) -> Groups:
    """Return items by the section that each was given with, those without one first: they go below
    the last item, before others make new sections.
    """
    groups: dict[str | None, list[Item]] = defaultdict(list)
    for section, item in placed:
        groups[section].append(item)
    order = sorted(groups, key=lambda section: section is not None)
    return {section: tuple(groups[section]) for section in order}


def same_title(title: str, sections: Iterable[str]) -> str | None:
    """Return the section with the same words: "◎ NEWS:" is "News"."""
    words = _words(title)
    for section in sections:
        if section == title:
            return section
        if words and _words(section) == words:
            return section
    return None


def near_title(title: str, sections: Sequence[str]) -> str | None:
    """Return the section that an unknown title probably means: one about the same, or with nearly the
    same letters.
    """
    by_words = {_words(section): section for section in sections}
    near = difflib.get_close_matches(_words(title), by_words, n=1)
    return _similar_title(title, sections) or (
        by_words[near[0]] if near else None
    )


def _similar_title(title: str, sections: Iterable[str]) -> str | None:
    """Return the section that alone is about everything that a title is about: for "Statements",
    "Statements and releases".
    """
    topics = [_topics_of(part) for part in _parts(title)]
    if not topics or not all(topics):
        return None
    found = {section for section in sections if _covers(section, topics)}
    # A section too many is deleted in a moment; an item in the wrong one is easily overlooked.
    return found.pop() if len(found) == 1 else None


def _covers(section: str, topics: Iterable[Collection[str]]) -> bool:
    """Whether a section is about one of each of some alternative topics."""
    own = set[str]().union(*map(_topics_of, _parts(section)))
    return all(own.intersection(alternatives) for alternatives in topics)


def _for_kind(kind: Kind, sections: Iterable[str]) -> str | None:
    """Return the first section for items of a labelled kind."""
    if kind not in _LABELLED:
        return None
    for section in sections:
        if _covers(section, [{kind.value}]):
            return section
    return None


# --- Titles as words


@lru_cache(1024)
def _words(title: str) -> str:
    """Return the words of a title, without its number, ornaments and capitals."""
    return _bare(_plain(title))


def _parts(title: str) -> list[str]:
    """Return what a title names: "Statements and releases" → "statements", "releases"."""
    whole = _words(title)
    if _topics_of(whole):
        return [whole]
    parts = map(_bare, _JOINTS.split(_plain(title)))
    return list(filter(None, parts))


def _bare(text: str) -> str:
    return " ".join(_WORDS.findall(text))


def _plain(title: str) -> str:
    return _NUMBER.sub("", _fold(title))


def _fold(text: str) -> str:
    """Return a text in lower case, with the same i for all four in Turkish."""
    folded = normalized("NFKC", text).casefold()
    return folded.replace("\u0307", "").replace("ı", "i")


def _topics_of(words: str) -> frozenset[str]:
    """Return what a title of these words is about; a word may have several topics."""
    return _topics().get(words, frozenset())


@cache
def _topics() -> dict[str, frozenset[str]]:
    topics: dict[str, frozenset[str]] = {}
    for topic, titles in load_table(_TOPICS).items():
        for title in titles:
            words = _bare(_fold(title))
            others = topics.get(words, frozenset())
            topics[words] = others | {topic}
    return topics
