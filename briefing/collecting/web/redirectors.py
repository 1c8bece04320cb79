"""Take off what redirectors put around an address: Facebook, Google, mail services and the like.

Only what an address itself reveals is undone; no redirector is contacted.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from briefing.collecting.text.wordlists import load_table, words, words_in_order
from briefing.collecting.web.hosts import matches
from briefing.issue.links import unsafe

MAX_LAYERS = 5
"""Redirectors around one address."""

_MAX_PARAMETERS = 200
_ARCHIVES = frozenset(("web.archive.org", "archive.org"))
_IN_BASE64 = re.compile(rb"https?://[!#-;=?-\[\]_a-z~]+")
_BASE64 = re.compile(r"[A-Za-z0-9_-]{16,}={0,2}")


@dataclass(frozen=True, slots=True)
class Redirector:
    """Addresses that lead to another one, which may be in one of their parameters."""

    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    parameters: tuple[str, ...]

    def matches(self, host: str, path: str) -> bool:
        return path.lower().startswith(self.paths) and any(matches(host, pattern) for pattern in self.hosts)


def _redirectors(rows: Sequence[Mapping[str, str]]) -> list[Redirector]:
    found = []
    for row in rows:
        names = words_in_order(row.get("parameters", ""))
        found.append(Redirector(words_in_order(row["hosts"]), words_in_order(row["paths"]), names))
    return found


_TABLE = load_table(Path(__file__).parent / "data" / "redirectors.toml")
_REDIRECTORS = _redirectors(_TABLE["redirectors"])
_COMPANIONS = _redirectors(_TABLE["companions"])
_USUAL_HOSTS = words(_TABLE["unknown"]["hosts"])
_USUAL_FOLDERS = words(_TABLE["unknown"]["folders"])
_USUAL_PARAMETERS = words_in_order(_TABLE["unknown"]["parameters"])
_ENCODING_HOSTS = words_in_order(_TABLE["encoded"]["hosts"])
_QUERY_HOSTS = words(_TABLE["encoded"]["query"])


def unwrap(address: str) -> str:
    """Return the address that the redirectors around this one lead to, as far as they reveal it."""
    for _ in range(MAX_LAYERS):
        target = next((inner for inner in _targets(address) if not unsafe(inner)), address)
        if target == address:
            break
        address = target
    return address


def is_redirector(address: str) -> bool:
    """Whether an address belongs to a known redirector, even if it doesn't reveal where it leads."""
    parts = _split(address)
    if parts is None:
        return False
    host = (parts.hostname or "").lower()
    return any(redirector.matches(host, parts.path or "/") for redirector in _REDIRECTORS)


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parse_qsl(parts.query, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return None
    return parts


def _targets(address: str) -> Iterator[str]:
    """Yield what may be the address within an address; some are no addresses at all."""
    parts = _split(address)
    if parts is None:
        return
    host, path = (parts.hostname or "").lower(), parts.path or "/"
    parameters = [(name.lower(), value) for name, value in parse_qsl(parts.query)]
    if host in _ARCHIVES:
        yield _archived(address)
    for redirector in (*_REDIRECTORS, *_COMPANIONS):
        if redirector.matches(host, path):
            yield from _in_parameters(redirector.parameters, parameters)
    if _looks_like_redirector(host, path):
        yield from _in_parameters(_USUAL_PARAMETERS, parameters)
    if host in _QUERY_HOSTS:
        yield unquote(parts.query)
    if host.startswith("urldefense."):
        yield from _in_url_defense(address, parameters)
    if matches(host, "google.*") or host.endswith(".cdn.ampproject.org"):
        yield _in_amp(parts, host)
    yield from _in_search_results(host, path, parameters)
    if any(matches(host, pattern) for pattern in _ENCODING_HOSTS):
        yield from _in_path(path)


def _in_parameters(names: Sequence[str], parameters: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name in names:
        for parameter, value in parameters:
            if parameter == name:
                yield value


def _looks_like_redirector(host: str, path: str) -> bool:
    first, dot, _ = host.partition(".")
    if dot and first in _USUAL_HOSTS:
        return True
    folders = path.lower().split("/")[1:]
    return any(folder.partition(".")[0] in _USUAL_FOLDERS for folder in folders)


def _archived(address: str) -> str:
    """Return the address of the page that the Internet Archive saved: `/web/20201008101010/https://…`."""
    _, _, saved = address.partition("/web/")
    time, _, original = saved.partition("/")
    return _restore_slashes(original) if time[:4].isdecimal() else ""


def _in_amp(parts: SplitResult, host: str) -> str:
    """Return what Google's cache for phones shows: `/amp/s/www.example.org/…`, the `s` for https."""
    folders = parts.path.lstrip("/").split("/")
    service = folders.pop(0)
    if service != "amp" and (matches(host, "google.*") or len(service) != 1):
        return ""
    scheme = "http"
    if folders[:1] == ["s"]:
        scheme = "https"
        folders.pop(0)
    question = "?" if parts.query else ""
    return f"{scheme}://{'/'.join(folders)}{question}{parts.query}"


def _in_search_results(host: str, path: str, parameters: Sequence[tuple[str, str]]) -> Iterator[str]:
    if host == "r.search.yahoo.com":
        _, _, target = path.partition("/RU=")
        yield unquote(target.partition("/")[0])
    if host == "www.bing.com" and path.startswith("/ck/"):
        for name, value in parameters:
            if name == "u" and value.startswith("a1"):
                yield _in_base64(value.removeprefix("a1"))


def _in_path(path: str) -> Iterator[str]:
    for folder in path.split("/"):
        if _BASE64.fullmatch(folder):
            yield _in_base64(folder)


def _in_url_defense(address: str, parameters: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Read Proofpoint's URL Defense: v2 writes % as - and / as _ in a parameter; v3 has the address between "__"."""
    if "/v3/__" in address:
        target, end, _ = address.partition("/v3/__")[2].partition("__;")
        yield _restore_slashes(target) if end and "*" not in target else ""
    for name, value in parameters:
        if name == "u":
            yield unquote(value.translate(str.maketrans("-_", "%/"))) if "/v2/" in address else value


def _restore_slashes(address: str) -> str:
    """Return an address that was part of a path, where two slashes may have become one."""
    scheme, colon, rest = address.partition(":")
    return f"{scheme}{colon}//{rest.lstrip('/')}" if scheme.lower() in {"http", "https"} else ""


def _in_base64(text: str) -> str:
    """Return the address in base64, whatever surrounds it; "" where there is none."""
    bare = text.rstrip("=")
    try:
        data = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return ""
    match = _IN_BASE64.search(data)
    return match[0].decode("ascii") if match else ""
