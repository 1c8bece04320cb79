"""What the words of servers mean for the reader, by the phrases in reasons.toml."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from briefing.data_files import load_table

from .kinds import BounceKind
from .statuses import LONGEST_TEXT, statuses_in

GAP = 60
"""The most characters between the pieces of a phrase."""
NEAR = 40
"""The most characters between words that are near each other."""

_LINK = re.compile(r"\b(?:https?|mailto|ftp):[^\s<>\"]{1,2000}", re.IGNORECASE)
_BLOCK_LIST = re.compile(
    r"spamhaus|spamcop|barracudacentral|sorbs|dnsbl|[/.]rbl[/.]|black-?list|block-?list",
    re.IGNORECASE,
)
_PART = r"[^\s<>\"',;:()\[\]@]"
_ADDRESS = re.compile(rf"(?<!{_PART}){_PART}{{1,64}}+@{_PART}{{1,255}}+")
_CODE = re.compile(
    r"(?<![\w.])[245]\d\d(?:[- #]{1,3}[245]\.\d{1,3}\.\d{1,3})?[-: ]"
)
_STATUS = re.compile(r"(?<![\w.])#?[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\w)")
# IronPort, Postfix and qmail write some of these before any reason. Other servers write them where they
# don't know the reason or a host's name, or in a notice that forbids passing the email on.
_EMPTY_PHRASES = re.compile(
    r"unknown address error|bad destination (?:host|email address)|delivery temporarily suspended"
    r"|does not like recipient|strictly prohibited|\(unknown\)|\bfrom unknown(?= {0,2}(?:[\[(\n]|$))"
    r"|\bunknown (?:error|reason|cause|permanent failure|temporary failure)|\b(?:reason|cause)(?: is|:)? unknown",
    re.IGNORECASE,
)
# Virus scanners advertise themselves below what a server says.
_SCANNERS = re.compile(
    r"anti-?virus|virus[- ]free|no virus"
    r"|(?:scanned|checked) for (?:all )?(?:known )?(?:virus(?:es)?|spam)",
    re.IGNORECASE,
)
# "Address" in these words isn't a reader's: "your IP address was not found" is about the sender.
_NETWORK_ADDRESS = re.compile(
    r"\bip[- ]?(?:address|adresse|адрес|地址|位址|アドレス)|\b(?:adresse|dirección|direccion|indirizzo|endereço) ip\b",
    re.IGNORECASE,
)
_CHARACTERS = str.maketrans("’‘`´_<>", "''''   ")
# Each is written in several ways; the phrases only have the second.
_SPELLINGS = (
    ("can't", "cannot"),
    ("can not", "cannot"),
    ("won't", "will not"),
    ("n't", " not"),
    ("mail box", "mailbox"),
    ("mail-box", "mailbox"),
    ("。", ". "),
)


@dataclass(frozen=True, slots=True)
class _Group:
    kind: str
    phrases: Sequence[str] = ()
    of: Sequence[str] = ()
    """Words for what is spoken of, such as a mailbox."""
    says: Sequence[str] = ()
    """Words that count only near one of those in `of`."""
    unless_temporary: bool = False
    statuses: Sequence[str] = ()
    """Enhanced status codes beside which the words count, or which are enough if there are no words;
    empty for any code and none."""


def certain_kind(text: str, status: str = "") -> BounceKind | None:
    """Return what a text surely says of a recipient; None if it contains no certain phrase.

    `status` is a code that was given beside the text.
    """
    given = statuses_in(f"{text[:LONGEST_TEXT]} {status}")
    groups = [
        each
        for each in _groups("certain")
        if not each.statuses or given.intersection(each.statuses)
    ]
    return _kind(groups, text)


def vague_kind(text: str, *, temporary: bool) -> BounceKind | None:
    """Return what a text probably says of a recipient; `temporary`: by its codes, it may pass."""
    groups = [
        each
        for each in _groups("vague")
        if not (each.unless_temporary and temporary)
    ]
    return _kind(groups, text)


def names_account(text: str) -> bool:
    """Whether a text says of an account or mailbox that it doesn't exist, not only of a user."""
    return _kind(_groups("explicit"), text) is not None


def comparable(text: str) -> str:
    """Return a text in the form that phrases are compared with: without addresses, links and codes."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT])
    text = _LINK.sub(_what_a_link_says, text)
    text = _EMPTY_PHRASES.sub(" ", text)
    text = _SCANNERS.sub(" ", text)
    text = _NETWORK_ADDRESS.sub("ip", text)
    text = _ADDRESS.sub(" ", text)
    text = _CODE.sub(" ", text)
    text = _STATUS.sub(" ", text)
    words = text.translate(_CHARACTERS).lower().split()
    text = f" {' '.join(words)} "
    for spelling, usual in _SPELLINGS:
        text = text.replace(spelling, usual)
    return text


def _what_a_link_says(link: re.Match[str]) -> str:
    """Return what is left of a link: some servers give no reason but that to a block list."""
    return " blocklist " if _BLOCK_LIST.search(link[0]) else " "


def _kind(groups: Iterable[_Group], text: str) -> BounceKind | None:
    compared = comparable(text)
    for group in groups:
        if _fits(compared, group):
            return BounceKind(group.kind)
    return None


def _fits(compared: str, group: _Group) -> bool:
    if not group.phrases and not group.says:
        return True
    if contains_any_phrase(compared, group.phrases):
        return True
    return any(is_near(compared, words, group.of) for words in group.says)


def contains_any_phrase(compared: str, phrases: Iterable[str]) -> bool:
    """Whether a text, in the form for comparing, contains one of these phrases."""
    return any(contains(compared, phrase) for phrase in phrases)


def is_near(text: str, words: str, others: Sequence[str]) -> bool:
    """Whether some words are near one of the others, before or after it, in the same sentence."""
    place = text.find(words)
    while place >= 0:
        before = text[max(0, place - NEAR) : place].rpartition(". ")[2]
        end = place + len(words)
        after = text[end : end + NEAR].partition(". ")[0]
        around = f"{before}|{after}"
        if any(other in around for other in others):
            return True
        place = text.find(words, end)
    return False


def contains(text: str, phrase: str) -> bool:
    """Whether a text contains a phrase. An ellipsis in it stands for up to GAP characters."""
    first, *others = _pieces_of(phrase)
    place = text.find(first)
    while place >= 0:
        if not others or _follow(text, place + len(first), others):
            return True
        place = text.find(first, place + 1)
    return False


def _follow(text: str, place: int, pieces: list[str]) -> bool:
    for piece in pieces:
        found = text.find(piece, place, place + GAP + len(piece))
        if found < 0:
            return False
        place = found + len(piece)
    return True


@cache
def _groups(strength: str) -> tuple[_Group, ...]:
    path = Path(__file__).with_name("reasons.toml")
    return tuple(_Group(**group) for group in load_table(path)[strength])


@cache
def _pieces_of(phrase: str) -> tuple[str, ...]:
    """Return the pieces of a phrase between its ellipses."""
    pieces = phrase.split("…")
    if len(pieces) == 1:
        return (phrase,)
    return tuple(piece.strip(" ") for piece in pieces)
