"""The mail as its bytes are: that opening it contacts nobody, that it arrives whole, that readers can leave."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from functools import lru_cache
from urllib.parse import unquote

from lxml import html as lxml_html

from briefing.checks.addresses import as_shown
from briefing.checks.page import shown, visible
from briefing.checks.picture_notes import told_by
from briefing.checks.places import in_settings, in_templates
from briefing.checks.rule import Inspected, Place, Severity, rule

CLIPPED = 102_400
"""Bytes of HTML that Gmail shows; what is beyond them hides behind a link."""
NEARLY_CLIPPED = 80 * 1024
LONGEST_LINE = 998
"""RFC 5322 2.1.1."""
FEWEST_WORDS = 0.9
ONE_CLICK = "List-Unsubscribe=One-Click"

FORBIDDEN = {
    *(
        "applet",
        "audio",
        "base",
        "bgsound",
        "button",
        "canvas",
        "embed",
        "form",
        "frame",
        "frameset",
        "iframe",
        "input",
    ),
    *("link", "math", "object", "portal", "script", "select", "source", "svg", "textarea", "track", "video"),
}
"""Elements that load, send or run something, or may come to."""
LOADING = {
    *("action", "archive", "background", "classid", "codebase", "data", "dynsrc", "formaction", "icon", "lowsrc"),
    *("manifest", "ping", "poster", "profile", "src", "srcset", "xlink:href"),
}
"""Attributes whose value is fetched or sent to."""
LOADING_CSS = re.compile(r"url\(|src\(|image-set\(|@import|expression\(|behavior\s*:|-moz-binding")


@lru_cache(maxsize=4)
def _parsed(mail: bytes) -> EmailMessage:
    message = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _part(mail: bytes, subtype: str) -> str:
    """The decoded text of the mail's first text/`subtype` part; empty where there is none."""
    for part in _parsed(mail).walk():
        if part.get_content_type() == f"text/{subtype}":
            data = part.get_payload(decode=True)
            return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return ""


@lru_cache(maxsize=4)
def _document(mail: bytes) -> lxml_html.HtmlElement | None:
    """The HTML part, with what stands in conditional comments for Outlook: that is as much part of it."""
    text = re.sub(r"<!(?:--)?\[if[^\]]*\](?:>(?:<!)?--|)>|<!(?:--<!)?\[endif\](?:--)?>", "", _part(mail, "html"))
    if not text.strip():
        return None
    return lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


def _elements(inspected: Inspected) -> Iterator[lxml_html.HtmlElement]:
    document = _document(inspected.mail)
    if document is not None:
        yield from (element for element in document.iter() if isinstance(element.tag, str))


@rule("remote-load", Severity.ERROR)
def remote_load(inspected: Inspected) -> Iterator[Place]:
    """Something in the mail is fetched or runs when it is opened, which tells somebody who reads it. Take it out of the
    template; pictures travel in the mail."""
    for element in _elements(inspected):
        for what, clue in _loads(element):
            yield in_templates(inspected, f"{what} contacts somebody when the mail is opened; take it out", clue)


