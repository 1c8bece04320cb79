"""What a server says, in codes and in words, and what it means for the reader: by the tables
statuses.toml and reasons.toml.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from briefing.data_files import load_table

from .kinds import BounceKind

LONGEST_TEXT = 20_000
"""Characters of what a server says that are looked through, for codes as well as for phrases."""
GAP = 60
"""The most characters between the pieces of a phrase."""
NEAR = 40
"""The most characters between words that are near each other."""

_STATUS = re.compile(r"(?<![\w.])([245])\.((\d{1,3})\.\d{1,3})(?![\w.]*\w)")
"""An enhanced status code (RFC 3463): its class, the rest, the subject."""
_REPLY = re.compile(r"(?<![\w.:-])([245]\d\d)(?=[\s:;,-]|$)")
_BEFORE_RECIPIENT = re.compile(
    r"(?:in reply to|after|following|did not like our|>>>|\[) ?(?:mail[ _]from|helo|ehlo|initial connection)"
    r"|refused to talk to me|my name was rejected",
    re.IGNORECASE,
)
"""A server that says so refused the sender: no recipient had been named yet."""
_RECIPIENT_NAMED = re.compile(r"\brcpt[ _]to\b", re.IGNORECASE)
_REASONS = load_table(Path(__file__).with_name("reasons.toml"))
_STATUSES = load_table(Path(__file__).with_name("statuses.toml"))


# A line may say the same of a hundred recipients.
@lru_cache
def kind_of_words(text: str) -> BounceKind | None:
    """Return what the words and codes of a text mean for a recipient; None for nothing."""
    text = text[:LONGEST_TEXT]
    kind = (
        kind_of_phrases("certain", text)
        or kind_of_status(text)
        or kind_of_phrases("vague", text)
        or kind_of_reply(text)
    )
    return _at_this_moment(kind, text)


def kind_of_failure(said: str, status: str, words: str) -> BounceKind | None:
    """Return what a failure means by the diagnostic and the status in the fields for machines, and the
    words beside them; None if they give no reason.

    The first source that gives a reason decides, the most reliable first: certain phrases, then
    codes, then vague phrases. The status is looked through for phrases too, since some servers
    write a comment after the code.
    """
    kind = (
        kind_of_phrases("certain", said, status)
        or kind_of_phrases("certain", status)
        or kind_of_status(said)
        or kind_of_status(status)
        or kind_of_phrases("certain", words)
        or kind_of_phrases("vague", said, status)
        or kind_of_reply(said)
        or kind_of_words(words)
        or kind_of_reply(status)
    )
    return _at_this_moment(kind, words)


def _at_this_moment(kind: BounceKind | None, text: str) -> BounceKind | None:
    """Return what words of this kind mean at the moment of the delivery at which the server says them:
    what sounds like a dead address may be about the sender.
    """
    about_mailbox = kind in {BounceKind.DEAD, BounceKind.FULL}
    if about_mailbox and not _RECIPIENT_NAMED.search(text):
        return BounceKind.REFUSED if _BEFORE_RECIPIENT.search(text) else kind
    return kind


# --- Codes


def first_status(text: str) -> str:
    """Return the first enhanced status code in a text; "" if there is none."""
    match = _STATUS.search(text)
    return match[0] if match else ""


def kind_of_status(text: str) -> BounceKind | None:
    """Return what a text's enhanced status codes mean, by the first one with a clear meaning; None
    if none has one.
    """
    for first, code, subject in _STATUS.findall(text):
        kind = next(
            (kind for kind, codes in _STATUSES.items() if code in codes), None
        )
        if first == "2":
            continue
        if kind:
            is_passing = kind == BounceKind.DEAD and first == "4"
            return BounceKind.TEMPORARY if is_passing else BounceKind(kind)
        # 5.5.0 says nothing: servers give it for any reason, also for unknown readers.
        if subject in {"5", "6", "7"} and code != "5.0":
            return BounceKind.REFUSED
    return None


def kind_of_reply(text: str) -> BounceKind | None:
    """Return what the SMTP reply codes in a text mean (RFC 5321), and codes such as 5.0.0; None for none."""
    classes = _classes(text)
    if "5" in classes:
        return BounceKind.REFUSED
    return BounceKind.TEMPORARY if "4" in classes else None


def _classes(text: str) -> set[str]:
    """Return the first digits of all codes in a text."""
    statuses = [match[0] for match in _STATUS.findall(text)]
    return {code[0] for code in statuses + _REPLY.findall(text)}


# --- Words


def kind_of_phrases(
    strength: str, text: str, codes: str = ""
) -> BounceKind | None:
    """Return what a text says by the phrases of one strength in reasons.toml; None if it contains none.

    `codes` were given beside the text.
    """
    compared = comparable(text)
    given = f"{text[:LONGEST_TEXT]} {codes}"
    statuses = {match[0] for match in _STATUS.finditer(given)}
    classes = _classes(given)
    for group in _REASONS[strength]:
        beside = group.get("statuses")
        if beside and statuses.isdisjoint(beside):
            continue
        may_pass = "4" in classes and "5" not in classes
        if may_pass and group.get("unless_temporary"):
            continue
        if _fits(compared, group):
            return BounceKind(group["kind"])
    return None


def _fits(compared: str, group: dict[str, Any]) -> bool:
    phrases = group.get("phrases", ())
    words = group.get("says", ())
    if not phrases and not words:
        return True
    return contains_any(compared, phrases) or any(
        is_near(compared, each, group["of"]) for each in words
    )


def comparable(text: str) -> str:
    """Return a text in the form that phrases are compared with: without addresses, links and codes."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT])
    for pattern, instead in _REASONS["replaced"]:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    text = f" {' '.join(text.lower().split())} "
    for spelling, usual in _REASONS["spellings"]:
        text = text.replace(spelling, usual)
    return text


def contains_any(text: str, phrases: list[str]) -> bool:
    """Whether a text, in the form for comparing, contains one of these phrases. An ellipsis in a phrase
    stands for up to GAP characters.
    """
    return any(
        phrase in text if "…" not in phrase else _pattern(phrase).search(text)
        for phrase in phrases
    )


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    pieces = [re.escape(piece.strip(" ")) for piece in phrase.split("…")]
    return re.compile(f".{{0,{GAP}}}?".join(pieces))


def is_near(text: str, words: str, others: list[str]) -> bool:
    """Whether some words are near one of the others, before or after it, in the same sentence."""
    for found in re.finditer(re.escape(words), text):
        start, end = found.span()
        before = text[max(0, start - NEAR) : start].rpartition(". ")[2]
        after = text[end : end + NEAR].partition(". ")[0]
        if any(other in f"{before}|{after}" for other in others):
            return True
    return False
