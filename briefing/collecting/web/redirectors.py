"""The addresses within addresses: what Facebook, Google, mail services and the like put around a link.

Only what can be read from an address is undone. Nothing is asked: a redirector that keeps its target to itself stays.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from briefing.issue.links import unsafe

_MOST = 5
_GOOGLE = r"(?:www\.)?google(?:\.com?)?(?:\.[a-z]{2,3})?"
_USUAL = "url u q to target dest destination redirect redirect_url link"

# A host's name, the beginning of the path, and the parameters in which the target may stand, likelier ones first.
_IN_PARAMETERS = (
    (r"(?:m|www)\.facebook\.com", r"/(?:l\.php|flx/warn|sharer|dialog/share)", "u"),
    (r"lm?\.(?:facebook|instagram|messenger|threads|workplace)\.com|l\.(?:threads\.net|wl\.co)", "/", "u"),
    (_GOOGLE, r"/(?:url|imgres|aclk)", "q url imgrefurl adurl"),
    (r"(?:.+\.)?(?:doubleclick\.net|googleadservices\.com)", "/", "adurl url"),
    (r"news\.google\.com", r"/news/url", "url"),
    (r"translate\.google\.[\w.]+", "/", "u"),
    (r"(?:[\w-]+\.)?safelinks\.protection\.outlook\.(?:com|de|cn)", "/", "url"),
    (r"statics\.teams\.cdn\.office\.net", "/evergreen-assets/safelinks", "url"),
    (r"linkprotect\.cudasvc\.com", "/", "a"),
    (r"urlsand\.(?:com|esvalabs\.com)", "/", "u"),
    (r"slack-redir\.net", "/", "url"),
    (r"(?:www\.)?youtube\.com", "/redirect", "q"),
    (r"out\.reddit\.com", "/", "url"),
    (r"t\.umblr\.com", "/", "z"),
    (r"(?:www\.)?vk\.(?:com|ru)", "/away", "to"),
    (r"(?:www\.)?linkedin\.com", r"/(?:redir|safety/go|sharearticle|sharing)", "url"),
    (r"(?:twitter|x)\.com", r"/(?:intent/tweet|share)", "url"),
    (r"(?:www\.)?duckduckgo\.com", "/l/", "uddg"),
    (r"steamcommunity\.com", "/linkfilter", "url u"),
    # Any host and any path that is called so, as those of mail services are.
    (r"(?:clicks?|track|tracking|trk|links?|go|redir|redirect|out|ct|lnk|cl)\.[\w.-]+", "/", _USUAL),
    (
        r"[\w.-]+",
        r"(?:/[\w-]+)*/(?:redirect|redir|click|clickthrough|track|out|away|exit|leaving|goto)(?:[/.]|$)",
        _USUAL,
    ),
)
_PARAMETERS = tuple(
    (re.compile(host), re.compile(path, re.IGNORECASE), names.split()) for host, path, names in _IN_PARAMETERS
)
_AS_QUERY = frozenset(("href.li", "anonym.to", "nullrefer.com", "dereferer.me"))
# Services that write it into the path, in base64.
_IN_PATH = re.compile(
    r"(?:^|\.)(?:mjt\.lu|convertkit-mail\d?\.com|kit-mail\d?\.com|substack\.com|news\.google\.com|hubspotlinks\.com)$"
)
_BASE64 = re.compile(r"[A-Za-z0-9_-]{16,}={0,2}")
_ARCHIVED = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(https?:/{1,2}.+)", re.IGNORECASE)
_PROOFPOINT_3 = re.compile(r"/v3/__(https?:/{1,2}[^*]+?)__;")


def unwrapped(address: str) -> str:
    """The address that redirectors around this one lead to, as far as it can be read."""
    for _ in range(_MOST):
        inner = next((one for one in _within(address) if not unsafe(one)), address)
        if inner == address:
            break
        address = inner
    return address


def _within(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        query = parse_qsl(parts.query, max_num_fields=200)
    except ValueError:
        return
    if host in {"web.archive.org", "archive.org"}:
        archived = _ARCHIVED.search(address)
        yield _two_slashes(archived[1]) if archived else ""
    for hosts, path, names in _PARAMETERS:
        if hosts.fullmatch(host) and path.match(parts.path or "/"):
            yield from (value for name in names for key, value in query if key.lower() == name)
    if host in _AS_QUERY:
        yield unquote(parts.query)
    if host.startswith("urldefense."):
        yield from _proofpoint(address, query)
    yield from _in_path(host, parts.path, parts.query)


def _in_path(host: str, path: str, query: str) -> Iterator[str]:
    amp = re.match(r"/amp/(s/)?(.+)", path) if re.fullmatch(_GOOGLE, host) else None
    amp = re.match(r"/[a-z]/(s/)?(.+)", path) if host.endswith(".cdn.ampproject.org") else amp
    if amp:
        yield f"http{'s' if amp[1] else ''}://{amp[2]}{'?' if query else ''}{query}"
    if host == "r.search.yahoo.com":
        yield unquote(path.partition("/RU=")[2].split("/", 1)[0])
    if host == "www.bing.com" and path.startswith("/ck/"):
        yield from (_decoded(value[2:]) for key, value in parse_qsl(query) if key == "u" and value.startswith("a1"))
    if _IN_PATH.search(host):
        yield from (_decoded(segment) for segment in path.split("/") if _BASE64.fullmatch(segment))


def _proofpoint(address: str, query: list[tuple[str, str]]) -> Iterator[str]:
    """Proofpoint's URL Defense: v2 writes % as - and / as _ in a parameter; v3 keeps the address between "__"."""
    third = _PROOFPOINT_3.search(address)
    if third:
        yield _two_slashes(third[1])
    for key, value in query:
        if key == "u":
            yield unquote(value.translate(str.maketrans("-_", "%/"))) if "/v2/" in address else value


def _two_slashes(address: str) -> str:
    """An address that was part of a path, where two slashes become one."""
    return re.sub(r"^(https?:)/{1,2}", r"\1//", address, flags=re.IGNORECASE)


def _decoded(text: str) -> str:
    """The address within base64, whatever stands around it; empty where there is none."""
    bare = text.rstrip("=")
    try:
        data = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return ""
    match = re.search(rb"https?://[!#-;=?-\[\]_a-z~]+", data)
    return match[0].decode("ascii") if match else ""
