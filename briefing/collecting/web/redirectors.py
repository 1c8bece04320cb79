"""Find the address inside a redirector's: Facebook's, Google's, mail services' and others.

Only the address itself is examined; no redirector is contacted. The table is in
data/redirectors.toml.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse
from urllib.parse import parse_qsl, unquote, urlsplit

from briefing.collecting.text.hosts import matches, matches_any
from briefing.collecting.text.wordlists import load_data, words, words_in_order
from briefing.issue.links import unsafe_reason

MAX_LAYERS = 5
"""The most redirectors that are removed around an address."""

_MAX_PARAMETERS = 200
_ARCHIVES = frozenset(("web.archive.org", "archive.org"))
_URL_IN_BYTES = re.compile(rb"https?://[!#-;=?-\[\]_a-z~]+")
_BASE64 = re.compile(r"[\w-]{15,}", re.ASCII)
"""What may be an encoded address: "http://a.org" has 16 characters, "http://a.de" has 15."""
_URL_SAFE = str.maketrans("+/ ", "-_-")
"""A plus sign in a query is read as a space."""
_PROOFPOINT = str.maketrans("-_", "%/")


@dataclass(frozen=True, slots=True)
class _Address:
    """An address, split into its parts."""

    whole: str
    host: str
    path: str
    query: str
    parameters: Sequence[tuple[str, str]]
    """Names in lower case, and values."""

    @classmethod
    def split(cls, address: str) -> "_Address | None":
        """Split an address; return None if it is invalid."""
        try:
            parts = urlsplit(address)
            pairs = parse_qsl(parts.query, max_num_fields=_MAX_PARAMETERS)
        except ValueError:
            return None
        return cls(
            whole=address,
            host=(parts.hostname or "").lower(),
            path=parts.path or "/",
            query=parts.query,
            parameters=[(name.lower(), value) for name, value in pairs],
        )

    def values(self, name: str) -> Iterator[str]:
        return (value for own, value in self.parameters if own == name)


@dataclass(frozen=True, slots=True)
class _Redirector:
    """Addresses that lead to another one, which may be in one of their parameters."""

    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    parameters: tuple[str, ...]

    def owns(self, address: _Address) -> bool:
        if not address.path.lower().startswith(self.paths):
            return False
        return matches_any(address.host, self.hosts)


def _redirectors(rows: Sequence[Mapping[str, str]]) -> Iterator[_Redirector]:
    for row in rows:
        yield _Redirector(
            hosts=words_in_order(row["hosts"]),
            paths=words_in_order(row["paths"]),
            parameters=words_in_order(row.get("parameters", "")),
        )


_TABLE = load_data(__file__, "redirectors")
_REDIRECTORS = tuple(_redirectors(_TABLE["redirectors"]))
_COMPANIONS = tuple(_redirectors(_TABLE["companions"]))
_USUAL_HOSTS = words(_TABLE["unknown"]["hosts"])
_USUAL_FOLDERS = words(_TABLE["unknown"]["folders"])
_USUAL_PARAMETERS = words_in_order(_TABLE["unknown"]["parameters"])
_ENCODING_HOSTS = words_in_order(_TABLE["encoded"]["hosts"])
_ENCODING_PARAMETERS = words_in_order(_TABLE["encoded"]["parameters"])
_QUERY_HOSTS = words(_TABLE["encoded"]["query"])


def unwrap(address: str) -> str:
    """Return the address that these redirectors lead to, as far as the address reveals it."""
    # One can be around another: an email service's around a social network's.
    for _ in range(MAX_LAYERS):
        target = _target(address)
        if not target:
            break
        address = target
    return address


def original_address(address: str) -> str:
    """Return the address that a page was first published under: `unwrap`, and without the Internet
    Archive around it (`/web/20201008101010/https://…`).
    """
    address = unwrap(address)
    parts = _Address.split(address)
    if parts is None or parts.host not in _ARCHIVES:
        return address
    _, _, saved = address.partition("/web/")
    time, _, original = saved.partition("/")
    target = _restore_slashes(original)
    # A time can have fewer digits, or letters after it: "/web/2020/", "/web/20201008101010if_/".
    if not time[:4].isdecimal() or unsafe_reason(target):
        return address
    return unwrap(target)


def is_redirector(address: str) -> bool:
    """Whether an address belongs to a known redirector, even if it doesn't reveal where it leads."""
    parts = _Address.split(address)
    if parts is None:
        return False
    return any(redirector.owns(parts) for redirector in _REDIRECTORS)


