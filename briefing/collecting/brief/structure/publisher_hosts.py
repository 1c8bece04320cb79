"""Compare publishers' names with the hosts that links lead to: "Northern Ledger" is at northern-ledger.example.org."""

import re
from functools import lru_cache
from operator import itemgetter
from urllib.parse import unquote

from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold, with_ascii_umlauts
from briefing.collecting.text.hosts import host_of, is_first_page
from briefing.text.normal_forms import normalized

from .cyrillic import in_latin
from .row import Rows

_MOST_KNOWN = 4096
"""Names that are remembered: they are asked about for each arrangement."""
_SHORTEST_WHOLE = 6
"""Letters of a name in a host, all of whose words are too short or usual: "Radio Dam" and radiodam.example.org."""
_MOST_UNKNOWN = 3
"""A host says whose it is if it has at least one in so many words of a name."""
_HOST = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,10}")
_WORDS = re.compile(r"[\s'’-]+")
# "https://search.example.org/url?q=https://harbourpost.example.org/a"
_INNER_ADDRESS = re.compile(r"(?<=[=/])https?://[^\s/&?]+")
"""What an address of a search engine or an email service leads to."""
_NOT_LETTERS = re.compile(r"[^a-z0-9 ]")
# "example" is in the host of every sample address.
_USUAL_IN_NAMES = frozenset(
    {"radio", "news", "post", "times", "press", "example", "online", "the"}
)
"""These words don't identify a publisher in a host name."""


def hosts_of(rows: Rows) -> str:
    """The host names of the pages that rows link to. A site's first page isn't an article, so its host says nothing
    about where an item is from.
    """
    addresses = [
        address
        for row in rows
        for address in row.addresses
        if not is_first_page(address)
    ]
    within = [
        inner
        for address in addresses
        for inner in _INNER_ADDRESS.findall(unquote(address))
    ]
    return " ".join(map(host_of, [*addresses, *within]))


def is_host(words: str) -> bool:
    """Whether words are only the name of a host: "harbourpost.example.org"."""
    return _HOST.fullmatch(words) is not None


def is_in_hosts(name: str, hosts: str) -> bool:
    """Whether a host is that of a name: "Northern Ledger" and northern-ledger.example.com; "DRN" and
    www.drn.example.org, or drnews.example.org.
    """
    if not hosts:
        return False
    letters = _letters(hosts)
    # "Küstenbote" has kustenbote.example.org or kuestenbote.example.org.
    spellings = {name, with_ascii_umlauts(name), *in_latin(name)}
    return any(_is_in_letters(spelling, letters) for spelling in spellings)


def is_whole_in_hosts(name: str, hosts: str) -> bool:
    """Whether a host has each word of a name, but for an article."""
    letters = _letters(hosts)
    return all(
        part in letters or part in words("particle") for part in _parts_of(name)
    )


def _is_in_letters(name: str, letters: str) -> bool:
    parts = _parts_of(name)
    words_in_name = list(filter(_identifies, parts))
    # lantern.example.org is that of "Lantern Society Review", but not of "Lantern Society Review Weekly".
    found = sum(part in letters for part in words_in_name)
    if found and found * _MOST_UNKNOWN >= len(words_in_name):
        return True
    whole = "".join(parts)
    if len(whole) >= _SHORTEST_WHOLE and whole in letters:
        return True
    # "Delta Radio Network" is at drn.example.org; the two initials of "Delta Radio" would also begin drone.example.org.
    is_abbreviation = len(parts) == 1 and name.isupper()
    initials = whole if is_abbreviation else "".join(map(itemgetter(0), parts))
    return len(initials) >= 3 and _begin_a_host(initials, letters)


def _begin_a_host(initials: str, letters: str) -> bool:
    return any(
        # The dot behind "www" is gone: "wwwdrnexampleorg".
        host.removeprefix("www").startswith(initials)
        for host in letters.split()
    )


@lru_cache(maxsize=_MOST_KNOWN)
def _parts_of(name: str) -> tuple[str, ...]:
    """The words of a name, as host names are written."""
    return tuple(filter(None, map(_letters, _WORDS.split(name))))


def _identifies(part: str) -> bool:
    # Short words are in hosts by chance: "Dam" in amsterdam.example.org.
    is_word = len(part) >= 4 and not part.isdecimal()
    return is_word and part not in _USUAL_IN_NAMES


@lru_cache(maxsize=_MOST_KNOWN)
def _letters(text: str) -> str:
    """Letters without accents, as host names are written."""
    decomposed = normalized("NFD", fold(text))
    return _NOT_LETTERS.sub("", decomposed)
