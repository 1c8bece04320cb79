"""Recognise hosts that readers can't reach, and hosts that imitate others.

No function here raises an error for any text: hosts come from untrusted pages.
"""

import re
import unicodedata
from collections.abc import Collection
from itertools import filterfalse
from urllib.parse import unquote

from briefing.collecting.text import hosts
from briefing.text.normal_forms import normalized
from briefing.text.scripts import mixes_scripts, scripts_of

from . import tables

IDEOGRAPHIC_DOT = "。"
LONGEST_HOST = 253
LONGEST_LABEL = 63
"""RFC 1035 2.3.4."""


def _letters(groups: str) -> dict[int, int]:
    """Return a table for `str.translate` that maps all letters of a group to its first."""
    found: dict[int, int] = {}
    for group in groups.split():
        first = group[0]
        others = group[1:]
        found |= str.maketrans(others, first * len(others))
    return found


_HOSTS = tables.table("hosts")
_NOT_PUBLIC = frozenset(_HOSTS["not_public"])
_LEADS_WITHIN = frozenset(_HOSTS["leads_within"])
_IMITATED = frozenset(_HOSTS["imitated"])
_CONFUSABLES = tables.table("confusables")
_TAKEN_FOR = _letters(_CONFUSABLES["taken_for"])
_RESEMBLES = {**_TAKEN_FOR, **_letters(_CONFUSABLES["resembles"])}


def host_of(address: str) -> str:
    """Return the host of a web address, or the domain in a `mailto:` address; empty if there is
    none.
    """
    if address.lower().startswith("mailto:"):
        mailboxes = address.partition("?")[0]
        _, at, domain = mailboxes.partition(",")[0].rpartition("@")
        return domain.lower() if at else ""
    return unquote(hosts.host_of(address)).lower()


def punycode(host: str) -> str:
    """Return the host as it is looked up: in ASCII, with other labels as `xn--…`."""
    labels = normalized("NFC", as_browsers_read(host)).split(".")
    return ".".join(map(_encoded, labels))


def as_browsers_read(host: str) -> str:
    """Return the host with whatever browsers read as ASCII replaced: full-width and circled
    letters, capitals, the Chinese dot.
    """
    plain = normalized("NFKC", host).casefold()
    return plain.replace(IDEOGRAPHIC_DOT, ".").removesuffix(".")


def unreachable_reason(host: str) -> str:
    """Return why readers can't reach a host, worded to follow its name; empty if they can."""
    plain = as_browsers_read(host)
    labels = plain.split(".")
    if _is_number(plain):
        return "is an IP address instead of a name, as in phishing; use the site's public address"
    if len(plain) > LONGEST_HOST or not all(map(_can_be_label, labels)):
        return "isn't a valid host name; copy the address again"
    if _ends_in(labels, _NOT_PUBLIC):
        return f"ends in '{labels[-1]}', which doesn't exist on the internet; use the site's public address"
    if len(labels) == 1:
        return "has no dot, so it exists only in one private network; use the site's public address"
    if _ends_in(labels, _LEADS_WITHIN):
        return "leads to an address inside the reader's own network; use the site's public address"
    return ""


def _is_number(plain: str) -> bool:
    """Whether browsers take a host for an IP address. Its last label decides: 127.1, 0x7f.1 (WHATWG
    URL 3.5).
    """
    last = plain.rpartition(".")[2]
    return ":" in plain or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last) is not None


def _can_be_label(label: str) -> bool:
    return 1 <= len(_encoded(label)) <= LONGEST_LABEL


def _ends_in(labels: list[str], names: Collection[str]) -> bool:
    return labels[-1] in names or ".".join(labels[-2:]) in names


def imitation_reason(host: str, own: Collection[str]) -> str:
    """Return how a host imitates another, worded to follow its punycode; empty if it doesn't.

    `own` are the newsletter's hosts, which may be imitated as well as those in the table.
    """
    known = {*_IMITATED, *map(without_www, own)}
    plain = punycode(host)
    if _belongs_to(plain, known):
        return "" if host.isascii() else _odd_character_reason(host)
    shown = ".".join(map(_decoded, plain.split(".")))
    return (
        _odd_character_reason(host)
        or _like_known_reason(shown, known)
        or _mixed_scripts_reason(shown)
        or _like_ascii_reason(shown)
    )


