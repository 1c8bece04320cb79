"""Decide which addresses may be linked."""

from urllib.parse import urljoin, urlsplit

SCHEMES = ("http://", "https://")
JOINERS = str.maketrans("", "", "\u200c\u200d")
"""Persian addresses contain these; hosts don't."""
NEVER_IN_ADDRESSES = frozenset(' <>"\\')


def unsafe_reason(address: str) -> str:
    """Return why an address must not be linked, worded to follow it; empty if it may be."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        # Reading the port raises ValueError for one like 99999.
        _port = parts.port
    except ValueError:
        return "isn't a web address"
    if not host or not address.lower().startswith(SCHEMES):
        return "isn't a complete web address; begin it with https://"
    if "@" in parts.netloc:
        return "contains a user name, as fraudulent links do; delete everything up to the @, and the @ itself"
    is_printable = (
        address.translate(JOINERS).isprintable() and parts.netloc.isprintable()
    )
    if not is_printable or not NEVER_IN_ADDRESSES.isdisjoint(address):
        return "contains a space or a character that web addresses can't have"
    return ""


def absolute_address(address: str, base: str) -> str:
    """Return an address that is relative to `base` in full; "" if it must not be linked."""
    try:
        absolute = urljoin(base, address.strip())
    except ValueError:
        return ""
    return "" if unsafe_reason(absolute) else absolute
