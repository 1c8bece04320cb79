"""A mail as it arrived in an inbox: its words, links and parts and what it loads, beside those of the edition.

Whatever bytes a file holds, nothing here raises anything but RefusedError: a mail may come from anybody.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Part
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from briefing.errors import RefusedError, shown
from briefing.mail.headers import clean
from briefing.rendering.rendered import UNSUBSCRIBE, RenderedIssue, Slotted
from briefing.settings import Settings, UnsubscribeSettings

MOST_BYTES = 25 * 1024 * 1024
MOST_WORDS = 20_000
"""Of a text that are compared; what comes after them is cut off by mail programs, too."""
LONGEST_FIELD = 10_000

WAY_OUT, OPEN = "\ue000", "\ue001"
"""Characters that no text has stand for what differs by reader: the way out, and any other open place."""

# The characters at which a line may break without a space are words of their own, so that wrapping changes nothing.
_WIDE = r"(?!\s)[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
_WORD = re.compile(rf"{_WIDE}|(?:(?!{_WIDE})\S)+")
_LINK = re.compile(rf"https?://|mailto:|{WAY_OUT}")
_ISOLATES = re.compile("[\u2066-\u2069]")

_REMOTE = r"(?:https?:|ftp:)?//[^\s'\")>]+"
_IN_STYLES = re.compile(rf"(?:url\(\s*['\"]?|@import\s+['\"])\s*({_REMOTE})", re.IGNORECASE)
_IN_COMMENTS = re.compile(rf"(?:src|background|href)\s*=\s*['\"]?\s*({_REMOTE})", re.IGNORECASE)
_LOADING = ("src", "background", "poster", "data", "lowsrc", "dynsrc")
_UNSEEN = re.compile(r"display\s*:\s*none|\b(?:width|height)\s*:\s*[01](?:px)?\s*(?:!|;|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """A mail, whoever sent it."""

    message: Part

    @classmethod
    def read(cls, path: Path) -> "Mail":
        """Raises RefusedError for a file that is none."""
        if path.stat().st_size > MOST_BYTES:
            size = MOST_BYTES // 1024 // 1024
            raise RefusedError(f"{shown(path)}: is larger than {size} MB, as no mail of a newsletter is")
        try:
            mail = cls(message_from_bytes(path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n")))
        except RecursionError:  # parts within parts within parts
            mail = cls(Part())
        if not mail.fields("From"):
            raise RefusedError(
                f"{shown(path)}: is no mail; save the whole mail as .eml ('Download original', 'Save as')"
            )
        return mail

    def __contains__(self, name: str) -> bool:
        return name in self.message

    def fields(self, name: str) -> list[str]:
        """The values of a header field, unfolded; what is longer than any server writes it is cut."""
        return [re.sub(r"[\r\n]", "", str(value))[:LONGEST_FIELD] for value in self.message.get_all(name, [])]

    @property
    def senders(self) -> list[str]:
        """The address of each From, in small letters."""
        return [_bare_address(field) for field in self.fields("From")]

    @property
    def subject(self) -> str:
        field = "".join(self.fields("Subject")[:1])
        with contextlib.suppress(MessageError, LookupError, ValueError):  # encoded words that can't be undone
            field = str(make_header(decode_header(field)))
        return clean(field)

    @cached_property
    def parts(self) -> list[Part]:
        """The parts that hold something, in order; an attached mail is one of them."""
        found, waiting = [], [self.message]
        while waiting:
            part = waiting.pop(0)
            if part.get_content_maintype() == "multipart" and part.is_multipart():
                waiting[:0] = [one for one in part.get_payload() if isinstance(one, Part)]
            else:
                found.append(part)
        return found

    def text(self, subtype: str) -> Part | None:
        """The mail's own text/`subtype`, not an attached one."""
        texts = (one for one in self.parts if one.get_content_type() == f"text/{subtype}")
        return next((one for one in texts if one.get_content_disposition() != "attachment"), None)

    @cached_property
    def words(self) -> str:
        """All that it says, on one line."""
        plain, page = self.text("plain"), self.text("html")
        words = plain_text(decoded(plain)).words if plain else []
        words += page_text(tree(decoded(page))).words if page else []
        return on_one_line(words)


@dataclass(frozen=True, slots=True)
class Text:
    """What two versions of a text are compared by."""

    words: list[str]
    links: list[str]


@dataclass(frozen=True)
class Arrived:
    """A mail as it arrived, and the edition that it was made of."""

    mail: Mail
    settings: Settings
    rendered: RenderedIssue

    @property
    def domain(self) -> str:
        """The sender's."""
        return self.settings.newsletter.sender.domain

    @cached_property
    def ways_out(self) -> list[re.Pattern[str]]:
        """What the addresses of [unsubscribe] look like for any reader."""
        return list(_ways_out(self.settings.unsubscribe))

    @cached_property
    def texts(self) -> dict[str, tuple[Text, Text]]:
        """By its name each text that arrived: as it was rendered, and what came of it."""
        plain, page = self.mail.text("plain"), self.mail.text("html")
        found = {}
        if plain:
            came = plain_text(decoded(plain), self.ways_out)
            found["text part"] = (plain_text(_opened(self.rendered.text)), came)
        if page:
            found["HTML part"] = (page_text(self.sent_page), page_text(tree(decoded(page)), self.ways_out))
        return found

    @cached_property
    def sent_page(self) -> lxml_html.HtmlElement:
        return tree(_opened(self.rendered.html))


