"""What status codes mean for the reader: enhanced ones (RFC 3463 and IANA's registry), and replies
of SMTP (RFC 5321).
"""

import re

from .kinds import Kind

LONGEST = 20_000
"""Characters of what a server says that are looked through, for codes as well as for phrases."""

_STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?![\w.]*\w)")
_REPLY = re.compile(r"(?<![\w.:-])([245]\d\d)(?=[\s:;,-]|$)")

_DEAD = {
    *((1, detail) for detail in (1, 2, 3, 6, 10)),
    # Exchange Online: the other server doesn't know the recipient.
    (1, 351),
    (4, 4),
    # The address belongs to somebody else by now (RFC 7293).
    (7, 17),
    (7, 18),
}
_TEMPORARY = {
    # Disabled, which may be undone.
    (2, 1),
    (2, 4),
    (3, 0),
    (3, 1),
    (3, 2),
    (3, 3),
    (3, 5),
    *((4, detail) for detail in (1, 2, 3, 5, 6, 7, 8)),
    # Exchange Online: expired, or no connection.
    *((4, detail) for detail in range(300, 320)),
    (7, 13),
}
_REFUSED_CODES = {(1, 7), (1, 8), (2, 3), (3, 4)}
_REFUSED_SUBJECTS = {5, 6, 7}
_DEAD_REPLIES = {"521", "551", "556"}


def kind_of_status(status: str) -> Kind | None:
    """Return what a text's enhanced status codes mean, by the first one with a clear meaning; None
    if none has one.
    """
    for match in _STATUS.finditer(status):
        first, subject, detail = map(int, match.groups())
        kind = _kind_of_code(first, subject, detail)
        if kind:
            return kind
    return None


def _kind_of_code(first: int, subject: int, detail: int) -> Kind | None:
    """Return what a code means; its first number is 2 for success, 4 for now and 5 for ever."""
    code = subject, detail
    if first == 2:
        return None
    if code == (2, 2):
        return Kind.FULL
    if code in _DEAD:
        return Kind.DEAD if first == 5 else Kind.TEMPORARY
    if code in _TEMPORARY:
        return Kind.TEMPORARY
    return Kind.REFUSED if _is_refusal(first, code) else None


def _is_refusal(first: int, code: tuple[int, int]) -> bool:
    subject, detail = code
    if detail == 0:
        # 5.5.0 isn't among them: servers give it for any reason, also for unknown readers.
        return first == 5 and subject in {6, 7}
    return subject in _REFUSED_SUBJECTS or code in _REFUSED_CODES


def kind_of_reply(text: str) -> Kind | None:
    """Return what the SMTP reply codes in a text mean, and codes such as 5.0.0; None for none."""
    if _DEAD_REPLIES.intersection(_REPLY.findall(text)):
        return Kind.DEAD
    classes = _classes(text)
    if "5" in classes:
        return Kind.REFUSED
    return Kind.TEMPORARY if "4" in classes else None


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
