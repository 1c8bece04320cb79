"""Find the links at the end of rows that only lead to an article: "Harbour Post, 3 May – Listen"."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from briefing.collecting.brief.lines.read_more import is_label_of_link
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import host_of

from .publisher_hosts import is_host, is_in_hosts
from .row import Row, Rows, same_address

_MOST_WORDS = 2
_MOST_CHINESE = 4
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEAST = 2
"""Hosts to which the same words lead, or rows that end with a label: then other short links are labels as well."""


def may_be_label(words: str) -> bool:
    """Whether a link of these words may only lead on, rather than be a headline: "Tickets", "Read the full article"."""
    # Chinese has no spaces, so its characters are counted as well: "学校今天关门" is too long for a label.
    characters = len(_CHINESE.findall(words))
    is_short = len(words.split()) <= _MOST_WORDS and characters <= _MOST_CHINESE
    return is_short or is_label_of_link(words)


def with_link_labels(rows: Rows) -> list[Row]:
    """Rows that know the label which ends them: its words say so, or lead to several sites, or several rows end so."""
    shared = _shared(rows)
    ends = list(map(_short_link_at_end, rows))
    known = [words for words in ends if _is_label(words, shared)]
    are_usual = len(known) >= _LEAST
    labels = set(ends if are_usual else known)
    return [
        replace(row, label=words) if words in labels else row
        for row, words in zip(rows, ends, strict=True)
    ]


def _is_label(words: str, shared: Collection[str]) -> bool:
    """Whether the words of a link only lead to its page; `shared` are those that lead to several sites."""
    if is_label_of_link(words):
        return True
    if is_host(words):
        return True
    return fold(words) in shared


def _shared(rows: Rows) -> Collection[str]:
    """The words, folded, of links to pages of several sites."""
    hosts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for words, address in row.links:
            hosts[fold(words)].add(host_of(address))
    # A headline leads to a single article, but "Listen" to many sites.
    return {words for words, found in hosts.items() if len(found) >= _LEAST}


def _short_link_at_end(row: Row) -> str:
    """The words of a short link behind other words of a row, if it may be a label; "" without one.

    A name is rather the source, unless it is the host behind a sentence.
    """
    if not row.links:
        return ""
    words, address = row.links[-1]
    before = row.words.removesuffix(words)
    if same_address(words, address):
        return ""
    # The link is all of the row, or the row continues behind it.
    if not before.endswith(" "):
        return ""
    if not may_be_label(words):
        return ""
    # "The union said so. harbourpost.example.org"
    is_behind_sentence = ends_sentence(before.rstrip())
    if is_host(words):
        return words if is_behind_sentence else ""
    # "Bridge closed Lantern", with a link to lantern.example.org
    is_name = is_in_hosts(words, host_of(address))
    return "" if is_name else words
