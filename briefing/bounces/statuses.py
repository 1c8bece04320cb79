"""What status codes mean for the reader: enhanced ones (RFC 3463 and IANA's registry), and replies
of SMTP (RFC 5321).
"""

import re
from pathlib import Path

from briefing.data_files import load_table

from .kinds import BounceKind

LONGEST_TEXT = 20_000
"""Characters of what a server says that are looked through, for codes as well as for phrases."""

_STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?![\w.]*\w)")
_REPLY = re.compile(r"(?<![\w.:-])([245]\d\d)(?=[\s:;,-]|$)")

_TABLE = load_table(Path(__file__).with_name("statuses.toml"))
_FULL = "2.2"
_REFUSED_SUBJECTS = {5, 6, 7}
_DEAD_REPLIES = {"521", "551", "556"}


def kind_of_status(text: str) -> BounceKind | None:
    """Return what a text's enhanced status codes mean, by the first one with a clear meaning; None
    if none has one.
    """
    for match in _STATUS.finditer(text):
        first, subject, detail = map(int, match.groups())
        kind = _kind_of_code(first, subject, detail)
        if kind:
            return kind
    return None


def _kind_of_code(first: int, subject: int, detail: int) -> BounceKind | None:
    """Return what a code means; its first number is 2 for success, 4 for now and 5 for ever."""
    code = f"{subject}.{detail}"
    if first == 2:
        return None
    if code == _FULL:
        return BounceKind.FULL
    if code in _TABLE["dead"]:
        return BounceKind.DEAD if first == 5 else BounceKind.TEMPORARY
    if code in _TABLE["temporary"]:
        return BounceKind.TEMPORARY
    if detail == 0:
        # 5.5.0 isn't among them: servers give it for any reason, also for unknown readers.
        is_refusal = first == 5 and subject in {6, 7}
    else:
        is_refusal = subject in _REFUSED_SUBJECTS or code in _TABLE["refused"]
    return BounceKind.REFUSED if is_refusal else None


def kind_of_reply(text: str) -> BounceKind | None:
    """Return what the SMTP reply codes in a text mean, and codes such as 5.0.0; None for none."""
    if _DEAD_REPLIES.intersection(_REPLY.findall(text)):
        return BounceKind.DEAD
    classes = _classes(text)
    if "5" in classes:
        return BounceKind.REFUSED
    return BounceKind.TEMPORARY if "4" in classes else None


def is_temporary(text: str) -> bool:
    """Whether a text has a code for a failure that may pass, and none for a lasting one."""
    classes = _classes(text)
    return "4" in classes and "5" not in classes


def _classes(text: str) -> set[str]:
    """Return the first digits of all codes in a text."""
    of_replies = {reply[0] for reply in _REPLY.findall(text)}
    of_statuses = {first for first, _, _ in _STATUS.findall(text)}
    return of_replies | of_statuses


def statuses_in(text: str) -> set[str]:
    """Return all enhanced status codes in a text."""
    return {match[0] for match in _STATUS.finditer(text)}


def first_status(text: str) -> str:
    """Return the first enhanced status code in a text; "" if there is none."""
    match = _STATUS.search(text)
    return match[0] if match else ""