def _loads(element: lxml_html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What an element loads or runs, with what its template is found by."""
    tag = element.tag
    if tag in FORBIDDEN or (tag == "meta" and element.get("http-equiv", "").lower() == "refresh"):
        yield f"<{tag}>", f"<{tag}"
    for name, value in element.items():
        inside = name == "src" and value.strip().lower().startswith("cid:")
        if name.startswith("on") or (name in LOADING and not inside):
            yield f"the attribute {name} of <{tag}>", value
    styles = (element.get("style", ""), element.text or "" if tag == "style" else "")
    for style in styles:
        found = LOADING_CSS.search(_unescaped(style))
        if found:
            yield f"'{found[0]}' in a style of <{tag}>", found[0]


def _unescaped(css: str) -> str:
    """CSS in small letters, without comments and without escapes, in which anything can be hidden: \\75rl(…)."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    plain = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda code: chr(min(int(code[1], 16), 0x10FFFF)), bare)
    return plain.replace("\\", "").lower()


@rule("html-clipped", Severity.ERROR)
def html_clipped(inspected: Inspected) -> Iterator[Place]:
    """The HTML part is over 102,400 bytes: Gmail cuts it there, and what comes after, the way to leave, isn't seen.
    Take items out, or make two issues."""
    size = _html_size(inspected.mail)
    if size > CLIPPED:
        yield Place(f"the HTML has {size:,} bytes and Gmail cuts it at {CLIPPED:,}; take items out or make two issues")


@rule("html-nearly-clipped", Severity.WARNING)
def html_nearly_clipped(inspected: Inspected) -> Iterator[Place]:
    """The HTML part is over 80 KB, near to where Gmail cuts it; a provider that adds to it can bring it there. Take an
    item or two out."""
    size = _html_size(inspected.mail)
    if NEARLY_CLIPPED < size <= CLIPPED:
        yield Place(f"the HTML has {size:,} bytes of the {CLIPPED:,} that Gmail shows; take an item or two out")


def _html_size(mail: bytes) -> int:
    """The larger of decoded and encoded."""
    for part in _parsed(mail).walk():
        if part.get_content_type() == "text/html":
            encoded = part.get_payload()
            return max(len(_part(mail, "html").encode()), len(encoded) if isinstance(encoded, str) else 0)
    return 0


@rule("one-click-broken", Severity.ERROR)
def one_click_broken(inspected: Inspected) -> Iterator[Place]:
    """The headers by which mail programs offer to leave with one click (RFC 8058) aren't as they must be. Shorten
    `[unsubscribe] url`, and send a test mail."""
    url = inspected.newsletter.settings.unsubscribe.url
    if not url or not inspected.mail:
        return
    head = inspected.mail.partition(b"\r\n\r\n")[0].decode("latin-1")
    fields = [str(value) for value in _parsed(inspected.mail).get_all("List-Unsubscribe", [])]
    posts = [str(value) for value in _parsed(inspected.mail).get_all("List-Unsubscribe-Post", [])]
    address = re.escape(f"<{url}>").replace(re.escape("{token}"), r"[\w-]+")
    whole = re.search(rf"^(?:List-Unsubscribe:| ) *{address},?\r?$", head, re.MULTILINE)
    if len(fields) != 1 or not re.search(address, fields[0]) or not whole or posts != [ONE_CLICK]:
        message = "mail programs can't offer to leave with one click: the headers of RFC 8058 are broken; shorten 'url'"
        yield in_settings(inspected, "unsubscribe", ("url",), message)


@rule("text-part-incomplete", Severity.ERROR)
def text_part_incomplete(inspected: Inspected) -> Iterator[Place]:
    """The plain text part lacks words or links that the HTML part has, for readers who see that part alone. Bring
    templates/issue.txt.j2 into line with issue.html.j2."""
    document = _document(inspected.mail)
    if document is None:
        return
    text = _part(inspected.mail, "plain")
    there = set(_words(text))
    wanted = [word for piece in shown(document) for word in _words(piece.words)]
    share = sum(word in there for word in wanted) / len(wanted) if wanted else 1.0
    if not there:
        yield in_templates(inspected, "the plain text part is empty; see issue.txt.j2")
    elif share < FEWEST_WORDS:
        yield in_templates(inspected, f"the plain text part has {share:.0%} of the HTML's words; see issue.txt.j2")
    plain = unquote(_unmarked(text))
    for address in dict.fromkeys(element.get("href", "") for element in visible(document) if element.tag == "a"):
        whole = re.escape(unquote(address).rstrip("/")) + r"(?![\w%&=-])"
        if there and address.startswith("http") and not re.search(whole, plain):
            yield in_templates(inspected, f"the plain text part lacks {as_shown(address)}; see issue.txt.j2")


def _words(text: str) -> list[str]:
    """Words of two letters and more, and single ideographs."""
    return re.findall(r"[^\W\d_]{2,}|[\u4e00-\u9fff]", text.casefold())


def _unmarked(text: str) -> str:
    return re.sub("[\u2066-\u2069]", "", text)


@rule("mail-malformed", Severity.ERROR)
def mail_malformed(inspected: Inspected) -> Iterator[Place]:
    """The mail isn't written as RFC 5322 and MIME want it, so that programs read it differently. Report it: no text or
    template should bring that about."""
    if not inspected.mail:
        return
    head = inspected.mail.partition(b"\r\n\r\n")[0]
    faults = [
        ("a bare line end or NUL", re.search(rb"\r(?!\n)|(?<!\r)\n|\0", inspected.mail)),
        (f"a line over {LONGEST_LINE} bytes", max(map(len, inspected.mail.split(b"\r\n"))) > LONGEST_LINE),
        ("a header that isn't ASCII", not head.isascii()),
    ]
    for part in _parsed(inspected.mail).walk():
        defects = [*part.defects, *(one for value in part.values() for one in getattr(value, "defects", ()))]
        faults += [(type(defect).__name__, True) for defect in defects]
    for fault in dict.fromkeys(name for name, found in faults if found):
        yield Place(f"the mail has {fault}, which programs read differently; please report it")


@rule("slot-left", Severity.ERROR)
def slot_left(inspected: Inspected) -> Iterator[Place]:
    """What a template does with reader(…) keeps the reader's own value from being filled in, and a marker is shown. Use
    `{{ reader("column") }}` as it is, without a filter."""
    parts = (_part(inspected.mail, "html"), _part(inspected.mail, "plain"))
    markers = (re.search(r"slot(?=[a-f]*\d)[0-9a-f]{6}", part, re.IGNORECASE) for part in parts)
    if any(markers) or re.search(rb"=slot-\d", inspected.mail):
        yield in_templates(
            inspected, "a place for the reader's own data stays open; use reader(…) without a filter", ""
        )


@rule("picture-missing", Severity.ERROR)
def picture_missing(inspected: Inspected) -> Iterator[Place]:
    """The HTML shows a picture by a name that no part of the mail has, so that readers see a gap. Use the name that the
    template is given."""
    names = {str(part.get("Content-ID", "")).strip("<> ") for part in _parsed(inspected.mail).walk()}
    for element in _elements(inspected):
        source = element.get("src", "").strip()
        if source.lower().startswith("cid:") and unquote(source[4:]) not in names:
            yield in_templates(inspected, f"the picture '{source[:60]}' isn't in the mail; see its <img>", source)


@rule("picture-tells", Severity.ERROR)
def picture_tells(inspected: Inspected) -> Iterator[Place]:
    """A picture in the mail holds more than its pixels: a place, a time, a device or a name may be in it. Report it:
    pictures are written anew without such notes."""
    for part in _parsed(inspected.mail).walk():
        if part.get_content_maintype() == "image":
            data = part.get_payload(decode=True)
            for told in told_by(data if isinstance(data, bytes) else b""):
                name = str(part.get("Content-ID", "")).strip("<>").partition("@")[0]
                yield Place(f"the picture {name} holds {told}; save it again without its notes, and please report it")


@rule("unsubscribe-link-missing", Severity.ERROR)
def unsubscribe_link_missing(inspected: Inspected) -> Iterator[Place]:
    """A reader sees no way to leave in the mail itself, which law and mail providers want. Put
    `reader(unsubscribe)` back into the footers of the templates."""
    unsubscribe = inspected.newsletter.settings.unsubscribe
    document = _document(inspected.mail)
    if document is None or not (unsubscribe.url or unsubscribe.mailto):
        return
    before = unsubscribe.url.partition("{token}")[0] if unsubscribe.url else unsubscribe.mailto
    links = (element.get("href", "") for element in visible(document) if element.tag == "a" and element.text_content())
    if not any(before in link for link in links):
        yield in_templates(inspected, "the HTML part has no link to unsubscribe; see footer.html.j2")
    if before not in _part(inspected.mail, "plain"):
        yield in_templates(inspected, "the text part doesn't say where to unsubscribe; see footer.txt.j2")


@rule("no-one-click", Severity.WARNING)
def no_one_click(inspected: Inspected) -> Iterator[Place]:
    """Readers can leave by mail alone, while Gmail and Yahoo want one click of newsletters. Set `url` in
    [unsubscribe]."""
    unsubscribe = inspected.newsletter.settings.unsubscribe
    if unsubscribe.mailto and not unsubscribe.url:
        message = "readers can leave by mail alone; Gmail and Yahoo want one click, which a 'url' gives"
        yield in_settings(inspected, "unsubscribe", ("mailto",), message)


@rule("no-way-to-leave", Severity.WARNING)
def no_way_to_leave(inspected: Inspected) -> Iterator[Place]:
    """There is no way for readers to leave, so that only the outbox can send. Set `url` in [unsubscribe], or at least
    `mailto`."""
    unsubscribe = inspected.newsletter.settings.unsubscribe
    if not unsubscribe.url and not unsubscribe.mailto:
        message = "readers have no way to leave, so only the outbox can send; set 'url' in [unsubscribe]"
        yield in_settings(inspected, "unsubscribe", (), message)


@rule("postal-address-missing", Severity.WARNING)
def postal_address_missing(inspected: Inspected) -> Iterator[Place]:
    """The mail doesn't show the organisation's postal address, as the law of many countries wants it. Set `address` in
    [newsletter], and keep it in the footers of the templates."""
    address = inspected.newsletter.settings.newsletter.address
    document = _document(inspected.mail)
    if not address:
        message = "the law of many countries wants a postal address below a newsletter; set 'address'"
        yield in_settings(inspected, "newsletter", (), message)
    elif document is not None:
        seen = " ".join(piece.words for piece in shown(document))
        for part, words in (("HTML", seen), ("text", _part(inspected.mail, "plain"))):
            if not set(_words(address)) <= set(_words(words)):
                yield in_templates(inspected, f"the {part} part lacks the postal address; see the footer")
