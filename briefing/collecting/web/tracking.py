"""Recognise the parameters of web addresses that only track readers; the table is in
data/tracking.toml.
"""

from urllib.parse import unquote_plus

from briefing.collecting.text.hosts import parents
from briefing.collecting.text.wordlists import load_data, words

_TABLE = load_data(__file__, "tracking")
_ANYWHERE = words(_TABLE["anywhere"])
_PREFIXES = tuple(words(_TABLE["prefixes"]))
_ON_HOSTS = {host: words(names) for host, names in _TABLE["hosts"].items()}


def is_tracking(parameter: str, host: str) -> bool:
    """Whether a parameter (`name=value`, still encoded) of an address on `host` is a tracker."""
    name, _, _ = parameter.partition("=")
    name = unquote_plus(name).casefold()
    name = name.removeprefix("amp;")
    if name in _ANYWHERE or name.startswith(_PREFIXES):
        return True
    tables = [_ON_HOSTS.get(parent, frozenset()) for parent in parents(host)]
    return any(name in table for table in tables)
