"""Find the recipients that a mail system's words name, and what they say of each."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from briefing.data_files import load_table

from .statuses import LONGEST_TEXT

_LOCAL = r"[^\s<>\"'`,;:()\[\]@|*]"
# Only from the start of a word, so that a long word without an @ is read only once.
ADDRESS = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}+@[\w-]{{1,63}}+(?:\.[\w-]{{1,63}}+){{1,8}}+"
)
_SENDER_LINE = re.compile(
    r"^\W{0,6}(?:from|sender|reply-to|return-path|cc|subject|date|mail from|message-id|original sender"
    r"|envelope-from|received|generating server|reporting-mta|questions|contact|de|von|da)\b\W{0,3}[:(<]",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"\s{0,8}(?:to|an|para|pour|à) {0,2}:", re.IGNORECASE)
"""It repeats who the email was for, which may be a list; other lines name the reader better."""
_PREFIX = re.compile(r"^(?:smtp|rfc822)=", re.IGNORECASE)
_SESSION = re.compile(r"^\W{0,4}while talking to ", re.IGNORECASE)
_SENDER = re.compile(r"\bmail from:? {0,2}\S{1,300}", re.IGNORECASE)
_NAME = re.compile(r"[ \t]{1,8}([\w.+-]{1,64})[ \t]*+")
_HELP = re.compile(
    r"\b(?:contact|please (?:mail|write)|send (?:e-?mail|mail|a message) to|questions|help from|assistance|ask)\b",
    re.IGNORECASE,
)
_STAFF = load_table(Path(__file__).with_name("speaker.toml"))["staff"]
MOST_ADDRESSES = 100
"""The most addresses in a text for which its words are kept."""


@dataclass(frozen=True, slots=True)
class AddressSection:
    """What a text says of one address."""

    address: str
    text: str


def find_sections(
    text: str, not_recipients: Collection[str]
) -> list[AddressSection]:
    """Return what a text says of each address in it that can be a recipient.

    `not_recipients` are addresses of the sender, in lower case. What follows an address, up to the
    next one, is said of it; so is the line that it is on.
    """
    lines = text.split("\n")
    shown = [line for line in lines if not _HEADER_LINE.match(line)]
    return _sections(shown, not_recipients) or _sections(lines, not_recipients)


def find_names(text: str, sender: str) -> list[AddressSection]:
    """Return what a text says of names without a domain, each alone on a line below an announcement:
    as AOL's older reports do. Their domain is that of the sender's address.
    """
    domain = "".join(addresses(sender)[:1]).rpartition("@")[2]
    found: list[AddressSection] = []
    announcement = ""
    for line in text.split("\n"):
        name = _NAME.fullmatch(line)
        if name is None or not domain:
            announcement = line if line.rstrip().endswith(":") else ""
        elif announcement and len(found) < MOST_ADDRESSES:
            found.append(AddressSection(f"{name[1]}@{domain}", announcement))
    return found


def _sections(
    lines: list[str], not_recipients: Collection[str]
) -> list[AddressSection]:
    said: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for named, passage in _passages(lines, not_recipients):
        for address in named[: MOST_ADDRESSES - len(said)]:
            key = address.lower()
            written.setdefault(key, address)
            said.setdefault(key, []).extend(passage)
    return [
        AddressSection(written[key], "\n".join(passage)[:LONGEST_TEXT])
        for key, passage in _without_staff(said).items()
    ]


def _passages(
    all_lines: list[str], not_recipients: Collection[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield addresses, and the lines that are said of them.

    In a session with a server, what it said before it was asked for a recipient is said of the one
    that follows.
    """
    named: list[str] = []
    lines: list[str] = []
    in_session = False
    for line in all_lines:
        found = _recipients(line, not_recipients)
        begins = bool(_SESSION.search(line))
        if begins or (found and (named or not in_session)):
            yield named, lines
            named = []
            lines = []
        in_session = in_session or begins
        named = found or named
        lines.append(line)
    yield named, lines


def addresses(text: str) -> list[str]:
    """Return all addresses in a text, each once, in order."""
    return list(dict.fromkeys(map(_trimmed, ADDRESS.findall(text))))


def _recipients(line: str, not_recipients: Collection[str]) -> list[str]:
    if "@" not in line or _SENDER_LINE.search(line) or _HELP.search(line):
        return []
    found = addresses(_SENDER.sub("", line[:2000]))
    return [each for each in found if each.lower() not in not_recipients]


def _trimmed(address: str) -> str:
    """Return an address without what X.400 writes before it, as in `dda:SMTP=a@example.org`."""
    return _PREFIX.sub("", address.strip("."))


def _without_staff(said: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave out addresses of postmasters and the like, unless there are no others."""
    others = {
        address: lines
        for address, lines in said.items()
        if address.partition("@")[0] not in _STAFF
    }
    return others or said
