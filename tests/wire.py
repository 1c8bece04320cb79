"""Checks the bytes of an email, whatever its titles, names and texts contain."""

import email
import email.policy
import email.utils
import re
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from functools import lru_cache

from lxml import etree
from lxml import html as lxml_html

HEADERS = {
    "To",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "From",
    "Reply-To",
    "Subject",
    "Date",
    "List-Id",
    "Content-Language",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
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
    for each in parsed(mail).walk():
        if each.get_content_type() == f"text/{subtype}":
            content = each.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode("utf-8").replace("\r\n", "\n")
    raise AssertionError(f"no text/{subtype} part")


def check(mail: bytes, *, to: str, headers: set[str] = HEADERS) -> None:
    """Raise AssertionError if the email breaks a rule."""
    _check_bytes(mail)
    message = parsed(mail)
    assert sorted(message.keys()) == sorted(headers), (
        "unexpected or duplicate header fields"
    )
    recipients = email.utils.getaddresses([str(message["To"])])
    assert [address for _, address in recipients] == [to]
    for each in message.walk():
        assert not each.defects
        for value in each.values():
            assert not getattr(value, "defects", ()), value
    page = lxml_html.document_fromstring(part(mail, "html"))
    for element in page.iter(etree.Element):
        _check_element(element)


def _check_bytes(mail: bytes) -> None:
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", mail), (
        "a bare CR or LF, or NUL"
    )
    assert max(map(len, mail.split(b"\r\n"))) <= 78, "a line over 78 octets"
    head, _, _ = mail.partition(b"\r\n\r\n")
    assert head.isascii()
    encoded_words = re.findall(rb"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=", head)
    assert max(map(len, encoded_words), default=0) <= 75


def _check_element(element: lxml_html.HtmlElement) -> None:
    assert element.tag not in ACTIVE
    refreshes = element.get("http-equiv", "").lower() == "refresh"
    assert not (element.tag == "meta" and refreshes)
    for name, value in element.items():
        assert not name.startswith("on"), f"{name} on <{element.tag}>"
        if name in {"href", "src"}:
            assert re.match(r"(https?://|mailto:|tel:|cid:)", value), value
        assert "url(" not in value
    if element.tag == "style":
        assert "@import" not in (element.text or "")
        assert "url(" not in (element.text or "")
