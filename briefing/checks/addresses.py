"""Addresses that tell on their reader: shorteners, redirectors, tracking parameters; and words that tell nothing."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_SHORTENERS = """
adf.ly amzn.to bbc.in bit.do bit.ly bitly.com bl.ink buff.ly chng.it cutt.ly dlvr.it dwz.cn fb.me goo.gl hubs.ly
ift.tt is.gd j.mp kisa.link kurzelinks.de lnkd.in nyti.ms ow.ly po.st qr.ae rb.gy rebrand.ly reut.rs s.id
shorturl.at snip.ly soo.gd spr.ly suo.im t.cn t.co t.ly t1p.de tiny.cc tinyurl.com tr.im trib.al url.cn v.gd
wapo.st x.co
"""
SHORTENERS = frozenset(_SHORTENERS.split())

TRACKING = re.compile(
    r"""
    utm_\w+ | utm | hsa_\w+ | pk_\w+ | mtm_\w+ | piwik_\w+ | matomo_\w+ | at_(?:medium|campaign|custom\d|format|link\w*)
    | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid | yclid | ymclid | twclid | ttclid | li_fat_id
    | epik | igsh | igshid | __twitter_impression | ref_src | ref_url | __cft__\[\d\] | __tn__ | _ga | _gl
    | mc_(?:cid|eid|tc) | mkt_tok | _hs(?:enc|mi) | hsctatracking | vero_(?:id|conv) | oly_(?:anon|enc)_id | _openstat
    | _ke | ck_subscriber_id | sc_(?:cid|eid) | s_cid | wickedid | rb_clickid | ns_(?:campaign|mchannel|source|linkname)
    | xtor | ito | cmpid | smid | trk | trkcampaign | spm | scm | vgo_ee | wt_?(?:mc|zmc) | wt\.z?mc(?:_\w+)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Names of parameters that have no other use. (`ref`, `source`, `s` and `id` do have others, elsewhere.)"""

OF_ONE_SITE = {"si": ("youtube.com", "youtu.be", "spotify.com"), "ocid": ("bbc.com", "bbc.co.uk", "msn.com")}
"""Parameters that track on some sites only."""

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
    parameters: tuple[str, ...] = ()
    """Which may hold where it leads."""

    def matches(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            return bool(self.host.fullmatch(parts.hostname or "") and self.path.match(parts.path))
        except ValueError:
            return False


def _way(host: str, path: str, *parameters: str) -> Way:
    return Way(re.compile(host), re.compile(path), parameters)


ON_THE_WAY = (
    _way(r"lm?\.(?:facebook|instagram|messenger|threads)\.com|l\.(?:wl\.co|threads\.net)", r"/", "u"),
    _way(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/url$", "q", "url"),
    _way(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/amp/"),
    _way(r"news\.google\.com", r"/(?:rss/)?(?:articles|read)/"),
    _way(r"(?:.+\.)?safelinks\.protection\.outlook\.com", r"/", "url"),
    _way(r"(?:.+\.)?list-manage\d*\.com", r"/track/click"),
    _way(r"(?:.+\.)?mandrillapp\.com", r"/track/click"),
    _way(r"(?:.+\.)?(?:ct\.sendgrid\.net|sendgrid\.net)", r"/(?:ls|wf)/click"),
    _way(r"urldefense(?:\.proofpoint)?\.com", r"/v\d/", "u"),
    _way(r"(?:www\.)?youtube\.com", r"/redirect$", "q"),
    _way(r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)", "url"),
    _way(r"(?:.+\.)?bing\.com", r"/ck/a"),
    _way(r"(?:www\.)?duckduckgo\.com", r"/l/", "uddg"),
    _way(r"(?:.+\.)?cdn\.ampproject\.org", r"/"),
    _way(r"slack-redir\.net", r"/link", "url"),
    _way(r"t\.umblr\.com", r"/redirect", "z"),
    _way(r"out\.reddit\.com", r"/", "url"),
    _way(r"(?:m\.)?vk\.(?:com|ru)", r"/away", "to"),
    _way(r"link\.zhihu\.com", r"/", "target"),
    _way(r"(?:.+\.)?(?:doubleclick\.net|googleadservices\.com)", r"/", "adurl", "url"),
)


def target_of(address: str) -> str:
    """Where a redirector leads, as far as its address says it; else empty."""
    way = next((way for way in ON_THE_WAY if way.matches(address)), None)
    if way is None:
        return ""
    inside = re.search(r"__(https?:.+?)__;|/amp/s?/?([^?#]+)|/[cv]/s/([^?#]+)", address)
    if inside and not way.parameters:
        return inside[1] or f"https://{inside[2] or inside[3]}"
    if inside and inside[1]:
        return inside[1]
    values = parse_qs(urlsplit(address).query)
    return next((values[name][0] for name in way.parameters if name in values), "")


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
    name, equals, _ = unquote(parameter).partition("=")
    sites = OF_ONE_SITE.get(name, ())
    on_this_site = any(host == site or host.endswith(f".{site}") for site in sites)
    return bool(equals) and (TRACKING.fullmatch(name) is not None or on_this_site)


def _host(page: str) -> str:
    try:
        return (urlsplit(page).hostname or "").lower()
    except ValueError:
        return ""
