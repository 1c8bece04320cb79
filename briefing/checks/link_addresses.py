"""Addresses that give their reader away: shorteners, redirectors, tracking parameters."""

import re

from briefing.checks import tables
from briefing.checks.hosts import host_of
from briefing.collecting.web.redirectors import is_redirector, unwrap
from briefing.collecting.web.tracking import is_tracking

SHORTENERS = tables.lines("shorteners")


def as_shown(address: str, longest: int = 100) -> str:
    """An address as a message may show it: without anyone's mail address or password, on one line, not too long."""
    bare = re.sub(r"[^\s/\\?#=&]+@", "…@", address)
    printable = "".join(character if character.isprintable() else "�" for character in bare)
    return printable if len(printable) <= longest else f"{printable[: longest - 1]}…"


def target_of(address: str) -> str:
    """Where a redirector leads, as far as its address says so; else empty."""
    if not is_redirector(address):
        return ""
    target = unwrap(address)
    return target if target != address else ""


def without_tracking(address: str) -> str:
    """The address without the parameters that only track; every other character of it stays."""
    page, mark, fragment = address.partition("#")
    bare, question, query = page.partition("?")
    host = host_of(page)
    parameters = query.split("&")
    kept = [parameter for parameter in parameters if not _tracks(parameter, host)]
    if len(kept) < len(parameters):
        page = bare + question * bool(kept) + "&".join(kept)
    return page if mark and _tracks(fragment, host) else page + mark + fragment


def _tracks(parameter: str, host: str) -> bool:
    return "=" in parameter and is_tracking(parameter, host)
