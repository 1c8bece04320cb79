"""Recognise addresses that reveal who follows them: shorteners, redirectors and tracking
parameters.
"""

import re

from briefing.collecting.web.redirectors import is_redirector, unwrap
from briefing.collecting.web.tracking import is_tracking
from briefing.text.shortening import shorten

from . import tables
from .hosts import host_of

SHORTENERS = tables.lines("shorteners")


def as_shown(address: str, longest: int = 100) -> str:
    """Return an address for a message: without email addresses or passwords, on one line, not too
    long.
    """
    bare = re.sub(
        r"(?<![^\s/\\?#=&])[^\s/\\?#=&](?:[^\s/\\?#=&@]*+@)++", "…@", address
    )
    return shorten("".join(map(_printable, bare)), longest)


def _printable(character: str) -> str:
    return character if character.isprintable() else "�"


def target_of(address: str) -> str:
    """Return the target that the address of a redirector contains; empty if it contains none."""
    if not is_redirector(address):
        return ""
    target = unwrap(address)
    return target if target != address else ""


def without_tracking(address: str) -> str:
    """Return an address without its tracking parameters; every other character is kept."""
    page, mark, fragment = address.partition("#")
    bare, question, query = page.partition("?")
    host = host_of(page)
    parameters = query.split("&")
    kept = [
        parameter for parameter in parameters if not _tracks(parameter, host)
    ]
    if not kept:
        page = bare
    elif len(kept) < len(parameters):
        page = bare + question + "&".join(kept)
    return page if _tracks(fragment, host) else page + mark + fragment


def _tracks(parameter: str, host: str) -> bool:
    return "=" in parameter and is_tracking(parameter, host)
