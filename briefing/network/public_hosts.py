"""Decide whether a host is on the public internet: by its IP address, or by its name if it can't be
looked up.
"""

from ipaddress import (
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)


def _networks(table: str) -> list[IPv4Network | IPv6Network]:
    """Read a table of networks, one per line, each followed by its purpose."""
    return [ip_network(line.split()[0]) for line in table.strip().splitlines()]


# IANA's special-purpose registry (RFC 6890). Listed here because ipaddress.is_global considers some
# of these public up to Python 3.11.
_NOT_PUBLIC = _networks("""
    0.0.0.0/8  this host
    10.0.0.0/8  private
    100.64.0.0/10  behind a carrier's NAT
    127.0.0.0/8  loopback
    169.254.0.0/16  link-local: where cloud machines find data about themselves
    172.16.0.0/12  private
    192.0.0.0/24  protocol assignments
    192.0.2.0/24  documentation
    192.88.99.0/24  6to4 relays
    192.168.0.0/16  private
    198.18.0.0/15  benchmarks
    198.51.100.0/24  documentation
    203.0.113.0/24  documentation
    224.0.0.0/4  multicast
    240.0.0.0/4  reserved, broadcast
""")

# Only this part of IPv6 is public, with exceptions. Outside it are loopback, link-local, private
# and multicast addresses, and IPv4 ones in disguise: mapped (::ffff:0:0/96) and NAT64
# (64:ff9b::/96).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = _networks("""
    2001::/23  protocol assignments, including Teredo
    2001:db8::/32  documentation
    2002::/16  6to4: an IPv4 address in disguise
    3fff::/20  documentation
""")

_PRIVATE_DOMAINS = {
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "lan",
    "home",
    "corp",
}
_HEXADECIMAL = set("0123456789abcdef")


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet. Raises ValueError for anything else."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return ip in _GLOBAL_UNICAST and not any(
            ip in network for network in _NOT_PUBLIC_6
        )
    return not any(ip in network for network in _NOT_PUBLIC)


def is_private_host(host: str) -> bool:
    """Whether an IP address or a name (in lower case) isn't on the public internet, as far as that
    can be seen without looking the name up.
    """
    try:
        return not is_public(host)
    except ValueError:  # a name, not an IP address
        return is_private_name(host)


def is_private_name(host: str) -> bool:
    """Whether only this computer or a private network can resolve a name (in lower case).

    Such names have no dot, are in a reserved domain, or are a number in a notation that resolvers
    accept and ipaddress doesn't, such as 127.1 or 0x7f000001.
    """
    _, dot, last = host.rpartition(".")
    if not dot or last in _PRIVATE_DOMAINS or f".{host}".endswith(".home.arpa"):
        return True
    if last.startswith("0x"):
        return set(last[2:]) <= _HEXADECIMAL
    return last.isdigit()
