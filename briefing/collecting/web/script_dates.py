"""Find when a page was published in the data of its scripts: `"publishDate": "2020-10-08T09:00:00"`."""

import re
from collections.abc import Iterator

_MAX_SOURCE = 2_000_000
"""Characters."""
# "publishDate": "2020-10-08T09:00", 'pub_date': '20201008', also with backslashes in a script's text
_PUBLISHED = re.compile(
    r"[\"'](?:article|first)?_?pub(?:lish|lished|lication)?_?(?:date|time|at|on)\\?[\"']:\s?\\?[\"']"
    r"((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)(?!\d)",
    re.IGNORECASE,
)


def dates_in_scripts(source: str) -> Iterator[str]:
    """Yield the days that a page's source names as those of a publication, as "2020-10-08"."""
    for match in _PUBLISHED.finditer(source, 0, _MAX_SOURCE):
        yield "-".join(match.groups())
