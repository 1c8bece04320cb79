"""Whether a page is blocked: by a consent banner, a robot check or a paywall, or because the article is gone.

Reasons are the end of a sentence that begins with the page's address. For a page that the editor saved they are only
a warning: it may be complete all the same. What such pages say is in data/blocked.toml.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from briefing.collecting.text.wordlists import lines, load_table
from briefing.collecting.web.blocks import find_article_blocks, read_blocks
from briefing.collecting.web.linked_data import is_article
from briefing.collecting.web.page import Page, naming_words, text_of

GONE = "is gone: the site says that it has no such page"
SAVE_IT = "open it in your browser, save the page, and pass the file with --page"

_TABLE = {name: lines(phrases) for name, phrases in load_table(Path(__file__).parent / "data" / "blocked.toml").items()}
# How files begin that are no pages (WHATWG MIME Sniffing Standard, 6 and 7.1).
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"\x89PNG\r\n": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF87a": "a picture",
    b"GIF89a": "a picture",
    b"RIFF": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"PK\x03\x04": "an archive",
    b"\x1f\x8b": "an archive",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
}
# Characters. Pages that block are short; the same words below a whole article mean nothing.
_SHORT_PAGE = 1_500
_WHOLE_ARTICLE = 900
_STUB = 600
_NO_PROSE = 80
_SEARCHED = 200_000


def blocked_reason(page: Page) -> str:
    """Return why a page isn't the article that it should be; "" if it is, as far as can be seen."""
    text = page.text
    title = " ".join(_titles(page))
    prose = _prose_length(page)
    if len(text) < _SHORT_PAGE and prose < _STUB and _is_robot_check(page, f"{title} {text}"):
        return "asks whether you are human"
    if not text:
        return "is an empty page"
    if prose < _SHORT_PAGE and _says_missing(title):
        return GONE
    if _is_stub(page, text, prose):
        return "shows only its beginning without a subscription"
    if prose >= _WHOLE_ARTICLE or _declares_article(page):
        return ""
    return _placeholder_reason(text, prose)


def _placeholder_reason(text: str, prose: int) -> str:
    if _says(text, _TABLE["consent"]):
        return "asks for consent first"
    return "has no text that can be read" if len(text) < _STUB and prose < _NO_PROSE else ""


def with_advice(reason: str) -> str:
    """Return a reason with what the editor can do about it, if anything."""
    return reason if reason == GONE else f"{reason}; {SAVE_IT}"


def not_a_page(data: bytes) -> str:
    """Return what data is that is no page at all, by its first bytes; "" for a page."""
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return f"is {kind}, not a web page"
    return ""


def _prose_length(page: Page) -> int:
    length = 0
    for block in find_article_blocks(read_blocks(page), ""):
        if not block.is_heading:
            length += len(block.text)
    return length


def _is_robot_check(page: Page, text: str) -> bool:
    markup = page.source[:_SEARCHED].lower()
    return _says(text, _TABLE["robot_check"]) or any(mark in markup for mark in _TABLE["robot_check_markup"])


def _says(text: str, phrases: Sequence[str]) -> bool:
    searched = " ".join(word for word in text.lower().split() if not word.isdecimal())
    return any(phrase in searched for phrase in phrases)


def _says_missing(title: str) -> bool:
    lower = title.lower()
    if lower.startswith(("404", "error 404")):
        return True
    before, number, after = lower.partition("404")
    if number and any(word in after[:40] for word in ("not found", "error", "fehler", "seite")):
        return not before[-1:].isalnum()
    return _says(title, _TABLE["missing"])


def _is_stub(page: Page, text: str, prose: int) -> bool:
    """Whether a paywall cuts the text off: the page says that it isn't free, contains a wall, or asks for money."""
    is_closed = any(_is_closed(str(node.get("isAccessibleForFree"))) for node in page.linked_data)
    is_walled = _contains_paywall(page)
    if not 0 < prose < (_WHOLE_ARTICLE if is_closed or is_walled else _STUB):
        return False
    return _says(text, _TABLE["paywall"]) or (is_closed and is_walled and prose < _STUB)


def _is_closed(free: str) -> bool:
    return free.lower().removeprefix("http://schema.org/") == "false"


def _contains_paywall(page: Page) -> bool:
    for element in page.root.iter("div", "section", "aside"):
        names = naming_words(element)
        if "paywall" in names or "piano-offer" in names:
            return True
    return False


def _declares_article(page: Page) -> bool:
    return page.meta("og:type") == "article" or any(is_article(node) for node in page.linked_data)


def _titles(page: Page) -> Iterator[str]:
    for element in (*islice(page.root.iter("title"), 1), *islice(page.root.iter("h1"), 2)):
        yield text_of(element)
