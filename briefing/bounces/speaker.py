"""Who speaks in an email: a mail system, a program that answers for a reader, or a person."""

import re
from pathlib import Path

from briefing.data_files import load_table

from .mime import DecodedFields
from .wording import comparable, contains_any_phrase

BEGINNING = 3000
"""Characters of a text in which a mail system says why it writes."""

_LOCAL = r"[^\s<>\"'(),;:@]"
_LOCAL_PART = re.compile(rf"(?<!{_LOCAL})({_LOCAL}{{1,64}}+)@")
_TABLE = Path(__file__).with_name("speaker.toml")


def is_machine(headers: DecodedFields) -> bool:
    """Whether an email comes from a mail system by its address: MAILER-DAEMON, or none at all."""
    local = _local_part(headers)
    if local.startswith("mailer-daemon"):
        return True
    return local in {"", *_words("machines")}


def may_be_machine(headers: DecodedFields) -> bool:
    """Whether an email may come from a mail system, by parts of its sender's address and name. Both
    are imitated, and administrators write mail as well.
    """
    if headers.first("subject").lower().lstrip().startswith(_words("replies")):
        return False
    name = headers.first("from").lower().rpartition("<")[0]
    if any(each in name for each in _words("machine_names")):
        return True
    local = _local_part(headers)
    return any(each in local for each in _words("machine_parts"))


def is_complaints_desk(headers: DecodedFields) -> bool:
    """Whether an email is about a complaint, from a mailbox provider's address for that."""
    is_desk = _local_part(headers) in _words("complaints_desks")
    return is_desk and _says(headers.first("subject"), "complaint_subjects")


def _local_part(headers: DecodedFields) -> str:
    """Return what is before the @ of the sender's address, or all of it if there is no @."""
    sender = headers.first("from").lower()
    address = _LOCAL_PART.search(sender)
    if address:
        return address[1]
    return sender.rpartition("<")[2].strip(' >"')


def is_no_reply(headers: DecodedFields) -> bool:
    """Whether an email comes from an address that, by its name, is never read."""
    sender = headers.first("from").lower()
    if sender.strip(' <"').startswith(_words("no_reply")):
        return True
    return any(f"<{name}" in sender for name in _words("no_reply"))


def has_null_sender(headers: DecodedFields) -> bool:
    """Whether an email must not be answered (RFC 5321, 4.5.5): its sender is empty, or what some
    servers write instead.
    """
    return any(map(_is_null, headers.all("return-path")))


def _is_null(return_path: str) -> bool:
    local = return_path.strip(" \t<>").lower().partition("@")[0]
    return local in {"", "null", "mailer-daemon"}


def rejects(headers: DecodedFields) -> bool:
    """Whether a receipt says that the email was rejected, as Dovecot's does for a full mailbox."""
    return "rejected" in headers.first("auto-submitted").lower()


def sounds_returned(headers: DecodedFields) -> bool:
    """Whether an email's subject is that of an email that came back."""
    return _says(headers.first("subject"), "bounce_subjects")


def speaks_of_delivery(text: str) -> bool:
    """Whether a text begins like that of an email that came back."""
    return _says(text[:BEGINNING], "bounce_texts")


def is_passed_on(headers: DecodedFields) -> bool:
    """Whether an email is one that a person forwards."""
    subject = headers.first("subject").lower().strip()
    return subject.startswith(_words("passed_on"))


def is_automatic(headers: DecodedFields) -> bool:
    """Whether a program answers for a reader (RFC 3834, and many without its header field).

    Apple's apps mark a reader's unsubscribe email like this; it is the reader's wish.
    """
    if headers.first("x-apple-unsubscribe"):
        return False
    submitted = headers.first("auto-submitted").lower().strip()
    if submitted and not submitted.startswith("no"):
        return True
    if any(headers.first(name) for name in _words("automatic_headers")):
        return True
    if headers.first("precedence").lower().strip() in _words(
        "automatic_precedences"
    ):
        return True
    return _says(headers.first("subject"), "automatic_subjects")


def _says(text: str, name: str) -> bool:
    """Whether a text contains one of the phrases under a name in speaker.toml."""
    return contains_any_phrase(comparable(text), _words(name))


def _words(name: str) -> tuple[str, ...]:
    return tuple(load_table(_TABLE)[name])
