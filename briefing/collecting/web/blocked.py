"""Whether something stands in front of a page: a consent or bot wall, a paywall, a "not found" that answers 200.

Each reason goes on from the page's address and ends with what to do about it. Where the page was saved by a browser,
it is a warning; the page may be whole all the same.
"""

import re
from collections.abc import Iterator
from itertools import islice

from briefing.collecting.web.blocks import article_of, blocks_of
from briefing.collecting.web.linked_data import is_article
from briefing.collecting.web.page import Page, text_of, words_like

SAVE_IT = "open it in a browser, save the page, and give it with --page"
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    *(
        (begin, "a picture")
        for begin in (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"II*\0", b"MM\0*")
    ),
    *((begin, "an archive") for begin in (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")),
)
# Pages of walls are short; the same words below a whole article mean nothing.
_SHORT = 1_500
_ENOUGH = 900
_LITTLE = 600
_NOTHING = 80
_SEARCHED = 200_000

_BOTS = re.compile(
    r"checking (?:your browser|if the site connection is secure)|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you a (?:robot|human)|i'?m not a robot|just a moment\.\.\.|enable javascript and cookies to continue"
    r"|attention required|access (?:to this page )?(?:has been )?denied|request unsuccessful\. incapsula"
    r"|pardon our interruption|unusual traffic|complete the security check|captcha|ddos protection by"
    r"|you have been blocked|sind sie ein (?:mensch|roboter)|robot olmadığınızı",
    re.IGNORECASE,
)
# In the markup of the pages that ask it (Cloudflare, Imperva, PerimeterX, DataDome, GeeTest).
_BOT_MARKS = (
    *("challenge-platform", "cf-browser-verification", "_incapsula_resource", "px-captcha", "captcha-delivery"),
    *("distil_r_captcha", "geetest"),
)
_CONSENT = re.compile(
    r"before you continue|bevor sie (?:fortfahren|zu)|we(?: and our partners)? value your privacy"
    r"|we and our (?:\d+ )?partners|wir und unsere (?:\d+ )?partner|accept all(?: cookies)?"
    r"|alle (?:cookies )?akzeptieren|tout accepter|aceptar todo|accetta tutto|tümünü kabul et"
    r"|your privacy choices|mit werbung weiterlesen|pur-abo|cookie (?:consent|settings)|zustimm(?:en|ung)",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock)|to continue reading"
    r"|continue reading (?:this article )?(?:with|for)"
    r"|already a subscriber|this (?:article|content|story) is (?:only |exclusively )?(?:for|available to)"
    r" (?:our )?(?:subscribers|members)|subscribers? only|log ?in to (?:read|continue)"
    r"|(?:weiterlesen|artikel lesen) mit|jetzt abonnieren|(?:exklusiv|nur) für abonnent|mit .{1,20} ?plus weiterlesen"
    r"|bereits abonnent|réservé aux abonnés|la suite est réservée|déjà abonné"
    r"|(?:contenido exclusivo|solo) para suscriptores|riservato agli abbonati|abonelere özel",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"^(?:error )?404\b|\b404\b.{0,20}(?:not found|error|fehler|seite)"
    r"|page (?:not found|doesn.t exist|can.?.?t be found|cannot be found|no longer exists)"
    r"|page (?:could not|couldn.t) be found|we can.t find (?:that|the) page"
    r"|seite (?:wurde )?nicht gefunden|seite existiert nicht|page (?:introuvable|non trouvée)|página no encontrada"
    r"|pagina non trovata|sayfa bulunamadı|页面不存在|ページが見つかりません",
    re.IGNORECASE,
)


def wall(page: Page) -> str | None:
    """Why a page isn't the piece that it should be, as the end of a sentence that begins with its address; or None."""
    text, title = page.text, " ".join(_titles(page))
    prose = sum(len(block.text) for block in article_of(blocks_of(page), "") if not block.is_heading)
    reason = ""
    if len(text) < _SHORT and prose < _LITTLE and _asks_for_a_human(page, f"{title} {text}"):
        reason = "asks whether you are human"
    elif not text:
        reason = "is an empty page"
    elif prose < _SHORT and _MISSING.search(title):
        return "is gone: the site says that it has no such page"
    elif _is_stub(page, text, prose):
        reason = "shows only its beginning without a subscription"
    elif prose < _ENOUGH and not _says_article(page):
        if _CONSENT.search(text):
            reason = "asks for consent first"
        elif len(text) < _LITTLE and prose < _NOTHING:
            reason = "holds no text that can be read"
    return f"{reason}; {SAVE_IT}" if reason else None


def other_than_a_page(data: bytes) -> str | None:
    """What data is, if it is no page at all, as the end of a sentence that begins with its address; or None.

    By the first bytes, as browsers tell (WHATWG MIME Sniffing Standard, 6 and 7.1).
    """
    return next((f"is {kind}, not a web page" for begin, kind in _SIGNATURES if data.startswith(begin)), None)


def _asks_for_a_human(page: Page, text: str) -> bool:
    source = page.source[:_SEARCHED].lower()
    return bool(_BOTS.search(text)) or any(mark in source for mark in _BOT_MARKS)


def _is_stub(page: Page, text: str, prose: int) -> bool:
    """Whether a paywall cuts a text off: the page says that it isn't free, holds a wall, or asks for money."""
    free = {
        str(node.get("isAccessibleForFree")).lower().removeprefix("http://schema.org/") for node in page.linked_data
    }
    parts = page.root.iter("div", "section", "aside")
    walled = any(name in words_like(part) for part in parts for name in ("paywall", "piano-offer"))
    closed = "false" in free
    asks = bool(_PAYWALL.search(text))
    return 0 < prose < (_ENOUGH if closed or walled else _LITTLE) and (asks or (closed and walled and prose < _LITTLE))


def _says_article(page: Page) -> bool:
    return any(is_article(node) for node in page.linked_data) or page.meta("og:type") == "article"


def _titles(page: Page) -> Iterator[str]:
    yield from (text_of(one) for one in islice(page.root.iter("title"), 1))
    yield from (text_of(one) for one in islice(page.root.iter("h1"), 2))
