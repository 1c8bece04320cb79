"""Addresses that tell on their reader: shorteners, redirectors, tracking parameters; and words that tell nothing."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from briefing.collecting.web.redirectors import unwrap
from briefing.collecting.web.tracking import is_tracking

_SHORTENERS = """
adf.ly amzn.to bbc.in bit.do bit.ly bitly.com bl.ink buff.ly chng.it cutt.ly dlvr.it dwz.cn fb.me goo.gl hubs.ly
ift.tt is.gd j.mp kisa.link kurzelinks.de lnkd.in nyti.ms ow.ly po.st qr.ae rb.gy rebrand.ly reut.rs s.id
shorturl.at snip.ly soo.gd spr.ly suo.im t.cn t.co t.ly t1p.de tiny.cc tinyurl.com tr.im trib.al url.cn v.gd
wapo.st x.co
"""
SHORTENERS = frozenset(_SHORTENERS.split())

_GENERIC = """
click here, here, read more, learn more, more, link, this, this link, see more, see here, find out more, source,
hier, hier klicken, klicken sie hier, mehr, mehr lesen, weiterlesen, weiter lesen, mehr erfahren, mehr dazu,
buraya tıklayın, tıklayın, tıklayınız, buradan, burada, devamı, devamını oku, daha fazla, bağlantı,
点击这里, 点击此处, 这里, 此处, 更多, 了解更多, 阅读更多, 查看更多, 链接, 点击,
بۇ يەرنى چېكىڭ, بۇ يەر, بۇ يەردە, تەپسىلاتى, داۋامىنى ئوقۇڭ, داۋامى, تېخىمۇ كۆپ, ئۇلىنىش
"""
GENERIC = frozenset(word.strip() for word in _GENERIC.split(","))
"""Link texts that say nothing, in the languages that the package speaks."""


def as_shown(address: str, longest: int = 100) -> str:
    """An address as a message may show it: nobody's mail address or password, on one line, not too long."""
    bare = re.sub(r"[^\s/\\?#=&]+@", "…@", address)
    printable = "".join(one if one.isprintable() else "�" for one in bare)
    return printable if len(printable) <= longest else f"{printable[: longest - 1]}…"


@dataclass(frozen=True, slots=True)
class Way:
    """A redirector: pages that only lead on to another one."""

    host: re.Pattern[str]
    path: re.Pattern[str]

    def matches(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            return bool(self.host.fullmatch(parts.hostname or "") and self.path.match(parts.path))
        except ValueError:
            return False


def _way(host: str, path: str) -> Way:
    return Way(re.compile(host), re.compile(path))


ON_THE_WAY = (
    _way(r"lm?\.(?:facebook|instagram|messenger|threads)\.com|l\.(?:wl\.co|threads\.net)", r"/"),
    _way(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/url$"),
    _way(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/amp/"),
    _way(r"news\.google\.com", r"/(?:rss/)?(?:articles|read)/"),
    _way(r"(?:.+\.)?safelinks\.protection\.outlook\.com", r"/"),
    _way(r"(?:.+\.)?list-manage\d*\.com", r"/track/click"),
    _way(r"(?:.+\.)?mandrillapp\.com", r"/track/click"),
    _way(r"(?:.+\.)?(?:ct\.sendgrid\.net|sendgrid\.net)", r"/(?:ls|wf)/click"),
    _way(r"urldefense(?:\.proofpoint)?\.com", r"/v\d/"),
    _way(r"(?:www\.)?youtube\.com", r"/redirect$"),
    _way(r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)"),
    _way(r"(?:.+\.)?bing\.com", r"/ck/a"),
    _way(r"(?:www\.)?duckduckgo\.com", r"/l/"),
    _way(r"(?:.+\.)?cdn\.ampproject\.org", r"/"),
    _way(r"slack-redir\.net", r"/link"),
    _way(r"t\.umblr\.com", r"/redirect"),
    _way(r"out\.reddit\.com", r"/"),
    _way(r"(?:m\.)?vk\.(?:com|ru)", r"/away"),
    _way(r"link\.zhihu\.com", r"/"),
    _way(r"(?:.+\.)?(?:doubleclick\.net|googleadservices\.com)", r"/"),
)


def target_of(address: str) -> str:
    """Where a redirector leads, as far as its address says it; else empty."""
    if not any(way.matches(address) for way in ON_THE_WAY):
        return ""
    target = unwrap(address)
    return target if target != address else ""


def without_tracking(address: str) -> str:
    """The address without parameters that only track; every other character of it stays."""
    before, mark, fragment = address.partition("#")
    page, question, query = before.partition("?")
    host = _host(page)
    kept = [one for one in query.split("&") if not _tracks(one, host)]
    if question and len(kept) < len(query.split("&")):
        page += question * bool(kept) + "&".join(kept)
    else:
        page = before
    return page if mark and _tracks(fragment, host) else page + mark + fragment


def _tracks(parameter: str, host: str) -> bool:
    return "=" in parameter and is_tracking(parameter, host)


def _host(page: str) -> str:
    try:
        return (urlsplit(page).hostname or "").lower()
    except ValueError:
        return ""