def differences(sent: list[str], came: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The runs that differ, but for those where what was filled in for the reader explains it."""
    sent, came = sent[:MOST_WORDS], came[:MOST_WORDS]
    for kind, start, end, came_start, came_end in SequenceMatcher(None, sent, came).get_opcodes():
        before, after = sent[start:end], came[came_start:came_end]
        pattern = ".*".join(map(re.escape, " ".join(before).split(OPEN)))
        if kind != "equal" and not re.fullmatch(pattern, " ".join(after)):
            yield before, after


def plain_text(text: str, ways_out: Iterable[re.Pattern[str]] = ()) -> Text:
    words = [_marked(word, ways_out) for word in words_of(text)]
    return Text([one for one in words if not _LINK.search(one)], [one for one in words if _LINK.search(one)])


def page_text(page: lxml_html.HtmlElement, ways_out: Iterable[re.Pattern[str]] = ()) -> Text:
    """The words of a page, hidden ones too, and where its links lead."""
    texts = page.xpath("//body//text()[not(ancestor::style or ancestor::script)]")
    hrefs = ((link.get("href") or "").strip() for link in page.iter("a", "area"))
    return Text(plain_text(" ".join(map(str, texts))).words, [_marked(one, ways_out) for one in hrefs if one])


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def on_one_line(words: Iterable[str]) -> str:
    """Words as they can be looked for, whatever isolates stand around them."""
    return _ISOLATES.sub("", " ".join(words))


def remote(page: lxml_html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What showing a page loads from elsewhere: what it is, and from which host."""
    for element in page.iter():
        if isinstance(element.tag, str):
            for address in _loaded(element):
                if re.match(_REMOTE, address.strip(), re.IGNORECASE):
                    yield _kind(element), host_of(address.strip().split()[0])
            styles = (element.get("style") or "") + ((element.text or "") if element.tag == "style" else "")
            for address in _IN_STYLES.findall(styles):
                yield "a style or a background", host_of(address)
        else:  # what Outlook reads in comments
            for address in _IN_COMMENTS.findall(element.text or ""):
                yield "something for Outlook", host_of(address)


def _loaded(element: lxml_html.HtmlElement) -> Iterator[str]:
    yield from (element.get(name) or "" for name in _LOADING)
    yield from (element.get("srcset") or "").split(",")
    if element.tag in {"link", "image", "use"}:
        yield element.get("href") or ""


def _kind(element: lxml_html.HtmlElement) -> str:
    if element.tag != "img":
        return f"<{element.tag}>"
    sides = ((element.get(side) or "").strip().removesuffix("px") for side in ("width", "height"))
    unseen = any(side in {"0", "1"} for side in sides) or _UNSEEN.search(element.get("style") or "")
    return "a pixel that nobody sees" if unseen else "a picture"


def host_of(address: str) -> str:
    """Where an address leads, without the rest of it, which may say who its reader is."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        host = None
    return host or ("a mail address" if address.lower().startswith("mailto:") else "elsewhere")


def tree(page: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        return lxml_html.document_fromstring(page.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):  # nothing in it, or nothing that could be a page
        return lxml_html.document_fromstring("<html><body></body></html>")


def payload(part: Part) -> bytes:
    """What a part holds, its transfer encoding undone."""
    data: object = None
    with contextlib.suppress(LookupError, TypeError, ValueError):  # an encoding or a character set that doesn't exist
        data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def decoded(part: Part) -> str:
    data = payload(part)
    try:
        return data.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, TypeError, ValueError):
        return data.decode("utf-8", "replace")


def _opened(text: Slotted) -> str:
    """A rendered text with a mark in each open place."""
    parts = (one if isinstance(one, str) else WAY_OUT if one.column == UNSUBSCRIBE else OPEN for one in text.parts)
    return "".join(parts)


def _ways_out(settings: UnsubscribeSettings) -> Iterator[re.Pattern[str]]:
    mailto = f"mailto:{settings.mailto}?subject={{token}}" if settings.mailto else ""
    for shape in filter(None, (settings.url, mailto)):
        before, _, after = shape.partition("{token}")
        yield re.compile(rf"{re.escape(before)}[A-Za-z0-9_-]{{1,64}}{re.escape(after)}")


def _marked(word: str, ways_out: Iterable[re.Pattern[str]]) -> str:
    for way in ways_out:
        word = way.sub(WAY_OUT, word)
    return word


def _bare_address(field: str) -> str:
    _, bracket, rest = field.rpartition("<")
    return (rest.partition(">")[0] if bracket else field).strip().lower()