def _target(address: str) -> str:
    """Return the first address in an address that can be linked; "" if there is none."""
    parts = _Address.split(address)
    if parts is None:
        return ""
    targets = chain.from_iterable(read(parts) for read in _READERS)
    return next(filterfalse(unsafe_reason, targets), "")


# --- Readers: each yields candidates for the address within an address, which may be invalid


def _in_parameters(address: _Address) -> Iterator[str]:
    names: list[str] = []
    for redirector in (*_REDIRECTORS, *_COMPANIONS):
        if redirector.owns(address):
            names += redirector.parameters
    if _looks_like_redirector(address):
        names += _USUAL_PARAMETERS
    for name in names:
        yield from address.values(name)


def _looks_like_redirector(address: _Address) -> bool:
    first, dot, _ = address.host.partition(".")
    if dot and first in _USUAL_HOSTS:
        return True
    folders = address.path.lower().split("/")
    names = (folder.partition(".")[0] for folder in folders)
    return not _USUAL_FOLDERS.isdisjoint(names)


def _in_query(address: _Address) -> Iterator[str]:
    if address.host in _QUERY_HOSTS:
        yield unquote(address.query)


def _in_url_defense(address: _Address) -> Iterator[str]:
    """Read Proofpoint's URL Defense: version 2 writes % as - and / as _ in a parameter; version 3
    puts the address between "__".
    """
    if not address.host.startswith("urldefense."):
        return
    _, _, wrapped = address.whole.partition("/v3/__")
    target, end, _ = wrapped.partition("__;")
    # An asterisk stands for a character that is encoded after the address: "__https://example.org/a*b__;Iw".
    if end and "*" not in target:
        yield _restore_slashes(target)
    is_second_version = "/v2/" in address.whole
    for value in address.values("u"):
        yield (
            unquote(value.translate(_PROOFPOINT))
            if is_second_version
            else value
        )


def _in_amp(address: _Address) -> Iterator[str]:
    """Read an address in Google's cache for phones: `/amp/s/www.example.org/…`, `s` for https."""
    path = address.path.lstrip("/")
    service, _, target = path.partition("/")
    if not _is_amp(address.host, service):
        return
    scheme = "https" if target.startswith("s/") else "http"
    question = "?" if address.query else ""
    yield f"{scheme}://{target.removeprefix('s/')}{question}{address.query}"


def _is_amp(host: str, service: str) -> bool:
    if host.endswith(".cdn.ampproject.org"):
        return len(service) == 1
    return service == "amp" and matches(host, "google.*")


def _in_search_result(address: _Address) -> Iterator[str]:
    if address.host == "r.search.yahoo.com":
        _, _, target = address.path.partition("/RU=")
        target, _, _ = target.partition("/")
        yield unquote(target)
    if address.host == "www.bing.com" and address.path.startswith("/ck/"):
        for value in address.values("u"):
            if value.startswith("a1"):
                yield _in_base64(value.removeprefix("a1"))


def _in_path(address: _Address) -> Iterator[str]:
    if matches_any(address.host, _ENCODING_HOSTS):
        yield from map(_in_base64, address.path.split("/"))


def _in_encoded_parameters(address: _Address) -> Iterator[str]:
    for name in _ENCODING_PARAMETERS:
        for value in address.values(name):
            yield _in_base64(value)


_READERS = (
    _in_parameters,
    _in_query,
    _in_url_defense,
    _in_amp,
    _in_search_result,
    _in_path,
    _in_encoded_parameters,
)


def _restore_slashes(address: str) -> str:
    """Return an address that was part of a path, where two slashes may have become one."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() not in {"http", "https"}:
        return ""
    return f"{scheme}://{rest.lstrip('/')}"


def _in_base64(text: str) -> str:
    """Return the address in base64, whatever surrounds it; "" where there is none."""
    bare = text.translate(_URL_SAFE).rstrip("=")
    if not _BASE64.fullmatch(bare):
        return ""
    padding = "=" * (-len(bare) % 4)
    try:
        data = base64.urlsafe_b64decode(bare + padding)
    except (binascii.Error, ValueError):
        return ""
    # Some services encode numbers and signatures together with the address.
    match = _URL_IN_BYTES.search(data)
    return match[0].decode("ascii") if match else ""