def without_www(host: str) -> str:
    """Return a host as it is looked up, without `www.`."""
    return punycode(host).removeprefix("www.")


def _belongs_to(host: str, known: set[str]) -> bool:
    """Whether a host is a known one, or below one."""
    return not known.isdisjoint(hosts.parents(host))


def _odd_character_reason(host: str) -> str:
    for character in host:
        odd = _oddity_of(character, host)
        if odd:
            return odd
    return ""


def _oddity_of(character: str, host: str) -> str:
    """Return what is wrong with a character of a host, worded to follow its name; empty if nothing
    is.
    """
    if character in _CONFUSABLES["slashes"] and not _in_chinese_or_japanese(
        host, character
    ):
        return (
            f"contains {_described(character)}, which only looks like a slash"
        )
    if character.isascii() or character == IDEOGRAPHIC_DOT:
        return ""
    if normalized("NFKC", character).isascii():
        return f"is written with {_described(character)}, which only looks like '{as_browsers_read(character)}'"
    if (
        unicodedata.category(character)[0] not in "LMN"
        and character not in "·・"
    ):
        return f"contains {_described(character)}, which doesn't belong in an address"
    return ""


def _in_chinese_or_japanese(host: str, character: str) -> bool:
    """Whether a character is a real kana or ideograph within a word in its script."""
    if unicodedata.category(character) != "Lo":
        return False
    labels = [label for label in host.split(".") if character in label]
    return "LATIN" not in scripts_of(labels[0])


def _mixed_scripts_reason(shown: str) -> str:
    for label in shown.split("."):
        if mixes_scripts(label):
            first, *_, last = sorted(scripts_of(label))
            return f"mixes {first.capitalize()} and {last.capitalize()} letters in one word, as look-alike addresses do"
    return ""


def _like_ascii_reason(shown: str) -> str:
    """Find a word in another script that reads as ASCII, under an ASCII domain: browsers use the
    same test.
    """
    *words, ending = shown.split(".")
    for word in words if ending.isascii() else ():
        scripts = scripts_of(word)
        reads_as_ascii = (
            not word.isascii() and word.translate(_TAKEN_FOR).isascii()
        )
        if reads_as_ascii and "LATIN" not in scripts:
            script = min(map(str.capitalize, scripts), default="unusual")
            return f"is written in {script} letters to look like '{shown.translate(_TAKEN_FOR)}'"
    return ""


def _like_known_reason(shown: str, known: Collection[str]) -> str:
    """Find a known host that the last labels look like, or that the first labels repeat."""
    labels = shown.split(".")
    alike = {_skeleton(host): host for host in sorted(known)}
    for start in range(len(labels) - 1):
        imitated = alike.get(_skeleton(".".join(labels[start:])))
        if imitated:
            return f"is easily mistaken for '{imitated}'"
    for end in range(2, len(labels) - 1):
        for start in range(end - 1):
            begin = ".".join(labels[start:end])
            if begin in known:
                return f"begins like '{begin}' but belongs to '{'.'.join(labels[end:])}'"
    return ""


def _skeleton(host: str) -> str:
    """Return a host as it looks at a glance: the same for hosts that readers would confuse."""
    letters = normalized("NFD", host.translate(_RESEMBLES))
    without_accents = filterfalse(unicodedata.combining, letters)
    bare = "".join(without_accents).translate(_RESEMBLES)
    for written, read in _CONFUSABLES["read_as"].items():
        bare = bare.replace(written, read)
    return bare


def _described(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'a character without a name')}"


def _encoded(label: str) -> str:
    if label.isascii():
        return label
    encoded = label.encode("punycode", "replace")
    return "xn--" + encoded.decode("ascii")


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (ValueError, OverflowError):  # not punycode after all
        return label
