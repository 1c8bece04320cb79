"""Parameters of web addresses that only say where a reader came from; the table is in data/tracking.toml."""

from pathlib import Path
from urllib.parse import unquote_plus

from briefing.collecting.text.wordlists import load_table, words
from briefing.collecting.web.hosts import parents

_TABLE = load_table(Path(__file__).parent / "data" / "tracking.toml")
_ANYWHERE = words(_TABLE["anywhere"])
_PREFIXES = tuple(words(_TABLE["prefixes"]))
_ON_HOSTS = {host: words(names) for host, names in _TABLE["hosts"].items()}


def is_tracking(parameter: str, host: str) -> bool:
    """Whether a parameter of an address (`name=value`, as written there) on `host` only follows the reader."""
    name = unquote_plus(parameter.partition("=")[0]).casefold().removeprefix("amp;")
    if name in _ANYWHERE or name.startswith(_PREFIXES):
        return True
    return any(name in _ON_HOSTS.get(parent, ()) for parent in parents(host))
