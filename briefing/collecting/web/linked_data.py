"""The JSON-LD of a page (schema.org): its objects, however carelessly it is written.

What is broken is mended where that is safe (comments, line breaks in texts, commas at the end), and left out elsewhere.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from briefing.collecting.text.wordlists import words

_LONGEST = 2_000_000
_MOST_NODES = 2_000
_DEEPEST = 12
_MOST_OF_A_LIST = 200

# Below these stand other pieces than the page's own.
_OTHERS = words(
    """
    about associatedmedia blogpost breadcrumb citation comment haspart isbasedon ispartof itemlistelement mentions
    relatedlink review subjectof video
    """
)
# What old pages write around a script, to hide it from older browsers.
_BEFORE, _BEHIND = ("<!--", "//", "/*", "<![CDATA[", "*/"), (";", "-->", "*/", "]]>", "/*", "//")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_ARTICLE = re.compile(
    r"\w*Article|\w*Posting|Report|Review|PressRelease|\w*Statement|CreativeWork|Event|Recipe|\w*Reportage"
)


def nodes_of(scripts: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """The objects with a type in these scripts, outer ones first; those of other pieces that they list are left out."""
    found: list[Mapping[str, Any]] = []
    for script in scripts:
        if len(found) < _MOST_NODES:
            found += _typed(_loaded(script[:_LONGEST]))
    return tuple(found[:_MOST_NODES])


def types_of(node: Mapping[str, Any]) -> list[str]:
    """An object's types: its one, or its several."""
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return [one.rpartition("/")[2] for one in names if isinstance(one, str)]


def is_article(node: Mapping[str, Any]) -> bool:
    """Whether an object is a piece that somebody wrote."""
    return any(_ARTICLE.fullmatch(name) for name in types_of(node))


def texts(value: Any) -> Iterator[str]:
    """The texts of a value: itself, those of a list, or the name or address of an object."""
    for one in value[:20] if isinstance(value, list) else [value]:
        told = next((one[key] for key in _NAMING if _is_text(one.get(key))), "") if isinstance(one, Mapping) else one
        if _is_text(told):
            yield unescape(told).strip()


_NAMING = ("name", "@value", "url", "contentUrl", "@id")


def nested(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a value: itself, or those of a list."""
    yield from (one for one in (value[:20] if isinstance(value, list) else [value]) if isinstance(one, Mapping))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _loaded(script: str) -> Any:
    script = script.strip()
    for mark in _BEFORE:
        script = script.removeprefix(mark).lstrip()
    for mark in _BEHIND:
        script = script.removesuffix(mark).rstrip()
    several = "[" + re.sub(r"}\s*{", "},{", script) + "]"
    for mended in (script, _TRAILING_COMMA.sub("", script), unescape(script), several):
        try:
            return json.loads(mended, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _typed(data: Any) -> Iterator[Mapping[str, Any]]:
    waiting: deque[tuple[Any, int]] = deque([(data, 0)])
    for _ in range(_MOST_NODES * 5):
        if not waiting:
            return
        value, depth = waiting.popleft()
        if isinstance(value, list):
            waiting.extend((one, depth + 1) for one in value[:_MOST_OF_A_LIST])
        elif isinstance(value, dict) and depth < _DEEPEST:
            if types_of(value):
                yield value
            waiting.extend((one, depth + 1) for key, one in value.items() if key.lower() not in _OTHERS)
