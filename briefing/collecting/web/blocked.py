"""Find out whether a page is blocked: by a consent banner, a robot check or a paywall, or as gone.

Reasons are the end of a sentence that begins with the page's address. For a page that the editor
saved they are only warnings, because it may be complete after all. The phrases on such pages are
in data/blocked.toml.
"""

from itertools import filterfalse, islice

from briefing.collecting.text.comparing import contains_any
from briefing.collecting.text.wordlists import lines, load_data

from .blocks import find_article_blocks, read_blocks
from .page import Page, is_named, text_of
from .refusals import GONE

_PHRASES = {
    kind: lines(text) for kind, text in load_data(__file__, "blocked").items()
}
_PAYWALLS = ("paywall", "piano-offer")
_NOT_FREE = {"false", "http://schema.org/false"}
_ERRORS = ("not found", "error", "fehler", "seite")
# Characters. Blocked pages are short; below a complete article the same words mean nothing.
_SHORT_PAGE = 1_500
_WHOLE_ARTICLE = 900
_STUB = 600
_NO_PROSE = 80
_SEARCHED = 200_000


def blocked_reason(page: Page) -> str:
    """Return why a page isn't the expected article; "" if it seems to be."""
    text = page.text
    headings = islice(page.root.iter("h1"), 2)
    title = " ".join([page.document_title, *map(text_of, headings)])
    prose = _prose_length(page)
    is_short = len(text) < _SHORT_PAGE and prose < _STUB
    if is_short and _is_robot_check(page, f"{title} {text}"):
        return "asks whether you are human"
    if not text:
        return "is an empty page"
    if prose < _SHORT_PAGE and _says_missing(title):
        return GONE
    if _is_stub(page, text, prose):
        return "shows only its beginning without a subscription"
    return _placeholder_reason(page, text, prose)


def _placeholder_reason(page: Page, text: str, prose: int) -> str:
    """Return why a page lacks an article's text; "" if it has the text, or declares an article."""
    # An article can be short, or only a film, and mention cookies.
    is_article = page.meta("og:type") == "article" or page.articles
    if prose >= _WHOLE_ARTICLE or is_article:
        return ""
    if _says(text, "consent"):
        return "asks for consent first"
    if len(text) < _STUB and prose < _NO_PROSE:
        return "has no text that can be read"
    return ""


def _prose_length(page: Page) -> int:
    blocks = find_article_blocks(read_blocks(page), "")
    return sum(len(block.text) for block in blocks if not block.is_heading)


def _is_robot_check(page: Page, text: str) -> bool:
    if _says(text, "robot_check"):
        return True
    markup = page.source[:_SEARCHED].lower()
    return contains_any(markup, _PHRASES["robot_check_markup"])


def _says(text: str, kind: str) -> bool:
    """Whether a text contains a phrase of data/blocked.toml."""
    # The phrases have no numbers, which differ from reader to reader.
    kept = filterfalse(str.isdecimal, text.lower().split())
    return contains_any(" ".join(kept), _PHRASES[kind])


def _says_missing(title: str) -> bool:
    lower = title.lower()
    if lower.startswith(("404", "error 404")):
        return True
    before, number, after = lower.partition("404")
    is_number = bool(number) and not before[-1:].isalnum()
    if is_number and contains_any(after[:40], _ERRORS):
        return True
    return _says(title, "missing")


def _is_stub(page: Page, text: str, prose: int) -> bool:
    """Whether a paywall cuts the text off: the page declares that it isn't free, contains a paywall
    element, or asks for a subscription.
    """
    is_closed = _declares_closed(page)
    is_walled = _contains_paywall(page)
    limit = _WHOLE_ARTICLE if is_closed or is_walled else _STUB
    if not 0 < prose < limit:
        return False
    if _says(text, "paywall"):
        return True
    return is_closed and is_walled and prose < _STUB


def _declares_closed(page: Page) -> bool:
    is_free = (node.get("isAccessibleForFree") for node in page.linked_data)
    return not _NOT_FREE.isdisjoint(map(str.lower, map(str, is_free)))


def _contains_paywall(page: Page) -> bool:
    elements = page.root.iter("div", "section", "aside")
    return any(is_named(element, _PAYWALLS) for element in elements)
