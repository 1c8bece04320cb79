"""Checks the bytes of an email, whatever its titles, names and texts contain."""

import email
import email.policy
import email.utils
import re
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from functools import lru_cache

from lxml import html as lxml_html

HEADERS = {
    *(
        "To",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "From",
        "Reply-To",
        "Subject",
        "Date",
    ),
    *("List-Id", "Content-Language", "X-Auto-Response-Suppress"),
    *("MIME-Version", "Content-Type"),
}
ACTIVE = {
    "script",
    "form",
    "iframe",
    "object",
    "embed",
    "svg",
    "base",
    "link",
    "video",
    "audio",
}


# By default, a header field is parsed each time it is asked for, and most of an email's are those of the one before.
_POLICY = email.policy.default.clone(
    header_factory=lru_cache(maxsize=1000)(HeaderRegistry())
)


def parsed(mail: bytes) -> EmailMessage:
    message = email.message_from_bytes(mail, policy=_POLICY)
    assert isinstance(message, EmailMessage)
    return message


def part(mail: bytes, subtype: str) -> str:
    """Return the decoded text/`subtype` part of an email."""
    for candidate in parsed(mail).walk():
        if candidate.get_content_type() == f"text/{subtype}":
            content = candidate.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode("utf-8").replace("\r\n", "\n")
    raise AssertionError(f"no text/{subtype} part")


def check(mail: bytes, *, to: str, headers: set[str] = HEADERS) -> None:
    """Raise AssertionError if the email breaks a rule."""
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", mail), (
        "a bare CR or LF, or NUL"
    )
    assert max(map(len, mail.split(b"\r\n"))) <= 78, "a line over 78 octets"
    head, _, _ = mail.partition(b"\r\n\r\n")
    assert head.isascii()
    message = parsed(mail)
    assert sorted(message.keys()) == sorted(headers), (
        "unexpected or duplicate header fields"
    )
    for candidate in message.walk():
        assert not candidate.defects
        for value in candidate.values():
            assert not getattr(value, "defects", ()), value
    assert [
        address for _, address in email.utils.getaddresses([str(message["To"])])
    ] == [to]
    for word in re.findall(rb"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=", head):
        assert len(word) <= 75
    _check_html(part(mail, "html"))


def _check_html(text: str) -> None:
    page = lxml_html.document_fromstring(text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ACTIVE
        assert not (
            element.tag == "meta"
            and element.get("http-equiv", "").lower() == "refresh"
        )
        for name, value in element.items():
            assert not name.startswith("on"), f"{name} on <{element.tag}>"
            if name in {"href", "src"}:
                assert re.match(r"(https?://|mailto:|tel:|cid:)", value), value
            assert "url(" not in value
    for sheet in page.iter("style"):
        assert "@import" not in (sheet.text or "")
        assert "url(" not in (sheet.text or "")
